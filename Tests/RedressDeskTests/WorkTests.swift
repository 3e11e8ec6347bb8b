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

    @Test("Flipping one byte in any column of any audited row is found, and the row is named")
    func flippedByte() async throws {
        let fixture = try await DeskFixture()
        try await people(2, fixture)
        try await fixture.desk.audit.anchorHead()
        let rows = try await fixture.desk.audit.show(1000, subject: nil, by: fixture.actor)
        #expect(rows.count > 5)
        for row in rows {
            for (number, change) in Self.changes.enumerated() {
                let (statement, before, after) = change(row)
                try await fixture.desk.database.write { try $0.run(statement, after) }
                let report = try await fixture.desk.audit.verify(by: fixture.actor)
                #expect(!report.ok)
                #expect(
                    report.faults.first?.contains("row \(row.seq) ") == true,
                    "row \(row.seq), change \(number): \(report.faults)")
                try await fixture.desk.database.write { try $0.run(statement, before) }
            }
        }
        #expect(try await fixture.desk.audit.verify(by: fixture.actor).ok)
    }

    /// For each column of the audit trail the statement that writes it, what it holds, and that with one bit flipped.
    private static let changes: [@Sendable (AuditRow) -> (SQL, before: [Value], after: [Value])] = [
        { ("UPDATE audit SET actor = $1 WHERE seq = $2", held($0, $0.actor), flipped($0, $0.actor)) },
        { ("UPDATE audit SET action = $1 WHERE seq = $2", held($0, $0.action), flipped($0, $0.action)) },
        { ("UPDATE audit SET subject = $1 WHERE seq = $2", held($0, $0.subject), flipped($0, $0.subject)) },
        { ("UPDATE audit SET detail = $1 WHERE seq = $2", held($0, $0.detail), flipped($0, $0.detail)) },
        {
            ("UPDATE audit SET previous = $1 WHERE seq = $2", held($0, $0.previous), flipped($0, $0.previous))
        },
        { ("UPDATE audit SET hash = $1 WHERE seq = $2", held($0, $0.hash), flipped($0, $0.hash)) },
        { row in
            let at = row.at.milliseconds
            return ("UPDATE audit SET at = $1 WHERE seq = $2", held(row, at), held(row, at ^ 1))
        },
    ]

    private static func held(_ row: AuditRow, _ value: some Storable) -> [Value] {
        [value.stored, row.seq.stored]
    }

    private static func flipped(_ row: AuditRow, _ text: String) -> [Value] {
        // In a letter of one byte, so that the text stays one that an engine takes.
        var letters = Array(text.unicodeScalars)
        guard let place = letters.lastIndex(where: { $0.isASCII }),
            let other = Unicode.Scalar(letters[place].value ^ 1)
        else { return held(row, text + "x") }
        letters[place] = other
        var changed = String.UnicodeScalarView()
        changed.append(contentsOf: letters)
        return held(row, String(changed))
    }

    private static func flipped(_ row: AuditRow, _ bytes: [UInt8]) -> [Value] {
        var bytes = bytes
        bytes[Int(row.seq) % bytes.count] ^= 1
        return held(row, bytes)
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
