/// One-time codes that citizens asked for: what proves one, how often it was tried, and when it dies.
public import RedressCore

/// One code that was asked for.
public struct OneTimeCodeRow: Sendable {
    /// The request it is bound to.
    public var id: String
    /// The keyed hash of the number.
    public var phoneIndex: [UInt8]
    /// The keyed hash of request and code.
    public var codeHash: [UInt8]
    /// When it was asked for.
    public var createdAt: Instant
    /// When it dies.
    public var expiresAt: Instant

    /// Makes a row.
    public init(
        id: String, phoneIndex: [UInt8], codeHash: [UInt8], createdAt: Instant, expiresAt: Instant
    ) {
        self.id = id
        self.phoneIndex = phoneIndex
        self.codeHash = codeHash
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// Reads and writes one-time codes.
public struct OneTimeCodeStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Keeps a code.
    public func insert(_ row: OneTimeCodeRow) throws {
        try connection.run(
            """
            INSERT INTO one_time_code (id, phone_index, code_hash, tries, created_at, expires_at)
            VALUES ($1, $2, $3, 0, $4, $5)
            """,
            [
                row.id.stored, row.phoneIndex.stored, row.codeHash.stored, row.createdAt.stored,
                row.expiresAt.stored,
            ])
    }

    /// When codes were asked for a number since a time, the newest first.
    public func times(of phoneIndex: [UInt8], since: Instant) throws -> [Instant] {
        try connection.all(
            """
            SELECT created_at FROM one_time_code WHERE phone_index = $1 AND created_at > $2
            ORDER BY created_at DESC
            """, [phoneIndex.stored, since.stored]
        ) { try $0[0] }
    }

    /// Takes one of a code's tries; nil when it is unknown, used, dead, or has none left.
    public func take(_ id: String, tries: Int) throws -> OneTimeCodeRow? {
        try connection.first(
            """
            UPDATE one_time_code SET tries = tries + 1
            WHERE id = $1 AND tries < $2 AND used_at IS NULL AND expires_at > $3
            RETURNING id, phone_index, code_hash, created_at, expires_at
            """, [id.stored, tries.stored, connection.now.stored]
        ) {
            OneTimeCodeRow(
                id: try $0[0], phoneIndex: try $0[1], codeHash: try $0[2], createdAt: try $0[3],
                expiresAt: try $0[4])
        }
    }

    /// Uses a code up.
    public func use(_ id: String) throws {
        try connection.run(
            "UPDATE one_time_code SET used_at = $1 WHERE id = $2", [connection.now.stored, id.stored])
    }

    /// Ends the codes of a number that were not used: only the newest lets anybody in.
    public func endOthers(of phoneIndex: [UInt8]) throws {
        try connection.run(
            "UPDATE one_time_code SET expires_at = $1 WHERE phone_index = $2 AND expires_at > $3",
            [connection.now.stored, phoneIndex.stored, connection.now.stored])
    }

    /// Forgets codes asked for before a time.
    public func forget(before time: Instant) throws {
        try connection.run("DELETE FROM one_time_code WHERE created_at < $1", [time.stored])
    }
}
