import Foundation
import RedressCore
import RedressSQLite
import RedressStore
import TestSupport
import Testing

@Suite("The database seam")
struct DatabaseTests {
    private static let schema = Schema.desk

    private static func open(_ folder: TemporaryFolder, create: Bool = true) throws -> SQLiteDatabase {
        try SQLiteDatabase(path: folder.file("test.sqlite"), schema: schema, create: create)
    }

    @Test("Every write is synced before it is acknowledged, and the journal is a write-ahead log")
    func durability() async throws {
        let folder = try TemporaryFolder()
        let database = try Self.open(folder)
        let settings = try await database.write { connection in
            (
                synchronous: try connection.first("PRAGMA synchronous") { try $0[0] as Int },
                journal: try connection.first("PRAGMA journal_mode") { try $0[0] as String },
                foreignKeys: try connection.first("PRAGMA foreign_keys") { try $0[0] as Int }
            )
        }
        #expect(settings.synchronous == 2)
        #expect(settings.journal == "wal")
        #expect(settings.foreignKeys == 1)
        try await database.close()
        withExtendedLifetime(folder) {}
    }

    @Test("A body that throws changes nothing, and those that wait beside it are not touched")
    func isolation() async throws {
        let folder = try TemporaryFolder()
        let database = try Self.open(folder)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 1...200 {
                group.addTask {
                    do {
                        try await database.write { connection in
                            _ = try CounterStore(connection).next("total")
                            _ = try CounterStore(connection).next("of-\(number % 7)")
                            if number % 5 == 0 { throw RedressError(.refused, "on purpose") }
                        }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(outcomes == 160)
        let counted = try await database.read { connection in
            try connection.all("SELECT name, value FROM counter") {
                (name: try $0[0] as String, value: try $0[1] as Int)
            }
        }
        #expect(counted.first { $0.name == "total" }?.value == 160)
        #expect(counted.filter { $0.name != "total" }.reduce(0) { $0 + $1.value } == 160)
        try await database.close()
        withExtendedLifetime(folder) {}
    }

    @Test("A part that fails inside a transaction is undone alone")
    func nested() async throws {
        let folder = try TemporaryFolder()
        let database = try Self.open(folder)
        try await database.write { connection in
            _ = try CounterStore(connection).next("kept")
            try? connection.nested {
                _ = try CounterStore(connection).next("undone")
                throw RedressError(.refused, "on purpose")
            }
        }
        let names = try await database.read { connection in
            try connection.all("SELECT name FROM counter") { try $0[0] as String }
        }
        #expect(names == ["kept"])
        try await database.close()
        withExtendedLifetime(folder) {}
    }

    @Test("A rule of the schema answers as a refusal that says it is one")
    func constraint() async throws {
        let folder = try TemporaryFolder()
        let database = try Self.open(folder)
        do {
            try await database.write { connection in
                try connection.run("INSERT INTO counter (name, value) VALUES ('a', 1)")
                try connection.run("INSERT INTO counter (name, value) VALUES ('a', 2)")
            }
            Issue.record("a second row of the same key was taken")
        } catch {
            #expect(ConstraintViolation.caused(error))
        }
        try await database.close()
        withExtendedLifetime(folder) {}
    }

    @Test("A database of a newer schema is refused and left as it was")
    func newer() async throws {
        let folder = try TemporaryFolder()
        let database = try Self.open(folder)
        try await database.write { connection in
            try connection.run("INSERT INTO schema_version (version, applied_at) VALUES (999, 0)")
        }
        try await database.close()
        #expect(throws: RedressError.self) { try Self.open(folder) }
    }

    @Test("A file that is no database, or is not there, is an error that says so")
    func wrongFile() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: RedressError.self) { try Self.open(folder, create: false) }
        #expect(error?.code == .notFound)
        try folder.write("test.sqlite", String(repeating: "this is a letter, not a database\n", count: 200))
        let damaged = #expect(throws: RedressError.self) { try Self.open(folder) }
        #expect(damaged?.code == .unavailable)
    }

    @Test("Integrity and foreign keys are checked on demand: a flipped page is found")
    func damage() async throws {
        let folder = try TemporaryFolder()
        let database = try Self.open(folder)
        try await database.write { connection in
            for number in 1...2000 {
                _ = try CounterStore(connection).next("name-\(number)-with-some-length")
            }
        }
        #expect(try await database.damage() == [])
        try await database.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("test.sqlite")))
        for page in stride(from: 8 * 4096, to: bytes.count - 64, by: 4096) {
            for index in page..<(page + 64) { bytes[index] = 0xAA }
        }
        try bytes.write(to: URL(fileURLWithPath: folder.file("test.sqlite")))
        do {
            let reopened = try Self.open(folder, create: false)
            #expect(try await reopened.damage() != [])
        } catch {
            #expect((error as? RedressError)?.code == .unavailable)
        }
    }

    @Test("Two writers of two openings of one file take turns: nothing is lost and nobody sees the lock")
    func twoWriters() async throws {
        let folder = try TemporaryFolder()
        let first = try Self.open(folder)
        let second = try Self.open(folder)
        try await withThrowingTaskGroup { group in
            for database in [first, second] {
                for _ in 1...150 {
                    group.addTask { try await database.write { _ = try CounterStore($0).next("shared") } }
                }
            }
            try await group.waitForAll()
        }
        let value = try await first.read { connection in
            try connection.first("SELECT value FROM counter") { try $0[0] as Int }
        }
        #expect(value == 300)
        try await first.close()
        try await second.close()
    }
}
