/// Proves that a receipt number survives the telephone: no single slip turns it into another case's number.

import RedressCore
import TestSupport
import Testing

@Suite("Receipt numbers")
struct ReceiptNumberTests {
    @Test("The number of the design carries its check digit")
    func example() throws {
        let number = try ReceiptNumber(year: 2021, counter: 417)
        #expect(number.description == "2021-000417-8")
        #expect(number.checkDigit == 8)
        #expect(try ReceiptNumber("2021-000417-8") == number)
    }

    @Test(
        "Spaces, other dashes, missing hyphens, full-width digits and a label are read past",
        arguments: [
            "2021-000417-8", " 2021 000417 8 ", "20210004178", "2021–000417–8", "２０２１－０００４１７－８",
            "2021-0004178", "접수번호 2021-000417-8", "접수2021-000417-8", "접수번호: 2021-000417-8", "2021-417-8",
            "2021 - 417 - 8",
        ])
    func spellings(_ text: String) throws {
        #expect(try ReceiptNumber(text) == ReceiptNumber(year: 2021, counter: 417))
    }

    @Test("A counter of seven digits and more is written in full and read back")
    func largeCounter() throws {
        for counter in [999_999, 1_000_000, 12_345_678, ReceiptNumber.largestCounter] {
            let number = try ReceiptNumber(year: 2026, counter: counter)
            #expect(try ReceiptNumber(number.description) == number)
            #expect(try ReceiptNumber(number.description.filter { $0 != "-" }) == number)
        }
        #expect(
            try ReceiptNumber(year: 2021, counter: 999_999) < ReceiptNumber(year: 2021, counter: 1_000_000))
    }

    @Test(
        "What has not the form of a receipt number is told so, not that its check digit is wrong",
        arguments: [
            "", "2021", "2021-000417", "abcd-000417-8", "2021-000417-8-1", "2021-00041x-8", "२०२१-०००४१७-८",
        ])
    func form(_ text: String) {
        let error = #expect(throws: RedressError.self) { try ReceiptNumber(text) }
        #expect(error?.details["problem"] == "form", "\(error?.message ?? "")")
        #expect(ReceiptNumber.corrections(of: text).isEmpty)
    }

    @Test("A year or counter out of range makes no number")
    func outOfRange() {
        #expect(throws: RedressError.self) { try ReceiptNumber(year: 2021, counter: 0) }
        #expect(throws: RedressError.self) { try ReceiptNumber(year: 999, counter: 1) }
        #expect(throws: RedressError.self) {
            try ReceiptNumber(year: 2021, counter: ReceiptNumber.largestCounter + 1)
        }
    }

    @Test(
        "Every wrong digit and every swapped neighbour is caught, and the true number is among the corrections",
        arguments: [UInt64(11), 12, 13])
    func everySlip(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for round in 0..<60 {
            let number = try ReceiptNumber(
                year: Int.random(in: 2000...2099, using: &dice),
                counter: Int.random(in: 1...(round.isMultiple(of: 4) ? 99_999_999 : 999_999), using: &dice))
            let digits = Array(number.description.filter { $0 != "-" })
            var slips: [[Character]] = []
            for index in digits.indices {
                for digit in "0123456789" where digit != digits[index] {
                    var slip = digits
                    slip[index] = digit
                    slips.append(slip)
                }
                if index + 1 < digits.count, digits[index] != digits[index + 1] {
                    var slip = digits
                    slip.swapAt(index, index + 1)
                    slips.append(slip)
                }
            }
            for slip in slips {
                let text = String(slip)
                let error = #expect(throws: RedressError.self, "seed \(seed): \(number) as \(text)") {
                    try ReceiptNumber(text)
                }
                try #require(error?.details["problem"] == "check-digit", "seed \(seed): \(text)")
                try #require(ReceiptNumber.corrections(of: text).contains(number), "seed \(seed): \(text)")
            }
        }
    }

    @Test("Corrections are valid numbers, each once, and a valid number needs none")
    func corrections() throws {
        let found = ReceiptNumber.corrections(of: "2021-000471-8")
        #expect(found.first?.description == "2021-000417-8")
        #expect(Set(found).count == found.count)
        for number in found { #expect(try ReceiptNumber(number.description) == number) }
        #expect(ReceiptNumber.corrections(of: "2021-000417-8").isEmpty)
    }
}
