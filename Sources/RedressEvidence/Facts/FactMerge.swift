/// Merges two journals of one fact; the same bytes come out whatever the order, grouping or repetition.

import RedressCore

/// The merge of facts.
public enum FactMerge {
    /// The journal that says what either of two says.
    ///
    /// Commutative, associative and idempotent: a line read twice through two files changes nothing.
    /// - Throws: `fault` when a payload is damaged.
    public static func merge(_ kind: FactKind, _ left: [UInt8], _ right: [UInt8]) throws -> [UInt8] {
        let one = left.span
        let two = right.span
        var leftReader = try JournalReader(one)
        var rightReader = try JournalReader(two)
        var writer = JournalWriter()
        var leftEntry = try leftReader.next(one)
        var rightEntry = try rightReader.next(two)
        while let first = leftEntry, let second = rightEntry {
            let order = compare(one, first, two, second)
            if order < 0 {
                writer.append(first.tag, one, first.id, one, first.value)
                leftEntry = try leftReader.next(one)
            } else if order > 0 {
                writer.append(second.tag, two, second.id, two, second.value)
                rightEntry = try rightReader.next(two)
            } else {
                let value = try merged(first.tag.law, one, first.value, two, second.value)
                writer.append(first.tag, one, first.id, value.span, 0..<value.count)
                leftEntry = try leftReader.next(one)
                rightEntry = try rightReader.next(two)
            }
        }
        while let entry = leftEntry {
            writer.append(entry.tag, one, entry.id, one, entry.value)
            leftEntry = try leftReader.next(one)
        }
        while let entry = rightEntry {
            writer.append(entry.tag, two, entry.id, two, entry.value)
            rightEntry = try rightReader.next(two)
        }
        return writer.finish()
    }

    private static func compare(
        _ one: Span<UInt8>, _ first: JournalEntry, _ two: Span<UInt8>, _ second: JournalEntry
    ) -> Int {
        if first.tag != second.tag { return first.tag.rawValue < second.tag.rawValue ? -1 : 1 }
        return Journal.compare(one, first.id, two, second.id)
    }

    /// One value from two, by a law.
    static func merged(
        _ law: MergeLaw, _ one: Span<UInt8>, _ first: Range<Int>, _ two: Span<UInt8>, _ second: Range<Int>
    ) throws -> [UInt8] {
        switch law {
        case .least:
            return Journal.compare(one, first, two, second) <= 0 ? copy(one, first) : copy(two, second)
        case .greatest:
            return Journal.compare(one, first, two, second) >= 0 ? copy(one, first) : copy(two, second)
        case .union:
            guard first.count == second.count else { throw Journal.damaged("bits differ in length") }
            var out = copy(one, first)
            for offset in 0..<out.count { out[offset] |= two[second.lowerBound + offset] }
            return out
        case .span:
            guard first.count == second.count, first.count >= 16 else {
                throw Journal.damaged("spans differ in length")
            }
            let half = first.count - 8
            let early = try merged(.least, one, front(first, half), two, front(second, half))
            let late = try merged(.greatest, one, back(first, half), two, back(second, half))
            return early + late
        case .sequences:
            return try SequenceSet(one, first).union(SequenceSet(two, second)).stored
        }
    }

    private static func front(_ range: Range<Int>, _ half: Int) -> Range<Int> {
        range.lowerBound..<(range.lowerBound + half)
    }

    private static func back(_ range: Range<Int>, _ half: Int) -> Range<Int> {
        (range.lowerBound + half)..<range.upperBound
    }

    private static func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        bytes.copy(range)
    }
}
