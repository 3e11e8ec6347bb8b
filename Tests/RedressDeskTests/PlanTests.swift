import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("Bulk restoration")
struct PlanTests {
    @Test("A plan seats by the original attempt, keeps seats for the undecided, and says what is lacking")
    func order() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(2)
        let undecided = try await fixture.addPerson(1, verdict: "undetermined")
        let first = try await fixture.addPerson(2)
        let second = try await fixture.addPerson(3)
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        #expect(plan.seats.map(\.receipt) == [first.description])
        #expect(Set(plan.unmet.map(\.receipt)) == [undecided.description, second.description])
        #expect(plan.suggestedAllotments.map(\.seats) == [1])
        let again = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        #expect(again.digest == plan.digest)
    }

    @Test("Apply does exactly what was shown, and the same apply again changes nothing")
    func apply() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(40)
        for number in 1...30 {
            _ = try await fixture.addPerson(
                number, holding: number.isMultiple(of: 3) ? DeskFixture.laterSlot : nil)
        }
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        let report = try await fixture.desk.plans.apply(
            plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        #expect(report.seated == 20)
        #expect(report.held == 10)
        #expect(report.failed == 0)
        let again = try await fixture.desk.plans.apply(
            plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        #expect(again.skipped == 30)
        #expect(again.seated == 0)
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }

    @Test("An offer nobody answers lapses: the seat goes back, the case stays with a human")
    func lapse() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        fixture.clock.advance(minutes: 60 * 24 * 4)
        try await fixture.desk.pool.sweep()
        let row = try await fixture.row(receipt)
        #expect(row.state == .inReview)
        let slots = try await fixture.desk.pool.status(incident: DeskFixture.incident, by: fixture.actor)
        #expect(slots.first { $0.date == DeskFixture.slot.date.description }?.reserved == 1)
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }

    @Test("Fifty people race for ten seats: ten sit, nothing is oversold", arguments: 1...5)
    func race(_ round: Int) async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(10)
        var receipts: [ReceiptNumber] = []
        for number in 1...50 { receipts.append(try await fixture.addPerson(number)) }
        let seated = await withTaskGroup(of: Bool.self) { group in
            for receipt in receipts.shuffled() {
                group.addTask {
                    let outcome = try? await fixture.desk.restoration.restore(receipt, by: fixture.actor)
                    return outcome?.done == "seated"
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect((1...10).contains(seated))
        let slots = try await fixture.desk.pool.status(incident: DeskFixture.incident, by: fixture.actor)
        #expect(slots.first?.seated == seated)
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }
}
