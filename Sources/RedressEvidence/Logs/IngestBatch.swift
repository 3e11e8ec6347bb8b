/// What reading a log comes to: how far it was read, which lines were set aside and why.

/// How far into a file ingestion has come. `lines == parsed + quarantined` holds wherever it is told.
public struct IngestProgress: Hashable, Sendable, Codable {
    /// Lines read. A blank line is a line.
    public var lines = 0
    /// Lines understood. A blank line counts here: it says nothing, and nothing of it is lost.
    public var parsed = 0
    /// Lines set aside with a reason.
    public var quarantined = 0
    /// Bytes read, after decompression.
    public var bytes = 0
    /// Where to go on, in decompressed bytes: always the start of a line.
    public var offset = 0
    /// Whether the end of the file was reached.
    public var finished = false

    /// Progress at the start of a file.
    public init() {}
}

/// Why a line was set aside; stable short codes.
public enum QuarantineReason: String, Sendable, Codable, CaseIterable {
    /// The line is not a JSON object, or not the format its mapping says.
    case malformed = "malformed"
    /// The last line of the file ends in the middle.
    case cutOff = "cut-off"
    /// A NUL byte, as a torn write or a rotation in mid-line leaves.
    case nulByte = "nul-byte"
    /// A control byte inside a text.
    case controlByte = "control-byte"
    /// A field this product reads is not UTF-8 (CP949 text, or damage).
    case notUTF8 = "not-utf8"
    /// Longer than 1 MiB.
    case tooLong = "too-long"
    /// Nested more than 32 deep.
    case tooDeep = "too-deep"
    /// A field appears twice.
    case duplicateField = "duplicate-field"
    /// `ts` is missing or not a time with an offset.
    case noTime = "no-time"
    /// `op`, or another field the line is nothing without, is missing.
    case missingField = "missing-field"
    /// A field holds what it cannot hold (a text for a number, a date that is not one, a code not known).
    case badValue = "bad-value"
}

/// A line set aside: where it is and why, never what it said.
public struct QuarantinedLine: Hashable, Sendable, Codable {
    /// Line number, from 1.
    public var line: Int
    /// Offset of the line's first byte in the decompressed bytes, from 0.
    public var offset: Int
    /// Bytes of the line, without its line feed.
    public var length: Int
    /// Why.
    public var reason: QuarantineReason
    /// Byte within the line where it went wrong, from 0.
    public var position: Int

    /// Makes a quarantined line from its parts.
    public init(line: Int, offset: Int, length: Int, reason: QuarantineReason, position: Int) {
        self.line = line
        self.offset = offset
        self.length = length
        self.reason = reason
        self.position = position
    }
}

/// What a small piece of a log comes to.
public struct IngestBatch: Sendable {
    /// Facts in the order of their keys, each key once.
    public var facts: [Fact]
    /// Lines set aside.
    public var quarantined: [QuarantinedLine]
    /// What was read.
    public var progress: IngestProgress

    /// Makes a batch from its parts.
    public init(facts: [Fact], quarantined: [QuarantinedLine], progress: IngestProgress) {
        self.facts = facts
        self.quarantined = quarantined
        self.progress = progress
    }
}
