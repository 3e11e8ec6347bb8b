/// Reads JSON strictly (RFC 8259): no comments, no trailing commas, no repeated keys, nothing after the document.

import RedressCore

extension JSONValue {
    /// Reads one JSON document; throws `badData` with line and column of the first fault.
    init(parsing text: String) throws(RedressError) {
        var parser = JSONParser(text)
        self = try parser.document()
    }
}

private struct JSONParser {
    private static let deepest = 128

    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    mutating func document() throws(RedressError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard index == scalars.count else { throw fault("nothing may follow the document") }
        return value
    }

    private mutating func value(depth: Int) throws(RedressError) -> JSONValue {
        guard depth < JSONParser.deepest else {
            throw fault("nested deeper than \(JSONParser.deepest) levels")
        }
        skipSpace()
        guard let next = peek else { throw fault("the document ends too early") }
        switch next {
        case "{": return try object(depth: depth)
        case "[": return try array(depth: depth)
        case "\"": return .string(try string())
        case "-", "0"..."9": return try number()
        default:
            for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
            where scalars[index...].starts(with: word.unicodeScalars) {
                index += word.unicodeScalars.count
                return value
            }
            throw fault("a value is expected here")
        }
    }

    private mutating func object(depth: Int) throws(RedressError) -> JSONValue {
        var members: [JSONValue.Member] = []
        var keys: Set<String> = []
        index += 1
        if take("}") { return .object([]) }
        repeat {
            skipSpace()
            guard peek == "\"" else { throw fault("a key in quotes is expected here") }
            let key = try string()
            guard keys.insert(key).inserted else { throw fault("the key \"\(key)\" stands twice") }
            guard take(":") else { throw fault("a colon is expected after the key") }
            members.append(JSONValue.Member(key: key, value: try value(depth: depth + 1)))
        } while take(",")
        guard take("}") else { throw fault("a comma or } is expected here") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(RedressError) -> JSONValue {
        var values: [JSONValue] = []
        index += 1
        if take("]") { return .array([]) }
        repeat { values.append(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw fault("a comma or ] is expected here") }
        return .array(values)
    }

    private mutating func string() throws(RedressError) -> String {
        var text = String.UnicodeScalarView()
        index += 1
        while let scalar = peek {
            index += 1
            switch scalar {
            case "\"": return String(text)
            case "\\": text.append(try escape())
            case "\u{0}"..."\u{1F}": throw fault("a control character must be escaped")
            default: text.append(scalar)
            }
        }
        throw fault("a string is not closed")
    }

    private mutating func escape() throws(RedressError) -> Unicode.Scalar {
        let letters: [Unicode.Scalar: Unicode.Scalar] = [
            "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
        ]
        guard let letter = peek else { throw fault("a string is not closed") }
        index += 1
        if let plain = letters[letter] { return plain }
        guard letter == "u", let unit = hexUnit() else { throw fault("no such escape") }
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, peek == "\\", index + 1 < scalars.count, scalars[index + 1] == "u" else {
            throw fault("half of a surrogate pair")
        }
        index += 2
        guard let low = hexUnit(), (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw fault("half of a surrogate pair") }
        return scalar
    }

    private mutating func hexUnit() -> UInt32? {
        guard index + 4 <= scalars.count else { return nil }
        let digits = scalars[index..<index + 4]
        guard digits.allSatisfy({ $0.isASCII && $0.properties.isASCIIHexDigit }) else { return nil }
        index += 4
        return UInt32(String(String.UnicodeScalarView(digits)), radix: 16)
    }

    private mutating func number() throws(RedressError) -> JSONValue {
        let start = index
        if peek == "-" { index += 1 }
        let leadingZero = peek == "0"
        let whole = digits()
        guard whole > 0, !(leadingZero && whole > 1) else { throw fault("this is not a number") }
        var isWhole = true
        if peek == "." {
            isWhole = false
            index += 1
            guard digits() > 0 else { throw fault("digits are expected after the point") }
        }
        if peek == "e" || peek == "E" {
            isWhole = false
            index += 1
            if peek == "+" || peek == "-" { index += 1 }
            guard digits() > 0 else { throw fault("digits are expected in the exponent") }
        }
        let text = String(String.UnicodeScalarView(scalars[start..<index]))
        if isWhole, let value = Int(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else { throw fault("this number is too large") }
        return .double(value)
    }

    private mutating func digits() -> Int {
        let start = index
        while let scalar = peek, ("0"..."9").contains(scalar) { index += 1 }
        return index - start
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func skipSpace() {
        while let scalar = peek, scalar == " " || scalar == "\n" || scalar == "\r" || scalar == "\t" {
            index += 1
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == scalar else { return false }
        index += 1
        return true
    }

    private func fault(_ reason: String) -> RedressError {
        let before = scalars[..<min(index, scalars.count)]
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        return RedressError(
            .badData, "JSON, line \(line), column \(column): \(reason).",
            details: ["line": "\(line)", "column": "\(column)"])
    }
}
