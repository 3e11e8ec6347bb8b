/// The log of who looked at whose data, as auditors, supervisors and the citizen read it.
public import RedressCore

/// One look at somebody's data.
public struct AccessRow: Sendable {
    /// Its place in the log.
    public var seq: Int
    /// When.
    public var at: Instant
    /// Who looked.
    public var actor: String
    /// At whom: a receipt number, or incident and person.
    public var subject: String
    /// At what.
    public var what: String
    /// From where.
    public var origin: String
    /// Why.
    public var reason: String
}

/// How often somebody looked at something in a month.
public struct AccessCount: Sendable {
    /// Who looked.
    public var actor: String
    /// At what.
    public var what: String
    /// How often.
    public var looks: Int
    /// At how many different people or cases.
    public var subjects: Int
}

/// Reads the access log; `StaffStore.logAccess` writes it.
public struct AccessStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The looks at a subject, the newest first.
    public func looks(at subject: String, limit: Int) throws -> [AccessRow] {
        try connection.all(
            """
            SELECT seq, at, actor, subject, what, origin, reason FROM access_log
            WHERE subject = $1 ORDER BY seq DESC LIMIT $2
            """, [subject.stored, limit.stored], Self.row)
    }

    /// Every look in `[from, to)`, in order.
    public func looks(from: Instant, to: Instant, limit: Int) throws -> [AccessRow] {
        try connection.all(
            """
            SELECT seq, at, actor, subject, what, origin, reason FROM access_log
            WHERE at >= $1 AND at < $2 ORDER BY seq LIMIT $3
            """, [from.stored, to.stored, limit.stored], Self.row)
    }

    /// How often each member of the staff looked at what in `[from, to)`.
    public func counts(from: Instant, to: Instant) throws -> [AccessCount] {
        try connection.all(
            """
            SELECT actor, what, count(*), count(DISTINCT subject) FROM access_log WHERE at >= $1 AND at < $2
            GROUP BY actor, what ORDER BY actor, what
            """, [from.stored, to.stored]
        ) { AccessCount(actor: try $0[0], what: try $0[1], looks: try $0[2], subjects: try $0[3]) }
    }

    /// Whether somebody looked at something of a subject since a time.
    public func hasLooked(_ actor: String, at what: String, of subject: String, since: Instant) throws -> Bool
    {
        try connection.count(
            """
            SELECT count(*) FROM access_log WHERE subject = $1 AND actor = $2 AND what = $3 AND at >= $4
            """, [subject.stored, actor.stored, what.stored, since.stored]) > 0
    }

    private static func row(_ row: Row) throws -> AccessRow {
        AccessRow(
            seq: try row[0], at: try row[1], actor: try row[2], subject: try row[3], what: try row[4],
            origin: try row[5], reason: try row[6])
    }
}
