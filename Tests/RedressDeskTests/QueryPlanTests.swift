/// What the engine does for each statement of a re-seat, a call and new statistics: it looks rows up, it never reads a
/// growing table through.
import RedressCore
import RedressDesk
import RedressSQLite
import RedressStore
import Synchronization
import TestSupport
import Testing

@Suite("Query plans of the hot paths")
struct QueryPlanTests {
    @Test(
        "Restore, offer, accept, undo, decline, vacate, wait, sweep and apply read no growing table through")
    func noScans() async throws {
        let fixture = try await DeskFixture(at: Place(.sqlite))
        let scans = Scans()
        let desk = try Self.explaining(fixture, scans)
        let actor = fixture.actor
        try await fixture.allot(3)
        let none = try await fixture.addPerson(1)
        let later = try await fixture.addPerson(2, holding: DeskFixture.laterSlot)
        let no = try await fixture.addPerson(3, holding: DeskFixture.laterSlot)
        let waiting = try await fixture.addPerson(4)
        let seats = desk.restoration
        _ = try await seats.restore(none, key: "a", by: actor)
        _ = try await seats.restore(later, key: "b", by: actor)
        _ = try await seats.accept(later, HeardWord(.call, note: "네"), key: "c", by: actor)
        _ = try await seats.undo(later, HeardWord(.call), by: actor)
        _ = try await seats.restore(no, by: actor)
        _ = try await seats.decline(no, HeardWord(.call), by: actor)
        _ = try await desk.offers.wait(waiting, by: actor)
        _ = try await seats.vacate(none, HeardWord(.call), by: actor)
        fixture.clock.advance(minutes: 31)
        try await desk.pool.sweep()
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: actor)
        _ = try await desk.plans.apply(plan.digest, incident: DeskFixture.incident, by: actor)
        let found = scans.found
        #expect(found.isEmpty, "\(found.sorted().joined(separator: "\n"))")
        #expect(scans.explained > 40)
        try await desk.close()
        try await fixture.expectSound()
    }

    @Test("The caller's page and the page around it read no growing table through")
    func callersPage() async throws {
        let fixture = try await DeskFixture(at: Place(.sqlite))
        let scans = Scans()
        let desk = try Self.explaining(fixture, scans)
        let actor = fixture.actor
        let receipt = try await fixture.addPerson(1)
        _ = try await desk.cases.show(receipt, by: actor, origin: "page")
        _ = try await desk.lookups.find(.receipt(receipt.description), by: actor, origin: "page")
        _ = try await desk.timelines.timeline(of: receipt, by: actor, origin: "page")
        _ = try await desk.timelines.related(to: receipt, by: actor, origin: "page")
        _ = try await desk.contacts.open(with: receipt, by: actor)
        _ = try await desk.notices.list(of: receipt, by: actor)
        _ = try await desk.reach.preferences(of: receipt, by: actor)
        _ = try await desk.reach.representatives(of: receipt, by: actor, origin: "page")
        _ = try await desk.attachments.list(of: receipt, by: actor, origin: "page")
        #expect(scans.found.isEmpty, "\(scans.found.sorted().joined(separator: "\n"))")
        #expect(scans.explained > 15)
        try await desk.close()
    }

    @Test("Bringing the statistics up to the journal reads no growing table through")
    func statistics() async throws {
        let fixture = try await DeskFixture(at: Place(.sqlite))
        try await fixture.desk.statistics.refresh()
        let scans = Scans()
        let desk = try Self.explaining(fixture, scans)
        try await fixture.allot(1)
        _ = try await desk.restoration.restore(try await fixture.addPerson(1), by: fixture.actor)
        let before = scans.explained
        try await desk.statistics.refresh()
        #expect(scans.found.isEmpty, "\(scans.found.sorted().joined(separator: "\n"))")
        #expect(scans.explained - before > 10)
        try await desk.close()
    }

    private static func explaining(_ fixture: DeskFixture, _ scans: Scans) throws -> Desk {
        try Installation(folder: fixture.folder.file("data")).open { path, schema, create in
            let database = try SQLiteDatabase(
                path: path, schema: schema, create: create, clock: fixture.clock.clock)
            return schema.name == "desk" ? ExplainingDatabase(database, scans) : database
        }
    }
}

/// The scans that were found, and how many different statements were looked at.
private final class Scans: Sendable {
    private let state = Mutex((found: Set<String>(), seen: Set<String>()))
    /// Configuration: a few rows, whatever the number of people.
    private static let small = ["incident", "site", "pool_policy", "holiday", "CONSTANT", "statistic_mark"]

    var found: Set<String> { state.withLock(\.found) }
    var explained: Int { state.withLock { $0.seen.count } }

    func isNew(_ sql: SQL) -> Bool { state.withLock { $0.seen.insert(sql.text).inserted } }

    func note(_ detail: String, of sql: SQL) {
        let words = detail.split(separator: " ")
        guard words.first == "SCAN", words.count > 1, !Self.small.contains(String(words[1])),
            // The end of a journal, by its key.
            !sql.text.hasSuffix("LIMIT 1")
        else { return }
        _ = state.withLock { $0.found.insert("\(detail): \(sql.text)") }
    }
}

/// Asks the engine for the plan of every statement before running it.
private final class ExplainingDatabase: RedressStore.Database {
    private let database: any RedressStore.Database
    private let scans: Scans

    init(_ database: any RedressStore.Database, _ scans: Scans) {
        self.database = database
        self.scans = scans
    }

    func read<T: Sendable>(
        _ work: Work, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        let scans = scans
        return try await database.read(work) { try body(ExplainingConnection(connection: $0, scans: scans)) }
    }

    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        let scans = scans
        return try await database.write { try body(ExplainingConnection(connection: $0, scans: scans)) }
    }

    func readCopy<T: Sendable>(
        behind delay: Duration, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> Dated<T> {
        Dated(try await read(body))
    }

    func damage() async throws -> [String] { try await database.damage() }
    func close() async throws { try await database.close() }
}

private struct ExplainingConnection: Connection {
    let connection: any Connection
    let scans: Scans

    var now: Instant { connection.now }

    func run(_ sql: SQL, _ parameters: [Value]) throws -> Int {
        try explain(sql, parameters)
        return try connection.run(sql, parameters)
    }

    func each(_ sql: SQL, _ parameters: [Value], _ body: (Row) throws -> Void) throws {
        try explain(sql, parameters)
        try connection.each(sql, parameters, body)
    }

    func nested<T>(_ body: () throws -> T) throws -> T { try connection.nested(body) }

    private func explain(_ sql: SQL, _ parameters: [Value]) throws {
        guard scans.isNew(sql) else { return }
        try connection.each("EXPLAIN QUERY PLAN \(sql)", parameters) { scans.note(try $0[3], of: sql) }
    }
}
