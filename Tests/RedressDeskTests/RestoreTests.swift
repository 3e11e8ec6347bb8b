import RedressCore
import RedressDesk
import TestSupport
import Testing

@Suite("Putting one person back")
struct RestoreTests {
    @Test("A verified person who holds nothing is seated on the original slot at once, and only once")
    func seatedAtOnce() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1)
        let outcome = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        #expect(outcome.done == "seated")
        #expect(outcome.seat.value == SeatView(DeskFixture.slot))
        let again = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        #expect(again == outcome)
        let report = try await fixture.desk.check.run(by: fixture.actor)
        #expect(report.violations == [])
    }

    @Test("A person who holds a later booking is moved only on a recorded yes, and then holds exactly one")
    func movedOnYes() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        let offer = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        #expect(offer.done == "offered")
        #expect(try await fixture.row(receipt).restored == nil)
        let moved = try await fixture.desk.restoration.accept(
            receipt, HeardWord(.call, note: "동의"), by: fixture.actor)
        #expect(moved.done == "seated")
        #expect(try await fixture.row(receipt).restored?.rung == .originalSlot)
        let found = try await fixture.desk.lookups.phone("010-0000-0001", by: fixture.actor, origin: "test")
        #expect(found.people.first?.bookings.map(\.status).sorted() == ["confirmed", "moved-out"])
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }

    @Test("A seat that an earlier, undecided claimant needs is not given to a later one")
    func keptForEarlier() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        _ = try await fixture.addPerson(1, verdict: "undetermined")
        let later = try await fixture.addPerson(2)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.restoration.restore(later, by: fixture.actor)
        }
        try await fixture.allot(1)
        #expect(try await fixture.desk.restoration.restore(later, by: fixture.actor).done == "seated")
    }
}
