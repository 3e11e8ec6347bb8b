import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("The papers of a case")
struct PaperTests {
    private static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", Array(repeating: 0, count: 13))
        + chunk("tEXt", Array("Author\u{0}secret".utf8)) + chunk("IDAT", [1, 2, 3]) + chunk("IEND", [])

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        [0, 0, 0, UInt8(data.count)] + Array(type.utf8) + data + [0, 0, 0, 0]
    }

    @Test("A picture keeps what it is drawn from and loses what its maker added")
    func stripped() throws {
        let png = try AttachmentBytes(Self.png)
        #expect(png.kind == .png)
        #expect(!String(decoding: png.bytes, as: UTF8.self).contains("secret"))
        #expect(String(decoding: png.bytes, as: UTF8.self).contains("IDAT"))
        let jpeg: [UInt8] =
            [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2] + [0xFF, 0xE1, 0, 8] + Array("secret".utf8)
            + [0xFF, 0xDA, 0, 2, 9, 9, 0xFF, 0xD9]
        let kept = try AttachmentBytes(jpeg)
        #expect(kept.kind == .jpeg)
        #expect(
            kept.bytes == [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xDA, 0, 2, 9, 9, 0xFF, 0xD9])
        let pdf = Array("%PDF-1.4 /Author (secret) /Pages 1".utf8)
        let blanked = try AttachmentBytes(pdf)
        #expect(blanked.bytes.count == pdf.count)
        #expect(String(decoding: blanked.bytes, as: UTF8.self) == "%PDF-1.4 /Author (      ) /Pages 1")
    }

    @Test("What is no picture and no PDF, is too large or cut off is refused, whatever it is called")
    func refused() {
        for bytes in [
            Array("<svg onload=alert(1)>".utf8), [], Array(Self.png.dropLast(12)), [0xFF, 0xD8, 0xFF, 0xE1],
            Self.png + Array(repeating: 0, count: AttachmentBytes.largest),
        ] {
            #expect(throws: RedressError.self) { try AttachmentBytes(bytes) }
        }
    }

    @Test("An attachment is kept sealed and comes back only for a reason that is recorded")
    func attachment() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        let added = try await fixture.desk.attachments.add(
            Self.png, name: "문자.png", to: receipt, by: Staff.agent)
        let file = try await fixture.desk.attachments.download(
            added.id, reason: "문자 확인", by: Staff.agent, origin: "test")
        #expect(file.bytes == (try AttachmentBytes(Self.png).bytes))
        #expect(file.view.name == "문자.png")
        let looks = try await fixture.desk.accesses.looks(
            at: receipt.description, limit: 10, by: fixture.actor)
        #expect(looks.contains { $0.what == "download" && $0.reason == "문자 확인" })
    }

    @Test("The decision document gives decision, reason, sentence and where to turn, and nothing as markup")
    func document() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1, verdict: "contradicted")
        let decisions = fixture.desk.decisions
        await #expect(throws: RedressError.self) {
            try await decisions.document(of: receipt, largePrint: false, by: Staff.agent, origin: "test")
        }
        _ = try await fixture.desk.reviews.findNotAffected(
            receipt, reason: .bookingStands, sentence: "예약 <b>유효</b>", by: Staff.agent)
        let html = try await decisions.document(
            of: receipt, largePrint: true, by: Staff.agent, origin: "test")
        #expect(html.contains("처리결과 통지서"))
        #expect(html.contains(ReasonCode.bookingStands.korean))
        #expect(html.contains("예약 &lt;b&gt;유효&lt;/b&gt;"))
        #expect(html.contains("2021-09-18까지 이의신청"))
        #expect(html.contains("22pt"))
    }

    @Test("A purge forgets only people whose cases closed before the day, and the audit trail still verifies")
    func purge() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let closed = try await fixture.addPerson(1)
        _ = try await fixture.addPerson(2)
        _ = try await fixture.desk.restoration.restore(closed, by: fixture.actor)
        _ = try await fixture.desk.lifecycle.close(closed, by: Staff.agent)
        let purges = fixture.desk.purges
        let today = fixture.clock.now.date
        #expect(try await purges.run(closedBefore: today, apply: true, by: fixture.actor).people == 0)
        let tomorrow = today.adding(days: 1)
        let preview = try await purges.run(closedBefore: tomorrow, apply: false, by: fixture.actor)
        #expect(preview.people == 1)
        #expect(!preview.isDone)
        #expect(try await purges.run(closedBefore: tomorrow, apply: true, by: fixture.actor).people == 1)
        let lookups = fixture.desk.lookups
        #expect(try await lookups.phone("010-0000-0001", by: Staff.agent, origin: "test").people.isEmpty)
        #expect(try await lookups.phone("010-0000-0002", by: Staff.agent, origin: "test").people.count == 1)
        let found = try await lookups.find(
            .receipt(closed.description), by: Staff.agent, origin: "test")
        #expect(found.people.first?.name.value == nil)
        #expect(try await fixture.desk.audit.verify(by: fixture.actor).ok)
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }

    @Test("A purge empties every sentence about the person, with or without a case, and keys still rotate")
    func purgedSentences() async throws {
        let fixture = try await DeskFixture()
        let (desk, keys) = (fixture.desk, fixture.desk.keys)
        let receipt = try await fixture.addPerson(1, verdict: "contradicted")
        _ = try await desk.reviews.reject(
            receipt, reason: .queueBypassed, sentence: "기록으로 확인되지 않습니다.", by: Staff.agent)
        _ = try await desk.reviews.similar(receipt, by: Staff.supervisor, origin: "test")
        _ = try await desk.reviews.approve(receipt, by: Staff.supervisor)
        let draft = try await desk.contacts.begin(channel: .call, number: "010-0000-0001", by: Staff.agent)
        try await desk.database.write { connection in
            guard var row = try ContactStore(connection).find(draft.id) else { return }
            row.who = PersonKey(incident: DeskFixture.incident, person: "p1")
            row.noteSealed = try keys.seal("통화 메모", for: "contact.note/\(row.id)")
            try ContactStore(connection).save(&row)
        }
        fixture.clock.advance(minutes: 70 * 24 * 60)
        _ = try await desk.lifecycle.close(receipt, by: Staff.agent)
        fixture.clock.advance(minutes: 2 * 24 * 60)
        let today = fixture.clock.now.date
        #expect(try await desk.purges.run(closedBefore: today, apply: true, by: fixture.actor).people == 1)
        let id = try await fixture.row(receipt).id
        let sentences = try await desk.database.read { connection in
            try DecisionStore(connection).decisions(of: id).map {
                try keys.open($0.sentenceSealed, for: "decision.sentence/\($0.id)")
            }
        }
        #expect(sentences == [""])
        let contact = try await desk.contacts.show(draft.id, by: Staff.agent, origin: "test")
        #expect(contact.note.value == nil && contact.number.value == nil)
        _ = try await desk.keyring.rotate(forgetting: true, by: fixture.actor)
        #expect(try await desk.audit.verify(by: fixture.actor).ok)
        #expect(try await desk.check.run(by: fixture.actor).violations == [])
    }
}
