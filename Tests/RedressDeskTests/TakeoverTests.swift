#if Postgres
    import RedressCore
    import RedressDesk
    import RedressStore
    import Synchronization
    import TestSupport
    import Testing

    @Suite("A standby takes over")
    struct TakeoverTests {
        @Test("The primary is killed amid re-seats: nothing acknowledged is lost, nothing is oversold")
        func takeover() async throws {
            let pair = try await PostgresPair()
            let place = try Place(url: pair.url)
            let fixture = try await DeskFixture(at: place)
            let people = 60
            let seats = 50
            try await fixture.allot(seats)
            var receipts: [ReceiptNumber] = []
            for number in 1...people { receipts.append(try await fixture.addPerson(number)) }
            let second = try Installation(folder: fixture.folder.file("data"))
                .open(open: place.opening(clock: fixture.clock.clock))
            let acknowledged = Acknowledged()
            let desks = [fixture.desk, second]
            let actor = fixture.actor
            await withTaskGroup(of: Void.self) { group in
                for lane in 0..<8 {
                    let own = receipts.enumerated().filter { $0.offset % 8 == lane }.map(\.element)
                    group.addTask {
                        for receipt in own {
                            let done = try? await desks[lane % 2].restoration.restore(
                                receipt, key: "takeover-\(receipt)", by: actor)
                            guard done?.done == "seated" else { continue }
                            let count = acknowledged.receipts.withLock { known in
                                known.insert(receipt.description)
                                return known.count
                            }
                            if count == 15 { pair.killPrimary() }
                        }
                    }
                }
            }
            let seated = try await fixture.desk.database.read { connection in
                Set(
                    try connection.all(
                        """
                        SELECT c.receipt FROM pool_hold AS h JOIN grievance_case AS c ON c.id = h.case_id
                        WHERE h.state = 'seated'
                        """
                    ) { try $0[0] as String })
            }
            let known = acknowledged.receipts.withLock { $0 }
            #expect(known.count == seats, "\(known.count) acknowledged")
            #expect(known == seated)
            let check = try await fixture.desk.check.run(by: actor)
            #expect(check.ok, "\(check.violations)")
            try await second.close()
            try await fixture.desk.close()
            try await pair.stop()
        }
    }

    private final class Acknowledged: Sendable {
        let receipts = Mutex<Set<String>>([])
    }
#endif
