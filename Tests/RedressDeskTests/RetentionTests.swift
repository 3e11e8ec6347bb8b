import Foundation
import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("How long people are kept")
struct RetentionTests {
    private static let yearsLater = 3 * 365 * 24 * 60

    /// Closes a case as it would be: restored, told, closed.
    private func close(_ receipt: ReceiptNumber, _ fixture: DeskFixture) async throws {
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        _ = try await fixture.desk.lifecycle.close(receipt, by: Staff.agent)
    }

    @Test("A call of somebody nobody ever knew is forgotten by its age; what an open case needs stays")
    func contacts() async throws {
        let fixture = try await DeskFixture()
        let desk = fixture.desk
        let open = try await fixture.addPerson(1)
        let unknown = try await desk.contacts.begin(channel: .call, number: "010-9999-8888", by: Staff.agent)
        let known = try await desk.contacts.begin(channel: .call, number: "010-0000-0001", by: Staff.agent)
        let id = try await fixture.row(open).id
        try await desk.database.write { connection in
            guard var row = try ContactStore(connection).find(known.id) else { return }
            row.caseID = id
            try ContactStore(connection).save(&row)
        }
        fixture.clock.advance(minutes: Self.yearsLater)
        let recent = try await desk.contacts.begin(channel: .call, number: "010-7777-6666", by: Staff.agent)
        let before = fixture.clock.now.date.adding(days: -365)
        let report = try await desk.purges.run(closedBefore: before, apply: true, by: fixture.actor)
        #expect((report.people, report.contacts) == (0, 1))
        for (contact, isKept) in [(unknown, false), (known, true), (recent, true)] {
            let row = try await desk.database.read { try ContactStore($0).find(contact.id) }
            #expect((row?.numberSealed != nil) == isKept)
            #expect((row?.numberIndex != nil) == isKept)
        }
        let again = try await desk.purges.run(closedBefore: before, apply: true, by: fixture.actor)
        #expect(again.contacts == 0)
        let rows = try await desk.audit.show(20, subject: "installation", by: fixture.actor)
        #expect(rows.count { $0.action == "contact.purge" } == 1)
        #expect(try await desk.audit.verify(by: fixture.actor).ok)
    }

    @Test(
        "People of a register or a revocation list who never had a case go when their incident is long over")
    func withoutCase() async throws {
        let fixture = try await DeskFixture()
        let desk = fixture.desk
        try await fixture.load(
            .register,
            Register.register.columns.joined(separator: ",")
                + "\nB7,p7,홍길동,01000000007,1967-03-01,C001,moderna,1,2021-08-16,10:00,2021-07-19T20:40:00+09:00,confirmed"
        )
        try await desk.database.write { connection in
            try connection.run(
                """
                INSERT INTO revocation (incident, booking, person, phone_sealed, revoked_at, batch, reason,
                    text_sealed, file, line, byte_offset)
                VALUES ($1, 'B8', 'p8', $2, 0, '1', 'test', $3, 'f', 1, 0)
                """,
                [
                    DeskFixture.incident.stored, try desk.keys.seal("01000000008", for: "x").stored,
                    try desk.keys.seal("문자", for: "y").stored,
                ])
        }
        let inTime = try await desk.purges.run(
            closedBefore: CivilDate(daysSinceEpoch: 18_827), apply: true, by: fixture.actor)
        #expect(inTime.people == 0)
        fixture.clock.advance(minutes: Self.yearsLater)
        let today = fixture.clock.now.date
        #expect(try await desk.purges.run(closedBefore: today, apply: true, by: fixture.actor).people == 2)
        #expect(
            try await desk.lookups.phone("010-0000-0007", by: Staff.agent, origin: "test").people.isEmpty)
        let left = try await desk.database.read { connection in
            try connection.count(
                "SELECT count(*) FROM revocation WHERE phone_sealed IS NOT NULL OR text_sealed IS NOT NULL")
        }
        #expect(left == 0)
    }

    @Test(
        "Nobody is forgotten by itself until a period of a year or more is set; then who is due, and no other"
    )
    func byItself() async throws {
        let fixture = try await DeskFixture()
        let desk = fixture.desk
        try await fixture.allot(2)
        try await close(try await fixture.addPerson(1), fixture)
        fixture.clock.advance(minutes: 400 * 24 * 60)
        #expect(try await desk.purges.runDue(noticeFile: nil) == nil)
        for days in [0, 364, -1, 100_000] {
            await #expect(throws: RedressError.self) {
                try await desk.purges.keep(days: days, by: fixture.actor)
            }
        }
        await #expect(throws: RedressError.self) {
            try await desk.purges.keep(days: 365, by: Staff.supervisor)
        }
        #expect(try await desk.purges.keep(days: 500, by: fixture.actor).days.value == 500)
        #expect(try await desk.purges.runDue(noticeFile: nil)?.people == 0)
        _ = try await desk.purges.keep(days: 365, by: fixture.actor)
        #expect(try await desk.purges.runDue(noticeFile: nil)?.people == 1)
        _ = try await desk.purges.keep(days: nil, by: fixture.actor)
        #expect(try await desk.purges.runDue(noticeFile: nil) == nil)
        let rows = try await desk.audit.show(50, subject: "installation", by: fixture.actor)
        #expect(rows.count { $0.action == "retention.set" } == 3)
        #expect(rows.first { $0.action == "person.purge" }?.actor == "system")
        #expect(try await desk.check.run(by: fixture.actor).violations == [])
    }

    @Test(
        "Old lines of the file of notices are taken out of it, also under a writer that has it open"
    )
    func noticeFile() async throws {
        let fixture = try await DeskFixture()
        let path = fixture.folder.file("notices.jsonl")
        let gateway = FileNoticeGateway(path: path)
        let old = Identifier.make(at: fixture.clock.now)
        func notice(_ id: String) throws -> OutgoingNotice {
            OutgoingNotice(
                id: id, to: "01012345678", sender: "1339", text: try NoticeText("홍길동 님의 예약이 복구되었습니다."))
        }
        _ = try await gateway.send(try notice(old))
        fixture.clock.advance(minutes: Self.yearsLater)
        let new = Identifier.make(at: fixture.clock.now)
        _ = try await gateway.send(try notice(new))
        let report = try await fixture.desk.purges.run(
            closedBefore: fixture.clock.now.date, apply: true, noticeFile: path, by: fixture.actor)
        #expect(report.lines == 1)
        // Who had the file open, and who opens it afresh: neither writes the newer id again.
        _ = try await gateway.send(try notice(new))
        _ = try await FileNoticeGateway(path: path).send(try notice(new))
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1)
        #expect(lines[0].contains(new) && lines[0].contains("01012345678"))
        let again = try await fixture.desk.purges.run(
            closedBefore: fixture.clock.now.date, apply: true, noticeFile: path, by: fixture.actor)
        #expect(again.lines == 0)
    }
}
