/// Finds the fields of one access-log line in the combined format of nginx and Apache.

import RedressCore

/// The scanner of `ip - user [19/Jul/2021:21:51:40 +0900] "GET /path HTTP/1.1" 200 512 "referer" "agent" sid=… key=…`.
enum CombinedScanner {
    /// Notes where the fields stand and returns the line's time in milliseconds since 1970.
    static func scan(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ fields: inout LineFields
    ) throws(LineFault) -> Int64 {
        var index = word(bytes, start, end)
        guard index > start, index < end else { throw fault(bytes, start, index, end) }
        fields.set(.ip, start, index)
        // The remote user may hold blanks: the time starts at the first " [".
        while index + 1 < end, !(bytes[index] == 0x20 && bytes[index + 1] == UInt8(ascii: "[")) { index += 1 }
        let open = index + 2
        guard open + 26 < end, bytes[open + 26] == UInt8(ascii: "]"),
            let time = time(bytes, open)
        else {
            throw LineFault(reason: hasNUL(bytes, start, end) ? .nulByte : .noTime, position: min(open, end))
        }
        index = open + 28
        let request = try quoted(bytes, index, end)
        split(bytes, request, &fields)
        index = request.upperBound + 2
        let status = word(bytes, index, end)
        guard wholeNumber(bytes, index, status) != nil else { throw fault(bytes, start, index, end) }
        fields.set(.status, index, status)
        index = word(bytes, min(status + 1, end), end)
        var quotes = 0
        while index < end, quotes < 2 {
            index += 1
            let text = try quoted(bytes, index, end)
            index = text.upperBound + 1
            quotes += 1
        }
        try trailing(bytes, index, end, &fields)
        return time
    }

    /// `sid=… key=… did=…` after the user agent, in any order.
    private static func trailing(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ fields: inout LineFields
    ) throws(LineFault) {
        var index = start
        while index < end {
            if bytes[index] == 0x20 {
                index += 1
                continue
            }
            let stop = word(bytes, index, end)
            if stop > index + 4, bytes[index + 3] == UInt8(ascii: "=") {
                let name =
                    UInt64(bytes[index]) | UInt64(bytes[index + 1]) << 8 | UInt64(bytes[index + 2]) << 16
                if let field = Field(packed: name), field == .sid || field == .key || field == .did,
                    !matches(bytes, index + 4, stop, "-")
                {
                    if fields.has(field) { throw LineFault(reason: .duplicateField, position: index) }
                    if !isUTF8(bytes, index + 4, stop) {
                        throw LineFault(reason: .notUTF8, position: index + 4)
                    }
                    fields.set(field, index + 4, stop)
                }
            }
            index = stop
        }
    }

    /// Method and path out of a request line; a request that is none (a port scan's bytes) keeps neither.
    private static func split(_ bytes: Span<UInt8>, _ request: Range<Int>, _ fields: inout LineFields) {
        let method = word(bytes, request.lowerBound, request.upperBound)
        guard method > request.lowerBound, method < request.upperBound else { return }
        let path = word(bytes, method + 1, request.upperBound)
        guard path > method + 1 else { return }
        fields.set(.method, request.lowerBound, method)
        fields.set(.path, method + 1, path)
    }

    /// The inside of a quoted text that opens at `start`; a backslash keeps the next byte from closing it.
    private static func quoted(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(LineFault) -> Range<Int>
    {
        guard start < end, bytes[start] == UInt8(ascii: "\"") else { throw fault(bytes, start, start, end) }
        var index = start + 1
        while index < end {
            if bytes[index] == UInt8(ascii: "\"") { return (start + 1)..<index }
            if bytes[index] == 0 { throw LineFault(reason: .nulByte, position: index) }
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        throw LineFault(reason: .malformed, position: end)
    }

    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, bytes[index] != 0x20 { index += 1 }
        return index
    }

    private static func hasNUL(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        // A line cut right after an address or a date leaves nothing to look at.
        guard start < end else { return false }
        for index in start..<end where bytes[index] == 0 { return true }
        return false
    }

    private static func fault(_ bytes: Span<UInt8>, _ start: Int, _ index: Int, _ end: Int) -> LineFault {
        LineFault(reason: hasNUL(bytes, start, end) ? .nulByte : .malformed, position: min(index, end))
    }

    /// `19/Jul/2021:21:51:40 +0900` at `start`, 26 bytes.
    static func time(_ bytes: Span<UInt8>, _ start: Int) -> Int64? {
        guard let day = twoDigits(bytes, start), let month = month(bytes, start + 3),
            let century = twoDigits(bytes, start + 7), let year = twoDigits(bytes, start + 9),
            let hour = twoDigits(bytes, start + 12), let minute = twoDigits(bytes, start + 15),
            let second = twoDigits(bytes, start + 18), let zoneHour = twoDigits(bytes, start + 22),
            let zoneMinute = twoDigits(bytes, start + 24), hour < 24, minute < 60, second <= 60,
            bytes[start + 2] == 0x2F, bytes[start + 6] == 0x2F, bytes[start + 11] == 0x3A,
            bytes[start + 14] == 0x3A, bytes[start + 17] == 0x3A, bytes[start + 20] == 0x20,
            bytes[start + 21] == 0x2B || bytes[start + 21] == 0x2D,
            let date = CivilDate(year: century * 100 + year, month: month, day: day)
        else { return nil }
        let zone = (zoneHour * 60 + zoneMinute) * (bytes[start + 21] == 0x2B ? 1 : -1)
        let minutes = date.daysSinceEpoch * 1440 + hour * 60 + minute - zone
        return (Int64(minutes) * 60 + Int64(min(second, 59))) * 1000
    }

    private static func month(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
        let packed = UInt32(bytes[start]) << 16 | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2])
        switch packed {
        case 0x4A616E: return 1
        case 0x466562: return 2
        case 0x4D6172: return 3
        case 0x417072: return 4
        case 0x4D6179: return 5
        case 0x4A756E: return 6
        case 0x4A756C: return 7
        case 0x417567: return 8
        case 0x536570: return 9
        case 0x4F6374: return 10
        case 0x4E6F76: return 11
        case 0x446563: return 12
        default: return nil
        }
    }
}
