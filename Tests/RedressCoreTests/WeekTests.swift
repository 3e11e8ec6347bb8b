/// Proves that weeks are those of ISO 8601 in Seoul, without a gap or an overlap, and are said as people say them.

import Foundation
import RedressCore
import Testing

@Suite("Weeks")
struct WeekTests {
    @Test("The week of the incident is 2021-W29, 7월 4주, from Monday 00:00 in Seoul")
    func incidentWeek() throws {
        let week = try Week("2021-W29")
        #expect(week.description == "2021-W29")
        #expect(week.koreanLabel == "7월 4주, 7.19.~25.")
        #expect(week.englishLabel == "week 4 of July, 19–25 July")
        #expect(week.start.description == "2021-07-19T00:00:00+09:00")
        #expect(week.end.description == "2021-07-26T00:00:00+09:00")
        #expect(week.lastDay.description == "2021-07-25")
        #expect(week.days.count == 7 && week.days.last == week.lastDay)
    }

    @Test(
        "Sunday's last millisecond in Seoul is in the week, though UTC is still on its afternoon; Monday's first is not"
    )
    func edges() throws {
        let week = try Week("2021-W29")
        let last = try #require(Instant("2021-07-25T23:59:59.999+09:00"))
        #expect(Week(containing: last) == week && week.contains(last))
        #expect(Week(containing: last.adding(milliseconds: 1)) == week.next)
        #expect(!week.contains(week.end) && week.contains(week.start))
        #expect(Week(containing: try #require(Instant("2021-07-18T15:00:00Z"))) == week)
    }

    @Test(
        "A week across months or years is in the month of its Thursday",
        arguments: [
            ("2021-W30", "7월 5주, 7.26.~8.1.", "week 5 of July, 26 July–1 August"),
            ("2021-W31", "8월 1주, 8.2.~8.", "week 1 of August, 2–8 August"),
            ("2020-W53", "12월 5주, 12.28.~1.3.", "week 5 of December, 28 December–3 January"),
            ("2021-W01", "1월 1주, 1.4.~10.", "week 1 of January, 4–10 January"),
            ("2021-W26", "7월 1주, 6.28.~7.4.", "week 1 of July, 28 June–4 July"),
        ])
    func labels(_ text: String, _ korean: String, _ english: String) throws {
        let week = try Week(text)
        #expect(week.koreanLabel == korean)
        #expect(week.englishLabel == english)
    }

    @Test("Every day from 1900 to 2200 has the week that Foundation's ISO calendar gives it")
    func againstFoundation() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        let first = try #require(CivilDate("1900-01-01")).daysSinceEpoch
        let last = try #require(CivilDate("2200-12-31")).daysSinceEpoch
        for days in stride(from: first, through: last, by: 3) {
            let date = Date(timeIntervalSince1970: Double(days) * 86_400)
            let parts = calendar.dateComponents([.yearForWeekOfYear, .weekOfYear], from: date)
            let week = Week(containing: CivilDate(daysSinceEpoch: days))
            try #require(
                week.year == parts.yearForWeekOfYear && week.number == parts.weekOfYear, "day \(days)")
            try #require(try Week(week.description) == week)
            try #require(Week(year: week.year, number: week.number) == week)
            try #require(week.next.previous == week && week.previous < week && week.end == week.next.start)
        }
    }

    @Test("The same week last year has the same number, and week 53 falls back to week 52")
    func lastYear() throws {
        #expect(try Week("2021-W29").sameWeekLastYear.description == "2020-W29")
        #expect(try Week("2020-W53").sameWeekLastYear.description == "2019-W52")
        #expect(try Week("2021-W29").advanced(by: -52).description == "2020-W30")
    }

    @Test(
        "Spellings of a week are read; what is none is refused with what was expected",
        arguments: ["2021-w29", "2021W29", " 2021-W29 ", "２０２１－Ｗ２９"])
    func spellings(_ text: String) throws {
        #expect(try Week(text).description == "2021-W29")
    }

    @Test(
        "What is no week is refused with what was expected",
        arguments: [
            ("2021", "like 2021-W29"), ("2021-29", "like 2021-W29"), ("2021-W5", "like 2021-W29"),
            ("2021-W53", "W01 to W52"), ("2020-W54", "W01 to W53"), ("2021-W00", "W01 to W52"), ("", "like"),
            ("+021-W12", "like 2021-W29"),
        ])
    func refused(_ text: String, _ reason: String) {
        let error = #expect(throws: RedressError.self) { try Week(text) }
        #expect(error?.code == .badData)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }
}
