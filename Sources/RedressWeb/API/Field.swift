/// What a request carries, field by field: read, checked and described in one place.
import FoundationEssentials
import RedressCore

/// One field of a body, or one parameter of a query.
struct Field: Sendable {
    /// What its value may be.
    enum Kind: Sendable {
        /// Text of 1 to so many characters.
        case text(Int)
        /// A whole number.
        case integer(ClosedRange<Int>)
        /// A number.
        case number(ClosedRange<Double>)
        /// true or false.
        case flag
        /// One of these words.
        case choice([String])
        /// Up to so many texts.
        case texts(Int)
        /// YYYY-MM-DD.
        case date
        /// HH:MM.
        case time
        /// RFC 3339 with an offset.
        case instant
        /// An ISO week such as 2021-W29.
        case week
        /// A case's public number.
        case receipt
        /// Up to so many receipt numbers.
        case receipts(Int)
        /// Where a page of a list ends: base64 of at most 400 characters.
        case cursor
        /// Bytes as base64, at most so many when decoded.
        case bytes(Int)
    }

    let name: String
    let kind: Kind
    let help: String
    let example: JSONValue
    var isRequired = true

    init(_ name: String, _ kind: Kind, _ help: String, _ example: JSONValue) {
        self.name = name
        self.kind = kind
        self.help = help
        self.example = example
    }

    /// The same field, which may be left out.
    var optional: Field {
        var field = self
        field.isRequired = false
        return field
    }

    /// Throws when `value` is not of its kind, and names the field and its form: `.usage`, or `.badData` where the form
    /// is what the description says and there is no such receipt number or week.
    func check(_ value: JSONValue) throws {
        guard isFitting(value) else {
            throw RedressError(
                hasForm(value) ? .badData : .usage, "`\(name)` must be \(form).", details: ["field": name])
        }
    }

    /// Whether a value that does not fit looks as described all the same: JSON Schema knows no check digits.
    private func hasForm(_ value: JSONValue) -> Bool {
        switch (kind, value) {
        case (.week, .text(let text)): text.wholeMatch(of: /20[0-9]{2}-W53/) != nil
        case (.receipt, .text(let text)): text.wholeMatch(of: /20[0-9]{2}-[0-9]{6,9}-[0-9]/) != nil
        case (.receipts(let most), .list(let values)):
            (1...most).contains(values.count)
                && values.allSatisfy { value in
                    let one = Field(name, .receipt, help, example)
                    return one.isFitting(value) || one.hasForm(value)
                }
        default: false
        }
    }

    private func isFitting(_ value: JSONValue) -> Bool {
        switch (kind, value) {
        case (.text(let most), .text(let text)): (1...most).contains(text.unicodeScalars.count)
        case (.integer(let range), .integer(let number)): range.contains(number)
        case (.number(let range), .number(let number)): range.contains(number)
        case (.number(let range), .integer(let number)): range.contains(Double(number))
        case (.flag, .flag): true
        case (.choice(let words), .text(let text)): words.contains(text)
        case (.texts(let most), .list(let values)):
            values.count <= most
                && values.allSatisfy {
                    if case .text(let text) = $0 {
                        (1...4000).contains(text.unicodeScalars.count)
                    } else {
                        false
                    }
                }
        case (.date, .text(let text)): CivilDate(text) != nil
        case (.time, .text(let text)): TimeOfDay(text) != nil
        case (.instant, .text(let text)): Instant(text) != nil
        case (.week, .text(let text)): (try? Week(text)) != nil
        case (.receipt, .text(let text)): (try? ReceiptNumber(text)) != nil
        case (.receipts(let most), .list(let values)):
            (1...most).contains(values.count)
                && values.allSatisfy {
                    if case .text(let text) = $0 { (try? ReceiptNumber(text)) != nil } else { false }
                }
        case (.cursor, .text(let text)):
            text.utf8.count <= 400 && text.wholeMatch(of: /[A-Za-z0-9+\/]+=*/) != nil
        case (.bytes(let most), .text(let text)): text.utf8.count <= most * 4 / 3 + 4
        default: false
        }
    }

    /// The form in words.
    var form: String {
        switch kind {
        case .text(let most): "text of 1 to \(most) characters"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .flag: "true or false"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .texts(let most): "a list of at most \(most) texts"
        case .date: "a date YYYY-MM-DD"
        case .time: "a time HH:MM"
        case .instant: "an RFC 3339 time with an offset, as in 2021-07-19T20:30:00+09:00"
        case .week: "an ISO week, as in 2021-W29"
        case .receipt: "a receipt number, as in 2021-000417-8"
        case .receipts(let most): "a list of 1 to \(most) receipt numbers"
        case .cursor: "the `next_cursor` of a page"
        case .bytes(let most): "base64 of at most \(most) bytes"
        }
    }

    /// A query's text as the value it stands for; numbers and truth are written as in JSON.
    func value(of text: String) -> JSONValue {
        switch kind {
        case .integer: Int(text).map(JSONValue.integer) ?? .text(text)
        case .number: Double(text).map(JSONValue.number) ?? .text(text)
        case .flag: ["true": .flag(true), "false": .flag(false)][text] ?? .text(text)
        default: .text(text)
        }
    }
}

/// A JSON value as it came.
indirect enum JSONValue: Sendable, Equatable, Codable {
    case null
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Int.self) {
            self = .integer(number)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let flag): try container.encode(flag)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let list): try container.encode(list)
        case .object(let object): try container.encode(object)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .integer(number) }
    init(floatLiteral number: Double) { self = .number(number) }
    init(booleanLiteral flag: Bool) { self = .flag(flag) }
    init(arrayLiteral values: JSONValue...) { self = .list(values) }
}
