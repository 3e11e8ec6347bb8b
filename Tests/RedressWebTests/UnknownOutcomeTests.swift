import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import RedressCore
import RedressDesk
import RedressStore
import Synchronization
import TestSupport
import Testing

@testable import RedressWeb

@Suite("Nobody knows whether a request was done")
struct UnknownOutcomeTests {
    @Test(
        "The key of a request that may have been done, or was and has no kept answer, is not free for doing it again",
        arguments: [AnswerLosingDatabase.Fate.lost(write: 2), .refused(write: 3)])
    func key(_ fate: AnswerLosingDatabase.Fate) async throws {
        let fixture = try await DeskFixture()
        try await fixture.desk.staff.add("팀장", role: .supervisor, by: fixture.actor)
        let token = try await fixture.desk.staff.makeToken(for: "팀장", by: fixture.actor)
        let seat = DeskFixture.slot
        let body = """
            {"site":"\(seat.site)","vaccine":"\(seat.vaccine)","date":"\(seat.date)","slot":"\(seat.time)",\
            "seats":3,"authority":"복구-2021-03"}
            """
        let failing = AnswerLosingDatabase(fixture.desk.database)
        let desk = Desk(
            database: failing, evidence: fixture.desk.evidence, keys: fixture.desk.keys,
            anchor: fixture.desk.anchor, calendar: fixture.desk.calendar)
        let headers: HTTPFields = [
            .authorization: "Bearer \(token)", try #require(HTTPField.Name("Idempotency-Key")): "k",
            .contentType: "application/json",
        ]
        try await Application(router: buildRouter(desk: desk)).test(.router) { client in
            // The first write begins the request, the second does it, the third keeps its answer.
            failing.fail(fate)
            let first = try await Self.allot(client, headers, body)
            #expect(first == .serviceUnavailable)
            let second = try await Self.allot(client, headers, body)
            #expect(second == .conflict, "still under way, as far as anyone knows")
            fixture.clock.advance(minutes: 5)
            let third = try await Self.allot(client, headers, body)
            #expect(third == .conflict, "whether it was done is not known")
        }
        let seats = try await fixture.desk.database.read {
            try $0.count("SELECT sum(allotted) FROM pool_slot")
        }
        #expect(seats == 3, "not six")
        try await fixture.desk.close()
    }

    private static func allot(
        _ client: some TestClientProtocol, _ headers: HTTPFields, _ body: String
    ) async throws -> HTTPResponse.Status {
        try await client.execute(
            uri: "/api/v1/incidents/\(DeskFixture.incident)/pool/allotments", method: .post,
            headers: headers, body: ByteBuffer(string: body)
        ) { $0.status }
    }
}

/// A database that carries one write out and then cannot say so, or refuses to carry it out.
final class AnswerLosingDatabase: Database {
    enum Fate: Sendable {
        case lost(write: Int)
        case refused(write: Int)
    }

    private let database: any Database
    private let state = Mutex<(fate: Fate?, writes: Int)>((nil, 0))

    init(_ database: any Database) {
        self.database = database
    }

    /// Counts writes from now on.
    func fail(_ fate: Fate) { state.withLock { $0 = (fate, 0) } }

    func read<T: Sendable>(
        _ work: Work, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await database.read(work, body)
    }

    func readCopy<T: Sendable>(
        behind delay: Duration, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> Dated<T> {
        try await database.readCopy(behind: delay, body)
    }

    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        let (fate, number) = state.withLock { state in
            state.writes += 1
            return (state.fate, state.writes)
        }
        if case .refused(number) = fate { throw RedressError(.tryAgain, "Somebody else writes.") }
        let answer = try await database.write(body)
        if case .lost(number) = fate {
            throw RedressError(.unavailable, "Nobody can say.", details: ["outcome": "unknown"])
        }
        return answer
    }

    func damage() async throws -> [String] { try await database.damage() }
    func close() async throws { try await database.close() }
}
