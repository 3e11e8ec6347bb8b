#if Postgres
    import Foundation
    import RedressCore
    import RedressPostgres
    import RedressStore
    import Synchronization
    import TestSupport
    import Testing

    @Suite("What a database server brings with it", .serialized)
    struct PostgresTests {
        private static func open(
            _ url: String, replica: String? = nil, patience: Duration = .seconds(20)
        ) throws -> PostgresDatabase {
            try PostgresDatabase(
                url: url, replica: replica, schema: .desk, create: true, patience: patience)
        }

        private static func value(_ database: any Database) async throws -> Int {
            try await database.read { try $0.count("SELECT value FROM counter WHERE name = 'n'") }
        }

        @Test(
            "A commit whose answer was lost is found to have happened, and one that never arrived runs again",
            arguments: [PostgresRelay.Fate.unanswered, .lost])
        func lostAnswer(_ fate: PostgresRelay.Fate) async throws {
            let server = try await PostgresServer.shared()
            let relay = try PostgresRelay(before: server)
            let database = try Self.open(try relay.address(try await server.database()))
            let runs = Count()
            try await database.write { _ = try CounterStore($0).next("n") }
            relay.nextCommit(is: fate)
            let answer = try await database.write { connection in
                runs.next()
                return try CounterStore(connection).next("n")
            }
            #expect(answer == 2)
            #expect(try await Self.value(database) == 2, "it happened once")
            #expect(runs.value == (fate == .lost ? 2 : 1))
            try await database.close()
        }

        @Test("When nobody can be asked whether a commit happened, the error says that it is unknown")
        func unknown() async throws {
            let server = try await PostgresServer.shared()
            let relay = try PostgresRelay(before: server)
            let url = try await server.database()
            let database = try Self.open(try relay.address(url), patience: .seconds(1))
            try await database.write { _ = try CounterStore($0).next("n") }
            relay.nextCommit(is: .unanswered)
            relay.setOpen(false)
            let error = await #expect(throws: RedressError.self) {
                try await database.write { _ = try CounterStore($0).next("n") }
            }
            #expect(error?.code == .unavailable)
            #expect(error?.details["outcome"] == "unknown")
            relay.setOpen(true)
            #expect(try await Self.value(database) == 2, "this one had happened")
            try await database.close()
        }

        @Test("A connection that breaks is made again: what read reads on, what wrote writes once")
        func reconnect() async throws {
            let server = try await PostgresServer.shared()
            let relay = try PostgresRelay(before: server)
            let database = try Self.open(try relay.address(try await server.database()))
            try await database.write { _ = try CounterStore($0).next("n") }
            relay.cut()
            #expect(try await Self.value(database) == 1)
            relay.cut()
            try await database.write { _ = try CounterStore($0).next("n") }
            let runs = Count()
            let doubled = try await database.read { connection in
                if runs.next() == 1 { relay.cut() }
                return try connection.count("SELECT 2 * value FROM counter")
            }
            #expect(doubled == 4)
            #expect(runs.value == 2, "the cut came in the middle of the body")
            let more = try await database.write { connection in
                if runs.next() == 3 { relay.cut() }
                return try CounterStore(connection).next("n")
            }
            #expect(more == 3)
            try await database.close()
        }

        @Test("Whoever is cancelled stops the statement that runs for them, and nobody else's")
        func cancellation() async throws {
            let database = try Self.open(try await PostgresServer.shared().database())
            for _ in 1...20 {
                let sleeping = Task {
                    try await database.read { try $0.count("SELECT count(*) FROM pg_sleep(600)") }
                }
                try await Task.sleep(for: .milliseconds(20))
                sleeping.cancel()
                await #expect(throws: CancellationError.self) { try await sleeping.value }
                #expect(try await database.read { try $0.count("SELECT 7") } == 7)
            }
            try await database.close()
        }

        @Test("A statement, and a wait for the lock of all writers, end in time; the address says when")
        func timeOuts() async throws {
            let url = try await PostgresServer.shared().database()
            let limits = "&options=-c%20statement_timeout%3D200ms%20-c%20lock_timeout%3D100ms"
            let holder = try Self.open(url)
            let hurried = try Self.open(url + limits)
            let slow = await #expect(throws: RedressError.self) {
                try await hurried.read { try $0.count("SELECT count(*) FROM pg_sleep(600)") }
            }
            #expect(slow?.code == .tryAgain)
            // What is sent later is known to the server by then.
            let counted: SQL = "UPDATE counter SET value = value + 1 WHERE name = $1"
            let warm = try await hurried.write { connection in
                try connection.run(counted, ["nobody".stored])
                return try CounterStore(connection).next("n")
            }
            #expect(warm == 1)
            let (gate, other) = (Gate(), Gate())
            let holding = Task {
                try await holder.write { connection in
                    _ = try CounterStore(connection).next("n")
                    other.open()
                    gate.wait()
                }
            }
            await other.reached()
            let blocked = await #expect(throws: RedressError.self) {
                try await hurried.write { _ = try CounterStore($0).next("n") }
            }
            #expect(blocked?.code == .tryAgain)
            // Nor is it the body's refusal, made of a time that nobody told.
            let untold = await #expect(throws: RedressError.self) {
                try await hurried.write { connection in
                    guard connection.now.milliseconds > 0 else { throw RedressError(.refused, "too old") }
                    _ = try CounterStore(connection).next("n")
                }
            }
            #expect(untold?.code == .tryAgain)
            // Those who wait together are all told the same, whatever they would have done first. Only who is alone may
            // refuse before the lock was asked for.
            let codes = await withTaskGroup(of: (Int, RedressError.Code?).self) { group in
                for number in 0..<9 {
                    group.addTask {
                        do {
                            try await hurried.write { connection in
                                switch number % 3 {
                                case 0: _ = try CounterStore(connection).next("n")
                                case 2: try connection.nested { _ = try CounterStore(connection).next("n") }
                                default:
                                    try connection.send(counted, ["n".stored])
                                    throw RedressError(.refused, "never mind")
                                }
                            }
                            return (number, nil)
                        } catch { return (number, (error as? RedressError)?.code) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.allSatisfy { $0.1 == .tryAgain || $0.0 % 3 == 1 && $0.1 == .refused }, "\(codes)")
            #expect(codes.count { $0.1 == .tryAgain } >= 8)
            gate.open()
            try await holding.value
            #expect(try await hurried.write { try CounterStore($0).next("n") } == 3)
            let settings = try await hurried.read { connection in
                try connection.first(
                    "SELECT current_setting('plan_cache_mode') || ' ' || current_setting('jit')"
                ) { try $0[0] as String }
            }
            #expect(settings == "force_generic_plan off", "options of the address leave them as they are")
            try await holder.close()
            try await hurried.close()
        }

        @Test("What two servers undo to keep order (class 40001) runs again by itself")
        func serialization() async throws {
            let database = try Self.open(try await PostgresServer.shared().database())
            let runs = Count()
            try await database.write { connection in
                guard runs.next() == 1 else { return }
                // What the server says when it undoes a transaction for another's sake.
                try connection.run("DO $$ BEGIN RAISE EXCEPTION 'undone' USING ERRCODE = '40001'; END $$")
            }
            #expect(runs.value == 2)
            try await database.close()
        }

        @Test("sslmode is honoured: encrypted when it must be, refused where it cannot be or nobody vouches")
        func encryption() async throws {
            let secret = try await PostgresServer(onLoopback: .encrypted)
            _ = try await secret.database()
            func address(_ server: PostgresServer, _ more: String) -> String {
                "postgresql://redress@localhost:\(server.port)/postgres?hostaddr=127.0.0.1&\(more)"
            }
            let certificate = secret.folder + "/server.crt"
            let copy = try TemporaryFolder()
            let trusted = try copy.write(
                "root.crt", try String(contentsOfFile: certificate, encoding: .utf8))
            for mode in ["sslmode=require", "sslmode=verify-full&sslrootcert=\(trusted)"] {
                let database = try Self.open(address(secret, mode))
                let isEncrypted = try await database.read { connection in
                    try connection.first("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") {
                        try $0[0] as Bool
                    }
                }
                #expect(isEncrypted == true, "\(mode)")
                try await database.close()
            }
            let stranger = try copy.write("other.crt", "")
            let plain = try await PostgresServer(onLoopback: .plain)
            for refused in [
                address(secret, "sslmode=verify-full&sslrootcert=\(stranger)"),
                address(plain, "sslmode=require"),
            ] {
                let error = #expect(throws: RedressError.self) {
                    try Self.open(refused, patience: .seconds(1))
                }
                #expect(error?.code == .unavailable, "\(refused)")
            }
            withExtendedLifetime((secret, plain)) {}
        }

        @Test(
            "Of several hosts the one that takes writes is found, and copies answer what may be a little old")
        func hosts() async throws {
            let pair = try await PostgresPair()
            let database = try Self.open(pair.url, replica: pair.standby)
            try await database.write { _ = try CounterStore($0).next("n") }
            let port = try await database.write { connection in
                try connection.first("SELECT current_setting('port')") { try $0[0] as String }
            }
            #expect(port == "5432", "the standby is named first and takes no writes")
            let deadline = ContinuousClock.now + .seconds(30)
            var found: Dated<[String]>
            repeat {
                found = try await database.readCopy(behind: .seconds(60)) { connection in
                    try connection.all(
                        "SELECT current_setting('port') || ' ' || value FROM counter WHERE name = 'n'"
                    ) { try $0[0] as String }
                }
            } while found.asOf == nil && ContinuousClock.now < deadline
            #expect(found.value == ["5433 1"])
            #expect(found.asOf != nil, "the answer says how old it is")
            let strict = try await database.readCopy(behind: .zero) { connection in
                try connection.first("SELECT pg_is_in_recovery()") { try $0[0] as Bool }
            }
            #expect(strict.asOf == nil && strict.value == false, "no copy is as new as that")
            try await database.close()
            let alone = try Self.open(pair.url, replica: "postgresql:///postgres?host=/nowhere")
            let own = try await alone.readCopy(behind: .seconds(60)) {
                try $0.count("SELECT value FROM counter")
            }
            #expect(own.asOf == nil && own.value == 1, "without a copy the database answers itself")
            try await alone.close()
            try await pair.stop()
        }
    }

    /// How often a body ran.
    private final class Count: Sendable {
        private let number = Atomic(0)

        var value: Int { number.load(ordering: .relaxed) }

        @discardableResult
        func next() -> Int { number.add(1, ordering: .relaxed).newValue }
    }
#endif
