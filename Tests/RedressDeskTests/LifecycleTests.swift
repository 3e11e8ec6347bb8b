import Foundation
import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

/// Members of the staff for tests of who may do what.
enum Staff {
    static let agent = Actor(name: "김상담", role: .agent)
    static let supervisor = Actor(name: "이팀장", role: .supervisor)
    static let otherSupervisor = Actor(name: "박팀장", role: .supervisor)
}

@Suite("The life of a case")
struct LifecycleTests {
    private func inReview(_ fixture: DeskFixture, _ number: Int = 1) async throws -> ReceiptNumber {
        try await fixture.addPerson(number, verdict: "contradicted")
    }

    /// Proposes a rejection, looks at similar cases, approves it.
    private func reject(_ fixture: DeskFixture, _ receipt: ReceiptNumber) async throws {
        let reviews = fixture.desk.reviews
        _ = try await reviews.reject(
            receipt, reason: .queueBypassed, sentence: "대기열을 거치지 않았습니다.", by: Staff.agent)
        _ = try await reviews.similar(receipt, by: Staff.supervisor, origin: "test")
        _ = try await reviews.approve(receipt, by: Staff.supervisor)
    }

    @Test("A lost slot that is named anew, or no longer, is stored; any other change leaves it")
    func movedSlot() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await inReview(fixture)
        let first = try await fixture.row(receipt).slot
        let other = Slot(
            site: DeskFixture.slot.site, vaccine: DeskFixture.slot.vaccine, date: DeskFixture.slot.date,
            time: TimeOfDay(minutes: 615))
        #expect(first != nil && first != other)
        for (slot, moves) in [(first, false), (other, true), (other, false), (nil, true), (other, true)] {
            try await fixture.desk.database.write { connection in
                var row = try #require(try CaseStore(connection).find(receipt: receipt))
                if moves { row.slot = slot }
                row.pattern = "slot=\(moves)"
                try CaseStore(connection).update(&row)
                #expect(!row.isSlotMoved)
            }
            let row = try await fixture.row(receipt)
            #expect(row.slot == slot && row.pattern == "slot=\(moves)")
        }
    }

    @Test("A rejection takes a reason, a sentence, a second person, and a look at how similar cases ended")
    func rejection() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await inReview(fixture)
        let reviews = fixture.desk.reviews
        await #expect(throws: RedressError.self) {
            try await reviews.reject(receipt, reason: .bookingStands, sentence: "x", by: Staff.agent)
        }
        let proposed = try await reviews.reject(
            receipt, reason: .queueBypassed, sentence: "대기열을 거치지 않았습니다.", by: Staff.supervisor)
        #expect(proposed.state == "awaiting-approval")
        await #expect(throws: RedressError.self) {
            try await reviews.approve(receipt, by: Staff.supervisor)
        }
        await #expect(throws: RedressError.self) { try await reviews.approve(receipt, by: Staff.agent) }
        await #expect(throws: RedressError.self) {
            try await reviews.approve(receipt, by: Staff.otherSupervisor)
        }
        _ = try await reviews.similar(receipt, by: Staff.otherSupervisor, origin: "test")
        #expect(try await reviews.approve(receipt, by: Staff.otherSupervisor).state == "rejected")
        let notices = try await fixture.desk.notices.list(by: fixture.actor)
        #expect(notices.map(\.event) == ["rejected"])
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }

    @Test("An objection is decided by somebody who has not handled the case, within 10 days on its own clock")
    func objection() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await inReview(fixture)
        try await reject(fixture, receipt)
        fixture.clock.advance(minutes: 60)
        let lifecycle = fixture.desk.lifecycle
        let objected = try await lifecycle.object(
            receipt, heardBy: .call, ground: "저는 기다렸습니다.", by: Staff.agent)
        #expect(objected.state == "objection")
        #expect(try await fixture.row(receipt).clock.days == 10)
        fixture.clock.advance(minutes: 1)
        for handled in [Staff.supervisor, Actor(name: Staff.agent.name, role: .supervisor)] {
            await #expect(throws: RedressError.self) { try await lifecycle.takeUp(receipt, by: handled) }
        }
        #expect(try await fixture.desk.work.next(by: Staff.supervisor) == nil)
        #expect(try await lifecycle.takeUp(receipt, by: Staff.otherSupervisor).state == "in-review")
        _ = try await fixture.desk.reviews.override(
            receipt, sentence: "대기 기록이 확인되었습니다.", by: Staff.otherSupervisor)
        let upheld = try await fixture.desk.reviews.approve(
            receipt, by: Actor(name: "정과장", role: .supervisor))
        #expect(upheld.state == "waitlisted")
        try await fixture.allot(1)
        #expect(try await fixture.desk.restoration.restore(receipt, by: fixture.actor).done == "seated")
    }

    @Test("An objection later than 60 days after the notice is refused")
    func lateObjection() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await inReview(fixture)
        try await reject(fixture, receipt)
        fixture.clock.advance(minutes: 61 * 24 * 60)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.lifecycle.object(receipt, heardBy: .call, ground: "늦음", by: Staff.agent)
        }
    }

    @Test("While the person is asked, the clock stands still, and their answer moves the due date")
    func pause() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await inReview(fixture)
        let before = try await fixture.row(receipt).dueAt
        _ = try await fixture.desk.reviews.ask(receipt, for: "문자 화면을 보내 주세요.", by: Staff.agent)
        fixture.clock.advance(minutes: 30 * 24 * 60)
        let waiting = try await fixture.desk.cases.show(receipt, by: fixture.actor, origin: "test")
        #expect(!waiting.summary.overdue)
        let answered = try await fixture.desk.reviews.answered(receipt, note: "보냈습니다.", by: Staff.agent)
        #expect(answered.state == "in-review")
        let row = try await fixture.row(receipt)
        #expect(row.dueAt > before)
        #expect(row.dueTrace.contains { $0.contains("waiting for what the citizen was asked for") })
    }

    @Test("A stale edit is refused and told what was done since")
    func stale() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await inReview(fixture)
        let seen = try await fixture.row(receipt).version
        _ = try await fixture.desk.notes.add(
            "먼저", isShown: false, to: receipt, version: seen, by: Staff.agent)
        let error = await #expect(throws: RedressError.self) {
            try await fixture.desk.notes.add(
                "나중", isShown: false, to: receipt, version: seen, by: Staff.supervisor)
        }
        #expect(error?.code == .tryAgain)
        #expect(error?.message.contains("김상담 case.note") == true)
        #expect(error?.message.contains("먼저") == false)
    }

    @Test("A second extension needs consent, and there is no third")
    func extensions() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await inReview(fixture)
        let lifecycle = fixture.desk.lifecycle
        _ = try await lifecycle.extend(receipt, reason: "자료 조회", withConsent: false, by: Staff.agent)
        await #expect(throws: RedressError.self) {
            try await lifecycle.extend(receipt, reason: "더", withConsent: false, by: Staff.agent)
        }
        _ = try await lifecycle.extend(receipt, reason: "더", withConsent: true, by: Staff.agent)
        await #expect(throws: RedressError.self) {
            try await lifecycle.extend(receipt, reason: "또", withConsent: true, by: Staff.agent)
        }
        let calendar = WorkingCalendar.korean
        let row = try await fixture.row(receipt)
        #expect(row.dueAt == (try calendar.due(received: row.receivedAt, days: 7, extensions: 2).due))
    }

    @Test("A withdrawal of an offered case gives its seat back and is the person's own words")
    func withdrawal() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        let view = try await fixture.desk.lifecycle.withdraw(
            receipt, heardBy: .call, note: "그냥 두겠습니다.", by: Staff.agent)
        #expect(view.state == "withdrawn")
        let slot = try await fixture.desk.pool.status(incident: DeskFixture.incident, by: fixture.actor).first
        #expect(slot?.held == 0)
        #expect(slot?.reserved == 1)
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }

    @Test("Merged cases are found by both numbers; cases of strangers are not merged")
    func merge() async throws {
        let fixture = try await DeskFixture()
        let first = try await inReview(fixture, 1)
        fixture.clock.advance(minutes: 1)
        let header = Register.register.columns.joined(separator: ",")
        try await fixture.load(
            .register,
            """
            \(header)
            B9,p9,홍길동,010-0000-0001,1967-03-01,C001,moderna,1,2021-08-16,10:00,2021-07-19T21:40:00+09:00,revoked
            """)
        let opened = try await fixture.desk.cases.open(
            booking: "B9", incident: DeskFixture.incident, origin: .dictated, channel: .call,
            by: fixture.actor)
        let second = try ReceiptNumber(opened.case.receipt)
        let merged = try await fixture.desk.lifecycle.merge(second, into: first, by: Staff.agent)
        #expect(merged.receipt == first.description)
        #expect(try await fixture.row(second).receipt == first)
        let related = try await fixture.desk.timelines.related(to: first, by: Staff.agent, origin: "test")
        #expect(related.contains { $0.receipt == second.description && $0.why == ["merged into this case"] })
        try await fixture.load(
            .register,
            """
            \(header)
            B8,p8,김영희,010-8888-0001,1968-05-05,C001,moderna,1,2021-08-16,10:00,2021-07-19T21:41:00+09:00,revoked
            """)
        let other = try await fixture.desk.cases.open(
            booking: "B8", incident: DeskFixture.incident, origin: .dictated, channel: .call,
            by: fixture.actor)
        let stranger = try ReceiptNumber(other.case.receipt)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.lifecycle.merge(stranger, into: first, by: Staff.agent)
        }
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }

    @Test("A holiday declared later lengthens the due date, and the promised date stays")
    func holiday() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await inReview(fixture)
        let before = try await fixture.row(receipt)
        let date = try #require(CivilDate("2021-07-23"))
        #expect(try await fixture.desk.calendars.addHoliday("임시공휴일", on: date, by: fixture.actor) == 1)
        let after = try await fixture.row(receipt)
        #expect(after.dueAt > before.dueAt)
        #expect(after.clock.promisedAt == before.dueAt)
        #expect(after.dueTrace.contains { $0.contains("임시공휴일") })
        #expect(after.clock.calendar != before.clock.calendar)
    }

    @Test("An offer made by phone stands working days in which a holiday declared later counts")
    func offerOverHoliday() async throws {
        func until(_ holiday: CivilDate?) async throws -> String? {
            let fixture = try await DeskFixture()
            try await fixture.allot(1)
            let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
            if let holiday {
                _ = try await fixture.desk.calendars.addHoliday("임시공휴일", on: holiday, by: fixture.actor)
            }
            return try await fixture.desk.restoration.restore(receipt, by: fixture.actor).until.value
        }
        let usual = try #require(try await until(nil).flatMap { Instant($0) })
        let later = try #require(try await until(usual.date).flatMap { Instant($0) })
        #expect(later.date > usual.date)
    }

    @Test("The report of outliers names the case that ended otherwise than those with the same findings")
    func outliers() async throws {
        let fixture = try await DeskFixture()
        let reviews = fixture.desk.reviews
        var receipts: [ReceiptNumber] = []
        for number in 1...4 {
            let receipt = try await inReview(fixture, number)
            receipts.append(receipt)
            try await fixture.desk.database.write { connection in
                guard var row = try CaseStore(connection).find(receipt: receipt) else { return }
                row.pattern = "queue:contradicts"
                try CaseStore(connection).update(&row)
            }
            if number == 3 {
                _ = try await reviews.override(receipt, sentence: "문자 원본을 확인했습니다.", by: Staff.agent)
            } else {
                _ = try await reviews.reject(
                    receipt, reason: .queueBypassed, sentence: "확인되지 않습니다.", by: Staff.agent)
            }
            _ = try await reviews.similar(receipt, by: Staff.supervisor, origin: "test")
            _ = try await reviews.approve(receipt, by: Staff.supervisor)
        }
        let found = try await reviews.outliers(by: Staff.supervisor)
        #expect(found.map(\.pattern) == ["queue:contradicts"])
        #expect(found.first?.receipts == [receipts[2].description])
        #expect(found.first?.usual == "rejected" && found.first?.usualCount == 3)
        await #expect(throws: RedressError.self) { try await reviews.outliers(by: Staff.agent) }
    }

    @Test("The page of case states is drawn from the table")
    func document() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/case-states.md").standardizedFileURL
        #expect(try String(contentsOf: path, encoding: .utf8) == CaseState.document)
    }
}
