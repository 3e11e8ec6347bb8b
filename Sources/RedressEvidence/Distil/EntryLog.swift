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
    mutating func drain(_ kind: FactKind, _ take: (FactKey, [UInt8]) throws -> Void) throws {
        let block = bytes
        var order = references
        bytes = []
        references = []
        order.sort { ($0.high, $0.offset) < ($1.high, $1.offset) }
        var entries: [Entry] = []
        var writer = JournalWriter()
        let span = block.span
        var index = 0
        while index < order.count {
            let high = order[index].high
            entries.removeAll(keepingCapacity: true)
            while index < order.count, order[index].high == high {
                entries.append(Entry(span, order[index].offset))
                index += 1
            }
            if entries.count > 1 { entries.sort { $0.isBefore($1, span) } }
            try Self.fold(entries, span, kind, &writer, take)
        }
    }

    /// Writes the journals of entries that are sorted by hash, tag and id.
    private static func fold(
        _ entries: [Entry], _ span: Span<UInt8>, _ kind: FactKind, _ writer: inout JournalWriter,
        _ take: (FactKey, [UInt8]) throws -> Void
    ) throws {
        var same: [JournalEntry] = []
        var index = 0
        while index < entries.count {
            let hash = entries[index].hash
            writer.reset()
            while index < entries.count, entries[index].hash == hash {
                let first = entries[index]
                index += 1
                guard index < entries.count, first.names(entries[index], span) else {
                    writer.append(first.entry, span)
                    continue
                }
                same.removeAll(keepingCapacity: true)
                same.append(first.entry)
                while index < entries.count, first.names(entries[index], span) {
                    same.append(entries[index].entry)
                    index += 1
                }
                try writer.append(same[...], span)
            }
            writer.finish()
            try take(FactKey(kind: kind, hash: hash), writer.payload)
        }
    }
}

/// One entry's place in the block.
private struct Entry {
    var hash: JoinHash
    var entry: JournalEntry

    init(_ span: Span<UInt8>, _ offset: Int) {
        hash = span.joinHash(at: offset)
        let idStart = offset + 23
        let idEnd = idStart + Int(span.bigEndian16(at: offset + 17))
        entry = JournalEntry(
            tag: Tag(rawValue: span[offset + 16]) ?? .overflow, id: idStart..<idEnd,
            value: idEnd..<(idEnd + Int(span.bigEndian32(at: offset + 19))))
    }

    func isBefore(_ other: Entry, _ span: Span<UInt8>) -> Bool {
        if hash != other.hash { return hash < other.hash }
        if entry.tag != other.entry.tag { return entry.tag.rawValue < other.entry.tag.rawValue }
        return Journal.compare(span, entry.id, span, other.entry.id) < 0
    }

    func names(_ other: Entry, _ span: Span<UInt8>) -> Bool {
        hash == other.hash && entry.tag == other.entry.tag
            && Journal.compare(span, entry.id, span, other.entry.id) == 0
    }
}
