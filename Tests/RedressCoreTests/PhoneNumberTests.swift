/// Proves that every spelling of a telephone number is the same number, and that none is shown by accident.

import RedressCore
import TestSupport
import Testing

@Suite("Phone numbers")
struct PhoneNumberTests {
    @Test(
        "Every spelling of a mobile number is one number",
        arguments: [
            "01012345678", "010-1234-5678", "010 1234 5678", "010.1234.5678", "(010) 1234-5678",
            "+82 10 1234 5678", "+82-10-1234-5678", "+82 (0)10-1234-5678", "+821012345678",
            "0082 10 1234 5678",
            "82-10-1234-5678", "(+82) 10-1234-5678", "tel:+82-10-1234-5678", "010－1234－5678",
            "０１０１２３４５６７８", "＋８２ １０ １２３４ ５６７８", "010–1234–5678", "\u{202A}010-1234-5678\u{202C}",
            "\u{FEFF}010\u{00A0}1234\u{00A0}5678", " 010-1234-5678\n", "1012345678", "010/1234/5678",
        ])
    func spellings(_ text: String) throws {
        let number = try PhoneNumber(text)
        #expect(number.digits == "01012345678")
        #expect(number.hyphenated == "010-1234-5678")
        #expect(number.masked == "010-****-5678")
        #expect("\(number)" == "010-****-5678")
        #expect(number.lastFour == "5678")
        #expect(number.isMobile)
        #expect(!number.isForeign)
    }

    @Test(
        "Landlines, internet, personal and service numbers split where people split them",
        arguments: [
            ("(02) 123-4567", "021234567", "02-123-4567", "02-***-4567"),
            ("+82 2 1234 5678", "0212345678", "02-1234-5678", "02-****-5678"),
            ("0311234567", "0311234567", "031-123-4567", "031-***-4567"),
            ("031-1234-5678", "03112345678", "031-1234-5678", "031-****-5678"),
            ("070 1234 5678", "07012345678", "070-1234-5678", "070-****-5678"),
            ("0505-123-4567", "05051234567", "0505-123-4567", "0505-***-4567"),
            ("0507-1234-5678", "050712345678", "0507-1234-5678", "0507-****-5678"),
            ("1577-1234", "15771234", "1577-1234", "****-1234"),
            ("+82 1577 1234", "15771234", "1577-1234", "****-1234"),
        ])
    func others(_ text: String, _ digits: String, _ hyphenated: String, _ masked: String) throws {
        let number = try PhoneNumber(text)
        #expect(number.digits == digits)
        #expect(number.hyphenated == hyphenated)
        #expect(number.masked == masked)
        #expect(!number.isMobile)
        #expect(try PhoneNumber(hyphenated) == number)
    }

    @Test("The older mobile numbers of ten digits are mobile numbers")
    func olderMobile() throws {
        let number = try PhoneNumber("011-234-5678")
        #expect(number.isMobile)
        #expect(number.hyphenated == "011-234-5678")
    }

    @Test("A foreign number keeps its international form and shows only its last four digits when masked")
    func foreign() throws {
        let number = try PhoneNumber("+1 (415) 555-0123")
        #expect(number.digits == "+14155550123")
        #expect(number.isForeign)
        #expect(!number.isMobile)
        #expect(number.masked == "+*******0123")
        #expect(number.hyphenated == "+14155550123")
        #expect(try PhoneNumber(number.digits) == number)
    }

    @Test(
        "What is no number is refused with the reason and without repeating it",
        arguments: [
            ("", "no digits"), ("010-1234", "too short"), ("010-1234-567", "not the right number"),
            ("010-1234-56789", "not the right number"), ("010-1234-5678-9012", "too long"),
            ("090-1234-5678", "begins with its first digits"), ("12345678", "no area code"),
            ("010-1234-567a", "character"), ("박진호", "character"), ("+12", "foreign"),
            ("+0123456789", "foreign"),
            ("010-1234-5678+", "character"), ("++821012345678", "character"),
        ])
    func refused(_ text: String, _ reason: String) {
        let error = #expect(throws: RedressError.self) { try PhoneNumber(text) }
        #expect(error?.code == .badData)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(text.count < 8 || error?.message.contains(text) == false)
    }

    @Test(
        "Any mobile number survives every combination of prefix and separator", arguments: [UInt64(1), 2, 3])
    func anySpelling(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for _ in 0..<2000 {
            let middle = Int.random(in: 1000...9999, using: &dice)
            let last = Int.random(in: 1000...9999, using: &dice)
            let separator = ["", "-", " ", ".", "－", "‐"].randomElement(using: &dice) ?? ""
            let prefix =
                ["010", "+82\(separator)10", "0082\(separator)10", "82\(separator)10", "+82(0)10"]
                .randomElement(using: &dice) ?? ""
            let text = "\(prefix)\(separator)\(middle)\(separator)\(last)"
            try #require(try PhoneNumber(text).digits == "010\(middle)\(last)", "seed \(seed): \(text)")
        }
    }
}
