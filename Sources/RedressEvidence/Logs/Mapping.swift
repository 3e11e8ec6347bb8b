/// How another system's log lines feed the fields this product reads: one YAML file a system.

import Crypto
import RedressCore
import Yams

/// One mapping file.
///
/// ```yaml
/// name: example
/// format: csv            # json, csv, combined or regex
/// separator: "\t"        # csv: default a comma
/// columns: [when, who]   # csv: names of the columns
/// pattern: '…(?<who>…)'  # regex: named groups
/// skip: ["#"]            # lines that begin so say nothing
/// fields:
///   ts: {from: when, time: epoch-ms}
///   key: {from: query, query: request_id}
///   op: {from: who, values: {a: enter}, else: poll}
///   queue: {text: main}
/// pages: [{prefix: /reserve, page: submit, post: true}]
/// ```
public struct Mapping: Sendable, Hashable {
    /// How a line is taken apart.
    enum Format: Sendable, Hashable {
        case json
        case csv(separator: UInt8, columns: [String])
        case combined
        case regex(String)
    }

    /// How one field comes about.
    struct Source: Sendable, Hashable {
        var from: [String] = []
        var query: String?
        var values: [String: String] = [:]
        var otherwise: String?
        var text: String?
        var time: TimeForm?
    }

    /// How a source writes times.
    enum TimeForm: Sendable, Hashable {
        case rfc3339
        case epochMilliseconds
        case epochSeconds
        /// `19/Jul/2021:21:51:40 +0900`.
        case commonLog
        /// `2021-07-19 21:51:40`, at minutes ahead of UTC.
        case plain(offsetMinutes: Int)
    }

    /// The mapping's name.
    public var name: String
    var format: Format
    var skip: [String]
    var fields: [Field: Source]
    /// Which paths are which page.
    var pages: PageRules
    /// SHA-256 of the mapping file: a log read through another one is read anew.
    let sha256: String

    /// Reads a mapping file.
    ///
    /// - Throws: `badData` naming the key that is missing, unknown or of the wrong kind.
    public init(yaml bytes: [UInt8]) throws {
        sha256 = hexadecimal(SHA256.hash(data: bytes))
        var box = try YAMLKeys(yaml: String(decoding: bytes, as: UTF8.self), what: "mapping file")
        name = try box.text("name")
        skip = try box.optionalTexts("skip") ?? []
        format = try Self.format(&box)
        fields = try Self.fields(try box.mapping("fields"))
        pages = try Self.pages(try box.optionalSequence("pages"))
        guard format == .combined || fields[.ts] != nil else {
            throw RedressError(.badData, "The mapping file says nothing of ts. Every line needs its time.")
        }
        try box.finish()
    }

    private static func format(_ box: inout YAMLKeys) throws -> Format {
        let name = try box.text("format")
        switch name {
        case "json": return .json
        case "combined": return .combined
        case "regex":
            let pattern = try box.text("pattern")
            guard (try? Regex(pattern)) != nil else {
                throw RedressError(.badData, "The mapping file's pattern is no regular expression.")
            }
            return .regex(pattern)
        case "csv":
            let separator = try box.optionalText("separator") ?? ","
            guard let byte = separator.utf8.first, separator.utf8.count == 1 else {
                throw RedressError(.badData, "The mapping file's separator must be one ASCII character.")
            }
            return .csv(separator: byte, columns: try box.texts("columns"))
        default:
            throw RedressError(
                .badData, "The mapping file's format is \(name); json, csv, combined and regex are known.")
        }
    }

    private static func fields(_ nodes: [String: Node]) throws -> [Field: Source] {
        var out: [Field: Source] = [:]
        for (name, node) in nodes {
            guard let field = Field(name: name) else {
                throw RedressError(.badData, "The mapping file feeds the field \(name), which nothing reads.")
            }
            out[field] = try source(name, node)
        }
        return out
    }

    private static func source(_ name: String, _ node: Node) throws -> Source {
        if let from = node.string { return Source(from: [from]) }
        var box = try YAMLKeys(node: node, what: "mapping file's field \(name)")
        var source = Source()
        source.from = try box.optionalTexts("from") ?? box.optionalText("from").map { [$0] } ?? []
        source.query = try box.optionalText("query")
        source.otherwise = try box.optionalText("else")
        source.text = try box.optionalText("text")
        source.values = try box.optionalWords("values")
        if let form = try box.optionalText("time") {
            source.time = try time(form, zone: try box.optionalText("zone"))
        }
        try box.finish()
        guard !source.from.isEmpty || source.text != nil else {
            throw RedressError(.badData, "The mapping file's field \(name) needs from or text.")
        }
        return source
    }

    private static func time(_ form: String, zone: String?) throws -> TimeForm {
        switch form {
        case "rfc3339": return .rfc3339
        case "epoch-ms": return .epochMilliseconds
        case "epoch-s": return .epochSeconds
        case "common-log": return .commonLog
        case "plain":
            // The zone is read off a made-up time, so that every spelling of RFC 3339 is understood.
            guard let zone, let shifted = Instant("1970-01-02T00:00:00\(zone)") else {
                throw RedressError(.badData, "The mapping file's time: plain needs a zone, like +09:00 or Z.")
            }
            return .plain(offsetMinutes: Int((86_400_000 - shifted.milliseconds) / 60_000))
        default:
            throw RedressError(
                .badData,
                "The mapping file's time is \(form); rfc3339, epoch-ms, epoch-s, common-log and plain are known."
            )
        }
    }

    private static func pages(_ nodes: [Node]?) throws -> PageRules {
        guard let nodes else { return .shipped }
        let names: [String: PageCode] = [
            "main": .main, "queue": .queue, "login": .login, "calendar": .calendar, "submit": .submit,
        ]
        return PageRules(
            try nodes.map { node in
                var box = try YAMLKeys(node: node, what: "mapping file's page")
                let prefix = try box.text("prefix")
                let name = try box.text("page")
                let isPost = try box.optionalText("post") == "true"
                try box.finish()
                guard let page = names[name] else {
                    throw RedressError(
                        .badData, "The mapping file names the page \(name), which no rule knows.")
                }
                return (prefix, page, postOnly: isPost)
            })
    }
}
