#if Postgres
    import Foundation
    import RedressCore
    import RedressDesk
    import RedressStore
    import TestSupport
    import Testing

    @Suite("Two servers on one database")
    struct SharedWorkTests {
        private static let people = 120

        @Test("Lapsing holds, escalating, telling people and forgetting them: each happens exactly once")
        func once() async throws {
            let url = try await PostgresServer.shared().database()
            // A third hold a later booking, so that a seat is held for them; the others are seated.
            let town = try await DrillTown(
                at: try Place(url: url), people: Self.people, claims: 10, seats: 8, laterEvery: 3)
            let (desk, actor) = (town.desk, town.actor)
            for receipt in town.receipts { _ = try? await desk.restoration.restore(receipt, by: actor) }
            let due = try await desk.database.write { connection in
                let now = connection.now
                let held = try connection.count("SELECT count(*) FROM pool_hold WHERE state = 'live'")
                try connection.run(
                    "UPDATE pool_hold SET expires_at = $1 WHERE state = 'live'", [now.stored])
                try connection.run("UPDATE offer SET expires_at = $1 WHERE state = 'live'", [now.stored])
                let late = try connection.run(
                    "UPDATE grievance_case SET bites_at = $1 WHERE state IN ('verifying', 'in-review')",
                    [now.stored])
                // In the order of codes, which leave in quiet hours too: the test runs at any time of day.
                try connection.run(
                    "UPDATE outbox SET priority = $1 WHERE event LIKE 'restored%'",
                    [NoticePriority.code.rawValue.stored])
                let notices: [String] = try connection.all(
                    "SELECT id FROM outbox WHERE event LIKE 'restored%'"
                ) { try $0[0] }
                return (held: held, late: late, notices: notices)
            }
            #expect(due.held > 20 && due.late > 10 && due.notices.count > 40, "\(due)")
            let servers = [
                try await ServedTown.start(town, "one", url: url),
                try await ServedTown.start(town, "two", url: url),
            ]
            for server in servers { try await server.ready() }
            try await Self.waitUntilDone(desk)
            let lapsedOnce = try await desk.database.read { connection in
                try connection.count("SELECT count(DISTINCT hold_id) FROM pool_entry WHERE kind = 'expire'")
            }
            // Nothing more comes of a second look at the same work.
            try await Task.sleep(for: .seconds(3))
            for server in servers { #expect(try await server.stop().status == 0) }
            let done = try await desk.database.read { connection in
                (
                    lapsed: try connection.count("SELECT count(*) FROM pool_entry WHERE kind = 'expire'"),
                    escalated: try connection.count(
                        "SELECT count(*) FROM audit WHERE action = 'case.escalate'"),
                    escalatedCases: try connection.count(
                        "SELECT count(DISTINCT subject) FROM audit WHERE action = 'case.escalate'"),
                    attempts: try connection.count(
                        "SELECT sum(attempts) FROM outbox WHERE event LIKE 'restored%' AND state = 'sent'")
                )
            }
            #expect(lapsedOnce == due.held && done.lapsed == due.held, "\(done)")
            #expect(done.escalated == done.escalatedCases && done.escalated >= due.late, "\(done)")
            let sent = try servers.map { try Self.sent($0, of: due.notices) }
            print(
                """
                two servers: \(done.lapsed) of \(due.held) holds lapsed, \(done.escalated) cases escalated, \
                \(sent[0].count) + \(sent[1].count) of \(due.notices.count) notices sent
                """)
            #expect((sent[0] + sent[1]).sorted() == due.notices.sorted(), "each notice by one server, once")
            #expect(done.attempts == due.notices.count)
            try await Self.purge(town, servers)
            let check = try await desk.check.run(by: actor)
            #expect(check.ok, "\(check.violations)")
            try await desk.close()
        }

        private static func waitUntilDone(_ desk: Desk) async throws {
            for _ in 0..<1200 {
                let left = try await desk.database.read { connection in
                    try connection.count(
                        """
                        SELECT (SELECT count(*) FROM pool_hold WHERE state = 'live' AND expires_at <= $1)
                            + (SELECT count(*) FROM outbox WHERE state = 'waiting' AND priority = 1)
                            + (SELECT count(*) FROM grievance_case WHERE bites_at <= $2
                                AND escalated_at IS NULL AND state IN ('verifying', 'in-review'))
                        """, [connection.now.stored, connection.now.stored])
                }
                if left == 0 { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            Issue.record("the servers did not finish their work")
        }

        /// Which of the notices a server's gateway took, as often as it did.
        private static func sent(_ server: ServedTown, of notices: [String]) throws -> [String] {
            let path = server.folder + "/notices.jsonl"
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap {
                line in
                let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                let id = try #require(json?["id"] as? String)
                return notices.first { id.hasPrefix($0) }
            }
        }

        /// Two purges at once forget everybody once, and each says how many it forgot.
        private static func purge(_ town: DrillTown, _ servers: [ServedTown]) async throws {
            try await town.desk.database.write { connection in
                let store = CaseStore(connection)
                for row in try store.all(incident: DrillTown.incident) where row.state == .restored {
                    var row = row
                    try store.append(
                        CaseMoveRow(
                            from: .restored, to: .closed, actor: "test", reason: "test", at: connection.now),
                        to: row.id)
                    row.state = .closed
                    try store.update(&row)
                }
            }
            let tomorrow = WallClock.system.now().date.adding(days: 1).description
            let counted = try await BuiltBinary.done([
                "purge", "--closed-before", tomorrow, "--data-dir", servers[0].folder, "--database-url",
                servers[0].url, "--format", "json",
            ]).json()
            let runs = try await withThrowingTaskGroup(of: Int.self) { group in
                for server in servers {
                    group.addTask {
                        let run = try await BuiltBinary.done([
                            "purge", "--closed-before", tomorrow, "--apply", "--data-dir", server.folder,
                            "--database-url", server.url, "--format", "json",
                        ]).json()
                        return run["people"] as? Int ?? -1
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            print("two purges: \(runs[0]) + \(runs[1]) of \(counted["people"] ?? "?") people forgotten")
            #expect(runs.reduce(0, +) == counted["people"] as? Int)
            #expect(runs.reduce(0, +) > 40)
        }
    }
#endif
