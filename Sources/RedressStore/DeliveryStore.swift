/// The delivery side of the outbox: what is due, who has it, what became of it, and how much was sent lately.
public import RedressCore

/// A notice that a worker has to itself for a while.
public struct DueNotice: Sendable {
    /// The row as the fact's transaction wrote it.
    public var row: OutboxRow
    /// Attempts made so far.
    public var attempts: Int
    /// Whether it was taken within the budgets before: by a worker that ended, or that could not try it.
    public var isPaid: Bool
}

/// One notice with everything an operator asks of it.
public struct NoticeRecord: Sendable {
    /// The row.
    public var row: OutboxRow
    /// The receipt number of its case.
    public var receipt: String
    /// Attempts made so far.
    public var attempts: Int
    /// Why it waits, was dropped, failed or was cancelled.
    public var why: String?
    /// When a gateway took it.
    public var sentAt: Instant?
    /// When it reached the person.
    public var deliveredAt: Instant?
}

/// How far the outbox is behind.
public struct OutboxLag: Sendable, Equatable {
    /// Notices that wait to be sent; those that somebody tells by voice do not.
    public var waiting: Int
    /// Notices given up, that somebody must look at.
    public var failed: Int
    /// When the oldest waiting notice was written.
    public var oldest: Instant?
}

/// Reads and writes what becomes of notices.
public struct DeliveryStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Whether a notice is due.
    public func isDue(priorityUpTo priority: Int) throws -> Bool {
        try connection.count(
            """
            SELECT count(*) FROM (SELECT o.id FROM outbox AS o
                WHERE o.state = 'waiting' AND o.priority <= $1 AND o.next_at <= $2
                    AND NOT EXISTS (SELECT 1 FROM call_out AS c WHERE c.notice = o.id)
                LIMIT 1) AS due
            """, [priority.stored, connection.now.stored]) > 0
    }

    /// Takes due notices for one worker until `leaseEnd`, at most one a person, the earliest of each person first.
    ///
    /// A notice that somebody has to tell by voice is none of the workers' and holds nothing up.
    public func lease(
        _ worker: String, until leaseEnd: Instant, priorityUpTo priority: Int, limit: Int
    ) throws -> [DueNotice] {
        let due = try connection.all(
            """
            SELECT o.id, o.case_id, o.event, o.state, o.values_sealed, o.created_at, o.attempts,
                o.attempts > 0 OR o.lease IS NOT NULL
            FROM outbox AS o
            WHERE o.state = 'waiting' AND o.priority <= $1 AND o.next_at <= $2
                AND NOT EXISTS (SELECT 1 FROM call_out AS c WHERE c.notice = o.id)
                AND NOT EXISTS (SELECT 1 FROM outbox AS e
                    WHERE e.incident = o.incident AND e.person = o.person AND e.state = 'waiting'
                        AND e.sequence < o.sequence
                        AND NOT EXISTS (SELECT 1 FROM call_out AS c WHERE c.notice = e.id))
            ORDER BY o.priority, o.sequence LIMIT $3
            """, [priority.stored, connection.now.stored, limit.stored]
        ) { row in DueNotice(row: try Self.row(row), attempts: try row[6], isPaid: try row[7]) }
        // Another process may have taken one between the question and this.
        return try due.filter { notice in
            try connection.run(
                """
                UPDATE outbox SET lease = $1, next_at = $2
                WHERE id = $3 AND state = 'waiting' AND next_at <= $4
                """, [worker.stored, leaseEnd.stored, notice.row.id.stored, connection.now.stored]) == 1
        }
    }

    /// A gateway took it: sent, even when somebody cancelled it while it was on its way.
    public func sent(_ id: String) throws {
        try connection.run(
            """
            UPDATE outbox SET state = 'sent', sent_at = $1, lease = NULL, why = NULL, attempts = attempts + 1
            WHERE id = $2 AND state IN ('waiting', 'cancelled')
            """, [connection.now.stored, id.stored])
    }

    /// It reached the person; false when it was known before, or never left.
    public func delivered(_ id: String) throws -> Bool {
        try connection.run(
            """
            UPDATE outbox SET state = 'sent', delivered_at = $1, settled_at = $2
            WHERE id = $3 AND state IN ('waiting', 'sent', 'failed') AND delivered_at IS NULL
            """, [connection.now.stored, connection.now.stored, id.stored]) == 1
    }

    /// Ends a notice that will not be sent, and says why.
    ///
    /// - Returns: false when it had ended in another way.
    public func end(_ id: String, as state: OutboxRow.State, why: String, attempts: Int = 0) throws -> Bool {
        try connection.run(
            """
            UPDATE outbox SET state = $1, why = $2, settled_at = $3, lease = NULL, attempts = attempts + $4
            WHERE id = $5 AND state IN ('waiting', 'sent') AND delivered_at IS NULL AND state <> $6
            """,
            [
                state.stored, why.stored, connection.now.stored, attempts.stored, id.stored, state.stored,
            ]) == 1
    }

    /// Lets a notice wait until an instant; `attempts` more were made.
    public func postpone(_ id: String, until instant: Instant, why: String, attempts: Int) throws {
        try connection.run(
            """
            UPDATE outbox SET next_at = $1, why = $2, lease = NULL, attempts = attempts + $3
            WHERE id = $4 AND state = 'waiting'
            """, [instant.stored, why.stored, attempts.stored, id.stored])
    }

    /// Gives back a notice that was taken and not tried; what it took from the budgets stays its own.
    public func giveBack(_ id: String, why: String) throws {
        try connection.run(
            "UPDATE outbox SET next_at = $1, why = $2 WHERE id = $3 AND state = 'waiting'",
            [connection.now.stored, why.stored, id.stored])
    }

    /// Puts a failed or cancelled notice back in line, as if it had never been tried; nobody need call meanwhile.
    public func revive(_ id: String) throws -> Bool {
        let isBack =
            try connection.run(
                """
                UPDATE outbox SET state = 'waiting', attempts = 0, next_at = 0, why = NULL, settled_at = NULL,
                    lease = NULL
                WHERE id = $1 AND state IN ('failed', 'cancelled') AND NOT EXISTS
                    (SELECT 1 FROM call_out WHERE notice = $2 AND done_at IS NOT NULL AND outcome = 'told')
                """, [id.stored, id.stored]) == 1
        if isBack { try connection.run("DELETE FROM call_out WHERE notice = $1", [id.stored]) }
        return isBack
    }

    /// Cancels a notice that did not leave.
    public func cancel(_ id: String, why: String) throws -> Bool {
        try connection.run(
            """
            UPDATE outbox SET state = 'cancelled', why = $1, settled_at = $2
            WHERE id = $3 AND state IN ('waiting', 'failed')
            """, [why.stored, connection.now.stored, id.stored]) == 1
    }

    /// One notice.
    public func find(_ id: String) throws -> NoticeRecord? {
        try connection.first("\(Self.records) WHERE o.id = $1", [id.stored], Self.record)
    }

    /// The notice of a case and event.
    public func find(event: String, of caseID: String) throws -> NoticeRecord? {
        try connection.first(
            "\(Self.records) WHERE o.case_id = $1 AND o.event = $2", [caseID.stored, event.stored],
            Self.record)
    }

    /// Every notice in the order of the facts, or those in one state.
    public func records(in state: OutboxRow.State?) throws -> [NoticeRecord] {
        try connection.all(
            "\(Self.records) WHERE o.state = $1 OR $2 ORDER BY o.sequence, o.id",
            [state.stored, (state == nil).stored], Self.record)
    }

    /// Every notice of a case, in the order of the facts.
    public func records(of caseID: String) throws -> [NoticeRecord] {
        try connection.all(
            "\(Self.records) WHERE o.case_id = $1 ORDER BY o.created_at, o.id", [caseID.stored], Self.record)
    }

    /// How far the outbox is behind.
    public func lag() throws -> OutboxLag {
        let failed = try connection.count("SELECT count(*) FROM outbox WHERE state = 'failed'")
        return try connection.first(
            """
            SELECT count(*), min(created_at) FROM outbox AS o
            WHERE state = 'waiting' AND NOT EXISTS (SELECT 1 FROM call_out AS c WHERE c.notice = o.id)
            """
        ) { OutboxLag(waiting: try $0[0], failed: failed, oldest: try $0[1]) }
            ?? OutboxLag(waiting: 0, failed: failed, oldest: nil)
    }

    /// How often a bucket was used.
    public func used(_ bucket: String) throws -> Int {
        try connection.first("SELECT used FROM notice_budget WHERE bucket = $1", [bucket.stored]) {
            try $0[0]
        } ?? 0
    }

    /// Counts one use of a bucket that empties at `until`.
    public func spend(_ bucket: String, until: Instant) throws {
        try connection.run(
            """
            INSERT INTO notice_budget (bucket, used, until) VALUES ($1, 1, $2)
            ON CONFLICT (bucket) DO UPDATE SET used = notice_budget.used + 1
            """, [bucket.stored, until.stored])
    }

    /// Forgets buckets that have emptied and callbacks too old to be taken anyway.
    public func tidy(callbacksBefore instant: Instant) throws {
        try connection.run("DELETE FROM notice_budget WHERE until <= $1", [connection.now.stored])
        try connection.run("DELETE FROM notice_callback WHERE at < $1", [instant.stored])
    }

    /// Whether a callback was noted before.
    public func isSeen(callback id: String) throws -> Bool {
        try connection.count("SELECT count(*) FROM notice_callback WHERE id = $1", [id.stored]) > 0
    }

    /// Notes a callback; false when it came before.
    public func firstSeen(callback id: String) throws -> Bool {
        try connection.run(
            "INSERT INTO notice_callback (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
            [id.stored, connection.now.stored]) == 1
    }

    /// Where a hold stands and on which slot: what a notice about a seat claims.
    public func hold(_ id: String) throws -> (state: String, slotID: String)? {
        try connection.first("SELECT state, slot_id FROM pool_hold WHERE id = $1", [id.stored]) {
            (state: try $0[0], slotID: try $0[1])
        }
    }

    private static let records: SQL = """
        SELECT o.id, o.case_id, o.event, o.state, o.values_sealed, o.created_at, c.receipt, o.attempts, o.why,
            o.sent_at, o.delivered_at
        FROM outbox AS o JOIN grievance_case AS c ON c.id = o.case_id
        """

    private static func record(_ row: Row) throws -> NoticeRecord {
        NoticeRecord(
            row: try Self.row(row), receipt: try row[6], attempts: try row[7], why: try row[8],
            sentAt: try row[9], deliveredAt: try row[10])
    }

    private static func row(_ row: Row) throws -> OutboxRow {
        OutboxRow(
            id: try row[0], caseID: try row[1], event: try row[2], state: try row[3],
            valuesSealed: try row[4], createdAt: try row[5])
    }
}
