/// Long random histories and races on the real desk: whatever happens in whatever order, everything stays sound.
import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("Random histories and races")
struct HistoryTests {
    @Test(
        "Random histories of supervisors, agents, people and time keep every invariant",
        arguments: [1, 2, 3, 4])
    func randomHistory(seed: UInt64) async throws {
        let fixture = try await DeskFixture()
        var dice = Dice(seed: seed)
        var history = try await History(fixture, people: 8, &dice)
        for step in 1...120 {
            let act = try await history.step(&dice)
            if step.isMultiple(of: 20) {
                let violations = try await fixture.desk.check.run(by: fixture.actor).violations
                #expect(violations == [], "seed \(seed), step \(step), after \(act)")
            }
        }
        #expect(history.done > 30, "seed \(seed): a history in which nothing happens proves nothing")
        try await history.expectEveryoneHoldsAtMostOne("seed \(seed)")
    }

    @Test(
        "64 tasks race for 10 seats: exactly 10 are seated, the earliest 10, whoever asks first",
        arguments: [11, 12])
    func race(seed: UInt64) async throws {
        let fixture = try await DeskFixture()
        var dice = Dice(seed: seed)
        try await fixture.allot(10)
        var receipts: [ReceiptNumber] = []
        for number in 1...64 { receipts.append(try await fixture.addPerson(number)) }
        let early = Set(receipts.prefix(10).map(\.description))
        let order = receipts.shuffled(using: &dice)
        let seated = await withTaskGroup(of: String?.self) { group in
            for receipt in order {
                group.addTask {
                    let outcome = try? await fixture.desk.restoration.restore(receipt, by: fixture.actor)
                    return outcome?.done == "seated" ? receipt.description : nil
                }
            }
            return await group.reduce(into: Set<String>()) { if let receipt = $1 { $0.insert(receipt) } }
        }
        #expect(seated == early, "seed \(seed)")
        let status = try #require(try await fixture.status().first)
        #expect((status.seated, status.reserved) == (10, 0))
        try await fixture.expectSound("seed \(seed)")
    }

    @Test("The same key from many tasks at once does one thing and answers all of them alike")
    func sameKey() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(2)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        let answers = try await withThrowingTaskGroup(of: RestoreOutcome.self) { group in
            for _ in 1...20 {
                group.addTask {
                    try await fixture.desk.restoration.accept(
                        receipt, HeardWord(.call), key: "one", by: fixture.actor)
                }
            }
            return try await group.reduce(into: [RestoreOutcome]()) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0 == answers[0] })
        let journal = try await fixture.desk.pool.journal(
            incident: DeskFixture.incident, by: fixture.actor)
        #expect(journal.filter { $0.kind == "seat" }.count == 1)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.restoration.decline(
                receipt, HeardWord(.call), key: "one", by: fixture.actor)
        }
    }
}

/// A small call centre that does whatever the dice say.
private struct History {
    private let fixture: DeskFixture
    private var receipts: [ReceiptNumber] = []
    private let slots: [Slot]
    private(set) var done = 0

    init(_ fixture: DeskFixture, people: Int, _ dice: inout Dice) async throws {
        self.fixture = fixture
        slots = [
            DeskFixture.slot, DeskFixture.laterSlot,
            Slot(
                site: "C002", vaccine: "moderna", date: DeskFixture.slot.date, time: TimeOfDay(minutes: 600)),
        ]
        for number in 1...people {
            let lost = Int.random(in: 0...3, using: &dice) == 0 ? slots[2] : slots[0]
            let later = Bool.random(using: &dice) ? slots[1] : nil
            let verdict = Int.random(in: 0...4, using: &dice) == 0 ? "undetermined" : "verified"
            receipts.append(
                try await fixture.addPerson(number, lost: lost, holding: later, verdict: verdict))
        }
    }

    /// Does one thing; what a rule refuses is part of the history.
    mutating func step(_ dice: inout Dice) async throws -> String {
        let receipt = receipts[Int.random(in: 0..<receipts.count, using: &dice)]
        let slot = slots[Int.random(in: 0..<slots.count, using: &dice)]
        let act = Int.random(in: 0...11, using: &dice)
        let minutes = [1, 20, 60 * 24, 60 * 24 * 3][Int.random(in: 0...3, using: &dice)]
        let desk = fixture.desk
        let by = fixture.actor
        do {
            switch act {
            case 0: try await fixture.allot(1, to: slot)
            case 1: try await desk.pool.release(1, from: slot, incident: DeskFixture.incident, by: by)
            case 2, 3: _ = try await desk.restoration.restore(receipt, by: by)
            case 4, 5: _ = try await desk.restoration.accept(receipt, HeardWord(.call), by: by)
            case 6: _ = try await desk.restoration.decline(receipt, HeardWord(.call), by: by)
            case 7: _ = try await desk.restoration.undo(receipt, HeardWord(.call), by: by)
            case 8: _ = try await desk.offers.choose(1, for: receipt, by: by)
            case 9: _ = try await desk.offers.wait(receipt, by: by)
            case 10:
                let plan = try await desk.plans.plan(DeskFixture.incident, by: by)
                _ = try await desk.plans.apply(plan.digest, incident: DeskFixture.incident, by: by)
            default:
                fixture.clock.advance(minutes: minutes)
                try await desk.pool.tidy()
            }
            done += 1
        } catch let error as RedressError where [.refused, .notFound].contains(error.code) {
            return "act \(act) refused"
        }
        return "act \(act)"
    }

    func expectEveryoneHoldsAtMostOne(_ comment: Comment) async throws {
        for number in 1...receipts.count {
            let confirmed = try await fixture.bookings(number).values.filter { $0 == "confirmed" }
            #expect(confirmed.count <= 1, comment)
        }
    }
}
