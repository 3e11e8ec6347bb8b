/// Proves the holidays themselves: what is worked, what is not, and what is not known.

import RedressCore
import Testing

@Suite("The working calendar")
struct WorkingCalendarTests {
    private let calendar = WorkingCalendar.korean

    private func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    @Test(
        "Holidays, substitute holidays, elections and one-off holidays are not worked",
        arguments: [
            ("2021-02-11", "설날 전날"), ("2021-08-16", "광복절 대체 휴일"), ("2020-08-17", "임시공휴일"),
            ("2022-03-09", "대통령 선거일"), ("2020-01-27", "설날 대체 휴일"), ("2028-10-03", "개천절; 추석"),
        ])
    func holidays(_ text: String, _ name: String) throws {
        #expect(try calendar.day(date(text)) == .holiday(name))
    }

    @Test("A Saturday, a Sunday and a plain Monday are what they are")
    func weekdays() throws {
        #expect(try calendar.day(date("2024-12-07")) == .saturday)
        #expect(try calendar.day(date("2024-12-08")) == .sunday)
        #expect(try calendar.day(date("2024-12-09")) == .working)
        #expect(try calendar.day(date("2021-08-15")) == .holiday("광복절"))
    }

    @Test("Days outside 2020 to 2028 are refused and the error says which years are known")
    func unknownYears() throws {
        for text in ["2019-12-31", "2029-01-01"] {
            let day = try date(text)
            let error = #expect(throws: RedressError.self) { try calendar.day(day) }
            #expect(error?.code == .badData)
            #expect(error?.message.contains("2020 to 2028") == true)
            #expect(throws: RedressError.self) { try calendar.adding("임시공휴일", on: day) }
        }
        #expect(try calendar.day(date("2020-01-02")) == .working)
        #expect(try calendar.day(date("2028-12-29")) == .working)
    }

    @Test("An added holiday gives another calendar with another version and leaves the first as it was")
    func adding() throws {
        let day = try date("2024-12-10")
        let more = try calendar.adding("임시공휴일", on: day)
        #expect(try more.day(day) == .holiday("임시공휴일"))
        #expect(try calendar.day(day) == .working)
        #expect(more.version != calendar.version && more != calendar)
        #expect(try calendar.adding("임시공휴일", on: day).version == more.version)
        #expect(more.holidays.count == calendar.holidays.count + 1)
        #expect(throws: RedressError.self) { try calendar.adding("", on: day) }
    }

    @Test(
        "Faulty holiday data names its line",
        arguments: [
            ("date,name\n2021-02-30,x\n", "h.csv:2"), ("date,name\n2021-01-01,\n", "h.csv:2"),
            ("date,name\n2021-01-01,a\n2021-01-01,b\n", "h.csv:3"), ("date,name\n2021-01-01\n", "h.csv:2:1"),
            ("date,name\n", "h.csv holds no"), ("", "h.csv holds no"),
        ])
    func faultyData(_ text: String, _ place: String) {
        let error = #expect(throws: RedressError.self) {
            try WorkingCalendar(csv: Array(text.utf8), name: "h.csv")
        }
        #expect(error?.message.hasPrefix(place) == true, "\(error?.message ?? "")")
    }
}
