import RedressCore
import Testing

@Suite("Instants, dates and times")
struct InstantTests {
    @Test("An RFC 3339 time with an offset reads to the millisecond and prints in Seoul time")
    func rfc3339() throws {
        let instant = try #require(Instant("2021-07-19T20:03:11.482+09:00"))
        #expect(instant.milliseconds == 1_626_692_591_482)
        #expect(instant.description == "2021-07-19T20:03:11.482+09:00")
        #expect(Instant("2021-07-19T11:03:11.482Z") == instant)
    }

    @Test(
        "A time without an offset, with a day that is not there, or with trailing text is refused",
        arguments: [
            "2021-07-19T20:03:11", "2021-02-30T10:00:00Z", "2021-07-19T24:00:00Z", "2021-07-19T20:03:11Zx",
            "",
        ])
    func refused(_ text: String) {
        #expect(Instant(text) == nil)
    }

    @Test("Every day from 1600 to 2400 survives the trip to its parts and back")
    func everyDay() throws {
        let first = try #require(CivilDate(year: 1600, month: 1, day: 1)).daysSinceEpoch
        let last = try #require(CivilDate(year: 2400, month: 12, day: 31)).daysSinceEpoch
        for days in first...last {
            let parts = CivilDate(daysSinceEpoch: days).parts
            try #require(
                CivilDate(year: parts.year, month: parts.month, day: parts.day)?.daysSinceEpoch == days)
        }
        #expect(CivilDate("2021-07-19")?.isoWeekday == 1)
    }
}
