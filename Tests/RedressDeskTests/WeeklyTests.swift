import RedressCore
import RedressDesk
import TestSupport
import Testing

@Suite("Weekly statistics")
struct WeeklyTests {
    @Test("The line reconciles from week to week, and a past week counts the same after later changes")
    func reconciles() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(2)
        let first = try await fixture.addPerson(1)
        _ = try await fixture.addPerson(2, verdict: "undetermined")
        _ = try await fixture.desk.restoration.restore(first, by: fixture.actor)
        let week = Week(containing: fixture.clock.now)
        let before = try await fixture.desk.statistics.weekly(week, by: fixture.actor)
        #expect(before.week == "2021-W29")
        #expect(before.totals.received == 2)
        #expect(before.totals.processed == 1)
        #expect(before.totals.closing == 1)
        #expect(before.headline.backOnOriginal == 1)
        #expect(before.headline.affected == 2)
        fixture.clock.advance(minutes: 60 * 24 * 7)
        _ = try await fixture.addPerson(3)
        let next = try await fixture.desk.statistics.weekly(nil, by: fixture.actor)
        #expect(next.totals.opening == before.totals.closing)
        #expect(next.totals.received == 1)
        #expect(try await fixture.desk.statistics.weekly(week, by: fixture.actor) == before)
    }
}
