import RedressCore
import RedressStore
import TestSupport
import Testing

@testable import RedressDesk

@Suite("In which order notices leave, and when")
struct NoticeOrderTests {
    private static let morning = Instant(CivilDate(daysSinceEpoch: 18_829), TimeOfDay(minutes: 9 * 60))
    private static let night = Instant(CivilDate(daysSinceEpoch: 18_829), TimeOfDay(minutes: 22 * 60))

    private static func tell(
        _ fixture: DeskFixture, _ receipt: ReceiptNumber, _ texts: [String]
    ) async throws {
        let row = try await fixture.row(receipt)
        try await fixture.desk.database.write { connection in
            for text in texts {
                try CaseEditing(connection, fixture.desk).tell(row, "message", mark: text, ["text": text])
            }
        }
    }

    private static func texts(_ gateway: KeptNotices) -> [String] {
        gateway.all.map { String($0.text.drop { $0 != "#" }.prefix { !$0.isWhitespace }) }
    }

    @Test(
        "What is written in one millisecond, and after the clock was set back, leaves in the order of the facts"
    )
    func order() async throws {
        let fixture = try await DeskFixture()
        let gateway = KeptNotices()
        let receipt = try await fixture.addPerson(1)
        fixture.clock.now = Self.morning
        var all = (0..<20).map { "#\($0)" }
        try await Self.tell(fixture, receipt, all)
        fixture.clock.advance(minutes: -30)
        try await Self.tell(fixture, receipt, ["#before"])
        all.append("#before")
        let events = try await fixture.desk.notices.list(by: fixture.actor).map(\.id)
        // More than a person's day allows.
        var settings = NoticeSettings()
        settings.policy.personBudget = 100
        let runners = try (0..<3).map { _ in
            try NoticeRunner(desk: fixture.desk, gateway: gateway, settings: settings)
        }
        for _ in all.indices {
            for runner in runners { _ = try await runner.turn() }
        }
        #expect(Self.texts(gateway) == all)
        #expect(gateway.all.map(\.id) == events)
    }

    @Test(
        "A fact takes with it what waits for the person from before, and is not held up by a notice to many")
    func raised() async throws {
        let fixture = try await DeskFixture()
        let gateway = KeptNotices()
        // One at a time, so that people's notices leave in the order in which they are taken.
        var settings = NoticeSettings()
        settings.batch = 1
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway, settings: settings)
        var receipts: [ReceiptNumber] = []
        for number in 1...3 { receipts.append(try await fixture.addPerson(number)) }
        let rows = [try await fixture.row(receipts[0]), try await fixture.row(receipts[1])]
        try await fixture.desk.database.write { connection in
            for (number, row) in rows.enumerated() {
                let id = Identifier.make(at: connection.now)
                try OutboxStore(connection).insert(
                    OutboxRow(
                        id: id, caseID: row.id, event: "message/mass", state: .waiting,
                        valuesSealed: try fixture.desk.keys.seal(
                            try JSONDocument.line(["text": "#mass\(number)"]), for: PersonalData.notice(id)),
                        createdAt: connection.now), priority: .mass)
            }
        }
        try await Self.tell(fixture, receipts[2], ["#third"])
        try await Self.tell(fixture, receipts[1], ["#second"])
        fixture.clock.now = Self.morning
        _ = try await runner.drain()
        #expect(Self.texts(gateway) == ["#mass1", "#third", "#second", "#mass0"])
    }

    @Test(
        "In quiet hours only what is urgent leaves: a seat of tomorrow is, with what the person waits for before it"
    )
    func quiet() async throws {
        let fixture = try await DeskFixture()
        let gateway = KeptNotices()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        let (urgent, other) = (try await fixture.addPerson(1), try await fixture.addPerson(2))
        fixture.clock.now = Self.night
        try await Self.tell(fixture, urgent, ["#first"])
        try await Self.tell(fixture, other, ["#later"])
        #expect(try await runner.drain().isIdle)
        let row = try await fixture.row(urgent)
        try await fixture.desk.database.write { connection in
            let seating = try Seating(connection, fixture.desk, incident: DeskFixture.incident)
            let tomorrow = Slot(
                site: "C001", vaccine: "moderna", date: Self.night.date.adding(days: 1),
                time: TimeOfDay(minutes: 600))
            try seating.notify(row, "message/seat", ["text": "#seat"], seat: tomorrow)
        }
        _ = try await runner.drain()
        #expect(Self.texts(gateway) == ["#first", "#seat"])
        fixture.clock.now = Self.night.adding(minutes: 10 * 60)
        _ = try await runner.drain()
        #expect(Self.texts(gateway) == ["#first", "#seat", "#later"])
    }

    @Test("A seat within a day is urgent; quiet hours are read as they are written, or are none")
    func policy() throws {
        let now = Self.night
        #expect(NoticePolicy.priority(seatAt: now.adding(minutes: 23 * 60), at: now) == .urgent)
        #expect(NoticePolicy.priority(seatAt: now.adding(minutes: 25 * 60), at: now) == .fact)
        #expect(NoticePolicy.priority(seatAt: now.adding(minutes: -1), at: now) == .fact)
        #expect(NoticePolicy().isQuiet(at: now) && !NoticePolicy().isQuiet(at: Self.morning))
        #expect(try !NoticePolicy(quiet: "none").isQuiet(at: now))
        let noon = try NoticePolicy(quiet: "08:30-12:00")
        #expect(noon.isQuiet(at: Self.morning) && !noon.isQuiet(at: now))
        for wrong in ["", "21:00", "21-8", "25:00-08:00", "21:00-08:00-09:00"] {
            #expect(throws: RedressError.self, "\(wrong)") { try NoticePolicy(quiet: wrong) }
        }
    }

    @Test(
        "Pauses double from five seconds to a quarter of an hour, half of each at random; a day old, it is given up"
    )
    func pauses() {
        var dice = Dice(seed: 5)
        for (attempts, whole) in [
            (1, 5_000), (2, 10_000), (5, 80_000), (8, 640_000), (9, 900_000), (99, 900_000),
        ] {
            let pauses = (0..<200).map { _ in NoticePolicy.pause(after: attempts, using: &dice) }
            #expect(pauses.allSatisfy { $0 >= whole / 2 && $0 <= whole })
            #expect(Set(pauses).count > 100, "jitter")
        }
        let policy = NoticePolicy()
        #expect(!policy.isGivenUp(attempts: 50, createdAt: Self.morning, at: Self.night))
        #expect(!policy.isGivenUp(attempts: 3, createdAt: Self.morning, at: Self.night.adding(minutes: 1500)))
        #expect(policy.isGivenUp(attempts: 12, createdAt: Self.morning, at: Self.night.adding(minutes: 1500)))
    }

    @Test(
        "Budgets: so many a person and day, a prefix and hour, and an hour over all; the rest waits and leaves later"
    )
    func budgets() async throws {
        for (name, minutes) in [("person", 24 * 60), ("prefix", 60), ("hour", 60)] {
            let fixture = try await DeskFixture()
            let gateway = KeptNotices()
            var settings = NoticeSettings()
            switch name {
            case "person": settings.policy.personBudget = 2
            case "prefix": settings.policy.prefixBudget = 2
            default: settings.policy.hourBudget = 2
            }
            let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway, settings: settings)
            let receipts =
                name == "person"
                ? Array(repeating: try await fixture.addPerson(1), count: 5)
                : [
                    try await fixture.addPerson(1), try await fixture.addPerson(2),
                    try await fixture.addPerson(3),
                    try await fixture.addPerson(4), try await fixture.addPerson(5),
                ]
            fixture.clock.now = Self.morning
            for (number, receipt) in receipts.enumerated() {
                try await Self.tell(fixture, receipt, ["#\(number)"])
            }
            for left in [2, 4, 5] {
                _ = try await runner.drain()
                #expect(gateway.all.count == left, "\(name)")
                let waiting = try await fixture.desk.notices.list(in: .waiting, by: fixture.actor)
                #expect(waiting.count == 5 - left && waiting.allSatisfy { $0.attempts == 0 })
                if let first = waiting.first { #expect(first.why.value == "a budget is used up") }
                fixture.clock.advance(minutes: minutes)
            }
        }
    }

    @Test("A worker that ends and a gateway that is down take nothing more from the budgets of a notice")
    func budgetsOnce() async throws {
        let fixture = try await DeskFixture()
        let gateway = UnreliableGateway()
        var settings = NoticeSettings()
        settings.policy.personBudget = 1
        settings.policy.prefixBudget = 3
        settings.policy.hourBudget = 3
        settings.width = 1
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway, settings: settings)
        fixture.clock.now = Self.morning
        for number in 1...3 {
            try await Self.tell(fixture, try await fixture.addPerson(number), ["#text"])
        }
        for _ in 1...5 {
            // A worker that is killed with these on their way.
            #expect(try await runner.take().0.count == 3)
            fixture.clock.advance(minutes: 3)
        }
        gateway.mood = .down
        for _ in 1...5 {
            #expect(try await runner.drain().isDown)
            fixture.clock.advance(minutes: 3)
        }
        gateway.mood = .fine
        #expect(try await runner.drain().sent == 3)
        try await Self.tell(fixture, try await fixture.addPerson(4), ["#text"])
        #expect(try await runner.drain().postponed == 1, "the hour's three were used")
    }

    @Test(
        "A given-up notice that is put back leaves, and nobody need call for it; one told by voice does not")
    func retry() async throws {
        let fixture = try await DeskFixture()
        let gateway = UnreliableGateway()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        let receipts = [try await fixture.addPerson(1), try await fixture.addPerson(2)]
        fixture.clock.now = Self.morning
        for receipt in receipts { try await Self.tell(fixture, receipt, ["#text"]) }
        gateway.mood = .refuses
        #expect(try await runner.drain().failed == 2)
        let failed = try await fixture.desk.notices.list(in: .failed, by: fixture.actor)
        #expect(try await fixture.desk.reach.callOuts(by: fixture.actor).count == 2)
        try await fixture.desk.reach.endCallOut(failed[1].id, told: true, by: fixture.actor)
        gateway.mood = .fine
        _ = try await fixture.desk.notices.retry(failed[0].id, by: fixture.actor)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.notices.retry(failed[1].id, by: fixture.actor)
        }
        #expect(try await fixture.desk.reach.callOuts(by: fixture.actor).isEmpty)
        #expect(try await runner.drain().sent == 1)
        #expect(gateway.told.map(\.id) == [failed[0].id])
    }

    @Test(
        "A cancelled notice does not leave; a correction is linked to the text it corrects, and is made once")
    func cancelAndCorrect() async throws {
        let fixture = try await DeskFixture()
        let gateway = KeptNotices()
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        let receipt = try await fixture.addPerson(1)
        fixture.clock.now = Self.morning
        try await Self.tell(fixture, receipt, ["#wrong", "#cancelled"])
        let ids = try await fixture.desk.notices.list(by: fixture.actor).map(\.id)
        let cancelled = try await fixture.desk.notices.cancel(ids[1], reason: "잘못 썼음", by: fixture.actor)
        #expect(cancelled.state == "cancelled" && cancelled.why.value == "잘못 썼음")
        await #expect(throws: RedressError.self, "it has not left") {
            try await fixture.desk.notices.correct(ids[0], text: "아닙니다", by: fixture.actor)
        }
        _ = try await runner.drain()
        let correction = try await fixture.desk.notices.correct(
            ids[0], text: "예약은 취소되지 않았습니다.", by: fixture.actor)
        #expect(correction.event == "correction" && correction.corrects.value == ids[0])
        await #expect(throws: RedressError.self, "once") {
            try await fixture.desk.notices.correct(ids[0], text: "다시", by: fixture.actor)
        }
        _ = try await runner.drain()
        #expect(gateway.all.map(\.id) == [ids[0], correction.id])
        let text = try #require(gateway.all.last?.text)
        #expect(text.contains("7/21(수)09:00") && text.contains("오발송") && text.contains("취소되지 않았습니다"))
    }
}
