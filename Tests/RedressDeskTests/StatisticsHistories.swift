/// Random case histories written straight into the journal's tables, for tests that count them in two ways.
import RedressCore
import RedressDesk
import RedressStore
import TestSupport

/// Writes random histories that follow the table of moves.
struct StatisticsHistories {
    static let provinces = ["서울특별시", "경기도", "부산광역시"]
    static let sites = ["C001": "서울특별시", "C002": "서울특별시", "C101": "경기도", "C102": "경기도", "C201": "부산광역시"]
    /// The Monday the histories begin on: 5 July 2021.
    static let start = Instant(CivilDate(daysSinceEpoch: 18_813), TimeOfDay(minutes: 0))
    static let weeks = 8

    let fixture: DeskFixture
    var dice: Dice

    init(_ fixture: DeskFixture, seed: UInt64) {
        self.fixture = fixture
        dice = Dice(seed: seed)
    }

    /// Adds cases; `after` is when the first may be received.
    mutating func add(_ cases: Int, prefix: String = "c", from: Instant = start, weeks: Int = weeks)
        async throws
    {
        var histories: [Made] = []
        for number in 0..<cases { histories.append(history("\(prefix)\(number)", from: from, weeks: weeks)) }
        let made = histories
        try await fixture.desk.database.write { connection in
            for history in made { try history.write(connection) }
        }
    }

    private mutating func history(_ id: String, from: Instant, weeks: Int) -> Made {
        let end = from.adding(minutes: weeks * 7 * 1440)
        var at = from.adding(minutes: Int.random(in: 0..<weeks * 7 * 1440, using: &dice))
        let site = Bool.random(using: &dice) ? Self.sites.keys.sorted().randomElement(using: &dice) : nil
        var made = Made(
            id: id, receivedAt: at, site: site, province: site.flatMap { Self.sites[$0] },
            channel: [Channel.call, .page, .sweep].randomElement(using: &dice) ?? .call,
            category: ["revoked-booking", "other"].randomElement(using: &dice) ?? "other",
            origin: CaseOrigin.allCases.randomElement(using: &dice) ?? .found)
        made.dues.append((at.adding(minutes: 7 * 1440), at))
        var state = CaseState.received
        made.moves.append((nil, state, nil, at))
        for _ in 0..<Int.random(in: 0...9, using: &dice) {
            at = at.adding(minutes: Int.random(in: 1...4000, using: &dice))
            guard at < end else { break }
            var next = state.moves.map(\.to)
            if state.isOpen { next.append(.closed) }
            if state == .transferred { next.append(.inReview) }
            guard let to = next.randomElement(using: &dice) else { break }
            let rung = to == .restored ? Remedy.allCases.dropLast().randomElement(using: &dice) : nil
            made.moves.append((state, to, rung, at))
            if Int.random(in: 0..<3, using: &dice) == 0 {
                // At the very moment of the move, and some time later.
                made.contacts.append((Channel.allCases.randomElement(using: &dice) ?? .call, at))
            }
            if Bool.random(using: &dice) {
                made.contacts.append(
                    (
                        Channel.allCases.randomElement(using: &dice) ?? .call,
                        at.adding(minutes: Int.random(in: 1...3000, using: &dice))
                    ))
            }
            if Bool.random(using: &dice) {
                let event =
                    Bool.random(using: &dice)
                    ? "\(to.rawValue)/x\(made.notices.count)" : "offered/\(made.notices.count)"
                made.notices.append((event, at.adding(minutes: Int.random(in: 0...2000, using: &dice))))
            }
            if to == .verifying || Int.random(in: 0..<5, using: &dice) == 0 {
                made.verdicts.append(
                    (["verified", "undetermined", "contradicted"].randomElement(using: &dice) ?? "", at))
            }
            if Int.random(in: 0..<6, using: &dice) == 0, let last = made.dues.last {
                made.dues.append((last.due.adding(minutes: 7 * 1440), at))
            }
            state = to
        }
        return made
    }

    /// One history as rows.
    struct Made: Sendable {
        var id: String
        var receivedAt: Instant
        var site: String?
        var province: String?
        var channel: Channel
        var category: String
        var origin: CaseOrigin
        var moves: [(from: CaseState?, to: CaseState, rung: Remedy?, at: Instant)] = []
        var contacts: [(channel: Channel, at: Instant)] = []
        var notices: [(event: String, at: Instant)] = []
        var verdicts: [(outcome: String, at: Instant)] = []
        var dues: [(due: Instant, at: Instant)] = []

        func write(_ connection: any Connection) throws {
            let incident = DeskFixture.incident.stored
            try connection.run(
                "INSERT INTO person (incident, person) VALUES ($1, $2)", [incident, id.stored])
            try connection.run(
                """
                INSERT INTO grievance_case (id, receipt, incident, person, booking, origin, channel, category,
                    remedy, state, province, received_site, waiting, received_at, due_at, due_trace, version)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'original-slot', $9, $10, $11, false, $12, $13, '', 1)
                """,
                [
                    id.stored, "R-\(id)".stored, incident, id.stored, "B-\(id)".stored, origin.stored,
                    channel.stored, category.stored, (moves.last?.to).stored, province.stored, site.stored,
                    receivedAt.stored, (dues.last?.due).stored,
                ])
            for (seq, move) in moves.enumerated() {
                try connection.run(
                    """
                    INSERT INTO case_move (case_id, seq, from_state, to_state, actor, reason, rung, at)
                    VALUES ($1, $2, $3, $4, 'test', 'test', $5, $6)
                    """,
                    [
                        id.stored, (seq + 1).stored, move.from.stored, move.to.stored, move.rung.stored,
                        move.at.stored,
                    ])
            }
            for (number, contact) in contacts.enumerated() {
                try connection.run(
                    """
                    INSERT INTO contact (id, case_id, channel, subject, actor, at)
                    VALUES ($1, $2, $3, 'request', 'test', $4)
                    """, ["\(id)-\(number)".stored, id.stored, contact.channel.stored, contact.at.stored])
            }
            for (number, notice) in notices.enumerated() {
                try connection.run(
                    """
                    INSERT INTO outbox (id, case_id, event, state, values_sealed, created_at, delivered_at)
                    VALUES ($1, $2, $3, 'sent', $4, $5, $6)
                    """,
                    [
                        "\(id)-\(number)".stored, id.stored, "\(notice.event)".stored, [UInt8]().stored,
                        notice.at.stored, notice.at.stored,
                    ])
            }
            for (seq, verdict) in verdicts.enumerated() {
                try connection.run(
                    """
                    INSERT INTO case_verdict (case_id, seq, outcome, digest, document, at)
                    VALUES ($1, $2, $3, '', '', $4)
                    """, [id.stored, (seq + 1).stored, verdict.outcome.stored, verdict.at.stored])
            }
            for (seq, due) in dues.enumerated() {
                try connection.run(
                    "INSERT INTO case_due (case_id, seq, due_at, at) VALUES ($1, $2, $3, $4)",
                    [id.stored, (seq + 1).stored, due.due.stored, due.at.stored])
            }
        }
    }
}
