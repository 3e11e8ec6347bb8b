/// One-time codes on their way: they belong to a number, not to a case, and die in minutes.
public import RedressCore

/// One code to be sent.
public struct CodeRow: Sendable {
    /// The message id.
    public var id: String
    /// Number and code, sealed.
    public var valuesSealed: [UInt8]
    /// The language of the text: `ko` or `en`.
    public var language: String
    /// When it stops being of use.
    public var expiresAt: Instant
    /// Attempts made so far.
    public var attempts = 0

    /// Makes a row.
    public init(id: String, valuesSealed: [UInt8], language: String, expiresAt: Instant) {
        self.id = id
        self.valuesSealed = valuesSealed
        self.language = language
        self.expiresAt = expiresAt
    }
}

/// Reads and writes codes on their way.
public struct CodeStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Queues a code.
    public func insert(_ row: CodeRow) throws {
        try connection.run(
            """
            INSERT INTO code_message (id, values_sealed, language, state, attempts, next_at, created_at,
                expires_at)
            VALUES ($1, $2, $3, 'waiting', 0, 0, $4, $5)
            """,
            [
                row.id.stored, row.valuesSealed.stored, row.language.stored, connection.now.stored,
                row.expiresAt.stored,
            ])
    }

    /// Takes codes that are due until `leaseEnd`; those that have expired are dropped.
    public func lease(until leaseEnd: Instant, limit: Int) throws -> [CodeRow] {
        try connection.run(
            "UPDATE code_message SET state = 'dropped' WHERE state = 'waiting' AND expires_at <= $1",
            [connection.now.stored])
        let due = try connection.all(
            """
            SELECT id, values_sealed, language, expires_at, attempts FROM code_message
            WHERE state = 'waiting' AND next_at <= $1 ORDER BY created_at, id LIMIT $2
            """, [connection.now.stored, limit.stored]
        ) {
            var row = CodeRow(
                id: try $0[0], valuesSealed: try $0[1], language: try $0[2], expiresAt: try $0[3])
            row.attempts = try $0[4]
            return row
        }
        for row in due { try settle(row.id, "waiting", nextAt: leaseEnd, attempts: 0) }
        return due
    }

    /// Writes what became of a code.
    ///
    /// - Parameter state: `waiting` until `nextAt`, `sent` or `failed`.
    public func settle(_ id: String, _ state: String, nextAt: Instant, attempts: Int) throws {
        try connection.run(
            "UPDATE code_message SET state = $1, next_at = $2, attempts = attempts + $3 WHERE id = $4",
            [state.stored, nextAt.stored, attempts.stored, id.stored])
    }
}
