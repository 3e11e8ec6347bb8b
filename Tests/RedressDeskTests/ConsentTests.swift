/// Nobody is moved unasked, nobody's seat is taken by silence, and no one decides about their own.
import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("Consent and fairness")
struct ConsentTests {
    @Test("Within 24 hours of the slot only a yes heard in a live call moves anyone")
    func liveCallOnly() async throws {
        let fixture = try await DeskFixture()
        var policy = PoolPolicy.standard
        (policy.cutoffDays, policy.cutoffMinutes) = (0, 0)
        policy.cutoffMinutes = 10 * 60
        try await fixture.desk.pool.setPolicy(policy, incident: DeskFixture.incident, by: fixture.actor)
        fixture.clock.now = DeskFixture.slot.start.adding(minutes: -60 * 23)
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.restoration.accept(
                receipt, HeardWord(.text), by: fixture.actor)
        }
        #expect(try await fixture.bookings(1)["L1"] == "confirmed")
        let moved = try await fixture.desk.restoration.accept(
            receipt, HeardWord(.call), by: fixture.actor)
        #expect(moved.done == "seated")
        try await fixture.expectSound()
    }

    @Test(
        "An offer read out in a call lapses after two working days: the seat goes back, the entitlement stays"
    )
    func lapse() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        let offer = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        #expect(offer.until.value == "2021-07-22T23:59:59+09:00")
        let calls = try await fixture.desk.offers.calls(DeskFixture.incident, by: fixture.actor)
        #expect(calls.map(\.dueAt) == ["2021-07-22T09:00:00+09:00"])
        fixture.clock.now = try #require(Instant("2021-07-22T23:59:59+09:00"))
        await #expect(throws: RedressError.self) {
            try await fixture.desk.restoration.accept(receipt, HeardWord(.call), by: fixture.actor)
        }
        #expect(try await fixture.row(receipt).state == .inReview)
        #expect(try await fixture.status().first?.reserved == 1)
        let open = try await fixture.desk.offers.calls(DeskFixture.incident, by: fixture.actor)
        #expect(open.isEmpty)
        let again = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        #expect(again.done == "offered")
        try await fixture.expectSound()
    }

    @Test("An offer nobody can show was delivered does not run out; its days begin with the receipt")
    func runsFromDelivery() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        _ = try await fixture.desk.plans.apply(plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        fixture.clock.advance(minutes: 10 * 24 * 60)
        try await fixture.desk.pool.sweep()
        #expect(try await fixture.row(receipt).state == .offered)
        // 30 July is a Friday: two working days end on Tuesday.
        let told = try await fixture.desk.offers.delivered(receipt, by: fixture.actor)
        #expect(told.until.value == "2021-08-03T23:59:59+09:00")
        let again = try await fixture.desk.offers.delivered(receipt, by: fixture.actor)
        #expect(again.until.value == told.until.value)
        fixture.clock.now = try #require(Instant("2021-08-04T00:00:00+09:00"))
        try await fixture.desk.pool.sweep()
        #expect(try await fixture.row(receipt).state == .inReview)
        try await fixture.expectSound()
    }

    @Test("Whoever says no keeps what they hold and is not asked about that slot again")
    func declineIsHeard() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let first = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        let second = try await fixture.addPerson(2)
        _ = try await fixture.desk.restoration.restore(first, by: fixture.actor)
        _ = try await fixture.desk.restoration.decline(
            first, HeardWord(.call), by: fixture.actor)
        #expect(try await fixture.bookings(1)["L1"] == "confirmed")
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        #expect(plan.seats.map(\.receipt) == [second.description])
        #expect(plan.unmet.map(\.reason) == ["declined"])
        #expect(try await fixture.desk.restoration.restore(second, by: fixture.actor).done == "seated")
        try await fixture.expectSound()
    }

    @Test("A move can be taken back for 30 minutes: the later booking stands again and the seat is free")
    func undo() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        _ = try await fixture.desk.restoration.accept(
            receipt, HeardWord(.call), by: fixture.actor)
        fixture.clock.advance(minutes: 29)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.restoration.undo(
                receipt, HeardWord(.call), by: Actor(name: "park", role: .agent))
        }
        let undone = try await fixture.desk.restoration.undo(
            receipt, HeardWord(.call), by: fixture.actor)
        #expect(undone.done == "undone")
        #expect(try await fixture.bookings(1) == ["B1": "revoked", "L1": "confirmed"])
        let status = try #require(try await fixture.status(of: DeskFixture.slot))
        #expect((status.reserved, status.seated) == (1, 0))
        try await fixture.expectSound()
    }

    @Test("After 30 minutes nothing can be taken back, and the later seat is given on")
    func undoEnds() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        _ = try await fixture.desk.restoration.accept(
            receipt, HeardWord(.call), by: fixture.actor)
        #expect(try await fixture.status(of: DeskFixture.laterSlot)?.kept == 1)
        fixture.clock.advance(minutes: 30)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.restoration.undo(
                receipt, HeardWord(.call), by: fixture.actor)
        }
        let later = try #require(try await fixture.status(of: DeskFixture.laterSlot))
        #expect((later.kept, later.reserved, later.released) == (0, 0, 1))
        try await fixture.expectSound()
    }

    @Test("Nobody acts on their own or a declared relative's case, in bulk neither")
    func noSelfDealing() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1)
        let agent = Actor(name: "park", role: .agent)
        try await fixture.desk.relations.declare(
            "park", is: .relative, to: "p1", incident: DeskFixture.incident, by: agent)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.restoration.restore(receipt, by: agent)
        }
        await #expect(throws: RedressError.self) {
            try await fixture.desk.offers.choose(1, for: receipt, by: agent)
        }
        await #expect(throws: RedressError.self) {
            try await fixture.desk.relations.declare(
                "kim", is: .oneself, to: "p1", incident: DeskFixture.incident, by: agent)
        }
        let related = Actor(name: "park", role: .supervisor)
        let edits: [@Sendable () async throws -> Void] = [
            {
                _ = try await fixture.desk.reviews.reject(
                    receipt, reason: .noAttempt, sentence: "확인되지 않습니다.", by: related)
            },
            { _ = try await fixture.desk.reviews.override(receipt, sentence: "확인했습니다.", by: related) },
            {
                _ = try await fixture.desk.lifecycle.withdraw(
                    receipt, heardBy: .call, note: "취하", by: related)
            },
            { _ = try await fixture.desk.lifecycle.close(receipt, by: related) },
            { try await fixture.desk.reach.prefer(.letter, for: receipt, by: related) },
        ]
        for edit in edits {
            let error = await #expect(throws: RedressError.self) { try await edit() }
            #expect(error?.code == .notAllowed)
        }
        let colleague = Actor(name: "choi", role: .agent)
        #expect(try await fixture.desk.restoration.restore(receipt, by: colleague).done == "seated")
    }

    @Test("A seat that one case restored is never moved out by the person's second case")
    func secondCase() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let first = try await fixture.addPerson(1)
        _ = try await fixture.desk.restoration.restore(first, by: fixture.actor)
        // The same person lost a second booking for the same dose.
        let other = Slot(
            site: "C002", vaccine: "moderna", date: DeskFixture.slot.date, time: TimeOfDay(minutes: 660))
        try await fixture.allot(1, to: other)
        let second = try await fixture.addCase(ofPerson: 1, booking: "B1b", lost: other)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.restoration.restore(second, by: fixture.actor)
        }
        #expect(try await fixture.bookings(1)["B1"] == "confirmed")
        // Neither the bulk run nor the waitlist moves them; a human links the two and ends the second.
        let plan = try await fixture.desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        let report = try await fixture.desk.plans.apply(
            plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        #expect((report.seated, report.held) == (0, 0))
        let kim = Actor(name: "kim", role: .supervisor)
        _ = try await fixture.desk.lifecycle.link(second, with: first, reason: "같은 사람", by: kim)
        let ended = try await fixture.desk.reviews.findNotAffected(
            second, reason: .bookingStands, sentence: "첫 예약이 복구되었습니다.", by: kim)
        #expect(ended.state == "not-affected")
        #expect(try await fixture.row(first).state == .restored)
        #expect(try await fixture.bookings(1)["B1"] == "confirmed")
        try await fixture.expectSound()
    }

    @Test("Attempts without a known time come first, and ties fall by the published seed, never for both")
    func tiesAndUnknown() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipts = [try await fixture.addPerson(1), try await fixture.addPerson(2)]
        try await fixture.setAttempt(of: receipts[0], to: nil)
        try await fixture.setAttempt(of: receipts[1], to: nil)
        var outcomes: [String] = []
        for receipt in receipts {
            let outcome = try? await fixture.desk.restoration.restore(receipt, by: fixture.actor)
            outcomes.append(outcome?.done ?? "refused")
        }
        #expect(outcomes.sorted() == ["refused", "seated"])
        let third = try await fixture.addPerson(3)
        try await fixture.allot(1)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.restoration.restore(third, by: fixture.actor)
        }
        try await fixture.expectSound()
    }

    @Test("Whoever two people upheld waits for the lost slot, and gets the seat that comes free")
    func upheldWaits() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1, verdict: "undetermined")
        let (kim, lee) = (
            Actor(name: "kim", role: .supervisor), Actor(name: "lee", role: .supervisor)
        )
        _ = try await fixture.desk.reviews.override(receipt, sentence: "문자 원본 확인", by: kim)
        #expect(try await fixture.desk.reviews.approve(receipt, by: lee).state == "waitlisted")
        try await fixture.allot(1)
        #expect(try await fixture.row(receipt).state == .restored)
        try await fixture.expectSound()
    }

    @Test("A verdict is overridden by two people, neither of whom opened the case by hand")
    func uphold() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, verdict: "undetermined")
        let (kim, lee) = (
            Actor(name: "kim", role: .supervisor), Actor(name: "lee", role: .supervisor)
        )
        let reviews = fixture.desk.reviews
        await #expect(throws: RedressError.self) {
            try await reviews.override(receipt, sentence: "문자 원본 확인", by: fixture.actor)
        }
        _ = try await reviews.override(receipt, sentence: "문자 원본 확인", by: kim)
        await #expect(throws: RedressError.self) { try await reviews.approve(receipt, by: kim) }
        await #expect(throws: RedressError.self) { try await reviews.approve(receipt, by: fixture.actor) }
        await #expect(throws: RedressError.self) {
            try await fixture.desk.restoration.restore(receipt, by: lee)
        }
        _ = try await reviews.approve(receipt, by: lee)
        #expect(try await fixture.desk.restoration.restore(receipt, by: lee).done == "seated")
        try await fixture.expectSound()
    }
}

extension DeskFixture {
    /// Gives a person of the register a second revoked booking, with a verified case.
    func addCase(ofPerson number: Int, booking: String, lost slot: Slot) async throws -> ReceiptNumber {
        try await load(
            .register,
            """
            \(Register.register.columns.joined(separator: ","))
            \(booking),p\(number),,,,\(slot.site),\(slot.vaccine),1,\(slot.date),\(slot.time),,revoked
            """)
        let opened = try await desk.cases.open(
            booking: booking, incident: Self.incident, origin: .dictated, channel: .call, by: actor)
        let receipt = try ReceiptNumber(opened.case.receipt)
        try await desk.database.write { connection in
            let store = CaseStore(connection)
            guard var row = try store.find(receipt: receipt) else { return }
            try store.append(
                CaseMoveRow(
                    from: row.state, to: .verifying, actor: "test", reason: "test", at: connection.now),
                to: row.id)
            row.state = .verifying
            row.verdict = "verified"
            try store.update(&row)
        }
        return receipt
    }

    /// Changes what is known of the time of an attempt.
    func setAttempt(of receipt: ReceiptNumber, to instant: Instant?) async throws {
        try await desk.database.write { connection in
            guard var row = try CaseStore(connection).find(receipt: receipt) else { return }
            row.attemptedAt = instant
            try CaseStore(connection).update(&row)
        }
    }
}
