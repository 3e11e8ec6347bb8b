/// The two forms in which redress writes JSON: answers for others, in snake case, and documents it stores itself.
import FoundationEssentials
import RedressCore

/// Writes and reads JSON documents; keys are sorted, so that the same value gives the same bytes.
public enum JSONDocument {
    /// An answer over several lines, keys in snake case, for people and programs.
    public static func pretty(_ value: some Encodable) throws -> String {
        try text(value, [.prettyPrinted], .convertToSnakeCase)
    }

    /// An answer on one line, keys in snake case.
    public static func line(_ value: some Encodable) throws -> String {
        try text(value, [], .convertToSnakeCase)
    }

    /// A document to be stored, digested and read again with `read`: keys as the type names them.
    public static func stored(_ value: some Encodable) throws -> String {
        try text(value, [], .useDefaultKeys)
    }

    /// Reads a document that `stored` wrote.
    public static func read<T: Decodable>(_ type: T.Type, from text: String) throws -> T {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw RedressError(.fault, "A stored document is not a \(type). Run `redress check`.")
        }
    }

    private static func text(
        _ value: some Encodable, _ form: JSONEncoder.OutputFormatting,
        _ keys: JSONEncoder.KeyEncodingStrategy
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = form.union([.sortedKeys, .withoutEscapingSlashes])
        encoder.keyEncodingStrategy = keys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// A value that is written as `null` when it is not there, instead of being left out.
public struct OrNull<Wrapped: Codable & Sendable>: Codable, Sendable {
    /// The value, if there is one.
    public var value: Wrapped?

    /// Wraps a value.
    public init(_ value: Wrapped?) {
        self.value = value
    }

    /// Reads a value or null.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value = container.decodeNil() ? nil : try container.decode(Wrapped.self)
    }

    /// Writes the value or null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value {
            try container.encode(value)
        } else {
            try container.encodeNil()
        }
    }
}

extension OrNull: Equatable where Wrapped: Equatable {}
