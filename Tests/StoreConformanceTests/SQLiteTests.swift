import Foundation
import RedressCore
import RedressSQLite
import RedressStore
import TestSupport
import Testing

@Suite("What a database file brings with it")
struct SQLiteTests {
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

}
