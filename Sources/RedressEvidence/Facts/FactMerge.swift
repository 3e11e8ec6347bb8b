/// Merges journals of one fact; the same bytes come out whatever their order, grouping or repetition.

import RedressCore

/// Merges one fact after another, in the same memory.
struct FactMerge {
    private var readers: [JournalReader] = []
    /// The entry at which each reader stands; nil at its end.
    private var heads: [JournalEntry?] = []
    private var same: [JournalEntry] = []
    private var writer = JournalWriter()

    /// The journal that says what any of several says; they are parts of a block.
    ///
    /// Commutative, associative and idempotent: a line read twice through two files changes nothing.
    /// - Throws: `fault` when a payload is damaged.
    mutating func merge(_ block: Span<UInt8>, _ parts: [Range<Int>]) throws -> [UInt8] {
        readers.removeAll(keepingCapacity: true)
        heads.removeAll(keepingCapacity: true)
        for part in parts {
            var reader = try JournalReader(block, part)
            heads.append(try reader.next(block))
            readers.append(reader)
        }
        writer.reset()
        while let first = least(block) {
            same.removeAll(keepingCapacity: true)
            for place in heads.indices {
                while let entry = heads[place], Self.compare(block, entry, first) == 0 {
                    same.append(entry)
                    heads[place] = try readers[place].next(block)
                }
            }
            if same.count == 1 { writer.append(first, block) } else { try writer.append(same[...], block) }
        }
        writer.finish()
        return writer.payload
    }

    private func least(_ block: Span<UInt8>) -> JournalEntry? {
        var least: JournalEntry?
        for case let entry? in heads {
            if let held = least, Self.compare(block, held, entry) <= 0 { continue }
            least = entry
        }
        return least
    }

    private static func compare(_ block: Span<UInt8>, _ one: JournalEntry, _ two: JournalEntry) -> Int {
        if one.tag != two.tag { return one.tag.rawValue < two.tag.rawValue ? -1 : 1 }
        return Journal.compare(block, one.id, block, two.id)
    }
}

extension Fact {
    /// The journal that says what either of two journals of one fact says.
    ///
    /// - Throws: `fault` when one is damaged.
    public static func merge(_ left: [UInt8], _ right: [UInt8]) throws -> [UInt8] {
        let block = left + right
        var merge = FactMerge()
        return try merge.merge(block.span, [0..<left.count, left.count..<block.count])
    }
}
