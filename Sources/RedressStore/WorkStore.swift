/// Lists of work, and who takes what: whose case is next, mine, my team's, late, or about to be.
public import RedressCore

/// The lists an agent or a supervisor works from.
public enum WorkList: String, Sendable, CaseIterable {
    case mine
    case team
    case unassigned
    case dueToday = "due-today"
    case overdue
    case atRisk = "at-risk"
    case approvals
    case objections
    case escalated
}

/// Reads lists of work and hands out cases.
public struct WorkStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The rows of a list, what bites first at the top.
    ///
    /// - Parameters:
    ///   - soon: the time before which a deadline is at risk.
    ///   - limit: the most rows that are read.
    public func list(
        _ list: WorkList, of staff: String, today: Range<Instant>, soon: Instant, limit: Int
    ) throws -> [Case] {
        switch list {
        case .mine: try cases("assignee = $1 AND \(Self.open)", [staff.stored], limit)
        case .team:
            try cases(
                """
                assignee IN (SELECT name FROM staff WHERE team = (SELECT team FROM staff WHERE name = $1))
                AND \(Self.open)
                """, [staff.stored], limit)
        case .unassigned: try cases("assignee IS NULL AND \(Self.open)", [], limit)
        case .dueToday:
            try cases(
                "bites_at >= $1 AND bites_at < $2 AND \(Self.open)",
                [today.lowerBound.stored, today.upperBound.stored], limit)
        case .overdue:
            try cases(
                "due_at < $1 AND state <> 'needs-information' AND \(Self.open)", [connection.now.stored],
                limit)
        case .atRisk:
            try cases(
                "bites_at >= $1 AND bites_at <= $2 AND \(Self.open)", [connection.now.stored, soon.stored],
                limit)
        case .approvals: try cases("state = 'awaiting-approval'", [], limit)
        case .objections: try cases("state = 'objection'", [], limit)
        case .escalated: try cases("escalated_at IS NOT NULL AND \(Self.open)", [], limit)
        }
    }

    /// Open cases about to be late whose supervisor was not told yet.
    public func toEscalate(soon: Instant, limit: Int) throws -> [Case] {
        try cases(
            "bites_at <= $1 AND escalated_at IS NULL AND state <> 'needs-information' AND \(Self.open)",
            [soon.stored], limit)
    }

    /// The ids of open cases whose statutory period reaches a time or beyond it, in order, after one of them.
    public func openBeyond(_ instant: Instant, after id: String, limit: Int) throws -> [String] {
        try connection.all(
            """
            SELECT id FROM grievance_case WHERE due_at >= $1 AND id > $2 AND \(Self.open)
            ORDER BY id LIMIT $3
            """, [instant.stored, id.stored, limit.stored]
        ) { try $0[0] }
    }

    /// The next case that waits for a human and that this member of the staff may decide; nil when none does.
    ///
    /// An objection is never handed to somebody who handled the case before.
    public func next(for staff: String) throws -> Case? {
        try connection.first(
            """
            \(CaseStore.columns) WHERE assignee IS NULL
                AND state IN ('received', 'verifying', 'in-review', 'objection')
                AND (state <> 'objection' OR NOT EXISTS (SELECT 1 FROM case_move AS m
                    WHERE m.case_id = grievance_case.id AND m.actor = $1 AND \(Self.handling)))
            ORDER BY bites_at, id LIMIT 1
            """, [staff.stored], CaseStore.row)
    }

    /// Whether somebody made a decision about a case, asked for one, or approved one.
    public func hasHandled(_ staff: String, caseID: String, before instant: Instant) throws -> Bool {
        let moves = try connection.count(
            """
            SELECT count(*) FROM case_move AS m WHERE m.case_id = $1 AND m.actor = $2 AND m.at <= $3
                AND \(Self.handling)
            """, [caseID.stored, staff.stored, instant.stored])
        guard moves == 0 else { return true }
        return try connection.count(
            """
            SELECT count(*) FROM decision WHERE case_id = $1 AND at <= $2 AND (actor = $3 OR approved_by = $4)
            """, [caseID.stored, instant.stored, staff.stored, staff.stored]) > 0
    }

    private func cases(_ condition: SQL, _ values: [Value], _ limit: Int) throws -> [Case] {
        var found: [Case] = []
        let sql: SQL = "\(CaseStore.columns) WHERE \(condition) ORDER BY bites_at, id"
        // The limit stands outside of the text: its parameter would have another number in every list.
        try connection.each("\(sql) LIMIT 1000", values) { row in
            if found.count < limit { found.append(try CaseStore.row(row)) }
        }
        return found
    }

    private static let open: SQL = """
        state IN ('received', 'verifying', 'in-review', 'needs-information', 'offered', 'waitlisted',
        'awaiting-approval', 'objection')
        """

    /// Moves that only somebody who judged the case makes; reading the logs and taking words down is not judging.
    private static let handling: SQL = """
        m.to_state IN ('needs-information', 'awaiting-approval', 'rejected', 'not-affected', 'restored')
        """
}
