/// Where a line stands that a finding rests on: which file, which line, which bytes.

/// One line of one file. Two citations of the same text in two files differ, though the fact they support is one.
public struct Citation: Hashable, Sendable, Codable {
    /// The first eight bytes of the file's SHA-256, read big-endian.
    public var fileTag: UInt64
    /// Line number, from 1.
    public var line: Int
    /// Offset of the line's first byte in the decompressed bytes, from 0.
    public var offset: Int
    /// Bytes of the line, without its line feed (and without a carriage return before it).
    public var length: Int
    /// `lineFingerprint` of those bytes.
    public var lineHash: UInt64

    /// Makes a citation from its parts.
    public init(fileTag: UInt64, line: Int, offset: Int, length: Int, lineHash: UInt64) {
        self.fileTag = fileTag
        self.line = line
        self.offset = offset
        self.length = length
        self.lineHash = lineHash
    }

    /// Bytes of a citation inside a fact.
    static let width = 36
}

extension Array where Element == UInt8 {
    /// Appends a citation in its fixed width.
    mutating func append(_ citation: Citation) {
        append(bigEndian: citation.fileTag)
        append(bigEndian: UInt64(citation.offset))
        append(bigEndian: UInt64(citation.line))
        append(bigEndian: UInt32(citation.length))
        append(bigEndian: citation.lineHash)
    }
}

extension Span where Element == UInt8 {
    /// A citation written by `append(_:)`.
    func citation(at offset: Int) -> Citation {
        Citation(
            fileTag: bigEndian(at: offset),
            line: Int(truncatingIfNeeded: bigEndian(at: offset + 16)),
            offset: Int(truncatingIfNeeded: bigEndian(at: offset + 8)),
            length: Int(bigEndian32(at: offset + 24)),
            lineHash: bigEndian(at: offset + 28))
    }
}
