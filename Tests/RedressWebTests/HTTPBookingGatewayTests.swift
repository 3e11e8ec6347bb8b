/// The HTTP gateway against a real server on loopback that is slow, fails, duplicates and loses answers.
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore
import RedressDesk
import RedressStore
import RedressWeb
import Synchronization
import TestSupport
import Testing

@Suite("The HTTP gateway to another booking system", .serialized)
struct HTTPBookingGatewayTests {
    private static let secret = [UInt8](repeating: 7, count: 32)

    @Test(
        "Requests are signed over method, path, time, key and body, under one key however often they are sent"
    )
    func signed() async throws {
        try await withStub { (stub, gateway) async throws in
            #expect(try await gateway.change(Self.change) == .done)
            #expect(try await gateway.change(Self.change) == .done)
            #expect(try await gateway.outcome(of: Self.change.key) == .done)
            #expect(try await gateway.outcome(of: "never") == .neverSeen)
            #expect(stub.badSignatures == 0)
            #expect(stub.applied == [Self.change.key])
        }
    }

    @Test("Another secret is turned away, and that is no refusal of the change")
    func wrongSecret() async throws {
        try await withStub(secret: [UInt8](repeating: 8, count: 32)) { (stub, gateway) async throws in
            await #expect(throws: (any Error).self) { try await gateway.change(Self.change) }
            #expect(stub.applied == [])
        }
    }

    @Test("Only 409 and 422 are refusals: a server's fault, a busy one and nonsense are unknown")
    func faults() async throws {
        for status in [500, 503, 429, 404, 302] {
            try await withStub { (stub, gateway) async throws in
                stub.answerOnce(status)
                await #expect(throws: (any Error).self, "\(status)") { try await gateway.change(Self.change) }
            }
        }
        for status in [409, 422] {
            try await withStub { (stub, gateway) async throws in
                stub.answerOnce(status)
                #expect(try await gateway.change(Self.change) == .refused("slot-taken"))
            }
        }
    }

    @Test(
        "A slow answer and a lost one end as unknown and are reconciled: applied once, seated once, through the desk"
    )
    func slowAndLost() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(2)
        // Shorter than the stub stalls, and long enough for a busy machine to answer what it should.
        try await withStub(timeout: .seconds(5)) { (stub, gateway) async throws in
            let desk = fixture.desk.asking(gateway)
            for number in 1...2 {
                let receipt = try await fixture.addPerson(number, holding: DeskFixture.laterSlot)
                _ = try await desk.restoration.restore(receipt, by: fixture.actor)
                stub.applyThenStall()
                let outcome = try await desk.restoration.accept(
                    receipt, HeardWord(.call), by: fixture.actor)
                #expect(outcome.done == "pending")
                // On a starved machine the question itself may time out: it stays unknown and is asked again.
                var report = try await desk.gatewayCalls.run()
                for _ in 0..<20 where report.done == 0 { report = try await desk.gatewayCalls.run() }
                #expect((report.done, report.unknown) == (1, 0))
                #expect(try await fixture.row(receipt).state == .restored)
            }
            #expect(stub.applied.count == 2)
        }
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }

    @Test("Nothing is sent in clear beyond loopback, nor under a short secret")
    func refusedSettings() {
        #expect(throws: RedressError.self) {
            try HTTPBookingGateway(
                base: "http://booking.example.kr", secret: Self.secret, changesAtomically: true,
                timeout: .seconds(1))
        }
        #expect(throws: RedressError.self) {
            try HTTPBookingGateway(
                base: "https://booking.example.kr", secret: [1], changesAtomically: true, timeout: .seconds(1)
            )
        }
    }

    private static let change = BookingChange(
        key: "redress-1", person: "p1", dose: 1, release: "L1", booking: "B1", site: "C001",
        vaccine: "moderna", date: "2021-08-16", slot: "10:00")

    private func withStub(
        secret: [UInt8] = secret, timeout: Duration = .seconds(60),
        _ body: (StubSystem, HTTPBookingGateway) async throws -> Void
    ) async throws {
        let stub = StubSystem(secret: Self.secret)
        let (ports, portFound) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: stub.router(),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { portFound.yield($0.localAddress?.port ?? 0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let gateway = try HTTPBookingGateway(
                base: "http://127.0.0.1:\(port)/booking", secret: secret, changesAtomically: true,
                timeout: timeout)
            try await body(stub, gateway)
            group.cancelAll()
        }
    }
}

/// A booking system that checks signatures, applies a key once, and misbehaves when told to.
private final class StubSystem: Sendable {
    private struct Seen {
        var applied: [String] = []
        var badSignatures = 0
        var nextStatus: Int?
        var isStalling = false
    }

    private let seen = Mutex(Seen())
    private let secret: [UInt8]

    init(secret: [UInt8]) {
        self.secret = secret
    }

    var badSignatures: Int { seen.withLock { $0.badSignatures } }
    var applied: [String] { seen.withLock { $0.applied } }

    func answerOnce(_ status: Int) { seen.withLock { $0.nextStatus = status } }
    func applyThenStall() { seen.withLock { $0.isStalling = true } }

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.post("booking/changes") { request, _ in
            let body = try await request.body.collect(upTo: 65_536)
            let bytes = Array(body.readableBytesView)
            guard self.isSigned(request, "/booking/changes", bytes) else { return Self.answer(401, "{}") }
            let key = request.headers[Self.keyName] ?? ""
            let (status, isStalling) = self.seen.withLock { seen in
                defer { (seen.nextStatus, seen.isStalling) = (nil, false) }
                if let status = seen.nextStatus { return (status, false) }
                if !seen.applied.contains(key) { seen.applied.append(key) }
                return (200, seen.isStalling)
            }
            if isStalling { try await Task.sleep(for: .seconds(9)) }
            return Self.answer(status, #"{"code":"slot-taken"}"#)
        }
        router.get("booking/changes/:key") { request, context in
            let key = try context.parameters.require("key")
            guard self.isSigned(request, "/booking/changes/\(key)", []) else { return Self.answer(401, "{}") }
            let isApplied = self.seen.withLock { $0.applied.contains(key) }
            return isApplied ? Self.answer(200, #"{"state":"done"}"#) : Self.answer(404, "{}")
        }
        return router
    }

    private static let keyName = HTTPField.Name("Idempotency-Key") ?? .accept
    private static let timeName = HTTPField.Name("Redress-Timestamp") ?? .accept
    private static let signatureName = HTTPField.Name("Redress-Signature") ?? .accept

    /// Worked out here from the written contract, not with the gateway's own code.
    private func isSigned(_ request: Request, _ path: String, _ body: [UInt8]) -> Bool {
        let key = request.headers[Self.keyName] ?? ""
        let time = request.headers[Self.timeName] ?? ""
        let text = Array("\(request.method.rawValue)\n\(path)\n\(time)\n\(key)\n".utf8) + body
        let expected = HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: secret))
        let hex = expected.map { String(format: "%02x", $0) }.joined()
        let isGood = hex == request.headers[Self.signatureName]
        if !isGood { seen.withLock { $0.badSignatures += 1 } }
        return isGood
    }

    private static func answer(_ status: Int, _ body: String) -> Response {
        Response(
            status: .init(code: status), headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}
