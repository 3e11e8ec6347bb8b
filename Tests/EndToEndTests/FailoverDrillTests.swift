#if Postgres
    import Foundation
    import RedressCore
    import RedressDesk
    import RedressStore
    import Synchronization
    import TestSupport
    import Testing

    @Suite("The primary dies under two servers")
    struct FailoverDrillTests {
        private static let people = 1020
        private static let claims = 51
        private static let seats = 50

        @Test(
            "SIGKILL in the middle of 1,000 re-seats through two processes: nothing acknowledged is lost, nothing oversold"
        )
        func drill() async throws {
            let pair = try await PostgresPair()
            let town = try await DrillTown(
                at: try Place(url: pair.url), people: Self.people, claims: Self.claims, seats: Self.seats)
            let actor = town.actor
            try await town.desk.staff.add("상담원", role: .agent, by: actor)
            let token = try await town.desk.staff.makeToken(for: "상담원", by: actor)
            let versions = try await town.desk.database.read { connection in
                Dictionary(
                    uniqueKeysWithValues: try CaseStore(connection).all(incident: DrillTown.incident)
                        .map { ($0.receipt.description, $0.version) })
            }
            let servers = [
                try await ServedTown.start(town, "one", url: pair.url),
                try await ServedTown.start(town, "two", url: pair.url),
            ]
            for server in servers { try await server.ready() }
            let told = Told()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<16 {
                    group.addTask {
                        for index in stride(from: lane, to: town.receipts.count, by: 16) {
                            let receipt = town.receipts[index].description
                            let headers = [
                                "Authorization": "Bearer \(token)", "Idempotency-Key": "drill-\(receipt)",
                                "If-Match": "\"\(versions[receipt] ?? 0)\"",
                            ]
                            try await Self.ask(servers[lane % 2], receipt, headers, told)
                            if told.isTimeToKill(after: 400) { try await pair.killPrimary() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            for server in servers { #expect(try await server.stop().status == 0) }
            try await report(town, told, servers)
            try await town.desk.close()
            try await pair.stop()
        }

        /// Asks with the same key until the answer is one that can be relied on.
        private static func ask(
            _ server: ServedTown, _ receipt: String, _ headers: [String: String], _ told: Told
        ) async throws {
            let deadline = ContinuousClock.now + .seconds(240)
            while true {
                let answer = try await server.send(
                    "POST", "/api/v1/cases/\(receipt)/restore", headers, body: "{}")
                let problem = (answer.json["type"] as? String)?.split(separator: ":").last
                switch (answer.status, problem) {
                case (200, _):
                    let done = answer.json["done"] as? String
                    return told.note(receipt, done == "seated" ? .seated : .other)
                case (429, _), (503, _), (_, "try-again"), (_, "key-in-flight"):
                    told.noteAgain()
                    guard ContinuousClock.now < deadline else { return told.note(receipt, .other) }
                    try await Task.sleep(for: .milliseconds(200))
                default:
                    if problem != "refused" { print("\(receipt): \(answer)") }
                    return told.note(receipt, problem == "refused" ? .refused : .other)
                }
            }
        }

        private func report(_ town: DrillTown, _ told: Told, _ servers: [ServedTown]) async throws {
            let found = try await town.desk.database.read { connection in
                (
                    seated: Set(
                        try connection.all(
                            """
                            SELECT c.receipt FROM pool_hold AS h JOIN grievance_case AS c ON c.id = h.case_id
                            WHERE h.state = 'seated'
                            """
                        ) { try $0[0] as String }),
                    entries: try connection.count("SELECT count(*) FROM pool_entry WHERE kind = 'seat'"),
                    oversold: try connection.count(
                        "SELECT count(*) FROM pool_slot WHERE held + seated > allotted"),
                    port: try connection.first("SELECT current_setting('port')") { try $0[0] as String }
                )
            }
            let counts = told.counts
            print(
                """
                two processes, \(Self.people) people, \(Self.people / Self.claims * Self.seats) seats: \
                \(counts.seated.count) acknowledged (\(counts.beforeKill) before the kill), \
                \(counts.refused) refused, \(counts.other) answered otherwise, \(counts.again) asked again; \
                on the new primary \(found.seated.count) seated by \(found.entries) entries, \
                lost \(counts.seated.subtracting(found.seated).count), oversold slots \(found.oversold)
                """)
            #expect(found.port == "5433", "the second server answers now")
            #expect(counts.seated.count == Self.people / Self.claims * Self.seats)
            #expect(counts.other == 0)
            #expect(counts.refused == Self.people / Self.claims)
            #expect(found.seated == counts.seated, "acknowledged and stored are the same people")
            #expect(found.entries == found.seated.count, "nobody was seated twice")
            #expect(found.oversold == 0)
            for server in servers {
                let check = try await BuiltBinary.run([
                    "check", "--data-dir", server.folder, "--database-url", server.url, "--format",
                    "json",
                ])
                #expect(check.status == 0, "\(check.output)\(check.errors)")
            }
        }
    }

    /// What clients were told.
    private final class Told: Sendable {
        enum Answer { case seated, refused, other }

        struct Counts {
            var seated: Set<String> = []
            var refused = 0
            var other = 0
            var again = 0
            var beforeKill = 0
            var isKilled = false
        }

        private let state = Mutex(Counts())

        var counts: Counts { state.withLock { $0 } }

        func note(_ receipt: String, _ answer: Answer) {
            state.withLock { counts in
                switch answer {
                case .seated: counts.seated.insert(receipt)
                case .refused: counts.refused += 1
                case .other: counts.other += 1
                }
            }
        }

        func noteAgain() { state.withLock { $0.again += 1 } }

        /// Whether this many were acknowledged; true once.
        func isTimeToKill(after count: Int) -> Bool {
            state.withLock { counts in
                guard !counts.isKilled, counts.seated.count >= count else { return false }
                counts.isKilled = true
                counts.beforeKill = counts.seated.count
                return true
            }
        }
    }
#endif
