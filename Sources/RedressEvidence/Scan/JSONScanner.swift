/// Finds the fields of one JSON object (RFC 8259) in bytes, without building anything.

/// The scanner of JSON Lines.
enum JSONScanner {
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let deepest = 32

    /// Notes where each known field's value stands in `bytes[start..<end]`; texts without their quotes.
    static func scan(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ fields: inout LineFields
    ) throws(LineFault) {
        var index = blank(bytes, start, end)
        guard index < end, bytes[index] == UInt8(ascii: "{") else { throw fault(bytes, index, end) }
        index = blank(bytes, index + 1, end)
        if index < end, bytes[index] == UInt8(ascii: "}") { return try finish(bytes, index + 1, end) }
        while true {
            guard index < end, bytes[index] == quote else { throw fault(bytes, index, end) }
            let name = index + 1
            let nameEnd = try text(bytes, name, end)
            let field = field(bytes, name, nameEnd.close)
            index = blank(bytes, nameEnd.close + 1, end)
            guard index < end, bytes[index] == UInt8(ascii: ":") else { throw fault(bytes, index, end) }
            index = blank(bytes, index + 1, end)
            index = blank(bytes, try value(bytes, index, end, field, &fields), end)
            guard index < end else { throw fault(bytes, index, end) }
            if bytes[index] == UInt8(ascii: ",") {
                index = blank(bytes, index + 1, end)
            } else if bytes[index] == UInt8(ascii: "}") {
                return try finish(bytes, index + 1, end)
            } else {
                throw fault(bytes, index, end)
            }
        }
    }

    /// All members of one flat object by name, texts with their escapes resolved; for mapped logs.
    static func members(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(LineFault) -> [String: String]
    {
        var out: [String: String] = [:]
        var index = blank(bytes, start, end)
        guard index < end, bytes[index] == UInt8(ascii: "{") else { throw fault(bytes, index, end) }
        index = blank(bytes, index + 1, end)
        while index < end, bytes[index] == quote {
            let name = try text(bytes, index + 1, end)
            let key = String(decoding: bytes.copy((index + 1)..<name.close), as: UTF8.self)
            index = blank(bytes, name.close + 1, end)
            guard index < end, bytes[index] == UInt8(ascii: ":") else { throw fault(bytes, index, end) }
            let from = blank(bytes, index + 1, end)
            // Any field of a line stands in for "the known one" here: only its range is wanted.
            var found = LineFields()
            index = blank(
                bytes, try value(bytes, from, end, nested(bytes, from, end) ? nil : .op, &found), end)
            if found.has(.op) {
                var value: [UInt8] = []
                guard unescape(bytes, found.start(.op), found.end(.op), into: &value) else {
                    throw LineFault(reason: .badValue, position: from)
                }
                guard out.updateValue(String(decoding: value, as: UTF8.self), forKey: key) == nil else {
                    throw LineFault(reason: .duplicateField, position: from)
                }
            }
            guard index < end, bytes[index] == UInt8(ascii: ",") else { break }
            index = blank(bytes, index + 1, end)
        }
        guard index < end, bytes[index] == UInt8(ascii: "}") else { throw fault(bytes, index, end) }
        try finish(bytes, index + 1, end)
        return out
    }

    private static func nested(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        start < end && (bytes[start] == UInt8(ascii: "{") || bytes[start] == UInt8(ascii: "["))
    }

    /// Reads one value, notes it when the field is known, and returns the index after it.
    @inline(__always)
    private static func value(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ field: Field?, _ fields: inout LineFields
    ) throws(LineFault) -> Int {
        guard start < end else { throw fault(bytes, start, end) }
        if let field, fields.has(field) { throw LineFault(reason: .duplicateField, position: start) }
        let first = bytes[start]
        if first == quote {
            let found = try text(bytes, start + 1, end)
            if let field {
                if found.isWide, !isUTF8(bytes, start + 1, found.close) {
                    throw LineFault(reason: .notUTF8, position: start + 1)
                }
                fields.set(field, start + 1, found.close, isEscaped: found.isEscaped)
            }
            return found.close + 1
        }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            if field != nil { throw LineFault(reason: .badValue, position: start) }
            return try skipNested(bytes, start, end)
        }
        var index = start
        while index < end, isBareByte(bytes[index]) { index += 1 }
        guard isBareValue(bytes, start, index) else { throw fault(bytes, index, end) }
        if let field, first != UInt8(ascii: "n") { fields.set(field, start, index) }
        return index
    }

    private static func skipNested(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(LineFault) -> Int {
        var closers: [UInt8] = []
        var index = start
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "{"): closers.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): closers.append(UInt8(ascii: "]"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard closers.popLast() == bytes[index] else { throw fault(bytes, index, end) }
                if closers.isEmpty { return index + 1 }
            case quote: index = try text(bytes, index + 1, end).close
            case 0..<0x20: if bytes[index] != 9 { throw fault(bytes, index, end) }
            default: break
            }
            if closers.count > deepest { throw LineFault(reason: .tooDeep, position: index) }
            index += 1
        }
        throw fault(bytes, end, end)
    }

    /// Finds the closing quote of a text that starts at `start`.
    @inline(__always)
    private static func text(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int
    ) throws(LineFault) -> (close: Int, isEscaped: Bool, isWide: Bool) {
        var index = start
        var isEscaped = false
        var wide: UInt64 = 0
        while index < end {
            if index + 8 <= end {
                let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
                let special = specialBytes(word)
                if special == 0 {
                    wide |= word
                    index += 8
                    continue
                }
                let skip = special.trailingZeroBitCount / 8
                wide |= word & ((1 << UInt64(skip * 8)) &- 1)
                index += skip
            }
            let byte = bytes[index]
            if byte == quote {
                return (index, isEscaped, wide & 0x8080_8080_8080_8080 != 0)
            }
            if byte == backslash {
                isEscaped = true
                index += 2
                continue
            }
            if byte < 0x20 { throw fault(bytes, index, end) }
            wide |= UInt64(byte)
            index += 1
        }
        throw fault(bytes, end, end)
    }

    /// The high bit of each byte that is a quote, a backslash or a control byte (the lowest such is exact).
    @inline(__always)
    private static func specialBytes(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5C)
        return
            (((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes) | ((word &- ones &* 0x20) & ~word))
            & highs
    }

    @inline(__always)
    private static func field(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Field? {
        let length = end - start
        guard length >= 1, length <= 8 else { return nil }
        if start + 8 <= bytes.count {
            let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
            return Field(packed: length == 8 ? word : word & ((1 << UInt64(length * 8)) &- 1))
        }
        var packed: UInt64 = 0
        for offset in 0..<length { packed |= UInt64(bytes[start + offset]) << UInt64(offset * 8) }
        return Field(packed: packed)
    }

    @inline(__always)
    private static func blank(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
        return index
    }

    private static func finish(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(LineFault) {
        let index = blank(bytes, start, end)
        if index < end { throw fault(bytes, index, end) }
    }

    @inline(__always)
    private static func isBareByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte) || byte == 0x2D || byte == 0x2B || byte == 0x2E
            || byte == 0x45
    }

    private static func isBareValue(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard start < end else { return false }
        switch bytes[start] {
        case UInt8(ascii: "t"): return matches(bytes, start, end, "true")
        case UInt8(ascii: "f"): return matches(bytes, start, end, "false")
        case UInt8(ascii: "n"): return matches(bytes, start, end, "null")
        case 48...57: return true
        case 0x2D: return end > start + 1 && (48...57).contains(bytes[start + 1])
        default: return false
        }
    }

    private static func fault(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> LineFault {
        guard index < end else { return LineFault(reason: .malformed, position: end) }
        if bytes[index] == 0 { return LineFault(reason: .nulByte, position: index) }
        if bytes[index] < 0x20 { return LineFault(reason: .controlByte, position: index) }
        return LineFault(reason: .malformed, position: index)
    }
}

/// Whether `bytes[start..<end]` spells a word.
@inline(__always)
func matches(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ word: StaticString) -> Bool {
    guard end - start == word.utf8CodeUnitCount else { return false }
    for offset in 0..<(end - start) where unsafe bytes[start + offset] != word.utf8Start[offset] {
        return false
    }
    return true
}

/// Whether `bytes[start..<end]` is UTF-8.
func isUTF8(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    (try? UTF8Span(validating: bytes.extracting(start..<end))) != nil
}
