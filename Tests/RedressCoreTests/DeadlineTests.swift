/// Proves statutory due times against known cases and against a second, slower count written another way.

import Foundation
import RedressCore
import TestSupport
import Testing

@Suite("Statutory due times")
struct DeadlineTests {
    private let calendar = WorkingCalendar.korean

    private func instant(_ text: String) throws -> Instant {
        try #require(Instant(text + "+09:00"), "\(text)")
    }

    @Test(
        "Received Friday 2024-12-06 10:06:58, seven days end on 2024-12-16 at 23:59:59, with every day accounted for"
    )
    func knownCase() throws {
        let deadline = try calendar.due(received: instant("2024-12-06T10:06:58"), days: 7)
        #expect(deadline.due.description == "2024-12-16T23:59:59+09:00")
        #expect(
            deadline.trace.map(\.description) == [
                "2024-12-06 Fri  day 1 of 7", "2024-12-07 Sat  not counted: Saturday",
                "2024-12-08 Sun  not counted: Sunday", "2024-12-09 Mon  day 2 of 7",
                "2024-12-10 Tue  day 3 of 7",
                "2024-12-11 Wed  day 4 of 7", "2024-12-12 Thu  day 5 of 7", "2024-12-13 Fri  day 6 of 7",
                "2024-12-14 Sat  not counted: Saturday", "2024-12-15 Sun  not counted: Sunday",
                "2024-12-16 Mon  day 7 of 7",
            ])
        #expect(deadline.trace[1].koreanDescription == "2024-12-07(토)  산입하지 않음: 토요일")
    }

    @Test(
        "Days pass over weekends, holidays, substitute holidays and year ends",
        arguments: [
            // Seollal 2021: 11 and 12 February (Thursday, Friday).
            ("2021-02-08T09:00:00", 7, "2021-02-18"),
            // Chuseok 2021: 20 to 22 September.
            ("2021-09-17T23:59:59", 6, "2021-09-29"),
            // Liberation Day 2021 on a Sunday, substituted on Monday the 16th.
            ("2021-08-12T12:00:00", 6, "2021-08-20"),
            // Over New Year: 1 January 2021 is a Friday.
            ("2020-12-30T10:00:00", 7, "2021-01-08"),
            // Received on a Saturday and on a holiday: the first day that counts is the next working day.
            ("2024-12-07T10:00:00", 7, "2024-12-17"), ("2021-08-16T10:00:00", 7, "2021-08-25"),
            // Received in the evening: the day counts all the same.
            ("2021-07-19T22:30:00", 7, "2021-07-27"), ("2021-07-19T00:00:00", 7, "2021-07-27"),
        ])
    func days(_ received: String, _ days: Int, _ due: String) throws {
        #expect(try calendar.due(received: instant(received), days: days).due == instant(due + "T23:59:59"))
    }

    @Test(
        "Hours run from receipt within office hours, without the midday hour",
        arguments: [
            ("2024-12-06T10:06:58", 3, "2024-12-06T14:06:58"),
            ("2024-12-06T09:00:00", 3, "2024-12-06T12:00:00"),
            ("2024-12-06T12:30:00", 3, "2024-12-06T16:00:00"),
            ("2024-12-06T08:00:00", 3, "2024-12-06T12:00:00"),
            ("2024-12-06T16:30:00", 3, "2024-12-09T10:30:00"),
            ("2024-12-06T18:00:00", 3, "2024-12-09T12:00:00"),
            ("2024-12-07T11:00:00", 3, "2024-12-09T12:00:00"),
            ("2024-12-06T10:00:00", 8, "2024-12-09T10:00:00"),
            ("2024-12-06T09:00:00", 8, "2024-12-06T18:00:00"),
            ("2021-02-10T17:00:00", 8, "2021-02-15T17:00:00"),
            ("2024-12-06T11:59:59.999", 1, "2024-12-06T13:59:59.999"),
        ])
    func hours(_ received: String, _ hours: Int, _ due: String) throws {
        #expect(try calendar.due(received: instant(received), hours: hours).due == instant(due))
    }

    @Test("Five days are forty working hours, six are days, and immediately is three hours")
    func units() throws {
        let received = try instant("2024-12-06T10:06:58")
        #expect(try calendar.due(received: received, days: 5) == calendar.due(received: received, hours: 40))
        #expect(try calendar.due(received: received, days: 5).due == instant("2024-12-13T10:06:58"))
        #expect(try calendar.due(received: received, days: 6).due == instant("2024-12-13T23:59:59"))
        #expect(
            try calendar.due(received: received, period: .immediate)
                == calendar.due(received: received, hours: 3))
        #expect(
            try calendar.due(received: received, period: .grievance)
                == calendar.due(received: received, days: 7))
        for count in [0, -1, 401] {
            #expect(throws: RedressError.self) { try calendar.due(received: received, days: count) }
            #expect(throws: RedressError.self) { try calendar.due(received: received, hours: count) }
        }
    }

    @Test("The hours' trace says what each day gave and what was left")
    func hoursTrace() throws {
        let deadline = try calendar.due(received: instant("2024-12-06T18:30:00"), hours: 12)
        #expect(
            deadline.trace.map(\.description) == [
                "2024-12-06 Fri  not counted: received after office hours",
                "2024-12-07 Sat  not counted: Saturday",
                "2024-12-08 Sun  not counted: Sunday", "2024-12-09 Mon  counted 8 h 0 min, 4 h 0 min left",
                "2024-12-10 Tue  counted 4 h 0 min, nothing left",
            ])
        #expect(try deadline.due == instant("2024-12-10T14:00:00"))
    }

    @Test("A holiday declared later lengthens a period that runs over it, and no other")
    func laterHoliday() throws {
        let more = try calendar.adding("임시공휴일", on: #require(CivilDate("2024-12-10")))
        let running = try instant("2024-12-06T10:06:58")
        #expect(try more.due(received: running, days: 7).due == instant("2024-12-17T23:59:59"))
        #expect(try more.due(received: running, hours: 40).due == instant("2024-12-16T10:06:58"))
        let over = try instant("2024-11-20T10:00:00")
        #expect(try more.due(received: over, days: 7) == calendar.due(received: over, days: 7))
    }

    @Test("A supplement request stops the clock; the day it went out and the day of the answer count")
    func pauses() throws {
        let received = try instant("2024-12-06T10:06:58")
        let pause = try instant("2024-12-09T15:00:00")..<instant("2024-12-12T11:00:00")
        let deadline = try calendar.due(received: received, days: 7, pauses: [pause])
        #expect(try deadline.due == instant("2024-12-18T23:59:59"))
        #expect(
            deadline.trace.filter { $0.outcome == .paused }.map(\.date.description) == [
                "2024-12-10", "2024-12-11",
            ])
        let sameDay = try instant("2024-12-09T09:00:00")..<instant("2024-12-09T17:00:00")
        #expect(
            try calendar.due(received: received, days: 7, pauses: [sameDay]).due
                == instant("2024-12-16T23:59:59"))
        // Received 10:00, three hours; paused from 11:00 to 14:30 leaves 10-11 and 14:30-16:30.
        let short = try instant("2024-12-06T11:00:00")..<instant("2024-12-06T14:30:00")
        #expect(
            try calendar.due(received: instant("2024-12-06T10:00:00"), hours: 3, pauses: [short]).due
                == instant("2024-12-06T16:30:00"))
    }

    @Test("Two pauses that overlap stop the clock once")
    func overlappingPauses() throws {
        let received = try instant("2024-12-06T10:00:00")
        let first = try instant("2024-12-09T00:00:00")..<instant("2024-12-11T00:00:00")
        let second = try instant("2024-12-10T00:00:00")..<instant("2024-12-12T00:00:00")
        let union = try instant("2024-12-09T00:00:00")..<instant("2024-12-12T00:00:00")
        for days in [3, 7] {
            #expect(
                try calendar.due(received: received, days: days, pauses: [second, first]).due
                    == calendar.due(received: received, days: days, pauses: [union]).due)
        }
    }

    @Test("An extension adds the period's own length; a third is refused")
    func extensions() throws {
        let received = try instant("2024-12-06T10:06:58")
        #expect(
            try calendar.due(received: received, days: 7, extensions: 1).due
                == calendar.due(received: received, days: 14).due)
        #expect(
            try calendar.due(received: received, days: 5, extensions: 1).due
                == calendar.due(received: received, hours: 80).due)
        #expect(throws: RedressError.self) { try calendar.due(received: received, days: 7, extensions: 3) }
        #expect(throws: RedressError.self) { try calendar.due(received: received, days: 7, extensions: -1) }
    }

    @Test("A count that leaves the known holidays is refused, not guessed")
    func unknownYears() throws {
        for received in ["2019-12-30T10:00:00", "2028-12-28T10:00:00"] {
            let time = try instant(received)
            #expect(throws: RedressError.self) { try calendar.due(received: time, days: 7) }
            #expect(throws: RedressError.self) { try calendar.due(received: time, hours: 40) }
        }
    }

    @Test(
        "The working time from receipt to an hourly due time is the period, for random receipts",
        arguments: [UInt64(41), 42])
    func hoursAddUp(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let start = try instant("2020-01-02T00:00:00").milliseconds
        let end = try instant("2026-12-01T00:00:00").milliseconds
        for _ in 0..<1000 {
            let received = Instant(milliseconds: Int64.random(in: start..<end, using: &dice))
            let hours = Int.random(in: 1...40, using: &dice)
            let due = try calendar.due(received: received, hours: hours).due
            try #require(
                try calendar.workingMilliseconds(from: received, to: due) == Int64(hours) * 3_600_000,
                "seed \(seed): \(received), \(hours) h")
            // No earlier instant would do: the last millisecond before it was working time.
            try #require(
                try calendar.workingMilliseconds(from: due.adding(milliseconds: -1), to: due) == 1,
                "seed \(seed): \(received), \(hours) h")
        }
    }

    @Test("Every day of 2020 to 2026 gives the due date of an independent count over a list of working days")
    func everyDay() throws {
        var gregorian = Calendar(identifier: .gregorian)
        gregorian.timeZone = try #require(TimeZone(identifier: "Asia/Seoul"))
        let holidays = Set(calendar.holidays.map(\.date.description))
        var days: [(text: String, works: Bool)] = []
        var date = try #require(gregorian.date(from: DateComponents(year: 2020, month: 1, day: 1, hour: 12)))
        while gregorian.component(.year, from: date) < 2028 {
            let parts = gregorian.dateComponents([.year, .month, .day, .weekday], from: date)
            let text = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            let weekend = parts.weekday == 1 || parts.weekday == 7
            days.append((text, !weekend && !holidays.contains(text)))
            date = try #require(gregorian.date(byAdding: .day, value: 1, to: date))
        }
        let working = days.indices.filter { days[$0].works }
        var position = 0
        for index in days.indices where days[index].text < "2027" {
            while working[position] < index { position += 1 }
            for count in [6, 7, 10, 14, 30] {
                let expected = days[working[position + count - 1]].text
                let received = try instant(days[index].text + "T17:59:59")
                let due = try calendar.due(received: received, days: count).due
                try #require(
                    due.description == expected + "T23:59:59+09:00", "\(days[index].text), \(count) days")
            }
            // Eight hours from 17:59:59 of a working day end at that time on the next one.
            if days[index].works {
                let due = try calendar.due(received: instant(days[index].text + "T17:59:59"), hours: 8).due
                let next = days[working[position + 1]].text
                try #require(due.description == next + "T17:59:59+09:00", "\(days[index].text), 8 hours")
            }
        }
    }
}
