import Foundation
import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("What an auditor relies on")
struct TrustTests {
    @Test("A change to any audited row is found and named, and so is a missing tail")
    func tampering() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(3)
        _ = try await fixture.addPerson(1)
        try await fixture.desk.audit.anchorHead()
        let whole = try await fixture.desk.audit.verify(by: fixture.actor)
        #expect(whole.ok && whole.rows > 4 && whole.anchors == 1)
        try await fixture.desk.database.write { connection in
            try connection.run("UPDATE audit SET detail = replace(detail, 'seats=3', 'seats=4')")
        }
        let changed = try await fixture.desk.audit.verify(by: fixture.actor)
        #expect(!changed.ok)
        #expect(changed.faults.first?.contains("pool.allot") == true)
        try await fixture.desk.database.write { connection in
            try connection.run("DELETE FROM audit WHERE seq > 2")
        }
        let cut = try await fixture.desk.audit.verify(by: fixture.actor)
        #expect(cut.faults.contains { $0.contains("missing") })
    }

    @Test("Check finds a balance, a seat or a booking that was changed behind the ledger's back")
    func check() async throws {
        let changes: [(SQL, String)] = [
            ("UPDATE pool_slot SET allotted = allotted + 1, reserved = reserved + 1", "fold of its journal"),
            (
                "UPDATE booking SET status = 'cancelled', dose = 9 WHERE status = 'confirmed'",
                "without a booking"
            ),
            ("UPDATE pool_hold SET state = 'void' WHERE state = 'seated'", "other live holds or seats"),
            ("DELETE FROM outbox", "nobody is told"),
            ("UPDATE grievance_case SET state = 'closed'", "another state than its last move"),
        ]
        for (change, says) in changes {
            let fixture = try await DeskFixture()
            try await fixture.allot(1)
            let receipt = try await fixture.addPerson(1)
            _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
            #expect(try await fixture.desk.check.run(by: fixture.actor).ok)
            try await fixture.desk.database.write { try $0.run(change) }
            let report = try await fixture.desk.check.run(by: fixture.actor)
            #expect(report.violations.contains { $0.contains(says) }, "\(says): \(report.violations)")
        }
    }

    @Test("Nothing personal stands in clear in either database")
    func sealed() async throws {
        let fixture = try await DeskFixture(at: Place(.sqlite))
        _ = try await fixture.addPerson(1234)
        try await fixture.desk.close()
        for name in ["redress.sqlite", "evidence.sqlite"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.folder.file("data/" + name)))
            for text in ["홍길동", "01000001234", "1967-03-01"] {
                #expect(bytes.range(of: Data(text.utf8)) == nil, "\(text) stands in \(name)")
            }
        }
    }

    @Test("Sealed data opens only in its own place, with its own key, unchanged")
    func keys() async throws {
        let fixture = try await DeskFixture()
        let keys = fixture.desk.keys
        let sealed = try keys.seal("홍길동", for: "person.name/a/p1")
        #expect(try keys.open(sealed, for: "person.name/a/p1") == "홍길동")
        #expect(throws: RedressError.self) { try keys.open(sealed, for: "person.name/a/p2") }
        let other = try await DeskFixture()
        #expect(throws: RedressError.self) { try other.desk.keys.open(sealed, for: "person.name/a/p1") }
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: RedressError.self) { try keys.open(changed, for: "person.name/a/p1") }
        }
        #expect(throws: RedressError.self) { try keys.open([], for: "person.name/a/p1") }
    }

    @Test("What a role may not do is refused, for every use case that changes something")
    func roles() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        let desk = fixture.desk
        for role in [Role.analyst, .auditor, .admin, .citizen] {
            let actor = Actor(name: "someone", role: role)
            let attempts: [@Sendable () async throws -> Void] = [
                { _ = try await desk.restoration.restore(receipt, by: actor) },
                { _ = try await desk.restoration.accept(receipt, HeardWord(.call), by: actor) },
                {
                    try await desk.pool.allot(
                        1, to: DeskFixture.slot, incident: DeskFixture.incident, authority: "x", by: actor)
                },
                {
                    try await desk.pool.release(
                        1, from: DeskFixture.slot, incident: DeskFixture.incident, by: actor)
                },
                { _ = try await desk.plans.apply("x", incident: DeskFixture.incident, by: actor) },
                { _ = try await desk.incidents.sweep(DeskFixture.incident, by: actor) },
                { _ = try await desk.cases.verify(receipt, by: actor) },
            ]
            for attempt in attempts {
                let error = await #expect(throws: RedressError.self) { try await attempt() }
                #expect(error?.code == .notAllowed, "\(role)")
            }
        }
    }
}
