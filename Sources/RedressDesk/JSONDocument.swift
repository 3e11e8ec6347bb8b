/// The one form in which redress writes JSON: sorted keys in snake case, nothing escaped that need not be.
import FoundationEssentials
import RedressCore

/// Writes and reads JSON documents.
public enum JSONDocument {
    /// A document over several lines, for people and programs.
    public static func pretty(_ value: some Encodable) throws -> String {
        try text(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])
    }

    /// A document on one line; the same value gives the same bytes, so that it can be digested.
    public static func line(_ value: some Encodable) throws -> String {
        try text(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    /// Reads a document that `line` or `pretty` wrote.
    public static func read<T: Decodable>(_ type: T.Type, from text: String) throws -> T {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: Data(text.utf8))
        } catch {
            throw RedressError(.fault, "A stored document is not a \(type). Run `redress check`.")
        }
    }

    private static func text(_ value: some Encodable, _ form: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = form
        encoder.keyEncodingStrategy = .convertToSnakeCase
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
