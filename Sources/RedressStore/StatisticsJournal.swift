/// Reads case histories from the journal, as the statistics fold them.
public import RedressCore

/// Reads histories.
public struct StatisticsJournal {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The ids of the next cases after `id`, in the order of ids.
    public func cases(after id: String, limit: Int) throws -> [String] {
        try connection.all(
            "SELECT id FROM grievance_case WHERE id > $1 ORDER BY id LIMIT $2", [id.stored, limit.stored]
        ) { try $0[0] }
    }

    /// The ids of every case about which something was written at `since` or later, in the order of ids.
    public func cases(touchedSince since: Instant) throws -> [String] {
        let times = Array(repeating: since.stored, count: 6)
        // Sorted here: an ORDER BY makes SQLite walk whole tables in the order of their keys.
        return try connection.all(Self.touchedSQL, times) { try $0[0] as String }.sorted()
    }

    static let touchedSQL: SQL = """
        SELECT case_id FROM case_move WHERE at >= $1
        UNION SELECT case_id FROM case_verdict WHERE at >= $2
        UNION SELECT case_id FROM contact WHERE at >= $3 AND case_id IS NOT NULL
        UNION SELECT case_id FROM case_due WHERE at >= $4
        UNION SELECT case_id FROM outbox WHERE delivered_at >= $5
        UNION SELECT case_id FROM outbox WHERE settled_at >= $6
        """

    /// The histories of the cases with ids from `first` to `last`, in that order.
    public func histories(from first: String, to last: String) throws -> [StatisticsHistory] {
        let range = [first.stored, last.stored]
        var histories = try connection.all(
            """
            SELECT id, incident, channel, category, province, received_site, origin, age_band
            FROM grievance_case WHERE id >= $1 AND id <= $2 ORDER BY id
            """, range, Self.history)
        let indexes = Dictionary(
            uniqueKeysWithValues: histories.enumerated().map { ($0.element.id, $0.offset) })
        func each(_ sql: SQL, _ add: (inout StatisticsHistory, Row) throws -> Void) throws {
            try connection.each(sql, range) { row in
                if let index = indexes[try row[0]] { try add(&histories[index], row) }
            }
        }
        try each(
            """
            SELECT case_id, from_state, to_state, rung, at FROM case_move
            WHERE case_id >= $1 AND case_id <= $2 ORDER BY case_id, seq
            """
        ) {
            $0.moves.append(
                StatisticsHistory.Move(from: try $1[1], to: try $1[2], rung: try $1[3], at: try $1[4]))
        }
        try each(
            """
            SELECT case_id, outcome, at FROM case_verdict
            WHERE case_id >= $1 AND case_id <= $2 ORDER BY case_id, seq
            """
        ) { $0.verdicts.append((outcome: try $1[1], at: try $1[2])) }
        try each(
            """
            SELECT case_id, channel, at FROM contact
            WHERE case_id >= $1 AND case_id <= $2 ORDER BY case_id, at, id
            """
        ) { $0.contacts.append((channel: try $1[1], at: try $1[2])) }
        try each(
            """
            SELECT case_id, due_at, at FROM case_due
            WHERE case_id >= $1 AND case_id <= $2 ORDER BY case_id, seq
            """
        ) { $0.dueTimes.append((due: try $1[1], at: try $1[2])) }
        try each(
            """
            SELECT case_id, event, state, delivered_at, settled_at FROM outbox
            WHERE case_id >= $1 AND case_id <= $2 AND (delivered_at IS NOT NULL OR settled_at IS NOT NULL)
            ORDER BY case_id, id
            """
        ) { history, row in
            let event: String = try row[1]
            let state: OutboxRow.State = try row[2]
            if let at: Instant = try row[3] {
                history.notices.append((event: event, end: "delivered", at: at))
            } else if let at: Instant = try row[4], state == .failed || state == .dropped {
                history.notices.append((event: event, end: state.rawValue, at: at))
            }
        }
        return histories
    }

    private static func history(_ row: Row) throws -> StatisticsHistory {
        let province: String? = try row[4]
        let site: String? = try row[5]
        return StatisticsHistory(
            id: try row[0],
            places: [
                .all: "", .incident: try row[1], .channel: try row[2], .category: try row[3],
                .province: province ?? "", .site: site ?? "",
            ], origin: try row[6], ageBand: try row[7])
    }

    /// Entries of the pool after `seq`: kind, seats and time of each.
    public func poolEntries(
        after seq: Int, limit: Int, _ body: (_ seq: Int, _ kind: String, _ seats: Int, _ at: Instant) -> Void
    ) throws {
        try connection.each(
            "SELECT seq, kind, seats, at FROM pool_entry WHERE seq > $1 ORDER BY seq LIMIT $2",
            [seq.stored, limit.stored]
        ) { body(try $0[0], try $0[1], try $0[2], try $0[3]) }
    }
}
