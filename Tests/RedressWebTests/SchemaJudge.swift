/// Judges a JSON value by a schema of the API's description, so that an answer that parts from it fails a test.
import Foundation
import Yams

@testable import RedressWeb

/// The description as it is kept in `docs/openapi.yaml`.
struct SchemaJudge {
    let document: JSONValue

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        document = try YAMLDecoder().decode(
            JSONValue.self,
            from: String(contentsOf: root.appendingPathComponent("docs/openapi.yaml"), encoding: .utf8))
    }

    /// What stands at a path of keys.
    func at(_ keys: [String]) -> JSONValue? {
        keys.reduce(document as JSONValue?) { value, key in
            if case .object(let fields)? = value { fields[key] } else { nil }
        }
    }

    /// Everything a value does against a named schema, as sentences.
    func faults(_ value: JSONValue, against name: String) -> [String] {
        guard let schema = at(["components", "schemas", name]) else { return ["no schema \(name)"] }
        return faults(value, schema, at: name)
    }

    private func faults(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        guard case .object(let rules) = schema else { return [] }
        if case .text(let path)? = rules["$ref"] {
            let keys = path.split(separator: "/").dropFirst().map(String.init)
            guard let target = at(keys) else { return ["\(place): \(path) leads nowhere"] }
            return faults(value, target, at: place)
        }
        if case .list(let choices)? = rules["oneOf"] {
            let fitting = choices.filter { faults(value, $0, at: place).isEmpty }
            return fitting.count == 1 ? [] : ["\(place) fits \(fitting.count) of its choices"]
        }
        var found: [String] = []
        if let type = rules["type"], !Self.types(type).contains(where: { Self.isOf($0, value) }) {
            found.append("\(place) is not \(type)")
        }
        if case .list(let words)? = rules["enum"], !words.contains(value) {
            found.append("\(place) is no word of it")
        }
        if case .list(let values) = value, let items = rules["items"] {
            for (index, value) in values.enumerated() {
                found += faults(value, items, at: "\(place)[\(index)]")
            }
        }
        if case .object(let fields) = value { found += faults(fields, rules, at: place) }
        return found
    }

    private func faults(_ fields: [String: JSONValue], _ rules: [String: JSONValue], at place: String)
        -> [String]
    {
        var found: [String] = []
        var known: [String: JSONValue] = [:]
        if case .object(let properties)? = rules["properties"] { known = properties }
        if case .list(let names)? = rules["required"] {
            for case .text(let name) in names where fields[name] == nil {
                found.append("\(place) lacks \(name)")
            }
        }
        for (name, value) in fields {
            if let schema = known[name] {
                found += faults(value, schema, at: "\(place).\(name)")
            } else if rules["additionalProperties"] == .flag(false) {
                found.append("\(place) has \(name), which is not described")
            } else if let schema = rules["additionalProperties"] {
                found += faults(value, schema, at: "\(place).\(name)")
            }
        }
        return found
    }

    private static func types(_ type: JSONValue) -> [String] {
        switch type {
        case .text(let name): [name]
        case .list(let names): names.compactMap { if case .text(let name) = $0 { name } else { nil } }
        default: []
        }
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .flag), ("integer", .integer), ("number", .integer),
            ("number", .number), ("string", .text), ("array", .list), ("object", .object):
            true
        default: false
        }
    }
}
