/// The notice gateway over real sockets, against a carrier that is slow, down, fails, answers twice and loses answers.
import Foundation
import RedressCore
import RedressDesk
import RedressWeb
import Synchronization
import TestSupport
import Testing

@Suite("The HTTP gateway of notices", .serialized)
struct HTTPNoticeGatewayTests {
    private static let secret = [UInt8](repeating: 7, count: 32)

    private static func notice(_ id: String) throws -> OutgoingNotice {
        OutgoingNotice(
            id: id, to: "01012345678", sender: "질병관리청", text: try NoticeText("[질병관리청] 안내 \(id)"))
    }

    private static func gateway(
        _ stub: NoticeStub, secret: [UInt8] = secret, timeout: Duration = .seconds(600)
    ) throws -> HTTPNoticeGateway {
        try HTTPNoticeGateway(base: stub.address, secret: secret, timeout: timeout)
    }

    @Test(
        "Messages are signed with their time, told once under one id; another secret is turned away as unknown"
    )
    func signed() async throws {
        let stub = try NoticeStub(secret: Self.secret)
        try await stub.start()
        let gateway = try Self.gateway(stub)
        for _ in 0..<3 { #expect(try await gateway.send(Self.notice("a")) == .accepted) }
        #expect(stub.told.map(\.id) == ["a"] && stub.times("a") == 3)
        #expect(stub.told.first == (try Self.notice("a")) && stub.badSignatures == 0)
        let other = try Self.gateway(stub, secret: [UInt8](repeating: 8, count: 32))
        await #expect(throws: (any Error).self) { try await other.send(Self.notice("b")) }
        #expect(stub.badSignatures == 1 && stub.told.count == 1)
        try await stub.stop()
    }

    @Test(
        "Only 422 and 400 that name the message are refusals; faults, redirections and a busy gateway are unknown"
    )
    func statuses() async throws {
        let stub = try NoticeStub(secret: Self.secret)
        try await stub.start()
        let gateway = try Self.gateway(stub)
        for status in [500, 503, 429, 404, 401, 302, 307] {
            stub.behave { _ in .fails(status) }
            await #expect(throws: (any Error).self, "\(status)") { try await gateway.send(Self.notice("a")) }
        }
        #expect(stub.requests == 7, "nothing is sent on to where a redirection points, or by itself again")
        stub.behave { _ in .refuses }
        #expect(try await gateway.send(Self.notice("a")) == .refused("the gateway refused it (422)"))
        stub.behave { _ in .fails(409) }
        #expect(try await gateway.send(Self.notice("a")) == .accepted, "it had the message before")
        try await stub.stop()
    }

    @Test("An answer that belongs to another message settles nothing: what is called taken was taken")
    func answersTwice() async throws {
        let stub = try NoticeStub(secret: Self.secret)
        try await stub.start()
        let gateway = try Self.gateway(stub)
        stub.behave { $0.isMultiple(of: 2) ? .hangsUp : .answersTwice }
        var taken: [String] = []
        for number in 0..<200 {
            let id = "m\(number)"
            if let answer = try? await gateway.send(Self.notice(id)), answer == .accepted { taken.append(id) }
        }
        let told = Set(stub.told.map(\.id))
        #expect(taken.count > 20 && taken.allSatisfy(told.contains))
        try await stub.stop()
    }

    @Test(
        "No answer in time is unknown, also when only its head came; a gateway that is down is unknown at once"
    )
    func timeOuts() async throws {
        let stub = try NoticeStub(secret: Self.secret)
        try await stub.start()
        let gateway = try Self.gateway(stub, timeout: .milliseconds(200))
        for (sent, mood) in [(1, NoticeStub.Mood.stalls), (2, .slow(milliseconds: 60_000))] {
            stub.behave { _ in mood }
            // On a starved machine the time may be over before anything was sent: then it is sent again.
            for _ in 0..<100 where stub.times("a") < sent {
                await #expect(throws: (any Error).self) { try await gateway.send(Self.notice("a")) }
            }
            #expect(stub.times("a") >= sent, "it was taken, which nobody knows")
        }
        try await stub.stop()
        await #expect(throws: (any Error).self) { try await gateway.send(Self.notice("a")) }
        try await stub.start()
        stub.behave { _ in .fine }
        let patient = try Self.gateway(stub)
        #expect(try await patient.send(Self.notice("a")) == .accepted)
        #expect(stub.told.count == 1)
        try await stub.stop()
    }

    @Test(
        "A certificate that nobody vouches for is refused before anything is sent; nothing goes in clear beyond loopback"
    )
    func certificates() async throws {
        let folder = try TemporaryFolder()
        let made = try await Program.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                "-addext",
                "subjectAltName=IP:127.0.0.1", "-keyout", folder.file("key.pem"), "-out",
                folder.file("cert.pem"),
            ])
        try #require(made.status == 0, "\(made.errors)")
        let stub = try NoticeStub(
            secret: Self.secret, certificate: (folder.file("cert.pem"), folder.file("key.pem")))
        try await stub.start()
        #expect(stub.address.hasPrefix("https://"))
        let error = await #expect(throws: (any Error).self) {
            try await Self.gateway(stub).send(Self.notice("a"))
        }
        #expect(
            "\(String(describing: error))".lowercased().contains("certificate"),
            "\(String(describing: error))")
        #expect(stub.requests == 0)
        try await stub.stop()
        for (base, secret) in [("http://sms.example.kr", Self.secret), ("https://sms.example.kr", [1])] {
            #expect(throws: RedressError.self) {
                try HTTPNoticeGateway(base: base, secret: secret, timeout: .seconds(1))
            }
        }
    }

    @Test("Re-seats are not held up by a gateway that never answers; the notices leave when it does")
    func reseats() async throws {
        let fixture = try await DeskFixture()
        let stub = try NoticeStub(secret: Self.secret)
        try await stub.start()
        stub.behave { _ in .stalls }
        let runner = try NoticeRunner(
            desk: fixture.desk, gateway: try Self.gateway(stub, timeout: .seconds(600)))
        try await fixture.allot(4)
        var receipts: [ReceiptNumber] = []
        for number in 1...4 { receipts.append(try await fixture.addPerson(number)) }
        fixture.clock.now = Instant(CivilDate(daysSinceEpoch: 18_829), TimeOfDay(minutes: 9 * 60))
        _ = try await fixture.desk.restoration.restore(receipts[0], by: fixture.actor)
        let hasEnded = Mutex(false)
        let turn = Task {
            defer { hasEnded.withLock { $0 = true } }
            return try await runner.turn()
        }
        for _ in 0..<10_000 where stub.requests == 0 { try await Task.sleep(for: .milliseconds(2)) }
        for receipt in receipts[1...] {
            let outcome = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
            #expect(outcome.done == "seated")
        }
        #expect(hasEnded.withLock { !$0 }, "the worker still waits for its answer")
        try await stub.stop()
        #expect(try await turn.value.isDown)
        try await stub.start()
        stub.behave { _ in .fine }
        fixture.clock.advance(minutes: 1)
        _ = try await runner.drain()
        #expect(stub.told.count == 4 && Set(stub.told.map(\.to)).count == 4)
        try await stub.stop()
    }

    @Test("Slow, 500, twice, lost answers, and ten minutes down: every event is told once, nothing is lost")
    func everything() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let fixture = try await DeskFixture()
        let stub = try NoticeStub(secret: Self.secret)
        try await stub.start()
        stub.behave { request in
            var dice = Dice(seed: seed &+ UInt64(request))
            switch Int.random(in: 0..<7, using: &dice) {
            case 0: return .fails(500)
            case 1: return .answersTwice
            case 2: return .losesAnswer
            case 3: return .hangsUp
            case 4: return .slow(milliseconds: 800)
            default: return .fine
            }
        }
        let runners = try (0..<2).map { _ in
            try NoticeRunner(desk: fixture.desk, gateway: try Self.gateway(stub, timeout: .milliseconds(400)))
        }
        try await fixture.allot(41)
        fixture.clock.now = Instant(CivilDate(daysSinceEpoch: 18_829), TimeOfDay(minutes: 9 * 60))
        for number in 1...40 {
            let receipt = try await fixture.addPerson(number)
            let outcome = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
            #expect(outcome.done == "seated", "seed \(seed)")
            if number.isMultiple(of: 10) { try await Self.turns(runners, fixture) }
        }
        try await stub.stop()
        let told = stub.told.count
        for _ in 0..<10 { try await Self.turns(runners, fixture) }
        #expect(stub.told.count == told, "it was down for ten minutes")
        let outcome = try await fixture.desk.restoration.restore(
            try await fixture.addPerson(41), by: fixture.actor)
        #expect(outcome.done == "seated", "seed \(seed): the outage costs nobody a seat")
        try await stub.start()
        for _ in 0..<60 { try await Self.turns(runners, fixture) }
        stub.behave { _ in .fine }
        let patient = try (0..<2).map { _ in
            try NoticeRunner(desk: fixture.desk, gateway: try Self.gateway(stub, timeout: .seconds(60)))
        }
        for _ in 0..<20 { try await Self.turns(patient, fixture) }
        let notices = try await fixture.desk.notices.list(by: fixture.actor)
        #expect(notices.count == 41 && notices.allSatisfy { $0.state == "sent" }, "seed \(seed): \(notices)")
        #expect(stub.told.map(\.id).sorted() == notices.map(\.id).sorted(), "seed \(seed)")
        #expect(Set(stub.told.map(\.to)).count == 41 && stub.changed.isEmpty, "seed \(seed)")
        #expect(stub.badSignatures == 0)
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
        try await stub.stop()
    }

    /// Both workers at once, then a minute later.
    private static func turns(_ runners: [NoticeRunner], _ fixture: DeskFixture) async throws {
        async let one = runners[0].turn()
        async let two = runners[1].turn()
        _ = try await (one, two)
        fixture.clock.advance(minutes: 1)
    }
}
