/// Notices through the real outbox: told once whatever the gateway does, never of what is not committed.
import Foundation
import RedressCore
import RedressDesk
import RedressStore
import Synchronization
import TestSupport
import Testing

/// A gateway that fails as it is told to, and counts each id it told.
final class UnreliableGateway: NoticeGateway {
    enum Mood: Sendable {
        case fine
        case down
        case losesAnswers
        case refuses
    }

    private let state = Mutex((mood: Mood.fine, told: [String: Int](), texts: [OutgoingNotice]()))

    var mood: Mood {
        get { state.withLock { $0.mood } }
        set { state.withLock { $0.mood = newValue } }
    }

    /// Messages by id, in the order they were first told.
    var told: [OutgoingNotice] { state.withLock { $0.texts } }

    func send(_ notice: OutgoingNotice) async throws -> NoticeAnswer {
        try state.withLock { state in
            switch state.mood {
            case .down: throw RedressError(.unavailable, "down")
            case .refuses: return .refused("unknown number")
            case .fine, .losesAnswers:
                if state.told[notice.id, default: 0] == 0 { state.texts.append(notice) }
                state.told[notice.id, default: 0] += 1
                if state.mood == .losesAnswers { throw RedressError(.unavailable, "lost") }
                return .accepted
            }
        }
    }
}

@Suite("What citizens are told is what happened")
struct NoticeTests {
    private static func morning(_ fixture: DeskFixture) {
        fixture.clock.now = Instant(CivilDate(daysSinceEpoch: 18_829), TimeOfDay(minutes: 9 * 60))
    }

    @Test("A booking that fails to commit leaves no notice; one that commits leaves exactly one")
    func incidentReplayed() async throws {
        let fixture = try await DeskFixture()
        let gateway = UnreliableGateway()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1)
        Self.morning(fixture)
        // The last statement of the re-seat's transaction fails, as the incident's database did.
        try await fixture.desk.database.write {
            try $0.run("ALTER TABLE idempotency RENAME COLUMN at TO gone")
        }
        await #expect(throws: (any Error).self) {
            try await fixture.desk.restoration.restore(receipt, key: "k", by: fixture.actor)
        }
        #expect(try await runner.drain().isIdle)
        #expect(gateway.told == [])
        try await fixture.desk.database.write {
            try $0.run("ALTER TABLE idempotency RENAME COLUMN gone TO at")
        }
        _ = try await fixture.desk.restoration.restore(receipt, key: "k", by: fixture.actor)
        #expect(try await runner.drain().sent == 1)
        #expect(try await runner.drain().isIdle)
        let notice = try #require(gateway.told.first)
        #expect(gateway.told.count == 1 && notice.to == "01000000001")
        #expect(notice.text.hasPrefix("[질병관리청]홍○동님 취소된 8/16(월)10:00 예약이 복구됐습니다."))
        #expect(notice.kind == .short && notice.bytes <= 90, "\(notice.bytes): \(notice.text)")
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }

    @Test("What is no longer true when it is its turn is dropped with a row that says so")
    func dropped() async throws {
        let fixture = try await DeskFixture()
        let gateway = UnreliableGateway()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        fixture.clock.advance(minutes: 1)
        _ = try await fixture.desk.restoration.vacate(receipt, HeardWord(.call), by: fixture.actor)
        Self.morning(fixture)
        let turn = try await runner.drain()
        #expect((turn.dropped, turn.sent) == (1, 1))
        #expect(gateway.told.map(\.text).allSatisfy { !$0.contains("복구됐습니다") })
        let notices = try await fixture.desk.notices.list(by: fixture.actor)
        #expect(notices.first?.state == "dropped" && notices.first?.why.value?.contains("given up") == true)
    }

    @Test("Ten minutes of outage, lost answers and two workers: every event is told once, nothing is lost")
    func unreliable() async throws {
        let fixture = try await DeskFixture()
        let gateway = UnreliableGateway()
        let runners = try (0..<2).map { _ in try NoticeRunner(desk: fixture.desk, gateway: gateway) }
        try await fixture.allot(12)
        var receipts: [ReceiptNumber] = []
        for number in 1...12 { receipts.append(try await fixture.addPerson(number)) }
        Self.morning(fixture)
        gateway.mood = .down
        for receipt in receipts { _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor) }
        let start = fixture.clock.now
        while fixture.clock.now < start.adding(minutes: 10) {
            for runner in runners { _ = try await runner.turn() }
            fixture.clock.advance(minutes: 1)
        }
        #expect(gateway.told == [])
        gateway.mood = .losesAnswers
        fixture.clock.advance(minutes: 15)
        for runner in runners { _ = try await runner.turn() }
        gateway.mood = .fine
        for _ in 0..<30 {
            fixture.clock.advance(minutes: 1)
            async let one = runners[0].drain()
            async let two = runners[1].drain()
            _ = try await (one, two)
        }
        let notices = try await fixture.desk.notices.list(by: fixture.actor)
        #expect(notices.allSatisfy { $0.state == "sent" }, "\(notices)")
        #expect(gateway.told.map(\.id).sorted() == notices.map(\.id).sorted())
        let lag = try await fixture.desk.notices.lag()
        #expect((lag.waiting, lag.failed, lag.oldestSeconds) == (0, 0, 0))
    }

    @Test("At night only one-time codes leave; a code that has expired never does")
    func night() async throws {
        let fixture = try await DeskFixture()
        let gateway = UnreliableGateway()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        fixture.clock.advance(minutes: 120)
        let expired = try await fixture.desk.citizens.requestCode("010-1234-5678", address: "a")
        fixture.clock.advance(minutes: 4)
        let code = try await fixture.desk.citizens.requestCode(
            "010-8765-4321", address: "a", language: .english)
        #expect(try await runner.drain().sent == 1)
        #expect(expired.request != code.request && gateway.told.map(\.id) == [code.request])
        #expect(gateway.told.first?.to == "01087654321")
        #expect(gateway.told.first?.text.contains("Your code is ") == true)
        #expect(gateway.told.first?.kind == .short)
        fixture.clock.advance(minutes: 11 * 60)
        #expect(try await runner.drain().sent == 1)
    }

    @Test("A landline, a refusal by the gateway and a failed delivery become somebody's call")
    func calls() async throws {
        let fixture = try await DeskFixture()
        let gateway = UnreliableGateway()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        try await fixture.allot(3)
        var receipts: [ReceiptNumber] = []
        for number in 1...3 { receipts.append(try await fixture.addPerson(number)) }
        Self.morning(fixture)
        try await fixture.desk.reach.prefer(.letter, for: receipts[0], by: fixture.actor)
        for receipt in receipts[0...1] {
            _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        }
        gateway.mood = .refuses
        let turn = try await runner.drain()
        #expect((turn.toCall, turn.failed) == (1, 1))
        gateway.mood = .fine
        _ = try await fixture.desk.restoration.restore(receipts[2], by: fixture.actor)
        #expect(try await runner.drain().sent == 1)
        let sent = try #require(gateway.told.first)
        let failed = NoticeCallback(id: "c1", kind: .failed, message: sent.id, text: "off")
        try await fixture.desk.noticeReceipts.take(failed, signedAt: fixture.clock.now)
        await #expect(throws: RedressError.self, "a replay") {
            try await fixture.desk.noticeReceipts.take(failed, signedAt: fixture.clock.now)
        }
        let calls = try await fixture.desk.reach.callOuts(by: fixture.actor)
        #expect(Set(calls.map(\.reason)) == ["letter", "failed"] && calls.count == 3)
    }

    @Test("A receipt starts an offer's working days; 2 asks again, 1 says yes, once")
    func replies() async throws {
        let fixture = try await DeskFixture()
        let gateway = UnreliableGateway()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        Self.morning(fixture)
        #expect(try await runner.drain().sent == 1)
        let offer = try #require(gateway.told.first)
        func take(_ id: String, _ kind: NoticeCallback.Kind, _ text: String? = nil) async throws {
            try await fixture.desk.noticeReceipts.take(
                NoticeCallback(id: id, kind: kind, message: offer.id, text: text),
                signedAt: fixture.clock.now)
        }
        try await take("a", .delivered)
        try await take("b", .reply, "2")
        #expect(try await fixture.row(receipt).state == .offered)
        #expect(try await runner.drain().sent == 1)
        #expect(gateway.told.last?.text.contains("정말 거절") == true)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.noticeReceipts.take(
                NoticeCallback(id: "old", kind: .reply, message: offer.id, text: "1"),
                signedAt: fixture.clock.now.adding(minutes: -6))
        }
        try await take("c", .reply, " 1 ")
        #expect(try await fixture.row(receipt).state == .restored)
        await #expect(throws: RedressError.self) { try await take("c", .reply, "1") }
        await #expect(throws: RedressError.self) {
            try await fixture.desk.noticeReceipts.take(
                NoticeCallback(id: "e", kind: .reply, message: "unknown", text: "1"),
                signedAt: fixture.clock.now)
        }
        try await take("d", .reply, "???")
        #expect(try await fixture.desk.reach.callOuts(by: fixture.actor).map(\.reason) == ["reply"])
    }

    @Test("A reply that could not be acted on is taken when the gateway sends it again, and then no more")
    func replyTakenAgain() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        Self.morning(fixture)
        _ = try await NoticeRunner(desk: fixture.desk, gateway: UnreliableGateway()).drain()
        let id = try #require(try await fixture.desk.notices.list(by: fixture.actor).first?.id)
        let reply = NoticeCallback(id: "reply-1", kind: .reply, message: id, text: "1")
        try await fixture.desk.database.write {
            try $0.run("ALTER TABLE idempotency RENAME TO idempotency_away")
        }
        await #expect(throws: (any Error).self) {
            try await fixture.desk.noticeReceipts.take(reply, signedAt: fixture.clock.now)
        }
        #expect(try await fixture.row(receipt).state == .offered)
        try await fixture.desk.database.write {
            try $0.run("ALTER TABLE idempotency_away RENAME TO idempotency")
        }
        try await fixture.desk.noticeReceipts.take(reply, signedAt: fixture.clock.now)
        #expect(try await fixture.row(receipt).state == .restored)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.noticeReceipts.take(reply, signedAt: fixture.clock.now)
        }
    }

    @Test(
        "A notice to many: counted, agreed to by a second person, each person once, stopped and gone on with")
    func mass() async throws {
        let fixture = try await DeskFixture()
        let gateway = UnreliableGateway()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        for number in 1...7 { _ = try await fixture.addPerson(number) }
        Self.morning(fixture)
        let (one, two) = (Actor(name: "kim", role: .supervisor), Actor(name: "lee", role: .supervisor))
        let asked = try await fixture.desk.massNotices.ask(
            "복구를 시작했습니다.", incident: DeskFixture.incident, states: [.verifying], perMinute: 3, by: one)
        #expect(asked.people == 7)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.massNotices.approve(asked.id, by: one)
        }
        #expect(try await runner.drain().isIdle)
        _ = try await fixture.desk.massNotices.approve(asked.id, by: two)
        #expect(try await runner.drain().sent == 3)
        _ = try await fixture.desk.massNotices.stop(asked.id, by: one)
        fixture.clock.advance(minutes: 5)
        #expect(try await runner.drain().isIdle)
        _ = try await fixture.desk.massNotices.approve(asked.id, by: two)
        for _ in 0..<3 {
            _ = try await runner.drain()
            fixture.clock.advance(minutes: 1)
        }
        #expect(gateway.told.count == 7 && Set(gateway.told.map(\.to)).count == 7)
        let list = try await fixture.desk.massNotices.list(by: one)
        #expect(list.map(\.state) == ["done"])
        #expect((list.first?.queued, list.first?.sent) == (7, 7))
    }

    @Test("Who was queued and not told when a notice to many was stopped is told once when it goes on")
    func massStopped() async throws {
        let fixture = try await DeskFixture()
        let gateway = UnreliableGateway()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        for number in 1...5 { _ = try await fixture.addPerson(number) }
        let (one, two) = (Actor(name: "kim", role: .supervisor), Actor(name: "lee", role: .supervisor))
        // At night it is queued and does not leave.
        fixture.clock.advance(minutes: 120)
        let asked = try await fixture.desk.massNotices.ask(
            "복구를 시작했습니다.", incident: DeskFixture.incident, states: [.verifying], perMinute: 3, by: one)
        _ = try await fixture.desk.massNotices.approve(asked.id, by: two)
        #expect(try await runner.drain().isIdle)
        _ = try await fixture.desk.massNotices.stop(asked.id, by: one)
        Self.morning(fixture)
        #expect(try await runner.drain().dropped == 3)
        #expect(gateway.told.isEmpty)
        let dropped = try await fixture.desk.notices.list(in: .dropped, by: one)
        #expect(dropped.allSatisfy { $0.why.value == "the notice to everyone was stopped" })
        _ = try await fixture.desk.massNotices.approve(asked.id, by: two)
        for _ in 0..<3 {
            _ = try await runner.drain()
            fixture.clock.advance(minutes: 1)
        }
        #expect(gateway.told.count == 5 && Set(gateway.told.map(\.to)).count == 5)
    }

    @Test("Texts: every placeholder is known, no link leaves, and bytes are counted as CP949")
    func texts() async throws {
        _ = try NoticeTemplates.shipped()
        #expect(throws: RedressError.self) { try NoticeTemplates([:]) }
        #expect(try NoticeText("가나다 abc").bytes == 10)
        for link in ["보세요 http://a.b", "www.kdca.go.kr", "bit.ly/x", "ＷＷＷ．ａ．ｋｒ"] {
            #expect(throws: RedressError.self, "\(link)") { try NoticeText(link) }
        }
        _ = try NoticeText("8.16 10:00, 문의 1339. 3.5km. Please call me. No link.")
        #expect(throws: RedressError.self) { try NoticeText(String(repeating: "가", count: 1001)) }
        let fixture = try await DeskFixture()
        let preview = try fixture.desk.notices.preview(
            .restored, .english, ["seat": "Mon 16 Aug 10:00", "receipt": "2021-000417-8"])
        #expect(preview.kind == "long" || preview.bytes <= 90)
    }
}
