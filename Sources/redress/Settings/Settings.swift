/// What is set, and where: options before the environment before the file before the standard.
import Configuration
import Foundation
import RedressCore
import Yams

/// The settings of one run.
struct Settings: Sendable {
    /// Where a value came from.
    enum Source: String, CaseIterable {
        case option
        case environment
        case file
        case standard
    }

    private let reader: ConfigReader
    private let layers: [(source: Source, values: [String: String])]

    /// Reads all layers and checks every value's form.
    ///
    /// - Parameters:
    ///   - options: what the command line says, by key.
    ///   - environment: the process's; a variable that is empty counts as not set.
    ///   - file: the YAML file; nil for none.
    /// - Throws: `.usage` that names the key, where it stands, and what it must be.
    init(options: [String: String], environment: [String: String], file: String?) throws {
        let file = try file.map(Self.read) ?? [:]
        var variables: [String: String] = [:]
        for (key, setting) in Setting.byKey {
            if let value = environment[setting.variable], !value.isEmpty { variables[key] = value }
        }
        layers = [(.option, options), (.environment, variables), (.file, file)]
        for (source, values) in layers {
            for (key, value) in values { try Self.check(key, value, source) }
        }
        let secrets = Set(Setting.byKey.values.filter(\.isSecret).map(\.variable))
        reader = ConfigReader(providers: [
            Self.provider("options", options),
            EnvironmentVariablesProvider(
                environmentVariables: environment.filter { !$0.value.isEmpty },
                secretsSpecifier: .specific(secrets)
            ).prefixKeys(with: "redress"),
            Self.provider("file", file),
        ])
    }

    private static func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        InMemoryProvider(
            name: name,
            values: Dictionary(
                uniqueKeysWithValues: values.map { key, value in
                    (
                        AbsoluteConfigKey(key.split(separator: ".").map(String.init)),
                        ConfigValue(.string(value), isSecret: Setting.byKey[key]?.isSecret ?? false)
                    )
                }))
    }

    /// What is set, or the standard; nil when neither.
    func text(_ setting: Setting) -> String? {
        reader.string(forKey: ConfigKey(setting.key), isSecret: setting.isSecret)
            ?? (setting.standard.isEmpty ? nil : setting.standard)
    }

    /// A number.
    func number(_ setting: Setting) -> Double { text(setting).flatMap(Double.init) ?? 0 }

    /// A whole number.
    func integer(_ setting: Setting) -> Int { text(setting).flatMap { Int($0) } ?? 0 }

    /// Where the value of a setting comes from.
    func source(of setting: Setting) -> Source {
        layers.first { $0.values[setting.key] != nil }?.source ?? .standard
    }

    // MARK: Reading and checking

    /// The file as keys with points and values as text.
    private static func read(_ path: String) throws -> [String: String] {
        let text = try readText(path)
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw RedressError(.usage, "\(path) is no YAML: \(error)")
        }
        guard let root else { return [:] }
        guard case .mapping = root else {
            throw RedressError(.usage, "\(path) must hold keys and values, as in `http: {port: 8080}`.")
        }
        var values: [String: String] = [:]
        try collect(root, under: "", path, into: &values)
        return values
    }

    private static func collect(
        _ node: Node, under prefix: String, _ path: String, into values: inout [String: String]
    ) throws {
        switch node {
        case .mapping(let mapping):
            for (name, value) in mapping {
                try collect(
                    value, under: prefix + (prefix.isEmpty ? "" : ".") + (name.string ?? ""), path,
                    into: &values)
            }
        case .scalar(let scalar): values[prefix] = Self.plain(scalar)
        case .sequence(let items): values[prefix] = items.compactMap(\.string).joined(separator: ", ")
        case .alias: throw RedressError(.usage, "\(path): `\(prefix)` is an alias; write the value.")
        }
    }

    /// YAML's own words for truth stand for yes and no.
    private static func plain(_ scalar: Node.Scalar) -> String {
        guard scalar.style == .any || scalar.style == .plain else { return scalar.string }
        return ["true": "yes", "false": "no"][scalar.string.lowercased()] ?? scalar.string
    }

    private static func check(_ key: String, _ value: String, _ source: Source) throws {
        guard let setting = Setting.byKey[key] else {
            let near = Setting.byKey.keys.min {
                (distance($0, key), $0) < (distance($1, key), $1)
            }
            throw RedressError(
                .usage,
                "There is no setting `\(key)`; the nearest is `\(near ?? "")`. `redress settings` lists all.")
        }
        guard setting.takes(value) else {
            let place = source == .environment ? setting.variable : setting.key
            let shown = setting.isSecret ? "its value" : "`\(value)`"
            throw RedressError(.usage, "\(place) must be \(setting.form); \(shown) is not.")
        }
    }

    /// How many letters must be changed to make one text the other.
    static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one), Array(other))
        var row = Array(0...other.count)
        for (line, letter) in one.enumerated() {
            var next = [line + 1]
            for (column, another) in other.enumerated() {
                next.append(
                    min(next[column] + 1, row[column + 1] + 1, row[column] + (letter == another ? 0 : 1)))
            }
            row = next
        }
        return row[other.count]
    }
}
