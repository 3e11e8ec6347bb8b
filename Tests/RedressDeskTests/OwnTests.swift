import RedressCore
import TestSupport
import Testing

@testable import RedressDesk

@Suite("A citizen's own cases")
struct OwnTests {
    private static func citizen(_ number: Int) -> Actor {
        Actor(name: "citizen", role: .citizen, people: ["\(DeskFixture.incident)/p\(number)"])
    }

    @Test("A citizen reads, answers and withdraws their own case; each act is theirs in the audit trail")
    func own() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        let own = fixture.desk.own
        let actor = Self.citizen(1)
        let record = try #require(try await own.overview(by: actor).first)
        #expect(record.cases.map(\.summary.receipt) == [receipt.description])
        #expect(record.bookings.count == 2)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        let offered = try await own.show(receipt, by: actor)
        #expect(offered.offer.value?.seat == SeatView(DeskFixture.slot))
        _ = try await own.accept(receipt, version: offered.summary.version, by: actor)
        #expect(try await own.show(receipt, by: actor).summary.state == "restored")
        let looks = try await own.looks(at: receipt, by: actor)
        #expect(looks.contains { $0.subject == "\(DeskFixture.incident)/p1" })
    }

    @Test("A citizen withdraws in their own words, and asks for the same booking without a second case")
    func withdraw() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        let own = fixture.desk.own
        let actor = Self.citizen(1)
        let again = try await own.ask(forBooking: "B1", incident: DeskFixture.incident, by: actor)
        #expect(again.summary.receipt == receipt.description)
        let ended = try await own.withdraw(receipt, note: "이제 필요 없습니다", by: actor)
        #expect(ended.summary.state == "withdrawn")
    }

    @Test("Another's case and booking are answered like ones that do not exist, for every act")
    func others() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        _ = try await fixture.addPerson(2)
        let own = fixture.desk.own
        let other = Self.citizen(2)
        let attempts: [@Sendable () async throws -> Void] = [
            { _ = try await own.show(receipt, by: other) },
            { _ = try await own.accept(receipt, by: other) },
            { _ = try await own.decline(receipt, by: other) },
            { _ = try await own.object(receipt, ground: "x", by: other) },
            { _ = try await own.withdraw(receipt, note: "x", by: other) },
            { _ = try await own.document(of: receipt, largePrint: false, by: other) },
            { _ = try await own.attach([1, 2, 3], name: "x.png", to: receipt, by: other) },
            { _ = try await own.looks(at: receipt, by: other) },
            { _ = try await own.ask(forBooking: "B1", incident: DeskFixture.incident, by: other) },
        ]
        for attempt in attempts {
            let error = await #expect(throws: RedressError.self) { try await attempt() }
            #expect(error?.code == .notFound)
        }
        for stranger in [Actor(name: "citizen", role: .citizen), Actor(name: "김상담", role: .agent)] {
            let error = await #expect(throws: RedressError.self) { try await own.show(receipt, by: stranger) }
            #expect(error?.code == .notAllowed)
        }
    }
}
