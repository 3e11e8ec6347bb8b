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
