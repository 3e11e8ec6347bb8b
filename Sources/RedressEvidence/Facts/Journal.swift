/// The stored form of a fact: a version byte, then entries sorted by tag and id.

import RedressCore

/// One entry's place in a payload.
struct JournalEntry {
    var tag: Tag
    var id: Range<Int>
    var value: Range<Int>
}

/// Reads a payload entry by entry; a damaged payload is an error, never a crash.
struct JournalReader {
    private var index: Int
    private let end: Int

    /// Reads the payload that is a part of `bytes`: all of it where no part is named.
    init(_ bytes: Span<UInt8>, _ part: Range<Int>? = nil) throws {
        let part = part ?? 0..<bytes.count
        guard !part.isEmpty, bytes[part.lowerBound] == Journal.version else {
            throw Journal.damaged("its version is not \(Journal.version)")
        }
        index = part.lowerBound + 1
        end = part.upperBound
    }

    /// The next entry of the payload given at the start; nil at its end.
    mutating func next(_ bytes: Span<UInt8>) throws -> JournalEntry? {
        guard index < end else { return nil }
        guard let tag = Tag(rawValue: bytes[index]) else {
            throw Journal.damaged("tag \(bytes[index]) is unknown")
        }
        index += 1
        let id = try part(bytes)
        let value = try part(bytes)
        return JournalEntry(tag: tag, id: id, value: value)
    }

    private mutating func part(_ bytes: Span<UInt8>) throws -> Range<Int> {
        guard let length = bytes.variable(at: &index), index <= end, length <= UInt64(end - index) else {
            throw Journal.damaged("an entry runs past its end")
        }
        let start = index
        index += Int(length)
        return start..<index
    }
}

/// The stored form's constants and helpers.
enum Journal {
    /// The first byte of every payload.
    static let version: UInt8 = 1

    static func damaged(_ why: String) -> RedressError {
        RedressError(.fault, "A stored fact cannot be read: \(why). Rebuild the evidence from the logs.")
    }

    /// Orders two byte strings as their bytes are ordered, a prefix first.
    static func compare(
        _ left: Span<UInt8>, _ leftRange: Range<Int>, _ right: Span<UInt8>, _ rightRange: Range<Int>
    ) -> Int {
        let shared = min(leftRange.count, rightRange.count)
        var offset = 0
        while offset < shared {
            let one = left[leftRange.lowerBound + offset]
            let two = right[rightRange.lowerBound + offset]
            if one != two { return one < two ? -1 : 1 }
            offset += 1
        }
        return leftRange.count - rightRange.count
    }
}

/// Writes payloads from entries given in order of tag and id, each name once; keeps to each tag's cap.
struct JournalWriter {
    private(set) var payload: [UInt8] = [Journal.version]
    private var tag: Tag?
    private var count = 0
    private var overflowing: UInt32 = 0

    /// Begins the next payload, in the memory of the last.
    mutating func reset() {
        payload.removeAll(keepingCapacity: true)
        payload.append(Journal.version)
        tag = nil
        count = 0
        overflowing = 0
    }

    /// Appends an entry of a block.
    mutating func append(_ entry: JournalEntry, _ block: Span<UInt8>) {
        guard begin(entry, block) else { return }
        append(block, entry.value)
    }

    /// Appends the one entry that several become by their tag's law; they have one name, and the first's stands for it.
    ///
    /// - Throws: `fault` when values do not go together, as only damage makes them.
    mutating func append(_ entries: ArraySlice<JournalEntry>, _ block: Span<UInt8>) throws {
        guard let first = entries.first, begin(first, block) else { return }
        switch first.tag.law {
        case .least, .greatest:
            let sign = first.tag.law == .least ? 1 : -1
            var kept = first.value
            for entry in entries where sign * Journal.compare(block, entry.value, block, kept) < 0 {
                kept = entry.value
            }
            append(block, kept)
        case .union:
            var bits = block.copy(first.value)
            for entry in entries {
                guard entry.value.count == bits.count else { throw Journal.damaged("bits differ in length") }
                for offset in 0..<bits.count { bits[offset] |= block[entry.value.lowerBound + offset] }
            }
            append(bits.span, 0..<bits.count)
        case .span:
            var early = first.value.dropLast(8)
            var late = first.value.suffix(8)
            for entry in entries {
                guard entry.value.count == first.value.count, entry.value.count >= 16 else {
                    throw Journal.damaged("spans differ in length")
                }
                let start = entry.value.dropLast(8)
                let end = entry.value.suffix(8)
                if Journal.compare(block, start, block, early) < 0 { early = start }
                if Journal.compare(block, end, block, late) > 0 { late = end }
            }
            payload.append(variable: UInt64(first.value.count))
            payload.append(block, early)
            payload.append(block, late)
        case .sequences:
            var set = try SequenceSet(block, first.value)
            for entry in entries.dropFirst() { set = set.union(try SequenceSet(block, entry.value)) }
            let stored = set.stored
            append(stored.span, 0..<stored.count)
        }
    }

    /// Writes tag and id; false when the value is not wanted.
    private mutating func begin(_ entry: JournalEntry, _ block: Span<UInt8>) -> Bool {
        guard entry.tag != .overflow else {
            if entry.id.count == 1 { overflowing |= 1 << UInt32(block[entry.id.lowerBound] & 31) }
            return false
        }
        if entry.tag == tag { count += 1 } else { count = 1 }
        tag = entry.tag
        guard count <= entry.tag.cap else {
            overflowing |= 1 << UInt32(entry.tag.rawValue)
            return false
        }
        payload.append(entry.tag.rawValue)
        append(block, entry.id)
        return true
    }

    private mutating func append(_ block: Span<UInt8>, _ range: Range<Int>) {
        payload.append(variable: UInt64(range.count))
        payload.append(block, range)
    }

    /// Notes what overflowed; the payload is whole then.
    mutating func finish() {
        for number in 0..<UInt8(32) where overflowing & (1 << UInt32(number)) != 0 {
            payload.append(contentsOf: [Tag.overflow.rawValue, 1, number, 0])
        }
    }
}

extension Array where Element == UInt8 {
    /// Appends a number in as many bytes as it needs, seven bits each, lowest first.
    @inline(__always)
    mutating func append(variable value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}

extension Span where Element == UInt8 {
    /// Reads a number written by `append(variable:)`; nil when it runs past the end or over 64 bits.
    @inline(__always)
    func variable(at index: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while index < count, shift < 64 {
            let byte = self[index]
            index += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
