/// Cases by the million with plausible histories, written straight into the journal for the statistics benchmark.
import RedressCore
import RedressDesk
import RedressStore

struct StatisticsCrowd {
    let desk: Desk
    let actor: Actor
    /// Monday 1 June 2020.
    static let start = Instant(CivilDate(daysSinceEpoch: 18_414), TimeOfDay(minutes: 0))
    private static let incident = "million"
    private static let provinces = 17
    private static let sites = 250

    func make(_ cases: Int, _ weeks: Int) async throws {
        try await desk.incidents.create(
            NewIncident(
                id: Self.incident, name: "million", from: Self.start, to: Self.start.adding(minutes: 90)),
            by: actor)
        for first in stride(from: 0, to: cases, by: 5000) {
            try await desk.database.write { connection in
                for number in first..<min(first + 5000, cases) {
                    try add(number, of: cases, weeks, connection)
                }
            }
        }
    }

    private func add(_ number: Int, of cases: Int, _ weeks: Int, _ connection: any Connection) throws {
        let minutes = weeks * 7 * 1440
        let at = Self.start.adding(minutes: Int((Double(number) / Double(cases)) * Double(minutes)))
        let id = "case-" + String(1_000_000_000 + number)
        // A multiplier that is prime to everything spreads the places evenly without a generator.
        let spread = number &* 7919
        let site = spread % Self.sites
        let channel = [Channel.call, .call, .page, .page, .sweep, .counter][spread % 6]
        try connection.run(
            "INSERT INTO person (incident, person) VALUES ($1, $2)", [Self.incident.stored, id.stored])
        try connection.run(
            """
            INSERT INTO grievance_case (id, receipt, incident, person, booking, origin, channel, category, remedy,
                state, province, received_site, age_band, waiting, received_at, due_at, due_trace, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'original-slot', 'closed', $9, $10, $11, false, $12, $13, '', 1)
            """,
            [
                id.stored, "R\(number)".stored, Self.incident.stored, id.stored, "B\(number)".stored,
                (channel == .sweep ? CaseOrigin.found : .dictated).stored, channel.stored,
                "category-\(spread % 3)".stored, "province-\(site % Self.provinces)".stored,
                "S\(site)".stored,
                "\(20 + spread % 6 * 10)s".stored, at.stored, at.adding(minutes: 7 * 1440).stored,
            ])
        let decision: (CaseState, Remedy?) =
            switch spread % 10 {
            case 0: (.rejected, nil)
            case 1: (.withdrawn, nil)
            case 2: (.restored, .sameDate)
            default: (.restored, .originalSlot)
            }
        let decidedAt = at.adding(minutes: 60 + spread % 9000)
        try move(id, 1, nil, .received, nil, at, connection)
        try move(id, 2, .received, .verifying, nil, at.adding(minutes: 5), connection)
        try move(id, 3, .verifying, .inReview, nil, at.adding(minutes: 6), connection)
        try move(id, 4, .inReview, decision.0, decision.1, decidedAt, connection)
        try connection.run(
            "INSERT INTO case_verdict (case_id, seq, outcome, digest, document, at) VALUES ($1, 1, 'verified', '', '', $2)",
            [id.stored, at.adding(minutes: 5).stored])
        try connection.run(
            "INSERT INTO case_due (case_id, seq, due_at, at) VALUES ($1, 1, $2, $3)",
            [id.stored, at.adding(minutes: 7 * 1440).stored, at.stored])
        try connection.run(
            """
            INSERT INTO outbox (id, case_id, event, state, values_sealed, created_at, delivered_at)
            VALUES ($1, $2, $3, 'sent', $4, $5, $6)
            """,
            [
                id.stored, id.stored, decision.0.stored, [UInt8]().stored, decidedAt.stored,
                decidedAt.adding(minutes: 1 + spread % 500).stored,
            ])
        guard spread % 4 == 0 else { return }
        try connection.run(
            "INSERT INTO contact (id, case_id, channel, subject, actor, at) VALUES ($1, $2, 'call', 'progress', 'a', $3)",
            [id.stored, id.stored, at.adding(minutes: spread % 5000).stored])
    }

    private func move(
        _ id: String, _ seq: Int, _ from: CaseState?, _ to: CaseState, _ rung: Remedy?, _ at: Instant,
        _ connection: any Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO case_move (case_id, seq, from_state, to_state, actor, reason, rung, at)
            VALUES ($1, $2, $3, $4, 'a', '', $5, $6)
            """, [id.stored, seq.stored, from.stored, to.stored, rung.stored, at.stored])
    }
}
