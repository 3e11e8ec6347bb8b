/// The rules of the reserve: who may bring seats in, when they go back, and what the cutoff does.
import RedressCore
import RedressDesk
import TestSupport
import Testing

@Suite("The rules of the reserve")
struct PoolRulesTests {
    private let supervisor = Actor(name: "kim", role: .supervisor)
    private let other = Actor(name: "lee", role: .supervisor)

    @Test("A large allotment by a member of the staff waits for a second one, and never for the same")
    func secondPerson() async throws {
        let fixture = try await DeskFixture()
        let pool = fixture.desk.pool
        let asked = try await pool.allot(
            101, to: DeskFixture.slot, incident: DeskFixture.incident, authority: "복구-1", by: supervisor)
        #expect(asked.allotted == 0)
        let request = try #require(asked.request.value)
        #expect(try await fixture.status().first?.reserved == 0)
        await #expect(throws: RedressError.self) {
            try await pool.decide(request, approve: true, by: supervisor)
        }
        #expect(try await pool.decide(request, approve: true, by: other).allotted == 101)
        await #expect(throws: RedressError.self) {
            try await pool.decide(request, approve: true, by: other)
        }
        #expect(try await fixture.status().first?.reserved == 101)
        #expect(try await pool.requests(incident: DeskFixture.incident, by: other).isEmpty)
        try await fixture.expectSound()
    }

    @Test("Seats cannot be allotted to a past slot, after the cutoff, without an authority, or by an agent")
    func refusedAllotments() async throws {
        let fixture = try await DeskFixture()
        let pool = fixture.desk.pool
        let past = Slot(
            site: "C001", vaccine: "moderna", date: fixture.clock.now.date, time: TimeOfDay(minutes: 60))
        let closed = Slot(
            site: "C001", vaccine: "moderna", date: fixture.clock.now.date.adding(days: 2),
            time: TimeOfDay(minutes: 600))
        for slot in [past, closed] {
            await #expect(throws: RedressError.self) { try await fixture.allot(1, to: slot) }
        }
        await #expect(throws: RedressError.self) {
            try await pool.allot(
                1, to: DeskFixture.slot, incident: DeskFixture.incident, authority: "  ", by: fixture.actor)
        }
        await #expect(throws: RedressError.self) {
            try await pool.allot(
                1, to: DeskFixture.slot, incident: DeskFixture.incident, authority: "복구-1",
                by: Actor(name: "park", role: .agent))
        }
    }

    @Test("A release leaves a seat for every open claim that holds none, and only for those")
    func releaseCoversClaims() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(3)
        _ = try await fixture.addPerson(1, verdict: "undetermined")
        let held = try await fixture.addPerson(2, holding: DeskFixture.laterSlot)
        _ = try await fixture.desk.restoration.restore(held, by: fixture.actor)
        // One of three is held for the second claim, so one of the two that are left may go.
        await #expect(throws: RedressError.self) {
            try await fixture.desk.pool.release(
                2, from: DeskFixture.slot, incident: DeskFixture.incident, by: fixture.actor)
        }
        try await fixture.desk.pool.release(
            1, from: DeskFixture.slot, incident: DeskFixture.incident, by: fixture.actor)
        #expect(try await fixture.status().first?.reserved == 1)
        try await fixture.expectSound()
    }

    @Test(
        "At the cutoff live holds end, what is reserved goes back to the public, and nothing is held any more"
    )
    func cutoff() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(3)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        _ = try await fixture.desk.plans.apply(plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        #expect(try await fixture.row(receipt).state == .offered)
        let cutoff = PoolPolicy.standard.cutoff(of: DeskFixture.slot)
        fixture.clock.now = cutoff.adding(milliseconds: -1)
        #expect(try await fixture.desk.pool.sweep().closed == 0)
        #expect(try await fixture.status().first?.held == 1)
        fixture.clock.now = cutoff
        try await fixture.desk.pool.sweep()
        let status = try #require(try await fixture.status().first)
        #expect((status.reserved, status.held, status.released) == (0, 0, 3))
        #expect(try await fixture.row(receipt).state == .inReview)
        #expect(try await fixture.desk.pool.sweep() == HousekeepingReport())
        try await fixture.expectSound()
    }

    @Test("A supervisor can move the cutoff, within its range")
    func policy() async throws {
        let fixture = try await DeskFixture()
        var policy = PoolPolicy.standard
        policy.cutoffDays = 61
        let tooEarly = policy
        await #expect(throws: RedressError.self) {
            try await fixture.desk.pool.setPolicy(tooEarly, incident: DeskFixture.incident, by: fixture.actor)
        }
        policy.cutoffDays = 0
        policy.cutoffMinutes = 1439
        try await fixture.desk.pool.setPolicy(policy, incident: DeskFixture.incident, by: fixture.actor)
        #expect(try await fixture.desk.pool.policy(DeskFixture.incident, by: fixture.actor) == policy)
        // The day's end comes after the slot: the slot's start is the cutoff then.
        #expect(policy.cutoff(of: DeskFixture.slot) == DeskFixture.slot.start)
        fixture.clock.now = DeskFixture.slot.start.adding(minutes: -60)
        try await fixture.allot(1)
        try await fixture.expectSound()
    }
}

extension DeskFixture {
    /// Every slot of the pool.
    func status() async throws -> [PoolStatus] {
        try await desk.pool.status(incident: Self.incident, by: actor)
    }

    /// The balance of one slot.
    func status(of slot: Slot) async throws -> PoolStatus? {
        try await status().first {
            $0.site == slot.site && $0.date == slot.date.description && $0.slot == slot.time.description
        }
    }

    /// Everything the check proves must hold.
    func expectSound(_ comment: Comment? = nil, _ location: SourceLocation = #_sourceLocation) async throws {
        let violations = try await desk.check.run(by: actor).violations
        #expect(violations == [], comment, sourceLocation: location)
    }

    /// The statuses of a person's bookings, by booking number.
    func bookings(_ number: Int) async throws -> [String: String] {
        let phone = "0100000" + String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
        let found = try await desk.lookups.phone(phone, by: actor, origin: "test")
        return Dictionary(
            found.people.flatMap(\.bookings).map { ($0.booking, $0.status) }, uniquingKeysWith: { $1 })
    }
}
