/// The week counted again in plain SQL over the journal's tables, written without looking at how the desk does it.
import RedressCore
import RedressStore

/// Counts a week from the raw rows.
struct StatisticsRecount {
    let connection: any Connection
    let week: Week

    /// The eight figures of the line by level and place, places that never had a case left out.
    func line() throws -> [String: [Int]] {
        var found: [String: [Int]] = [:]
        try connection.each(Self.lineSQL, [week.start.stored, week.end.stored]) { row in
            let key = "\(try row[0] as String)/\(try row[1] as String)"
            found[key] = try (2...9).map { try row[$0] as Int }
        }
        return found
    }

    private static let lineSQL: SQL = """
        WITH bounds AS (SELECT $1 AS week_start, $2 AS week_end),
        step AS (SELECT case_id, seq, from_state, to_state, at,
                lead(at) OVER (PARTITION BY case_id ORDER BY seq) AS next_at,
                lead(to_state) OVER (PARTITION BY case_id ORDER BY seq) AS next_to
            FROM case_move),
        telling AS (
            SELECT case_id, at, NULL AS event FROM contact WHERE channel IN ('call', 'counter', 'letter')
            UNION ALL SELECT case_id, delivered_at, event FROM outbox WHERE delivered_at IS NOT NULL),
        heard AS (SELECT step.case_id, step.seq, min(telling.at) AS heard_at,
                CASE WHEN next_to = 'closed' THEN next_at END AS closed_at
            FROM step LEFT JOIN telling ON telling.case_id = step.case_id AND telling.at >= step.at
                AND (next_at IS NULL OR telling.at < next_at)
                AND (telling.event IS NULL OR telling.event LIKE to_state || '/%')
            WHERE to_state IN ('restored', 'rejected', 'withdrawn', 'not-affected')
            GROUP BY step.case_id, step.seq, next_to, next_at),
        decision AS (SELECT case_id, seq,
                CASE WHEN closed_at IS NULL OR heard_at < closed_at THEN heard_at ELSE closed_at END AS told_at
            FROM heard),
        flow AS (
            SELECT case_id, 'received' AS kind, at FROM step WHERE from_state IS NULL
            UNION ALL SELECT case_id, 'processed', told_at FROM decision WHERE told_at IS NOT NULL
            UNION ALL SELECT case_id, 'out', at FROM step WHERE to_state = 'transferred'
            UNION ALL SELECT case_id, 'merged', at FROM step WHERE to_state = 'closed'
                AND from_state NOT IN ('restored', 'rejected', 'withdrawn', 'not-affected', 'transferred')
            UNION ALL SELECT case_id, 'in', at FROM step WHERE from_state = 'transferred' AND to_state <> 'closed'
            UNION ALL SELECT case_id, 'reopened', at FROM step WHERE from_state = 'closed'
            UNION ALL SELECT step.case_id, 'reopened', step.at FROM step JOIN decision
                ON decision.case_id = step.case_id AND decision.seq = step.seq - 1
                WHERE to_state <> 'closed' AND told_at IS NOT NULL),
        level AS (SELECT 'all' AS level UNION SELECT 'incident' UNION SELECT 'channel' UNION SELECT 'category'
            UNION SELECT 'province' UNION SELECT 'site'),
        placed AS (SELECT level, flow.kind, flow.at, week_start, week_end,
                CASE level WHEN 'all' THEN '' WHEN 'incident' THEN incident WHEN 'channel' THEN channel
                    WHEN 'category' THEN category WHEN 'province' THEN coalesce(province, 'unknown')
                    ELSE coalesce(received_site, 'unknown') END AS place,
                CASE WHEN flow.kind IN ('received', 'reopened', 'in') THEN 1 ELSE -1 END AS sign
            FROM flow JOIN grievance_case ON id = case_id CROSS JOIN level CROSS JOIN bounds)
        SELECT level, place,
            sum(CASE WHEN at < week_start THEN sign ELSE 0 END),
            sum(CASE WHEN at >= week_start AND at < week_end AND kind = 'received' THEN 1 ELSE 0 END),
            sum(CASE WHEN at >= week_start AND at < week_end AND kind = 'reopened' THEN 1 ELSE 0 END),
            sum(CASE WHEN at >= week_start AND at < week_end AND kind = 'in' THEN 1 ELSE 0 END),
            sum(CASE WHEN at >= week_start AND at < week_end AND kind = 'processed' THEN 1 ELSE 0 END),
            sum(CASE WHEN at >= week_start AND at < week_end AND kind = 'out' THEN 1 ELSE 0 END),
            sum(CASE WHEN at >= week_start AND at < week_end AND kind = 'merged' THEN 1 ELSE 0 END),
            sum(CASE WHEN at < week_end THEN sign ELSE 0 END)
        FROM placed WHERE at < week_end GROUP BY level, place
        """

    /// Cases by the state their last move before the week's end left them in.
    func states() throws -> [String: Int] {
        try counts(
            """
            SELECT to_state, count(*) FROM (SELECT to_state,
                row_number() OVER (PARTITION BY case_id ORDER BY seq DESC) AS place FROM case_move WHERE at < $1)
                AS placed WHERE place = 1 GROUP BY to_state
            """, [week.end.stored])
    }

    /// Cases by their last verdict before the week's end.
    func verdicts() throws -> [String: Int] {
        try counts(
            """
            SELECT outcome, count(*) FROM (SELECT outcome,
                row_number() OVER (PARTITION BY case_id ORDER BY seq DESC) AS place FROM case_verdict
                WHERE at < $1) AS placed WHERE place = 1 GROUP BY outcome
            """, [week.end.stored])
    }

    /// Decisions of the week by what they decided, waiting included.
    func outcomes() throws -> [String: Int] {
        try counts(
            """
            SELECT coalesce(rung, to_state), count(*) FROM case_move
            WHERE at >= $1 AND at < $2
                AND to_state IN ('restored', 'rejected', 'withdrawn', 'not-affected', 'waitlisted')
            GROUP BY 1
            """, [week.start.stored, week.end.stored])
    }

    /// Minutes from receipt to the first seat, of cases first seated in the week, ascending.
    func restorationMinutes() throws -> [Double] {
        try connection.all(
            """
            SELECT (min(m.at) - c.received_at) / 60000.0 FROM case_move AS m
            JOIN grievance_case AS c ON c.id = m.case_id WHERE m.to_state = 'restored'
            GROUP BY m.case_id, c.received_at HAVING min(m.at) >= $1 AND min(m.at) < $2 ORDER BY 1
            """, [week.start.stored, week.end.stored]
        ) { try $0[0] }
    }

    /// Open cases whose due time in force at the week's end had passed.
    func overdue() throws -> Int {
        let open = try connection.all(Self.openSQL, [week.end.stored, week.end.stored]) {
            try $0[0] as String
        }
        return try open.count { id in
            let due: Instant? = try connection.first(
                "SELECT due_at FROM case_due WHERE case_id = $1 AND at < $2 ORDER BY seq DESC LIMIT 1",
                [id.stored, week.end.stored]
            ) { try $0[0] }
            return (due?.milliseconds ?? .max) + 1 < week.end.milliseconds
        }
    }

    /// Cases open at an instant: received, and the last thing before it was no end of any kind.
    private static let openSQL: SQL = """
        WITH step AS (SELECT case_id, seq, to_state, at, lead(at) OVER (PARTITION BY case_id ORDER BY seq) AS next_at,
            row_number() OVER (PARTITION BY case_id ORDER BY seq DESC) AS place FROM case_move WHERE at < $1)
        SELECT case_id FROM step WHERE place = 1 AND to_state NOT IN ('transferred', 'closed')
            AND NOT (to_state IN ('restored', 'rejected', 'withdrawn', 'not-affected') AND EXISTS (
                SELECT 1 FROM (SELECT case_id, at, NULL AS event FROM contact
                        WHERE channel IN ('call', 'counter', 'letter')
                    UNION ALL SELECT case_id, delivered_at, event FROM outbox) AS telling
                WHERE telling.case_id = step.case_id AND telling.at >= step.at AND telling.at < $2
                    AND (event IS NULL OR event LIKE to_state || '/%')))
        """

    private func counts(_ sql: SQL, _ parameters: [Value]) throws -> [String: Int] {
        let rows = try connection.all(sql, parameters) { (try $0[0] as String, try $0[1] as Int) }
        return Dictionary(rows, uniquingKeysWith: +)
    }
}
