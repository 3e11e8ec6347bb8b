/// Cases, their moves and their verdicts.
public import RedressCore

extension CaseState: Storable {}
extension CaseOrigin: Storable {}
extension Channel: Storable {}
extension Remedy: Storable {}

/// One move of a case, as the journal keeps it.
public struct CaseMoveRow: Sendable {
    /// Where it came from; nil for the opening.
    public var from: CaseState?
    /// Where it went.
    public var to: CaseState
    /// Who moved it.
    public var actor: String
    /// Why.
    public var reason: String
    /// The rung of the ladder the person was seated on, where the move seats them.
    public var rung: Remedy?
    /// When.
    public var at: Instant

    /// Makes a move.
    public init(
        from: CaseState?, to: CaseState, actor: String, reason: String, rung: Remedy? = nil, at: Instant
    ) {
        self.from = from
        self.to = to
        self.actor = actor
        self.reason = reason
        self.rung = rung
        self.at = at
    }
}

/// One verdict of a case, with the findings it rests on.
public struct CaseVerdictRow: Sendable {
    /// The outcome's name.
    public var outcome: String
    /// Digest of evidence, rule set and policy.
    public var digest: String
    /// The findings and citations as JSON.
    public var document: String
    /// When it was reached.
    public var at: Instant

    /// Makes a verdict's row.
    public init(outcome: String, digest: String, document: String, at: Instant) {
        self.outcome = outcome
        self.digest = digest
        self.document = document
        self.at = at
    }
}

/// Reads and writes cases.
public struct CaseStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds a case; false when this person and booking have one already.
    public func insert(_ row: Case) throws -> Bool {
        let inserted = try connection.run(
            """
            INSERT INTO grievance_case (id, receipt, incident, person, booking, origin, channel, category,
                remedy, state, site, province, vaccine, dose, date, slot, waiting, received_at, due_at,
                due_trace, version, received_site, age_band, clock_from, clock_days, calendar, promised_at,
                bites_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                $20, $21, $22, $23, $24, $25, $26, $27, $28)
            ON CONFLICT (incident, person, booking) DO NOTHING
            """,
            [
                row.id.stored, row.receipt.description.stored, row.incident.stored, row.person.stored,
                row.booking.stored, row.origin.stored, row.channel.stored, row.category.stored,
                row.remedy.stored, row.state.stored, (row.slot?.site).stored, row.province.stored,
                (row.slot?.vaccine).stored, row.dose.stored, (row.slot?.date).stored,
                (row.slot?.time).stored, row.isWaiting.stored, row.receivedAt.stored, row.dueAt.stored,
                row.dueTrace.joined(separator: "\n").stored, row.version.stored,
                (row.slot?.site).stored, row.ageBand.stored, row.clock.startedAt.stored,
                row.clock.days.stored,
                row.clock.calendar.stored, row.clock.promisedAt.stored, row.firstDeadline.stored,
            ])
        guard inserted == 1 else { return false }
        try noteDue(of: row)
        return true
    }

    /// Keeps each due time with when it was set, so that a past week can be told on time from late again.
    private func noteDue(of row: Case) throws {
        try connection.send(
            """
            INSERT INTO case_due (case_id, seq, due_at, at)
            SELECT $1, coalesce(max(seq), 0) + 1, $2, $3 FROM case_due WHERE case_id = $4
            """, [row.id.stored, row.dueAt.stored, connection.now.stored, row.id.stored])
    }

    /// Writes what changes in a case, if nobody changed it since it was read; counts its version up.
    ///
    /// - Throws: `.tryAgain` when the stored version is another one.
    public func update(_ row: inout Case) throws {
        let receipt = row.receipt
        // An index is written anew where its columns are named, changed or not: the lost slot seldom is.
        if row.isSlotMoved {
            try connection.send(
                "UPDATE grievance_case SET site = $1, vaccine = $2, date = $3, slot = $4 WHERE id = $5 AND version = $6",
                [
                    (row.slot?.site).stored, (row.slot?.vaccine).stored, (row.slot?.date).stored,
                    (row.slot?.time).stored, row.id.stored, row.version.stored,
                ])
        }
        try connection.send(
            """
            UPDATE grievance_case SET remedy = $1, state = $2, verdict = $3, verdict_digest = $4,
                attempted_at = $5, waiting = $6, restored_site = $7, restored_date = $8, restored_slot = $9,
                restored_rung = $10, due_at = $11, due_trace = $12, assignee = $13, upheld = $14, pattern = $15,
                merged_into = $16, escalated_at = $17, clock_from = $18, clock_days = $19, extensions = $20,
                calendar = $21, promised_at = $22, bites_at = $23, version = $24
            WHERE id = $25 AND version = $26
            """,
            [
                row.remedy.stored, row.state.stored, row.verdict.stored, row.verdictDigest.stored,
                row.attemptedAt.stored, row.isWaiting.stored,
                (row.restored?.slot.site).stored, (row.restored?.slot.date).stored,
                (row.restored?.slot.time).stored, (row.restored?.rung).stored, row.dueAt.stored,
                row.dueTrace.joined(separator: "\n").stored, row.assignee.stored, row.isUpheld.stored,
                row.pattern.stored, row.mergedInto.stored, row.escalatedAt.stored,
                row.clock.startedAt.stored, row.clock.days.stored, row.clock.extensions.stored,
                row.clock.calendar.stored, row.clock.promisedAt.stored, row.firstDeadline.stored,
                (row.version + 1).stored, row.id.stored, row.version.stored,
            ], changing: 1
        ) {
            RedressError.changed("Case \(receipt) was changed by somebody else meanwhile. Look at it again.")
        }
        row.version += 1
        if row.isDueMoved { try noteDue(of: row) }
        row.isDueMoved = false
        row.isSlotMoved = false
        // Where the audit trail stood then: an editor who saw an older version is told what was done since.
        try connection.send(
            "INSERT INTO case_version (case_id, version, audit_seq) SELECT $1, $2, coalesce(max(seq), 0) FROM audit",
            [row.id.stored, row.version.stored])
    }

    /// What was done to a case since somebody saw this version of it, the oldest first.
    public func changes(of row: Case, since version: Int) throws -> [AuditRow] {
        try AuditStore(connection).rows(
            of: row.receipt.description,
            after: connection.first(
                "SELECT audit_seq FROM case_version WHERE case_id = $1 AND version = $2",
                [row.id.stored, (version + 1).stored]
            ) { try $0[0] } ?? 0)
    }

    /// The case of this id.
    public func find(id: String) throws -> Case? {
        try connection.first("\(Self.columns) WHERE id = $1", [id.stored], Self.row)
    }

    /// The case of this receipt number; the number of a case that was merged finds the one it was merged into.
    public func find(receipt: ReceiptNumber) throws -> Case? {
        try connection.first(
            """
            \(Self.columns) WHERE id = (SELECT coalesce(merged_into, id) FROM grievance_case WHERE receipt = $1)
            """, [receipt.description.stored], Self.row)
    }

    /// Receipt numbers of the cases that were merged into this one.
    public func mergedReceipts(into id: String) throws -> [String] {
        try connection.all(
            "SELECT receipt FROM grievance_case WHERE merged_into = $1 ORDER BY length(receipt), receipt",
            [id.stored]
        ) { try $0[0] }
    }

    /// Makes every case that was merged into one point at another.
    public func remerge(from id: String, into survivor: String) throws {
        try connection.run(
            "UPDATE grievance_case SET merged_into = $1 WHERE merged_into = $2",
            [survivor.stored, id.stored])
    }

    /// Cases of a booking number, in any incident.
    public func all(booking: String) throws -> [Case] {
        try connection.all("\(Self.columns) WHERE booking = $1 ORDER BY id", [booking.stored], Self.row)
    }

    /// The case of this person and booking.
    public func find(incident: String, person: String, booking: String) throws -> Case? {
        try connection.first(
            "\(Self.columns) WHERE incident = $1 AND person = $2 AND booking = $3",
            [incident.stored, person.stored, booking.stored], Self.row)
    }

    /// Every case of an incident, by receipt number.
    public func all(incident: String) throws -> [Case] {
        try connection.all(
            "\(Self.columns) WHERE incident = $1 ORDER BY length(receipt), receipt", [incident.stored],
            Self.row)
    }

    /// Every case, by receipt number.
    public func all() throws -> [Case] {
        try connection.all("\(Self.columns) ORDER BY length(receipt), receipt", [], Self.row)
    }

    /// Every case of a person.
    public func all(incident: String, person: String) throws -> [Case] {
        try connection.all(
            "\(Self.columns) WHERE incident = $1 AND person = $2 ORDER BY received_at, id",
            [incident.stored, person.stored], Self.row)
    }

    /// Adds a move to the journal of a case.
    public func append(_ move: CaseMoveRow, to caseID: String) throws {
        try connection.send(
            """
            INSERT INTO case_move (case_id, seq, from_state, to_state, actor, reason, rung, at)
            SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6, $7 FROM case_move WHERE case_id = $8
            """,
            [
                caseID.stored, move.from.stored, move.to.stored, move.actor.stored, move.reason.stored,
                move.rung.stored, move.at.stored, caseID.stored,
            ])
    }

    /// The moves of a case, in order.
    public func moves(of caseID: String) throws -> [CaseMoveRow] {
        try connection.all(
            "SELECT from_state, to_state, actor, reason, rung, at FROM case_move WHERE case_id = $1 ORDER BY seq",
            [caseID.stored]
        ) {
            CaseMoveRow(
                from: try $0[0], to: try $0[1], actor: try $0[2], reason: try $0[3], rung: try $0[4],
                at: try $0[5])
        }
    }

    /// Adds a verdict to those of a case.
    public func append(_ verdict: CaseVerdictRow, to caseID: String) throws {
        try connection.send(
            """
            INSERT INTO case_verdict (case_id, seq, outcome, digest, document, at)
            SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5 FROM case_verdict WHERE case_id = $6
            """,
            [
                caseID.stored, verdict.outcome.stored, verdict.digest.stored, verdict.document.stored,
                verdict.at.stored, caseID.stored,
            ])
    }

    /// The verdicts of a case, the newest first.
    public func verdicts(of caseID: String) throws -> [CaseVerdictRow] {
        try connection.all(
            "SELECT outcome, digest, document, at FROM case_verdict WHERE case_id = $1 ORDER BY seq DESC",
            [caseID.stored]
        ) {
            CaseVerdictRow(outcome: try $0[0], digest: try $0[1], document: try $0[2], at: try $0[3])
        }
    }

    static let columns: SQL = """
        SELECT id, receipt, incident, person, booking, origin, channel, category, remedy, state, site,
            vaccine, date, slot, dose, province, verdict, verdict_digest, attempted_at, waiting,
            restored_site, restored_date, restored_slot, restored_rung, received_at, due_at, due_trace,
            version, assignee, upheld, pattern, merged_into, escalated_at, clock_from, clock_days,
            extensions, calendar, promised_at
        FROM grievance_case
        """

    static func row(_ row: Row) throws -> Case {
        let site: String? = try row[10]
        let slot = try site.map { try Slot(site: $0, vaccine: row[11], date: row[12], time: row[13]) }
        let trace: String = try row[26]
        var made = Case(
            id: try row[0], receipt: try ReceiptNumber(row[1] as String), incident: try row[2],
            person: try row[3], booking: try row[4], origin: try row[5], channel: try row[6],
            category: try row[7], remedy: try row[8], slot: slot, dose: try row[14], province: try row[15],
            receivedAt: try row[24], dueAt: try row[25],
            dueTrace: trace.split(separator: "\n").map(String.init))
        made.state = try row[9]
        made.verdict = try row[16]
        made.verdictDigest = try row[17]
        made.attemptedAt = try row[18]
        made.isWaiting = try row[19]
        if let rung: Remedy = try row[23], let vaccine = slot?.vaccine {
            made.restored = RestoredSeat(
                slot: Slot(site: try row[20], vaccine: vaccine, date: try row[21], time: try row[22]),
                rung: rung)
        }
        made.version = try row[27]
        made.assignee = try row[28]
        made.isUpheld = try row[29]
        made.pattern = try row[30]
        made.mergedInto = try row[31]
        made.escalatedAt = try row[32]
        made.clock = HandlingClock(startedAt: try row[33], promisedAt: try row[37])
        made.clock.days = try row[34]
        made.clock.extensions = try row[35]
        made.clock.calendar = try row[36]
        return made
    }
}
