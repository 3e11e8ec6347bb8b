/// Re-seats a second on PostgreSQL against pgbench on the same server in the same run, durable all of them.
import Foundation
import RedressCore
import RedressDesk
import RedressStore
import Subprocess
import SystemPackage

#if Postgres
    import RedressPostgres
#endif

struct PostgresBenchmark {
    private let arguments: Arguments
    private let server: String
    private static let workers = [1, 8]

    /// - Throws: `.usage` without the address of a server on which databases may be made and dropped.
    init(arguments: [String]) throws {
        self.arguments = Arguments(arguments)
        guard let server = self.arguments.text("server"), !server.contains("dbname") else {
            throw RedressError(
                .usage, "--server names a PostgreSQL server, for example 'host=/tmp/pg user=redress'.")
        }
        self.server = server
    }

    /// Makes people with offers, moves all of them, and lets pgbench issue the same statements and one function.
    func run() async throws {
        let folder = try arguments.freshFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let count = arguments.number("cases", 2000)
        try await make("town", from: "template1")
        var town = try await CapacityTown(folder: folder + "/town", open: Self.open(address("town")))
        try await town.addPeople(count, holdingLater: true)
        let (desk, actor, receipts) = (town.desk, town.actor, town.receipts)
        _ = try await CapacityTown.measure(receipts, workers: 64) { receipt in
            _ = try await desk.restoration.restore(receipt, by: actor)
        }
        try await desk.close()
        try await ask("town", "VACUUM ANALYZE")
        let replay = try await record(receipts, folder)
        print(
            "\(count) re-seats (a held seat, a later booking moved out), \(replay.statements) statements each;"
        )
        print("\(replay.rows.count) of them alike and replayed by pgbench; every commit on the disk")
        print("medians of the rounds (least to most)")
        print("workers    redress/s    one by one/s    ratio    one function/s    ratio")
        for workers in Self.workers {
            var rounds: [Round] = []
            for _ in 1...arguments.number("rounds", 3) {
                rounds.append(
                    Round(
                        ours: try await accept(receipts, folder, workers: workers),
                        single: try await pgbench(
                            replay.script, replay, folder, workers, takingOff: replay.reading),
                        function: try await pgbench(replay.call, replay, folder, workers, takingOff: nil)))
            }
            func said(_ figure: (Round) -> Double, _ places: Int = 1) -> String {
                let sorted = rounds.map(figure).sorted()
                return "\(decimals(sorted[sorted.count / 2], places))"
                    + " (\(decimals(sorted[0], places))-\(decimals(sorted[sorted.count - 1], places)))"
            }
            print(
                "\(workers)    \(said(\.ours))    \(said(\.single))    \(said({ $0.ours / $0.single }, 2)) limit 1.0"
                    + "    \(said(\.function))    \(said({ $0.ours / $0.function }, 2)) limit 0.5")
        }
        for name in ["town", "copy"] { try await ask("postgres", "DROP DATABASE IF EXISTS redress_\(name)") }
    }

    /// Re-seats a second by each way, one after another on the same server.
    private struct Round {
        var ours: Double
        var single: Double
        var function: Double
    }

    /// Opens the databases of an installation on a server.
    static func open(_ address: String) -> OpenDatabase {
        #if Postgres
            { _, schema, create in try PostgresDatabase(url: address, schema: schema, create: create) }
        #else
            { _, _, _ in
                throw RedressError(.usage, "Built without PostgreSQL: build with --traits Postgres.")
            }
        #endif
    }

    private func address(_ name: String) -> String { "\(server) dbname=redress_\(name)" }

    private func make(_ name: String, from template: String) async throws {
        try await ask("postgres", "DROP DATABASE IF EXISTS redress_\(name)")
        try await ask("postgres", "CREATE DATABASE redress_\(name) TEMPLATE \(template)")
        try await ask("postgres", "CHECKPOINT")
    }

    /// A copy of the folder: the heads that a run signs are those of its own database.
    private static func copied(_ folder: String) throws -> Installation {
        let copy = folder + "/" + Identifier.make(at: WallClock.system.now())
        try FileManager.default.copyItem(atPath: folder + "/town", toPath: copy)
        return Installation(folder: copy)
    }

    /// Runs every acceptance once on a copy and keeps what was sent.
    private func record(_ receipts: [ReceiptNumber], _ folder: String) async throws -> PostgresReplay {
        try await make("copy", from: "redress_town")
        let open = Self.open(address("copy"))
        let desk = try Self.copied(folder).open { path, schema, create in
            let database = try open(path, schema, create)
            return schema.name == "desk" ? StatementLog(database) : database
        }
        let actor = Actor(name: "operator:benchmark", role: .operator)
        var traces: [[StatementLog.Transaction]] = []
        for receipt in receipts {
            _ = try await desk.restoration.accept(
                receipt, HeardWord(.call), key: "accept-\(receipt)", by: actor)
            traces.append((desk.database as? StatementLog)?.take() ?? [])
        }
        try await desk.close()
        return PostgresReplay(traces)
    }

    private func accept(_ receipts: [ReceiptNumber], _ folder: String, workers: Int) async throws -> Double {
        try await make("copy", from: "redress_town")
        let desk = try Self.copied(folder).open(open: Self.open(address("copy")))
        let actor = Actor(name: "operator:benchmark", role: .operator)
        let measured = try await CapacityTown.measure(receipts, workers: workers) { receipt in
            _ = try await desk.restoration.accept(
                receipt, HeardWord(.call), key: "accept-\(receipt)", by: actor)
        }
        let report = try await desk.check.run(by: actor)
        guard report.ok else { throw RedressError(.fault, "The check found: \(report.violations.prefix(5))") }
        try await desk.close()
        return measured.perSecond
    }

    /// Re-seats a second by pgbench; what reading its own parameters takes is measured alone and taken off.
    private func pgbench(
        _ script: String, _ replay: PostgresReplay, _ folder: String, _ clients: Int,
        takingOff reading: String?
    ) async throws -> Double {
        try await make("copy", from: "redress_town")
        try Data(replay.setUp.utf8).write(to: URL(fileURLWithPath: folder + "/setup.sql"))
        try await shell(
            "psql", ["-qX", "-v", "ON_ERROR_STOP=1", "-d", address("copy"), "-f", folder + "/setup.sql"])
        let overhead = if let reading { try await time(reading, replay, folder, clients) } else { 0.0 }
        let seconds = try await time(script, replay, folder, clients) - overhead
        let moved = try await ask(
            "redress_copy", "SELECT count(*) FROM redress_desk.pool_hold WHERE state = 'seated'"
        ).filter(\.isNumber)
        let expected = replay.rows.count / clients * clients
        guard Int(moved) == expected else {
            throw RedressError(.fault, "pgbench moved \(moved) people, not \(expected).")
        }
        return Double(expected) / seconds
    }

    private func time(_ script: String, _ replay: PostgresReplay, _ folder: String, _ clients: Int)
        async throws -> Double
    {
        let path = folder + "/script.sql"
        try Data(script.utf8).write(to: URL(fileURLWithPath: path))
        let each = replay.rows.count / clients
        let text = try await shell(
            "pgbench",
            [
                "-n", "-M", "prepared", "-c", "\(clients)", "-j", "\(min(clients, 2))", "-t", "\(each)", "-D",
                "i=-1",
                "-D", "width=\(clients)", "-f", path,
                "\(address("copy")) options='-c search_path=redress_desk'",
            ])
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("tps = ") }),
            let rate = Double(line.dropFirst(6).prefix { $0 != " " })
        else { throw RedressError(.fault, "pgbench answered: \(text)") }
        return Double(each * clients) / rate
    }

    @discardableResult
    private func ask(_ database: String, _ sql: String) async throws -> String {
        let name = database == "town" ? "redress_town" : database
        return try await shell(
            "psql", ["-qXAt", "-v", "ON_ERROR_STOP=1", "-d", "\(server) dbname=\(name)", "-c", sql])
    }

    @discardableResult
    private func shell(_ name: String, _ arguments: [String]) async throws -> String {
        let folder = self.arguments.text("bin") ?? "/usr/lib/postgresql/15/bin"
        let result = try await Subprocess.run(
            .path(FilePath("\(folder)/\(name)")), arguments: Subprocess.Arguments(arguments),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw RedressError(.unavailable, "\(name) failed: \(result.standardError)")
        }
        return result.standardOutput
    }
}
