import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("Who is calling, and what was promised")
struct ContactTests {
    @Test("A draft outlives a broken line, is called again, and the same call begins once")
    func drafts() async throws {
        let fixture = try await DeskFixture()
        let contacts = fixture.desk.contacts
        let begun = try await contacts.begin(
            channel: .call, callID: "cti-1", number: "010-0000-0001", by: Staff.agent)
        #expect(try await contacts.begin(channel: .call, callID: "cti-1", by: Staff.agent).id == begun.id)
        #expect(begun.number.value == "010-****-0001")
        var edit = ContactEdit()
        edit.note = "예약이 사라졌다고"
        _ = try await contacts.save(begun.id, edit, by: Staff.agent)
        let dropped = try await contacts.end(begun.id, as: .dropped, by: Staff.agent)
        #expect(dropped.label == "끊긴 통화 – 다시 걸기")
        #expect(dropped.note.value == "예약이 사라졌다고")
        #expect(try await contacts.unfinished(by: Staff.agent).map(\.id) == [begun.id])
        _ = try await contacts.calledBack(begun.id, by: Staff.agent)
        #expect(try await contacts.unfinished(by: Staff.agent).isEmpty)
    }

    @Test("Name, birth date and one fact verify a caller; one of them wrong verifies nobody")
    func verification() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        let contact = try await fixture.desk.contacts.begin(channel: .call, by: Staff.agent)
        let born = try #require(CivilDate("1967-03-01"))
        let wrongBorn = try #require(CivilDate("1967-03-02"))
        for stated in [
            StatedFacts(name: "홍길순", birthDate: born, bookingFacts: ["2021-08-16"]),
            StatedFacts(name: "홍길동", birthDate: wrongBorn, bookingFacts: ["2021-08-16"]),
            StatedFacts(name: "홍길동", birthDate: born, bookingFacts: ["2021-08-17"]),
        ] {
            let fits = try await fixture.desk.contacts.verify(
                contact.id, as: receipt, stated, by: Staff.agent, origin: "test")
            #expect(fits["verified"] == false)
        }
        #expect(
            try await fixture.desk.contacts.show(contact.id, by: Staff.agent, origin: "test").verified
                == "none")
        let fits = try await fixture.desk.contacts.verify(
            contact.id, as: receipt,
            StatedFacts(name: "Hong Gildong", birthDate: born, bookingFacts: ["강남관광정보센터"]),
            by: Staff.agent, origin: "test")
        #expect(fits["verified"] == true)
    }

    @Test("What was promised stands on top when the person is looked up, until it was kept")
    func promise() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        let contact = try await fixture.desk.contacts.begin(channel: .call, by: Staff.agent)
        var edit = ContactEdit()
        edit.receipt = receipt
        edit.promise = "내일 오전 전화"
        edit.callBackAt = fixture.clock.now.adding(minutes: 60)
        _ = try await fixture.desk.contacts.end(contact.id, as: .request, edit, by: Staff.agent)
        let query = LookupQuery.receipt(receipt.description)
        var found = try await fixture.desk.lookups.find(query, by: Staff.agent, origin: "test")
        #expect(found.people.first?.promise.value == "내일 오전 전화")
        #expect(try await fixture.desk.contacts.callBacks(by: Staff.agent).map(\.id) == [contact.id])
        _ = try await fixture.desk.contacts.calledBack(contact.id, by: Staff.agent)
        found = try await fixture.desk.lookups.find(query, by: Staff.agent, origin: "test")
        #expect(found.people.first?.promise.value == nil)
    }

    @Test("A changed number takes two facts and two people, and nothing can be withdrawn on it for 24 hours")
    func changedNumber() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        let reach = fixture.desk.reach
        await #expect(throws: RedressError.self) {
            try await reach.askNumber(
                "010-7777-8888", for: receipt, facts: ["C001", "강남관광정보센터"], by: Staff.agent)
        }
        _ = try await reach.askNumber(
            "010-7777-8888", for: receipt, facts: ["C001", "2021-08-16"], by: Staff.agent)
        await #expect(throws: RedressError.self) {
            try await reach.approveNumber(for: receipt, by: Staff.agent)
        }
        _ = try await reach.approveNumber(for: receipt, by: Staff.supervisor)
        let lookups = fixture.desk.lookups
        #expect(try await lookups.phone("010-7777-8888", by: Staff.agent, origin: "test").people.count == 1)
        #expect(try await lookups.phone("010-0000-0001", by: Staff.agent, origin: "test").people.isEmpty)
        #expect(try await fixture.desk.notices.list(by: fixture.actor).map(\.event) == ["number-changed"])
        await #expect(throws: RedressError.self) {
            try await fixture.desk.lifecycle.withdraw(receipt, heardBy: .call, note: "취하", by: Staff.agent)
        }
        fixture.clock.advance(minutes: 24 * 60)
        let view = try await fixture.desk.lifecycle.withdraw(
            receipt, heardBy: .call, note: "취하", by: Staff.agent)
        #expect(view.state == "withdrawn")
    }

    @Test("A son is found by his own number while his mandate holds, and not after")
    func representative() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        let until = fixture.clock.now.date.adding(days: 2)
        _ = try await fixture.desk.reach.addRepresentative(
            NewRepresentative(
                name: "홍아들", phone: "010-5555-6666", relation: "아들", scope: .accept, proof: .threeWayCall,
                noticesTo: .both, until: until), for: receipt, by: Staff.agent)
        let lookups = fixture.desk.lookups
        #expect(
            try await lookups.phone("010 5555 6666", by: Staff.agent, origin: "test").people.map(\.person)
                == ["p1"])
        fixture.clock.advance(minutes: 3 * 24 * 60)
        #expect(try await lookups.phone("010 5555 6666", by: Staff.agent, origin: "test").people.isEmpty)
    }

    private static func mandate(
        _ scope: RepresentativeScope, for receipt: ReceiptNumber, _ fixture: DeskFixture
    ) async throws -> String {
        let new = NewRepresentative(
            name: "홍아들", phone: "010-5555-6666", relation: "아들", scope: scope, proof: .code, noticesTo: .both,
            until: fixture.clock.now.date.adding(days: 9))
        return try await fixture.desk.reach.addRepresentative(new, for: receipt, by: Staff.agent).id
    }

    @Test("A representative accepts only where the mandate reaches that far, and never gives anything up")
    func representativesWord() async throws {
        let fixture = try await DeskFixture()
        let desk = fixture.desk
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await desk.restoration.restore(receipt, by: fixture.actor)
        let (ask, accept) = (
            try await Self.mandate(.ask, for: receipt, fixture),
            try await Self.mandate(.accept, for: receipt, fixture)
        )
        func refusal(
            _ body: @Sendable () async throws -> Void
        ) async -> RedressError.Code? {
            do {
                try await body()
                return nil
            } catch { return (error as? RedressError)?.code }
        }
        for id in [ask, accept] {
            let word = HeardWord(.call, mandate: id)
            let declined = await refusal {
                _ = try await desk.restoration.decline(receipt, word, by: Staff.agent)
            }
            let vacated = await refusal {
                _ = try await desk.restoration.vacate(receipt, word, by: Staff.agent)
            }
            let withdrawn = await refusal {
                _ = try await desk.lifecycle.withdraw(
                    receipt, heardBy: .call, note: "취하", mandate: id, by: Staff.agent)
            }
            #expect([declined, vacated, withdrawn] == [.notAllowed, .notAllowed, .notAllowed])
        }
        for (id, code) in [(ask, RedressError.Code.notAllowed), ("nobody", .refused)] {
            let accepted = await refusal {
                _ = try await desk.restoration.accept(
                    receipt, HeardWord(.call, mandate: id), by: Staff.agent)
            }
            #expect(accepted == code)
        }
        try await desk.reach.endRepresentative(accept, for: receipt, by: Staff.agent)
        let ended = await refusal {
            _ = try await desk.restoration.accept(
                receipt, HeardWord(.call, mandate: accept), by: Staff.agent)
        }
        #expect(ended == .refused)
        let again = try await Self.mandate(.accept, for: receipt, fixture)
        let outcome = try await desk.restoration.accept(
            receipt, HeardWord(.call, mandate: again), by: Staff.agent)
        #expect(outcome.done == "seated")
        let looks = try await desk.database.read { connection in
            try connection.count(
                "SELECT count(*) FROM access_log WHERE what = 'representative' AND reason LIKE $1",
                ["accepted by mandate \(again)".stored])
        }
        #expect(looks == 1, "the access log names both")
    }

    @Test("Nothing is given up on the word of a number changed a day ago or less")
    func newNumberDeclinesNothing() async throws {
        let fixture = try await DeskFixture()
        let (desk, reach) = (fixture.desk, fixture.desk.reach)
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await desk.restoration.restore(receipt, by: fixture.actor)
        _ = try await reach.askNumber(
            "010-7777-8888", for: receipt, facts: ["C001", "2021-08-16"], by: Staff.agent)
        _ = try await reach.approveNumber(for: receipt, by: Staff.supervisor)
        await #expect(throws: RedressError.self) {
            try await desk.restoration.decline(receipt, HeardWord(.call), by: Staff.agent)
        }
        #expect(try await fixture.row(receipt).state == .offered)
        fixture.clock.advance(minutes: 24 * 60)
        #expect(
            try await desk.restoration.decline(receipt, HeardWord(.call), by: Staff.agent).done == "declined")
    }

    @Test("What two people edit at once is lost by neither: a stale edit is refused with what changed")
    func staleEdits() async throws {
        let fixture = try await DeskFixture()
        let (desk, contacts) = (fixture.desk, fixture.desk.contacts)
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        let other = try await fixture.addPerson(2)
        let draft = try await contacts.begin(channel: .call, by: Staff.agent)
        var edit = ContactEdit()
        edit.note = "먼저 적은 메모"
        edit.version = draft.version
        let saved = try await contacts.save(draft.id, edit, by: Staff.agent)
        #expect(saved.version == draft.version + 1)
        edit.note = "나중 메모"
        let stale = await #expect(throws: RedressError.self) {
            try await contacts.end(draft.id, as: .progress, edit, by: Staff.supervisor)
        }
        #expect(stale?.code == .tryAgain && stale?.details["version"] == "\(saved.version)")
        let kept = try await contacts.show(draft.id, by: Staff.agent, origin: "test")
        #expect(kept.note.value == "먼저 적은 메모" && kept.state == "draft")

        let seen = try await fixture.row(receipt).version
        _ = try await desk.restoration.restore(receipt, version: seen, by: fixture.actor)
        let edits: [@Sendable () async throws -> Void] = [
            { _ = try await desk.restoration.restore(receipt, version: seen, by: fixture.actor) },
            {
                _ = try await desk.restoration.accept(
                    receipt, HeardWord(.call, version: seen), by: Staff.agent)
            },
            {
                _ = try await desk.restoration.decline(
                    receipt, HeardWord(.call, version: seen), by: Staff.agent)
            },
            {
                _ = try await desk.lifecycle.link(
                    receipt, with: other, reason: "부부", version: seen, by: Staff.agent)
            },
            { try await desk.reach.prefer(.letter, for: receipt, version: seen, by: Staff.agent) },
        ]
        for edit in edits {
            let error = await #expect(throws: RedressError.self) { try await edit() }
            #expect(error?.code == .tryAgain && error?.details["changes"]?.contains("offer.make") == true)
        }
    }

    @Test("Who asked for a call is called out, and being told sends the notice")
    func callOut() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(2)
        let receipt = try await fixture.addPerson(1)
        _ = try await fixture.addPerson(2)
        try await fixture.desk.reach.prefer(.call, for: receipt, by: Staff.agent)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        let tasks = try await fixture.desk.reach.callOuts(by: Staff.agent)
        #expect(tasks.map(\.reason) == ["call"])
        let notice = try #require(tasks.first?.notice)
        try await fixture.desk.reach.endCallOut(notice, told: true, by: Staff.agent)
        #expect(try await fixture.desk.reach.callOuts(by: Staff.agent).isEmpty)
        #expect(try await fixture.desk.notices.list(by: fixture.actor).map(\.state) == ["sent"])
    }
}
