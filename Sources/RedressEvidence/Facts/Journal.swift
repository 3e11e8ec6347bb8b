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
    private var index = 1

    init(_ bytes: Span<UInt8>) throws {
        guard bytes.count >= 1, bytes[0] == Journal.version else {
            throw Journal.damaged("its version is not \(Journal.version)")
        }
    }

    /// The next entry of the payload given at the start; nil at its end.
    mutating func next(_ bytes: Span<UInt8>) throws -> JournalEntry? {
        guard index < bytes.count else { return nil }
        guard let tag = Tag(rawValue: bytes[index]) else {
            throw Journal.damaged("tag \(bytes[index]) is unknown")
        }
        index += 1
        let id = try part(bytes)
        let value = try part(bytes)
        return JournalEntry(tag: tag, id: id, value: value)
    }

    private mutating func part(_ bytes: Span<UInt8>) throws -> Range<Int> {
        guard let length = bytes.variable(at: &index), length <= UInt64(bytes.count - index) else {
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

/// Writes a payload from entries given in order of tag and id, each name once; keeps to each tag's cap.
struct JournalWriter {
    private(set) var payload: [UInt8] = [Journal.version]
    private var tag: Tag?
    private var count = 0
    private var overflowing: UInt32 = 0

    mutating func append(
        _ tag: Tag, _ id: Span<UInt8>, _ idRange: Range<Int>, _ value: Span<UInt8>, _ valueRange: Range<Int>
    ) {
        guard tag != .overflow else {
            if idRange.count == 1 { overflowing |= 1 << UInt32(id[idRange.lowerBound] & 31) }
            return
        }
        if tag == self.tag { count += 1 } else { count = 1 }
        self.tag = tag
        guard count <= tag.cap else {
            overflowing |= 1 << UInt32(tag.rawValue)
            return
        }
        payload.append(tag.rawValue)
        payload.append(variable: UInt64(idRange.count))
        payload.append(id, idRange)
        payload.append(variable: UInt64(valueRange.count))
        payload.append(value, valueRange)
    }

    /// Notes what overflowed and gives the payload.
    mutating func finish() -> [UInt8] {
        for number in 0..<UInt8(32) where overflowing & (1 << UInt32(number)) != 0 {
            payload.append(contentsOf: [Tag.overflow.rawValue, 1, number, 0])
        }
        return payload
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
