/// The ladder below a lost slot, the waitlist, and what a freed seat does.
import RedressCore
import RedressDesk
import TestSupport
import Testing

@Suite("Offers and the waitlist")
struct OfferTests {
    private static func slot(_ site: String, _ days: Int, _ minutes: Int) -> Slot {
        Slot(
            site: site, vaccine: "moderna", date: DeskFixture.slot.date.adding(days: days),
            time: TimeOfDay(minutes: minutes))
    }

    @Test("The list is the ladder: same date here, same date near by, nearest dates; the same for everyone")
    func ladder() async throws {
        let fixture = try await DeskFixture()
        for slot in [
            Self.slot("C001", 3, 600), Self.slot("C001", -1, 600), Self.slot("C002", 0, 600),
            Self.slot("C001", 0, 720), Self.slot("C001", 0, 570), Self.slot("C002", 1, 600),
        ] { try await fixture.allot(1, to: slot) }
        let first = try await fixture.addPerson(1)
        let second = try await fixture.addPerson(2, holding: DeskFixture.laterSlot)
        let list = try await fixture.desk.offers.list(first, by: fixture.actor)
        #expect(
            list.choices.map { "\($0.rung) \($0.site) \($0.days) \($0.slot)" } == [
                "same-date C001 0 09:30", "same-date C001 0 12:00", "nearby-site C002 0 10:00",
                "nearest-date C001 -1 10:00", "nearest-date C001 3 10:00",
            ])
        // Great-circle distance of the two centres, worked out apart with the spherical law of cosines.
        #expect(list.choices[2].kilometres == 10.3)
        #expect(
            list.choices[2].explanation == "the same date, 10.3 km away in a straight line, the same time")
        let other = try await fixture.desk.offers.list(second, by: fixture.actor)
        #expect(other.choices == list.choices)
    }

    @Test("A chosen seat is held until the time shown; accepted it seats, and the later booking ends with it")
    func choose() async throws {
        let fixture = try await DeskFixture()
        let near = Self.slot("C002", 0, 600)
        try await fixture.allot(1, to: near)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        let rival = try await fixture.addPerson(2)
        let offer = try await fixture.desk.offers.choose(1, for: receipt, key: "k1", by: fixture.actor)
        #expect(offer.done == "offered")
        #expect(offer.rung.value == "nearby-site")
        let again = try await fixture.desk.offers.choose(1, for: receipt, key: "k1", by: fixture.actor)
        #expect(again == offer)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.offers.choose(1, for: rival, by: fixture.actor)
        }
        _ = try await fixture.desk.restoration.accept(
            receipt, HeardWord(.call), by: fixture.actor)
        #expect(try await fixture.row(receipt).restored?.slot == near)
        #expect(try await fixture.bookings(1)["L1"] == "moved-out")
        try await fixture.expectSound()
    }

    @Test("A seat that others lost is not offered away while they claim it")
    func claimedSeatsAreNotOffered() async throws {
        let fixture = try await DeskFixture()
        let near = Self.slot("C002", 0, 600)
        try await fixture.allot(1, to: near)
        _ = try await fixture.addPerson(9, lost: near, verdict: "undetermined")
        let receipt = try await fixture.addPerson(1)
        #expect(try await fixture.desk.offers.list(receipt, by: fixture.actor).choices.isEmpty)
    }

    @Test("A freed seat goes to whoever waits, in their order; who was seated elsewhere is asked first")
    func promotion() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        try await fixture.allot(1, to: Self.slot("C002", 0, 600))
        let seated = try await fixture.addPerson(1)
        let elsewhere = try await fixture.addPerson(2)
        let nothing = try await fixture.addPerson(3)
        _ = try await fixture.desk.restoration.restore(seated, by: fixture.actor)
        _ = try await fixture.desk.offers.choose(1, for: elsewhere, by: fixture.actor)
        _ = try await fixture.desk.restoration.accept(
            elsewhere, HeardWord(.call), by: fixture.actor)
        for receipt in [elsewhere, nothing] {
            _ = try await fixture.desk.offers.wait(receipt, by: fixture.actor)
        }
        #expect(try await fixture.row(nothing).state == .waitlisted)
        _ = try await fixture.desk.restoration.vacate(
            seated, HeardWord(.call), by: fixture.actor)
        // The second person's attempt was earlier than the third's: asked, and still seated where they are.
        let asked = try await fixture.row(elsewhere)
        #expect(asked.state == .offered)
        #expect(asked.restored?.slot.site == "C002")
        try await fixture.expectSound()
        _ = try await fixture.desk.restoration.accept(
            elsewhere, HeardWord(.call), by: fixture.actor)
        #expect(try await fixture.row(elsewhere).restored?.rung == .originalSlot)
        #expect(try await fixture.status(of: Self.slot("C002", 0, 600))?.reserved == 1)
        // One more seat, and the third, who holds nothing, is seated without being asked.
        try await fixture.allot(1)
        #expect(try await fixture.row(nothing).state == .restored)
        try await fixture.expectSound()
    }

    @Test("A lapsed offer keeps the place in line, but the next one is asked before the same one again")
    func lapseAsksTheNext() async throws {
        let fixture = try await DeskFixture()
        let receipts = [
            try await fixture.addPerson(1, holding: DeskFixture.laterSlot),
            try await fixture.addPerson(2, holding: DeskFixture.laterSlot),
        ]
        for receipt in receipts { _ = try await fixture.desk.offers.wait(receipt, by: fixture.actor) }
        try await fixture.allot(1)
        #expect(try await fixture.row(receipts[0]).state == .offered)
        _ = try await fixture.desk.offers.delivered(receipts[0], by: fixture.actor)
        fixture.clock.advance(minutes: 4 * 24 * 60)
        try await fixture.desk.pool.sweep()
        #expect(try await fixture.row(receipts[0]).state == .waitlisted)
        #expect(try await fixture.row(receipts[0]).isWaiting)
        #expect(try await fixture.row(receipts[1]).state == .offered)
        try await fixture.expectSound()
    }
}
