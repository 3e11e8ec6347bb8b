/// Collects journal entries as they come, then folds them into facts: appending is cheap, order is made once.

/// Entries of one kind of fact, in one growing block of bytes.
struct EntryLog {
    private struct Reference {
        var high: UInt64
        var offset: Int
    }

    private var bytes: [UInt8] = []
    private var references: [Reference] = []
    private var start = 0
    private var valueStart = 0

    /// hash 16, tag 1, id length 2, value length 4.
    private static let header = 23

    /// Bytes held.
    var size: Int { bytes.count + references.count * MemoryLayout<Reference>.stride }

    /// Opens an entry; its id is appended next.
    @inline(__always)
    mutating func begin(_ hash: JoinHash, _ tag: Tag) {
        start = bytes.count
        references.append(Reference(high: hash.high, offset: start))
        bytes.append(hash)
        bytes.append(tag.rawValue)
        bytes.append(bigEndian: UInt16(0))
        bytes.append(bigEndian: UInt32(0))
    }

    /// Appends to the open id or value.
    @inline(__always)
    mutating func add(_ write: (inout [UInt8]) -> Void) {
        write(&bytes)
    }

    /// Closes the id; the value is appended next.
    @inline(__always)
    mutating func value() {
        valueStart = bytes.count
        let length = valueStart - start - Self.header
        bytes[start + 17] = UInt8(truncatingIfNeeded: length >> 8)
        bytes[start + 18] = UInt8(truncatingIfNeeded: length)
    }

    /// Closes the entry.
    @inline(__always)
    mutating func end() {
        let length = bytes.count - valueStart
        bytes[start + 19] = UInt8(truncatingIfNeeded: length >> 24)
        bytes[start + 20] = UInt8(truncatingIfNeeded: length >> 16)
        bytes[start + 21] = UInt8(truncatingIfNeeded: length >> 8)
        bytes[start + 22] = UInt8(truncatingIfNeeded: length)
    }

    /// Takes everything out as facts of `kind`, in order of their keys.
    mutating func drain(_ kind: FactKind) throws -> [Fact] {
        let block = bytes
        var order = references
        bytes = []
        references = []
        order.sort { ($0.high, $0.offset) < ($1.high, $1.offset) }
        var facts: [Fact] = []
        var index = 0
        let span = block.span
        while index < order.count {
            var stop = index + 1
            while stop < order.count, order[stop].high == order[index].high { stop += 1 }
            var entries = order[index..<stop].map { Entry(span, $0.offset) }
            entries.sort { $0.isBefore($1, span) }
            try Self.fold(entries, span, kind, into: &facts)
            index = stop
        }
        return facts
    }

    /// Writes the journals of entries that are sorted by hash, tag and id.
    private static func fold(
        _ entries: [Entry], _ span: Span<UInt8>, _ kind: FactKind, into facts: inout [Fact]
    ) throws {
        var index = 0
        while index < entries.count {
            let hash = entries[index].hash
            var writer = JournalWriter()
            while index < entries.count, entries[index].hash == hash {
                let first = entries[index]
                index += 1
                guard index < entries.count, first.names(entries[index], span) else {
                    writer.append(first.tag, span, first.id, span, first.value)
                    continue
                }
                var value = span.copy(first.value)
                while index < entries.count, first.names(entries[index], span) {
                    value = try FactMerge.merged(
                        first.tag.law, value.span, 0..<value.count, span, entries[index].value)
                    index += 1
                }
                writer.append(first.tag, span, first.id, value.span, 0..<value.count)
            }
            facts.append(Fact(key: FactKey(kind: kind, hash: hash), payload: writer.finish()))
        }
    }
}

/// One entry's place in the block.
private struct Entry {
    var hash: JoinHash
    var tag: Tag
    var id: Range<Int>
    var value: Range<Int>

    init(_ span: Span<UInt8>, _ offset: Int) {
        hash = span.joinHash(at: offset)
        tag = Tag(rawValue: span[offset + 16]) ?? .overflow
        let idStart = offset + 23
        let idEnd = idStart + Int(span.bigEndian16(at: offset + 17))
        id = idStart..<idEnd
        value = idEnd..<(idEnd + Int(span.bigEndian32(at: offset + 19)))
    }

    func isBefore(_ other: Entry, _ span: Span<UInt8>) -> Bool {
        if hash != other.hash { return hash < other.hash }
        if tag != other.tag { return tag.rawValue < other.tag.rawValue }
        return Journal.compare(span, id, span, other.id) < 0
    }

    func names(_ other: Entry, _ span: Span<UInt8>) -> Bool {
        hash == other.hash && tag == other.tag && Journal.compare(span, id, span, other.id) == 0
    }
}
