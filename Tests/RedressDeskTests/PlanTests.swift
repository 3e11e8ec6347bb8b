/// Bulk restoration: what is shown is what is done, once, in a fair order, and how many seats it takes.
import RedressCore
import RedressDesk
import TestSupport
import Testing

@Suite("Plan and apply")
struct PlanTests {
    @Test("Apply does exactly what the plan showed; given again it skips what is done and fails nothing")
    func applyTwice() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(2)
        let receipts = [
            try await fixture.addPerson(1), try await fixture.addPerson(2, holding: DeskFixture.laterSlot),
            try await fixture.addPerson(3),
        ]
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        #expect(plan.seats.map(\.receipt) == receipts.prefix(2).map(\.description))
        #expect(plan.seats.map(\.action) == [.seat, .hold])
        #expect(plan.suggestedAllotments.map(\.seats) == [1])
        #expect(try await fixture.row(receipts[0]).state == .verifying)
        let first = try await fixture.desk.plans.apply(
            plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        #expect((first.seated, first.held, first.waitlisted, first.failed) == (1, 1, 1, 0))
        let again = try await fixture.desk.plans.apply(
            plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        #expect((again.seated, again.held, again.skipped, again.failed) == (0, 0, 2, 0))
        // The seat that was lacking goes to the one who waits, as soon as it is there.
        try await fixture.allot(1)
        #expect(try await fixture.row(receipts[2]).state == .restored)
        try await fixture.expectSound()
    }

    @Test(
        "A plan is the same document under the same digest until something changes, and only shown plans apply"
    )
    func digest() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        _ = try await fixture.addPerson(1)
        let first = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        let second = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        #expect(first == second)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.plans.apply(
                String(first.digest.reversed()), incident: DeskFixture.incident, by: fixture.actor)
        }
    }

    @Test("Who made a plan does not apply it: that takes a second member of the staff")
    func secondPerson() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        _ = try await fixture.addPerson(1)
        let kim = Actor(name: "kim", role: .supervisor)
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: kim)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.plans.apply(plan.digest, incident: DeskFixture.incident, by: kim)
        }
        let lee = Actor(name: "lee", role: .supervisor)
        let report = try await fixture.desk.plans.apply(
            plan.digest, incident: DeskFixture.incident, by: lee)
        #expect(report.seated == 1)
    }

    @Test(
        "The last plan that was shown waits for a second person until its rows are done, by it or otherwise")
    func waiting() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(2)
        let receipts = [try await fixture.addPerson(1), try await fixture.addPerson(2)]
        let plans = fixture.desk.plans
        #expect(try await plans.waiting(DeskFixture.incident, by: fixture.actor) == nil)
        let kim = Actor(name: "kim", role: .supervisor)
        let plan = try await plans.plan(DeskFixture.incident, by: kim)
        let first = try #require(try await plans.waiting(DeskFixture.incident, by: fixture.actor))
        #expect((first.plan.digest, first.madeBy, first.open) == (plan.digest, "kim", 2))
        _ = try await fixture.desk.restoration.restore(receipts[0], by: fixture.actor)
        #expect(try await plans.waiting(DeskFixture.incident, by: fixture.actor)?.open == 1)
        _ = try await plans.apply(plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        #expect(try await plans.waiting(DeskFixture.incident, by: fixture.actor) == nil)
        let agent = Actor(name: "analyst", role: .analyst)
        await #expect(throws: RedressError.self) { try await plans.waiting(DeskFixture.incident, by: agent) }
    }

    @Test("The plan and a single restore agree on the order, also on ties")
    func sameOrder() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        var receipts: [ReceiptNumber] = []
        let attempt = fixture.clock.now.adding(minutes: -60)
        for number in 1...5 {
            receipts.append(try await fixture.addPerson(number))
            try await fixture.setAttempt(of: receipts[number - 1], to: attempt)
        }
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        let first = try #require(plan.seats.first).receipt
        for receipt in receipts {
            let outcome = try? await fixture.desk.restoration.restore(receipt, by: fixture.actor)
            #expect((outcome?.done == "seated") == (receipt.description == first))
        }
    }

    @Test("The reserve advised is the smallest that is enough with the chosen chance, counted case by case")
    func reserve() async throws {
        var dice = Dice(seed: 20_210_719)
        for _ in 1...50 {
            let chances = (0..<Int.random(in: 0...10, using: &dice)).map { _ in
                Double.random(in: 0...1, using: &dice)
            }
            let forecast = SeatForecast(certain: 3, chances: chances)
            // Every outcome of every claim, one by one: 2 to the power of their number.
            var exactly = [Double](repeating: 0, count: chances.count + 1)
            for outcome in 0..<(1 << chances.count) {
                var chance = 1.0
                for (index, good) in chances.enumerated() {
                    chance *= outcome & (1 << index) != 0 ? good : 1 - good
                }
                exactly[outcome.nonzeroBitCount] += chance
            }
            for (count, chance) in exactly.enumerated() {
                #expect(abs(forecast.undecided[count] - chance) < 1e-12, "\(chances)")
            }
            let needed = forecast.seats(chance: 0.9)
            #expect(forecast.chance(seats: needed) >= 0.9 - 1e-12, "\(chances)")
            #expect(needed == 3 || forecast.chance(seats: needed - 1) < 0.9, "\(chances)")
            #expect(forecast.seats(chance: 1) == 3 + chances.count)
        }
    }

    @Test(
        "Advice counts verified claims as certain, undecided ones by their chance, and says what each chance costs"
    )
    func advice() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        for number in 1...2 { _ = try await fixture.addPerson(number) }
        for number in 3...6 { _ = try await fixture.addPerson(number, verdict: "undetermined") }
        let advice = try await fixture.desk.reserve.advise(
            DeskFixture.incident, chance: 0.9, assumed: ["undetermined": 0.5], by: fixture.actor)
        let slot = try #require(advice.slots.first)
        // Of four with a chance of a half each, three or fewer turn out good with 15/16.
        #expect((slot.verified, slot.undecided, slot.needed, slot.lacking) == (2, 4, 5, 4))
        #expect(slot.expected == 4)
        #expect(slot.chanceNow == 0)
        #expect(advice.whatIf.map(\.seats) == advice.whatIf.map(\.seats).sorted())
        #expect(advice.whatIf.last?.seats == 6)
        let learned = try await fixture.desk.reserve.advise(
            DeskFixture.incident, chance: 0.9, by: fixture.actor)
        #expect(learned.assumed["undetermined"] == 0.5)
    }
}
