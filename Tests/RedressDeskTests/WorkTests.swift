import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("Who works on what")
struct WorkTests {
    private func people(_ count: Int, _ fixture: DeskFixture) async throws {
        var rows = [Register.register.columns.joined(separator: ",")]
        for number in 1...count {
            let digits = String(10_000 + number).dropFirst()
            rows.append(
                "B\(number),p\(number),홍길동,0100000\(digits),1967-03-01,C001,moderna,1,2021-08-16,10:00,"
                    + "2021-07-19T20:40:00+09:00,revoked")
        }
        try await fixture.load(.register, rows.joined(separator: "\n"))
        for number in 1...count {
            _ = try await fixture.desk.cases.open(
                booking: "B\(number)", incident: DeskFixture.incident, origin: .dictated, channel: .call,
                by: fixture.actor)
        }
    }

    @Test("Two hundred racing takers of the next case get two hundred different cases")
    func race() async throws {
        let fixture = try await DeskFixture()
        try await people(200, fixture)
        let taken = try await withThrowingTaskGroup(of: String?.self) { group in
            for number in 1...200 {
                group.addTask {
                    try await fixture.desk.work.next(by: Actor(name: "agent\(number)", role: .agent))?.receipt
                }
            }
            var taken: [String] = []
            for try await receipt in group { if let receipt { taken.append(receipt) } }
            return taken
        }
        #expect(taken.count == 200)
        #expect(Set(taken).count == 200)
        #expect(try await fixture.desk.work.next(by: fixture.actor) == nil)
    }

    @Test(
        "A bulk act shows a preview first, is done whole with its digest, and is refused when a case changed")
    func bulk() async throws {
        let fixture = try await DeskFixture()
        try await people(3, fixture)
        let receipts = try await fixture.desk.work.list(.unassigned, by: fixture.actor)
            .map { try ReceiptNumber($0.receipt) }
        let act = BulkAct.note("일괄 안내", isShown: true)
        let preview = try await fixture.desk.work.bulk(act, receipts, by: Staff.supervisor)
        #expect(!preview.isDone)
        #expect(preview.receipts.count == 3)
        let first = try #require(receipts.first)
        _ = try await fixture.desk.notes.add("끼어들기", isShown: false, to: first, by: Staff.agent)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.work.bulk(act, receipts, confirm: preview.digest, by: Staff.supervisor)
        }
        let fresh = try await fixture.desk.work.bulk(act, receipts, by: Staff.supervisor)
        let done = try await fixture.desk.work.bulk(
            act, receipts, confirm: fresh.digest, by: Staff.supervisor)
        #expect(done.isDone)
        let entries = try await fixture.desk.timelines.timeline(
            of: first, forCitizen: true, by: Staff.agent, origin: "test")
        #expect(entries.filter { $0.kind == "note" }.map(\.text) == ["일괄 안내"])
        #expect(entries.allSatisfy { $0.actor.isEmpty })
        await #expect(throws: RedressError.self) {
            try await fixture.desk.work.bulk(act, receipts, by: Staff.agent)
        }
    }

    @Test("A case is escalated before it is late, once, and is overdue only after")
    func escalation() async throws {
        let fixture = try await DeskFixture()
        try await people(1, fixture)
        #expect(try await fixture.desk.work.escalate(by: .system).isEmpty)
        fixture.clock.advance(minutes: 7 * 24 * 60)
        let escalated = try await fixture.desk.work.escalate(by: .system)
        #expect(escalated.count == 1)
        #expect(escalated.first?.overdue == false)
        #expect(try await fixture.desk.work.list(.overdue, by: fixture.actor).isEmpty)
        #expect(try await fixture.desk.work.escalate(by: .system).isEmpty)
        fixture.clock.advance(minutes: 2 * 24 * 60)
        #expect(try await fixture.desk.work.list(.overdue, by: fixture.actor).count == 1)
    }

    @Test("Flipping one byte of any audited row is found, and the row is named")
    func flippedByte() async throws {
        for column in ["actor", "action", "subject", "detail"] {
            let fixture = try await DeskFixture()
            try await people(2, fixture)
            let seq = try await fixture.desk.database.write { connection in
                let seq = try connection.count("SELECT max(seq) - 1 FROM audit")
                let text = "x"
                switch column {
                case "actor":
                    try connection.run(
                        "UPDATE audit SET actor = $1 || substr(actor, 2) WHERE seq = $2",
                        [text.stored, seq.stored])
                case "action":
                    try connection.run(
                        "UPDATE audit SET action = $1 || substr(action, 2) WHERE seq = $2",
                        [text.stored, seq.stored])
                case "subject":
                    try connection.run(
                        "UPDATE audit SET subject = $1 || substr(subject, 2) WHERE seq = $2",
                        [text.stored, seq.stored])
                default:
                    try connection.run(
                        "UPDATE audit SET detail = $1 || substr(detail, 2) WHERE seq = $2",
                        [text.stored, seq.stored])
                }
                return seq
            }
            let report = try await fixture.desk.audit.verify(by: fixture.actor)
            #expect(!report.ok)
            #expect(report.faults.first?.contains("row \(seq) ") == true, "\(column): \(report.faults)")
        }
    }

    @Test("The sample of a week is the same for the same seed")
    func sample() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(3)
        for number in 1...3 {
            let receipt = try await fixture.addPerson(number)
            _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        }
        let week = Week(containing: fixture.clock.now)
        let picked = try await fixture.desk.audit.sample(week, seed: 7, count: 2, by: fixture.actor)
        #expect(picked.count == 2)
        #expect(try await fixture.desk.audit.sample(week, seed: 7, count: 2, by: fixture.actor) == picked)
        #expect(
            try await fixture.desk.audit.sample(week.previous, seed: 7, count: 2, by: fixture.actor) == [])
    }
}
