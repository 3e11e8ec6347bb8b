/// The public number of a case, `2021-000417-8`: year, counter and a check digit, made to be read out.
///
/// The check digit is H. Michael Damm's (*Total anti-symmetrische Quasigruppen*, 2004), over the digits of year
/// and counter: it catches any one wrong digit and any two neighbours swapped.
public struct ReceiptNumber: Hashable, Sendable {
    /// The year in which the case was received, 1000 to 9999.
    public let year: Int
    /// The running number within the year, 1 to 999,999,999,999.
    public let counter: Int

    /// The largest counter a receipt number can carry.
    public static let largestCounter = 999_999_999_999

    /// Makes the number of the `counter`-th case of a year; throws `refused` when either is out of range.
    public init(year: Int, counter: Int) throws(RedressError) {
        guard (1000...9999).contains(year), (1...ReceiptNumber.largestCounter).contains(counter) else {
            throw RedressError(
                .refused, "No receipt number can be made for year \(year) and counter \(counter).")
        }
        self.year = year
        self.counter = counter
    }

    /// Reads a receipt number as typed, pasted or heard: spaces, other dashes, missing hyphens, full-width
    /// digits and a leading `접수번호` do not matter, and between two hyphens leading zeros may be left out.
    ///
    /// Throws `badData` that says whether the form or the check digit is wrong.
    public init(_ text: some StringProtocol) throws(RedressError) {
        if let number = ReceiptNumber(printed: text) {
            self = number
            return
        }
        let digits = try ReceiptNumber.digits(of: text)
        guard let number = ReceiptNumber(checked: digits) else {
            throw RedressError(
                .badData,
                "The check digit of \(ReceiptNumber.hyphenated(digits)) is wrong: a digit was mistaken or two "
                    + "were swapped. Compare it with the notice once more.",
                details: ["field": "receipt", "problem": "check-digit"])
        }
        self = number
    }

    /// The digit that makes the number hold together, 0 to 9.
    public var checkDigit: Int {
        ReceiptNumber.damm(body)
    }

    /// What a mistyped number may have been: all valid numbers with two neighbours swapped back or one digit
    /// changed, likeliest first.
    ///
    /// Empty when the text is valid, or is no receipt number at all. Which of them exist is the store's to say.
    public static func corrections(of text: some StringProtocol) -> [ReceiptNumber] {
        guard let digits = try? digits(of: text), ReceiptNumber(checked: digits) == nil else { return [] }
        var found: [ReceiptNumber] = []
        func keep(_ candidate: [Int]) {
            if let number = ReceiptNumber(checked: candidate), !found.contains(number) {
                found.append(number)
            }
        }
        // From the end, since a slip is likelier in the counter than in the year, which everyone knows.
        for index in digits.indices.dropLast().reversed() where digits[index] != digits[index + 1] {
            var swapped = digits
            swapped.swapAt(index, index + 1)
            keep(swapped)
        }
        for index in digits.indices.reversed() {
            for digit in 0...9 where digit != digits[index] {
                var changed = digits
                changed[index] = digit
                keep(changed)
            }
        }
        return found
    }
}

extension ReceiptNumber: CustomStringConvertible {
    /// `2021-000417-8`.
    public var description: String { ReceiptNumber.hyphenated(body + [checkDigit]) }
}

extension ReceiptNumber: Comparable {
    /// Orders by year, then counter.
    public static func < (left: ReceiptNumber, right: ReceiptNumber) -> Bool {
        (left.year, left.counter) < (right.year, right.counter)
    }
}

extension ReceiptNumber {
    private static let shortestCounter = 6

    private var body: [Int] {
        var digits: [Int] = []
        digits.reserveCapacity(16)
        var rest = counter
        while rest > 0 || digits.count < ReceiptNumber.shortestCounter {
            digits.append(rest % 10)
            rest /= 10
        }
        rest = year
        while rest > 0 {
            digits.append(rest % 10)
            rest /= 10
        }
        return digits.reversed()
    }

    /// Reads the form in which it is printed, digit by digit; nil for any other, right or wrong. It is stored like this, and
    /// read from there far more often than from anybody's lips.
    private init?(printed text: some StringProtocol) {
        let bytes = text.utf8
        guard (13...19).contains(bytes.count) else { return nil }
        var digits: [Int] = []
        digits.reserveCapacity(17)
        for (place, byte) in bytes.enumerated() {
            if place == 4 || place == bytes.count - 2 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                digits.append(Int(byte) - 48)
            }
        }
        self.init(checked: digits)
    }

    /// Year, counter and check digit in a row; nil unless the check digit fits and the counter is one.
    private init?(checked digits: [Int]) {
        let year = digits.prefix(4).reduce(0) { $0 * 10 + $1 }
        let counterDigits = digits.dropFirst(4).dropLast()
        let counter = counterDigits.reduce(0) { $0 * 10 + $1 }
        let hasStrayZero = counterDigits.count > ReceiptNumber.shortestCounter && counterDigits.first == 0
        guard year >= 1000, counter >= 1, !hasStrayZero,
            ReceiptNumber.damm(digits.dropLast()) == digits.last
        else { return nil }
        self.year = year
        self.counter = counter
    }

    private static func digits(of text: some StringProtocol) throws(RedressError) -> [Int] {
        var plain = plainCharacters(text)[...].drop { $0 == " " }
        for word in ["접수번호", "접수"] where plain.hasPrefix(word) {
            plain = plain.dropFirst(word.count)
            break
        }
        let body = plain.filter { $0 != " " && $0 != ":" && $0 != "." }
        var parts = body.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 3, parts[0].count == 4, parts[2].count == 1, !parts[1].isEmpty {
            parts[1] = String(repeating: "0", count: max(0, shortestCounter - parts[1].count)) + parts[1]
        }
        let digits = parts.joined()
        guard parts.count <= 3, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            (11...17).contains(digits.count)
        else {
            throw RedressError(
                .badData,
                "This is not a receipt number. It has a year, at least six digits and a check digit, "
                    + "like 2021-000417-8.",
                details: ["field": "receipt", "problem": "form"])
        }
        return digits.compactMap(\.wholeNumberValue)
    }

    private static func hyphenated(_ digits: [Int]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count + 2)
        for (place, digit) in digits.enumerated() {
            if place == 4 || place == digits.count - 1 { bytes.append(UInt8(ascii: "-")) }
            bytes.append(UInt8(48 + digit))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func damm(_ digits: some Sequence<Int>) -> Int {
        digits.reduce(0) { quasigroup[$0][$1] }
    }

    /// The totally anti-symmetric quasigroup of order ten from Damm's thesis, zeros on its diagonal.
    private static let quasigroup: [[Int]] = [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ]
}
