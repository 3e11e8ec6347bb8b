/// A telephone number in one canonical spelling, so that every way of writing it is the same number.
///
/// Korean numbers are kept as national digits (`01012345678`), foreign ones as E.164 (`+14155550123`). The
/// number plan followed is the Rules on the Management of Telecommunications Numbers: 010 and the older 01x
/// mobile numbers, 02 and 03x to 06x areas, 070, 080, 060, 0N0x personal numbers and the eight-digit 15xx,
/// 16xx and 18xx numbers.
public struct PhoneNumber: Hashable, Sendable {
    /// National digits for a Korean number, `+` and digits for a foreign one; the form to store and compare.
    public let digits: String

    private let groups: [String]

    /// Reads a number in any spelling: hyphens, dots, spaces, brackets, `+82`, `0082`, `82`, full-width
    /// digits, or a mobile number whose leading zero a spreadsheet dropped.
    ///
    /// Throws `badData` that says what is wrong, without repeating the number.
    public init(_ text: some StringProtocol) throws(RedressError) {
        let (number, isInternational) = try PhoneNumber.bareDigits(text)
        if isInternational, !number.hasPrefix("82") {
            guard (8...15).contains(number.count), !number.hasPrefix("0") else {
                throw PhoneNumber.wrong("a foreign number has a country code and 8 to 15 digits in all")
            }
            digits = "+" + number
            groups = []
            return
        }
        let national = PhoneNumber.nationalDigits(number, isInternational: isInternational)
        guard let groups = PhoneNumber.split(national) else { throw PhoneNumber.misshapen(national) }
        digits = national
        self.groups = groups
    }

    /// Whether a text message can be expected to arrive: 010 and the older 011, 016, 017, 018 and 019.
    public var isMobile: Bool {
        digits.hasPrefix("01")
    }

    /// Whether the number belongs to another country.
    public var isForeign: Bool {
        digits.hasPrefix("+")
    }

    /// The last four digits, as callers state them.
    public var lastFour: String {
        String(digits.suffix(4))
    }

    /// The number as it is written and read out, `010-1234-5678`; a foreign one as `+` and digits.
    public var hyphenated: String {
        isForeign ? digits : groups.joined(separator: "-")
    }

    /// The number with its middle hidden, `010-****-5678`; the form for pages, lists and logs.
    public var masked: String {
        if isForeign {
            return "+" + String(repeating: "*", count: digits.count - 5) + lastFour
        }
        let hidden = groups.count == 3 ? 1 : 0
        return groups.indices
            .map { $0 == hidden ? String(repeating: "*", count: groups[$0].count) : groups[$0] }
            .joined(separator: "-")
    }
}

extension PhoneNumber: CustomStringConvertible {
    /// The masked form, so that a number put into a message by mistake stays hidden.
    public var description: String { masked }
}

extension PhoneNumber {
    private static func bareDigits(
        _ text: some StringProtocol
    ) throws(RedressError) -> (digits: String, isInternational: Bool) {
        var plain = plainCharacters(text)[...].drop { $0 == " " }
        if plain.lowercased().hasPrefix("tel:") { plain = plain.dropFirst(4) }
        plain = plain.drop { $0 == " " || $0 == "(" }
        var isInternational = plain.hasPrefix("+")
        if isInternational { plain = plain.dropFirst() }
        var number = ""
        for character in plain {
            if let scalar = character.unicodeScalars.first, scalar.isASCIIDigit {
                number.unicodeScalars.append(scalar)
            } else if !" -.()/·".contains(character) {
                throw wrong("it holds a character that no telephone number has")
            }
        }
        guard !number.isEmpty else { throw wrong("it holds no digits") }
        if !isInternational, number.hasPrefix("0082") {
            isInternational = true
            number.removeFirst(2)
        }
        return (number, isInternational)
    }

    private static func nationalDigits(_ number: String, isInternational: Bool) -> String {
        guard isInternational || number.hasPrefix("82") && number.count >= 11 else {
            // Spreadsheets read 01012345678 as a quantity and drop its zero.
            return number.count == 10 && number.hasPrefix("10") ? "0" + number : number
        }
        let rest = String(number.dropFirst(2))
        // +82 (0)10… carries the trunk zero; 15xx numbers never have one.
        return rest.hasPrefix("0") || isServiceNumber(rest) ? rest : "0" + rest
    }

    private static func isServiceNumber(_ digits: String) -> Bool {
        digits.count == 8 && ["15", "16", "18"].contains { digits.hasPrefix($0) }
    }

    private static func split(_ digits: String) -> [String]? {
        if isServiceNumber(digits) {
            return [String(digits.prefix(4)), String(digits.suffix(4))]
        }
        guard let (prefix, lengths) = prefixAndLengths(digits), lengths.contains(digits.count - prefix) else {
            return nil
        }
        let middle = digits.dropFirst(prefix).dropLast(4)
        return [String(digits.prefix(prefix)), String(middle), String(digits.suffix(4))]
    }

    /// The length of the area or service prefix, and how many digits may follow it.
    private static func prefixAndLengths(_ digits: String) -> (prefix: Int, following: ClosedRange<Int>)? {
        if digits.hasPrefix("02") { return (2, 7...8) }
        guard digits.hasPrefix("0"), let area = Int(digits.dropFirst().prefix(2)) else { return nil }
        switch area {
        case 10, 70: return (3, 8...8)
        case 11, 16...19: return (3, 7...8)
        case 31...33, 41...44, 51...55, 61...64, 60, 80: return (3, 7...8)
        case 30, 50: return (4, 7...8)
        default: return nil
        }
    }

    private static func misshapen(_ digits: String) -> RedressError {
        if digits.count < 8 { return wrong("it is too short (\(digits.count) digits)") }
        if digits.count > 12 { return wrong("it is too long (\(digits.count) digits)") }
        if !digits.hasPrefix("0") {
            return wrong("it begins with no area code; write 02-…, 010-…, or + and the country code")
        }
        if prefixAndLengths(digits) == nil { return wrong("no Korean number begins with its first digits") }
        return wrong("\(digits.count) digits are not the right number for its area code")
    }

    private static func wrong(_ reason: String) -> RedressError {
        RedressError(.badData, "This is not a telephone number: \(reason).", details: ["field": "phone"])
    }
}
