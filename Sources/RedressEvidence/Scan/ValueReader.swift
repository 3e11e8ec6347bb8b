/// Reads times, numbers, dates and escaped texts out of field bytes.

import RedressCore

/// Reads times fast: lines come in order of time, so the minute rarely changes from one to the next.
struct TimeReader {
    private var head: UInt64 = 0
    private var middle: UInt64 = 0
    private var zone: UInt32 = 0
    private var zoneEnd: UInt16 = 0
    private var minute: Int64 = 0

    /// Milliseconds since 1970 of an RFC 3339 time; nil when it is none.
    @inline(__always)
    mutating func milliseconds(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int64? {
        guard end - start == 29 else { return slow(bytes, start, end) }
        let raw = unsafe bytes.bytes
        let head = unsafe raw.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
        let middle = unsafe raw.unsafeLoadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
        let zone = unsafe raw.unsafeLoadUnaligned(fromByteOffset: start + 23, as: UInt32.self)
        let zoneEnd = unsafe raw.unsafeLoadUnaligned(fromByteOffset: start + 27, as: UInt16.self)
        guard head == self.head, middle == self.middle, zone == self.zone, zoneEnd == self.zoneEnd,
            bytes[start + 16] == 0x3A, bytes[start + 19] == 0x2E,
            let second = twoDigits(bytes, start + 17), second < 60,
            let hundredths = twoDigits(bytes, start + 20)
        else {
            guard let time = slow(bytes, start, end) else { return nil }
            // A leap second, or a form other than SS.mmm, must not become the minute others are counted from.
            if bytes[start + 16] == 0x3A, bytes[start + 19] == 0x2E,
                let second = twoDigits(bytes, start + 17),
                second < 60, bytes[start + 23] == 0x2B || bytes[start + 23] == 0x2D
            {
                (self.head, self.middle, self.zone, self.zoneEnd) = (head, middle, zone, zoneEnd)
                minute = time - time.floorRemainder(60_000)
            }
            return time
        }
        let last = bytes[start + 22] &- 48
        guard last < 10 else { return nil }
        return minute + Int64(second) * 1000 + Int64(hundredths) * 10 + Int64(last)
    }

    private func slow(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int64? {
        Instant(rfc3339: bytes.extracting(start..<end))?.milliseconds
    }
}

extension Int64 {
    /// The remainder towards minus infinity.
    @inline(__always)
    func floorRemainder(_ divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }

    /// The quotient towards minus infinity.
    @inline(__always)
    func floorQuotient(_ divisor: Int64) -> Int64 {
        (self - floorRemainder(divisor)) / divisor
    }
}

/// Two decimal digits; nil when they are none.
@inline(__always)
func twoDigits(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    let tens = bytes[start] &- 48
    let ones = bytes[start + 1] &- 48
    guard tens < 10, ones < 10 else { return nil }
    return Int(tens) * 10 + Int(ones)
}

/// A whole number, with a minus sign when negative; nil when it is none or beyond 18 digits.
@inline(__always)
func wholeNumber(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int64? {
    var index = start
    let negative = index < end && bytes[index] == 0x2D
    if negative { index += 1 }
    guard index < end, end - index <= 18 else { return nil }
    var value: Int64 = 0
    while index < end {
        let digit = bytes[index] &- 48
        guard digit < 10 else { return nil }
        value = value &* 10 &+ Int64(digit)
        index += 1
    }
    return negative ? -value : value
}

/// Appends a JSON text's bytes with its escapes resolved; false when an escape is none.
func unescape(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, into out: inout [UInt8]) -> Bool {
    var index = start
    while index < end {
        guard bytes[index] == UInt8(ascii: "\\") else {
            out.append(bytes[index])
            index += 1
            continue
        }
        guard index + 1 < end else { return false }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(bytes[index + 1])
        case UInt8(ascii: "b"): out.append(8)
        case UInt8(ascii: "f"): out.append(12)
        case UInt8(ascii: "n"): out.append(10)
        case UInt8(ascii: "r"): out.append(13)
        case UInt8(ascii: "t"): out.append(9)
        case UInt8(ascii: "u"):
            guard let length = appendScalar(bytes, index, end, &out) else { return false }
            index += length - 2
        default: return false
        }
        index += 2
    }
    return true
}

/// Appends the scalar of `\uXXXX`, or of two that make a surrogate pair; returns how many bytes it took.
private func appendScalar(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ out: inout [UInt8]) -> Int? {
    guard let first = hexDigits(bytes, start + 2, end) else { return nil }
    var code = first
    var length = 6
    if (0xD800..<0xDC00).contains(first) {
        guard start + 8 <= end, bytes[start + 6] == UInt8(ascii: "\\"), bytes[start + 7] == UInt8(ascii: "u"),
            let second = hexDigits(bytes, start + 8, end), (0xDC00..<0xE000).contains(second)
        else { return nil }
        code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        length = 12
    }
    guard let scalar = Unicode.Scalar(code) else { return nil }
    out.append(contentsOf: Array(String(Character(scalar)).utf8))
    return length
}

private func hexDigits(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt32? {
    guard start + 4 <= end else { return nil }
    var value: UInt32 = 0
    for index in start..<(start + 4) {
        switch bytes[index] {
        case 48...57: value = value * 16 + UInt32(bytes[index] - 48)
        case 65...70: value = value * 16 + UInt32(bytes[index] - 55)
        case 97...102: value = value * 16 + UInt32(bytes[index] - 87)
        default: return nil
        }
    }
    return value
}
