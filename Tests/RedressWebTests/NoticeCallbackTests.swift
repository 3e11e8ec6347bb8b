/// What the gateway reports, over real sockets through the service's own route: signed, fresh, and taken once.
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import RedressCore
import RedressDesk
import RedressStore
import RedressWeb
import TestSupport
import Testing

@Suite("Callbacks of the notice gateway")
struct NoticeCallbackTests {
    private static let secret = [UInt8](repeating: 9, count: 32)
    private static let path = "/gateway/notices"

    /// One service with a gateway's secret, and what was texted.
    private struct Service {
        let fixture: DeskFixture
        let stub: NoticeStub
        let texts: KeptNotices
        let runner: NoticeRunner
        let client: any TestClientProtocol

        /// Posts a callback as the gateway does; `change` alters what is sent after it was signed.
        func post(
            _ callback: NoticeCallback, minutesLate: Int = 0,
            changing change: (inout HTTPFields, inout String) -> Void
        ) async throws -> HTTPResponse.Status {
            var body = String(decoding: try JSONEncoder().encode(callback), as: UTF8.self)
            let seconds = fixture.clock.now.milliseconds / 1000 - Int64(minutesLate) * 60
            var fields = HTTPFields()
            let headers = stub.headers(
                signing: Array(body.utf8), path: NoticeCallbackTests.path, key: callback.id, at: seconds)
            for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
            change(&fields, &body)
            return try await client.executeRequest(
                uri: NoticeCallbackTests.path, method: .post, headers: fields, body: ByteBuffer(string: body)
            ).status
        }

        func post(_ callback: NoticeCallback, minutesLate: Int = 0) async throws -> HTTPResponse.Status {
            try await post(callback, minutesLate: minutesLate) { _, _ in }
        }
    }

    private static func serving(_ body: @escaping @Sendable (Service) async throws -> Void) async throws {
        let fixture = try await DeskFixture()
        fixture.clock.now = Instant(CivilDate(daysSinceEpoch: 18_829), TimeOfDay(minutes: 9 * 60))
        let texts = KeptNotices()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: texts)
        let stub = try NoticeStub(secret: secret)
        try await Application(router: buildRouter(desk: fixture.desk, noticeSecret: secret)).test(.live) {
            client in
            try await body(
                Service(fixture: fixture, stub: stub, texts: texts, runner: runner, client: client))
        }
    }

    /// A person who holds a later booking was offered the seat back, and texted so.
    private static func offered(_ service: Service) async throws -> (receipt: ReceiptNumber, notice: String) {
        let fixture = service.fixture
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        // By plan, not on the telephone: the notice is the first that the person hears of it.
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        _ = try await fixture.desk.plans.apply(plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        _ = try await service.runner.drain()
        return (receipt, try #require(service.texts.all.last?.id))
    }

    @Test(
        "Unsigned, signed for something else, altered, too old or too new, and the same again: refused, nothing changes"
    )
    func refused() async throws {
        try await Self.serving { service in
            let (receipt, notice) = try await Self.offered(service)
            let yes = NoticeCallback(id: "r1", kind: .reply, message: notice, text: "1")
            let signature = try #require(HTTPField.Name("Redress-Signature"))
            let time = try #require(HTTPField.Name("Redress-Timestamp"))
            let key = try #require(HTTPField.Name("Idempotency-Key"))
            let alterations: [(inout HTTPFields, inout String) -> Void] = [
                { fields, _ in fields[signature] = nil },
                { fields, _ in fields[signature] = String(repeating: "0", count: 64) },
                { fields, _ in fields[signature] = "+f" + (fields[signature] ?? "").dropFirst(2) },
                { fields, _ in fields[time] = "\((Int(fields[time] ?? "") ?? 0) + 1)" },
                { fields, _ in fields[key] = "r2" },
                { _, body in body = body.replacing("\"1\"", with: "\"2\"") },
                { _, body in body += " " },
            ]
            for (number, alteration) in alterations.enumerated() {
                let status = try await service.post(yes, changing: alteration)
                #expect(status == .forbidden, "alteration \(number)")
            }
            #expect(try await service.post(yes, minutesLate: 6) != .ok, "stale")
            #expect(try await service.post(yes, minutesLate: -6) != .ok, "from the future")
            #expect(try await service.fixture.row(receipt).state == .offered, "none of them counted")
            #expect(try await service.post(yes, minutesLate: 4) == .ok)
            #expect(try await service.fixture.row(receipt).state == .restored)
            #expect(try await service.post(yes, minutesLate: 4) != .ok, "a replay")
            #expect(try await service.post(yes) != .ok, "a replay under a new signature")
            let unknown = NoticeCallback(id: "r9", kind: .delivered, message: "nobody's")
            #expect(try await service.post(unknown) == .notFound)
        }
    }

    /// The live offer.
    private static func offer(_ receipt: ReceiptNumber, _ fixture: DeskFixture) async throws -> OfferRow? {
        let id = try await fixture.row(receipt).id
        return try await fixture.desk.database.read { try OfferStore($0).live(id) }
    }

    @Test(
        "Delivered starts the offer's working days; 2 asks again, a second 2 is the no; anything else is a call"
    )
    func replies() async throws {
        try await Self.serving { service in
            let fixture = service.fixture
            let (receipt, notice) = try await Self.offered(service)
            let fresh = try await Self.offer(receipt, fixture)
            #expect(fresh?.holdID != nil && fresh?.deliveredAt == nil)
            let delivered = NoticeCallback(id: "d", kind: .delivered, message: notice)
            #expect(try await service.post(delivered) == .ok)
            let told = try await Self.offer(receipt, fixture)
            #expect(told?.deliveredAt == fixture.clock.now)
            let row = try await fixture.desk.notices.list(by: fixture.actor).first
            #expect(row?.deliveredAt.value == fixture.clock.now.description)
            let no = NoticeCallback(id: "n1", kind: .reply, message: notice, text: "2")
            #expect(try await service.post(no) == .ok)
            _ = try await service.runner.drain()
            let question = try #require(service.texts.all.last)
            #expect(question.id != notice && question.text.contains("정말 거절"))
            #expect(try await fixture.row(receipt).state == .offered, "one 2 declines nothing")
            let odd = NoticeCallback(id: "n2", kind: .reply, message: question.id, text: "네?")
            #expect(try await service.post(odd) == .ok)
            let calls = try await fixture.desk.reach.callOuts(by: fixture.actor)
            #expect(calls.map(\.reason) == ["reply"])
            let sure = NoticeCallback(id: "n3", kind: .reply, message: question.id, text: "2")
            #expect(try await service.post(sure) == .ok)
            let ended = try await Self.offer(receipt, fixture)
            #expect(ended?.holdID == nil)
            #expect(try await fixture.row(receipt).state != .restored)
            let tooLate = NoticeCallback(id: "n4", kind: .reply, message: notice, text: "1")
            #expect(try await service.post(tooLate) == .ok)
            #expect(try await fixture.row(receipt).state != .restored, "the offer has ended")
        }
    }

    @Test(
        "A failed delivery and a landline become call-out tasks; what became of a code tells nobody anything")
    func calls() async throws {
        try await Self.serving { service in
            let fixture = service.fixture
            try await fixture.allot(2)
            let mobile = try await fixture.addPerson(1)
            let landline = try await fixture.addPerson(2)
            let change = try await fixture.desk.database.write { connection in
                try connection.run(
                    "UPDATE person SET phone_sealed = $1 WHERE person = 'p2'",
                    [
                        try fixture.desk.keys.seal(
                            "0212345678", for: "person.phone/\(DeskFixture.incident)/p2"
                        ).stored
                    ])
            }
            #expect(change == 1)
            for receipt in [mobile, landline] {
                _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
            }
            let turn = try await service.runner.drain()
            #expect((turn.sent, turn.toCall) == (1, 1))
            let notice = try #require(service.texts.all.first?.id)
            let failed = NoticeCallback(id: "f", kind: .failed, message: notice, text: "number not in use")
            #expect(try await service.post(failed) == .ok)
            let calls = try await fixture.desk.reach.callOuts(by: fixture.actor)
            #expect(Set(calls.map(\.reason)) == ["landline", "failed"] && calls.count == 2)
            let listed = try await fixture.desk.notices.list(in: .failed, by: fixture.actor)
            #expect(listed.first?.why.value == "not delivered: number not in use")
            let code = try await fixture.desk.citizens.requestCode("01000000009", address: "a")
            #expect(try await fixture.code(of: code) != nil)
            for kind in [NoticeCallback.Kind.delivered, .failed] {
                let about = NoticeCallback(id: "c-\(kind.rawValue)", kind: kind, message: code.request)
                #expect(try await service.post(about) == .ok)
                #expect(try await service.post(about) != .ok, "a replay")
            }
            #expect(try await fixture.desk.reach.callOuts(by: fixture.actor).count == 2)
        }
    }
}
