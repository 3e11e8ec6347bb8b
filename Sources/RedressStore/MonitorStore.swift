/// The few counts that operators watch: pool, open cases, notices, audit trail; none of them names anybody.
import RedressCore

/// What operators watch, at one moment.
public struct ServiceFigures: Sendable {
    /// The pool of one incident.
    public struct Pool: Sendable {
        /// Whose.
        public var incident: String
        /// Seats by where they stand.
        public var allotted: Int
        /// Not promised to anybody.
        public var reserved: Int
        /// Promised.
        public var held: Int
        /// Taken.
        public var seated: Int
        /// Given back.
        public var released: Int
    }

    /// The open cases of one incident.
    public struct Cases: Sendable {
        /// Whose.
        public var incident: String
        /// How many by state.
        public var open: [(state: String, count: Int)]
        /// How many are past their due time.
        public var overdue: Int
        /// The age of the oldest.
        public var oldestMilliseconds: Int64
    }

    /// Every incident's pool.
    public var pools: [Pool]
    /// Every incident's open cases.
    public var cases: [Cases]
    /// Notices by state.
    public var notices: [(state: String, count: Int)]
    /// How long the notice that waits longest has been due; those that somebody tells by voice do not count.
    public var noticeLagMilliseconds: Int64
    /// Rows of the audit trail.
    public var auditRows: Int
}

/// Reads what operators watch.
public struct MonitorStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The version of the schema that the database has now.
    public func schemaVersion() throws -> Int {
        try connection.count("SELECT coalesce(max(version), 0) FROM schema_version")
    }

    /// Everything at once.
    public func figures() throws -> ServiceFigures {
        let incidents: [String] = try connection.all("SELECT id FROM incident ORDER BY id") { try $0[0] }
        let oldest: Instant? =
            try connection.first(
                """
                SELECT min(CASE WHEN next_at > created_at THEN next_at ELSE created_at END) FROM outbox AS o
                WHERE state = $1 AND NOT EXISTS (SELECT 1 FROM call_out AS c WHERE c.notice = o.id)
                """, [OutboxRow.State.waiting.stored]
            ) { try $0[0] as Instant? } ?? nil
        return ServiceFigures(
            pools: try pools(), cases: try incidents.map(cases),
            notices: try connection.all("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state") {
                (try $0[0], try $0[1])
            },
            noticeLagMilliseconds: max(
                0, connection.now.milliseconds - (oldest ?? connection.now).milliseconds),
            auditRows: try connection.count("SELECT coalesce(max(seq), 0) FROM audit"))
    }

    private func pools() throws -> [ServiceFigures.Pool] {
        try connection.all(
            """
            SELECT incident, sum(allotted), sum(reserved), sum(held), sum(seated), sum(released)
            FROM pool_slot GROUP BY incident ORDER BY incident
            """
        ) {
            ServiceFigures.Pool(
                incident: try $0[0], allotted: try $0[1], reserved: try $0[2], held: try $0[3],
                seated: try $0[4], released: try $0[5])
        }
    }

    private func cases(of incident: String) throws -> ServiceFigures.Cases {
        var cases = ServiceFigures.Cases(incident: incident, open: [], overdue: 0, oldestMilliseconds: 0)
        let now = connection.now
        for state in CaseState.allCases where state.isOpen {
            try connection.each(
                """
                SELECT count(*), coalesce(sum(CASE WHEN due_at < $1 THEN 1 ELSE 0 END), 0), min(received_at)
                FROM grievance_case WHERE incident = $2 AND state = $3
                """, [now.stored, incident.stored, state.stored]
            ) { row in
                cases.open.append((state.rawValue, try row[0]))
                cases.overdue += try row[1]
                let received: Instant? = try row[2]
                let age = received.map { now.milliseconds - $0.milliseconds } ?? 0
                cases.oldestMilliseconds = max(cases.oldestMilliseconds, age)
            }
        }
        return cases
    }
}
