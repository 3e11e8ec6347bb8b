/// The worker of notices, as a process of its own, killed at random while a real gateway counts what it told.
import Foundation
import RedressCore
import RedressDesk
import RedressStore
import Synchronization
import TestSupport
import Testing

@Suite("Killed in the middle of sending notices", .enabled(if: isAlone, aloneHint))
struct NoticeKillTests {
    private static let secret = [UInt8](repeating: 5, count: 32)
    private static let kills = 100

    @Test("After kill -9 of the worker at 100 random moments every event was told once, and nothing is lost")
    func kill() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(seed: seed)
        let fixture = try await DeskFixture()
        let stub = try NoticeStub(secret: Self.secret)
        try await stub.start()
        // Slow enough that a worker is killed with many of its messages on their way.
        stub.behave { request in
            var dice = Dice(seed: seed &+ UInt64(request))
            return .slow(milliseconds: Int64.random(in: 150...250, using: &dice))
        }
        let secret = fixture.folder.file("secret")
        try Data(Self.secret).write(to: URL(fileURLWithPath: secret))
        let environment = [
            "REDRESS_NOTICE_URL": stub.address, "REDRESS_NOTICE_SECRET_FILE": secret,
            "REDRESS_NOTICE_QUIET": "none",
        ]
        let run = ["notices", "run", "--data-dir", fixture.folder.file("data"), "--format", "json"]
        let receipts = try await Self.people(3 * Self.kills, fixture)
        var killed = (total: 0, sending: 0)
        var next = 0
        while killed.total < Self.kills {
            // Each round brings new facts, so that no worker finds the outbox empty.
            try #require(
                next < receipts.count, "seed \(seed): too many workers ended before they were killed")
            for receipt in receipts[next..<(next + 2)] {
                let outcome = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
                #expect(outcome.done == "seated", "seed \(seed)")
            }
            next += 2
            let worker = try await BuiltBinary.start(run, environment: environment)
            let moment = Int.random(in: 1...2, using: &dice)
            let delay = Int.random(in: 0...50_000, using: &dice)
            let (seen, sees) = AsyncStream<Void>.makeStream()
            let first = stub.requests
            stub.onRequest { if $0 >= first + moment { sees.yield() } }
            // Most are killed at a request or soon after; one in five at any moment since it started.
            let isEarly = Int.random(in: 0..<5, using: &dice) == 0
            let early = Task {
                try? await Task.sleep(for: .milliseconds(isEarly ? delay / 200 : 3_000))
                sees.yield()
            }
            for await _ in seen { break }
            early.cancel()
            if stub.requests > first { killed.sending += 1 }
            try await Task.sleep(for: .microseconds(delay))
            worker.signal(SIGKILL)
            if try await worker.finish().status == -SIGKILL { killed.total += 1 }
            try await Self.passTwoMinutes(fixture)
        }
        stub.onRequest(nil)
        #expect(killed.sending > Self.kills / 2, "seed \(seed): too few were killed while they sent")
        let last = try await BuiltBinary.run(run, environment: environment)
        #expect(last.status == 0, "seed \(seed): \(last.errors)")
        try await Self.expectToldOnce(stub, fixture, "seed \(seed)")
        print("notices: killed \(killed.total) times, \(killed.sending) while sending; seed \(seed)")
        try await stub.stop()
    }

    private static func people(_ count: Int, _ fixture: DeskFixture) async throws -> [ReceiptNumber] {
        // More at once would wait for a second person.
        for _ in 0..<(count / 100) { try await fixture.allot(100) }
        var receipts: [ReceiptNumber] = []
        for number in 1...count { receipts.append(try await fixture.addPerson(number)) }
        return receipts
    }

    /// What a killed worker had to itself is free again, as it is after two minutes.
    private static func passTwoMinutes(_ fixture: DeskFixture) async throws {
        try await fixture.desk.database.write { connection in
            try connection.run("UPDATE outbox SET next_at = 0 WHERE state = 'waiting' AND lease IS NOT NULL")
        }
    }

    private static func expectToldOnce(
        _ stub: NoticeStub, _ fixture: DeskFixture, _ label: Comment
    ) async throws {
        let notices = try await fixture.desk.notices.list(by: fixture.actor)
        #expect(notices.allSatisfy { $0.state == "sent" }, label)
        #expect(notices.map(\.id).sorted() == stub.told.map(\.id).sorted(), label)
        #expect(Set(stub.told.map(\.to)).count == stub.told.count, label)
        #expect(stub.changed.isEmpty && stub.badSignatures == 0, label)
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [], label)
    }
}
