/// The other booking system answers late, twice, wrongly or not at all: nobody holds two bookings, nobody none.
import RedressCore
import RedressDesk
import RedressStore
import Synchronization
import TestSupport
import Testing

@Suite("Another booking system")
struct GatewayTests {
    @Test(
        "A change it carries out seats the person; the request names what is given up and what is made valid")
    func done() async throws {
        let other = OtherSystem()
        let (fixture, desk, receipt) = try await offered(other)
        let outcome = try await desk.restoration.accept(
            receipt, HeardWord(.call), key: "k", by: fixture.actor)
        #expect(outcome.done == "seated")
        let change = try #require(other.carriedOut.first)
        #expect((change.booking, change.release.value, change.date) == ("B1", "L1", "2021-08-16"))
        #expect(try await fixture.bookings(1) == ["B1": "confirmed", "L1": "moved-out"])
        try await fixture.expectSound()
    }

    @Test(
        "A lost answer is unknown: the hold is pinned past its time, then reconciled, never given up, never doubled"
    )
    func lostAnswer() async throws {
        let other = OtherSystem()
        other.plan(.carryOutAndLoseAnswer, .fail)
        let (fixture, desk, receipt) = try await offered(other)
        let outcome = try await desk.restoration.accept(
            receipt, HeardWord(.call), by: fixture.actor)
        #expect(outcome.done == "pending")
        #expect(try await fixture.bookings(1) == ["B1": "revoked", "L1": "confirmed"])
        fixture.clock.advance(minutes: 7 * 24 * 60)
        try await desk.pool.sweep()
        let holds = try await desk.pool.holds(incident: DeskFixture.incident, by: fixture.actor)
        #expect(holds.map(\.pinned) == [true])
        await #expect(throws: RedressError.self) {
            try await desk.restoration.decline(receipt, HeardWord(.call), by: fixture.actor)
        }
        // First the other system is down, then it answers.
        #expect(try await desk.gatewayCalls.run().unknown == 1)
        #expect(try await desk.gatewayCalls.run().done == 1)
        #expect(other.carriedOut.count == 1)
        #expect(try await fixture.row(receipt).state == .restored)
        #expect(try await desk.gatewayCalls.run() == GatewayReport())
        try await fixture.expectSound()
    }

    @Test("A request that never arrived is sent again under the same key")
    func lostRequest() async throws {
        let other = OtherSystem()
        other.plan(.fail)
        let (fixture, desk, receipt) = try await offered(other)
        let outcome = try await desk.restoration.accept(
            receipt, HeardWord(.call), by: fixture.actor)
        #expect(outcome.done == "pending")
        #expect(try await desk.gatewayCalls.run().done == 1)
        #expect(Set(other.keys).count == 1)
        try await fixture.expectSound()
    }

    @Test("A refusal gives the seat back and leaves the later booking as it was")
    func refused() async throws {
        let other = OtherSystem()
        other.plan(.refuse)
        let (fixture, desk, receipt) = try await offered(other)
        await #expect(throws: RedressError.self) {
            try await desk.restoration.accept(receipt, HeardWord(.call), by: fixture.actor)
        }
        #expect(try await fixture.bookings(1) == ["B1": "revoked", "L1": "confirmed"])
        #expect(try await fixture.status(of: DeskFixture.slot)?.reserved == 1)
        try await fixture.expectSound()
    }

    @Test("Where it cannot change two bookings at once a human decides, and nothing is sent")
    func withoutAtomicChange() async throws {
        let other = OtherSystem(changesAtomically: false)
        let (fixture, desk, receipt) = try await offered(other)
        await #expect(throws: RedressError.self) {
            try await desk.restoration.accept(receipt, HeardWord(.call), by: fixture.actor)
        }
        #expect(other.keys.isEmpty)
        // Who holds nothing needs one change only.
        let second = try await fixture.addPerson(2)
        try await fixture.allot(1)
        #expect(try await desk.restoration.restore(second, by: fixture.actor).done == "seated")
        try await fixture.expectSound()
    }

    private func offered(_ other: OtherSystem) async throws -> (DeskFixture, Desk, ReceiptNumber) {
        let fixture = try await DeskFixture()
        let desk = fixture.desk.asking(other)
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await desk.restoration.restore(receipt, by: fixture.actor)
        return (fixture, desk, receipt)
    }
}

/// A booking system of a test's own that misbehaves as planned and otherwise does what it is asked, once a key.
private final class OtherSystem: BookingGateway {
    enum Fault {
        case carryOutAndLoseAnswer
        case fail
        case refuse
    }

    private struct State {
        var faults: [Fault] = []
        var done: [BookingChange] = []
        var keys: [String] = []
    }

    let changesAtomically: Bool
    private let state = Mutex(State())

    init(changesAtomically: Bool = true) {
        self.changesAtomically = changesAtomically
    }

    var carriedOut: [BookingChange] { state.withLock(\.done) }
    var keys: [String] { state.withLock(\.keys) }

    func plan(_ faults: Fault...) {
        state.withLock { $0.faults = faults }
    }

    func change(_ change: BookingChange) async throws -> BookingAnswer {
        try state.withLock { state in
            state.keys.append(change.key)
            let fault = state.faults.isEmpty ? nil : state.faults.removeFirst()
            if fault == .refuse { return .refused("slot-taken") }
            if fault == .fail { throw RedressError(.unavailable, "down") }
            if !state.done.contains(where: { $0.key == change.key }) { state.done.append(change) }
            if fault == .carryOutAndLoseAnswer { throw RedressError(.unavailable, "timed out") }
            return .done
        }
    }

    func outcome(of key: String) async throws -> BookingAnswer {
        try state.withLock { state in
            if !state.faults.isEmpty {
                state.faults.removeFirst()
                throw RedressError(.unavailable, "down")
            }
            return state.done.contains { $0.key == key } ? .done : .neverSeen
        }
    }
}
