/// One-time codes of citizens and the messages that carry them, which wait here until a worker sends them.
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
    /// Number and text, sealed, until it was sent.
    public var messageSealed: [UInt8]?

    /// Makes a row.
    public init(
        id: String, phoneIndex: [UInt8], codeHash: [UInt8], createdAt: Instant, expiresAt: Instant,
        messageSealed: [UInt8]?
    ) {
        self.id = id
        self.phoneIndex = phoneIndex
        self.codeHash = codeHash
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.messageSealed = messageSealed
    }
}

/// Reads and writes one-time codes.
public struct OneTimeCodeStore {
    let connection: any Connection

    /// Where the message of a code stands.
    public enum MessageState: String, Sendable, Storable {
        case waiting
        case sent
        case dropped
        case failed
    }

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Keeps a code; its message waits to be sent.
    public func insert(_ row: OneTimeCodeRow) throws {
        try connection.run(
            """
            INSERT INTO one_time_code (id, phone_index, code_hash, tries, created_at, expires_at,
                message_sealed, message_state) VALUES ($1, $2, $3, 0, $4, $5, $6, $7)
            """,
            [
                row.id.stored, row.phoneIndex.stored, row.codeHash.stored, row.createdAt.stored,
                row.expiresAt.stored, row.messageSealed.stored, MessageState.waiting.stored,
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
            RETURNING id, phone_index, code_hash, created_at, expires_at, message_sealed
            """, [id.stored, tries.stored, connection.now.stored], Self.row)
    }

    /// Uses a code up.
    public func use(_ id: String) throws {
        try connection.run(
            "UPDATE one_time_code SET used_at = $1, message_sealed = NULL WHERE id = $2",
            [connection.now.stored, id.stored])
    }

    /// Ends the codes of a number that were not used: only the newest lets anybody in.
    public func endOthers(of phoneIndex: [UInt8]) throws {
        try connection.run(
            "UPDATE one_time_code SET expires_at = $1 WHERE phone_index = $2 AND expires_at > $3",
            [connection.now.stored, phoneIndex.stored, connection.now.stored])
    }

    /// Codes whose messages wait, the oldest first.
    public func waiting(limit: Int) throws -> [OneTimeCodeRow] {
        try connection.all(
            """
            SELECT id, phone_index, code_hash, created_at, expires_at, message_sealed FROM one_time_code
            WHERE message_state = 'waiting' ORDER BY created_at, id LIMIT $1
            """, [limit.stored], Self.row)
    }

    /// Writes what became of a message, whose text is forgotten; false when that is known already.
    public func settle(_ id: String, _ state: MessageState) throws -> Bool {
        try connection.run(
            """
            UPDATE one_time_code SET message_state = $1, message_sealed = NULL
            WHERE id = $2 AND message_state = 'waiting'
            """, [state.stored, id.stored]) == 1
    }

    /// Forgets codes asked for before a time.
    public func forget(before time: Instant) throws {
        try connection.run("DELETE FROM one_time_code WHERE created_at < $1", [time.stored])
    }

    private static func row(_ row: Row) throws -> OneTimeCodeRow {
        OneTimeCodeRow(
            id: try row[0], phoneIndex: try row[1], codeHash: try row[2], createdAt: try row[3],
            expiresAt: try row[4], messageSealed: try row[5])
    }
}
