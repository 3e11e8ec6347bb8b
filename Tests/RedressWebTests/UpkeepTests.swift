import Logging
import RedressCore
import RedressDesk
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import RedressWeb

@Suite("What time brings, beside the service")
struct UpkeepTests {
    @Test("A round that fails is tried again, and the service ends when it is told to")
    func retry() async throws {
        let rounds = Mutex(0)
        let upkeep = Upkeep(name: "a task", pause: .milliseconds(1), logger: Logger(label: "test")) {
            let round = rounds.withLock { count in
                count += 1
                return count
            }
            if round < 3 { throw RedressError(.unavailable, "not yet") }
        }
        let running = Task { try await upkeep.run() }
        while rounds.withLock({ $0 }) < 5 { try await Task.sleep(for: .milliseconds(2)) }
        running.cancel()
        try await running.value
    }

    @Test("Beside the service the audit trail is anchored, late cases are escalated and held seats swept")
    func rounds() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1, verdict: "contradicted")
        fixture.clock.advance(minutes: 9 * 24 * 60)
        let services = Upkeep.all(fixture.desk, Logger(label: "test")).compactMap { $0 as? Upkeep }
        #expect(services.count == 4)
        for service in services.reversed() { try await service.work() }
        let row = try await fixture.row(receipt)
        #expect(row.escalatedAt != nil, "told before the due date \(row.dueAt)")
        let rows = try await fixture.desk.audit.verify(by: fixture.actor)
        #expect(rows.ok && rows.anchors == 1, "\(rows)")
        // Nothing moved since: the same head is not signed twice.
        try await fixture.desk.audit.anchorHead()
        #expect(try await fixture.desk.audit.verify(by: fixture.actor).anchors == 1)
    }
}
