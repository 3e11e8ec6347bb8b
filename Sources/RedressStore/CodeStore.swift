/// One-time codes on their way: they belong to a number, not to a case, and die in minutes.
public import RedressCore

/// One code to be sent.
public struct CodeRow: Sendable {
    /// The message id, which is the id of the code's request.
    public var id: String
    /// Number and code, sealed; forgotten as soon as the message no longer waits.
    public var valuesSealed: [UInt8]
    /// The language of the text: `ko` or `en`.
    public var language: String

    /// Makes a row.
    public init(id: String, valuesSealed: [UInt8], language: String) {
        self.id = id
        self.valuesSealed = valuesSealed
        self.language = language
    }
}

/// Reads and writes codes on their way.
public struct CodeStore {
    let connection: any Connection

    /// Where a code's message stands.
    public enum State: String, Sendable, Storable {
        case waiting
        case sent
        case dropped
        case failed
    }

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Queues a code.
    public func insert(_ row: CodeRow) throws {
        try connection.run(
            """
            INSERT INTO code_message (id, values_sealed, language, state, attempts, next_at)
            VALUES ($1, $2, $3, 'waiting', 0, 0)
            """, [row.id.stored, row.valuesSealed.stored, row.language.stored])
    }

    /// Whether a code waits that is due.
    public func isDue() throws -> Bool {
        try connection.count(
            """
            SELECT count(*) FROM (SELECT id FROM code_message
                WHERE state = 'waiting' AND next_at <= $1 LIMIT 1) AS due
            """, [connection.now.stored]) > 0
    }

    /// Takes codes that are due until `leaseEnd`, the oldest first; those that let nobody in any more are dropped.
    public func lease(until leaseEnd: Instant, limit: Int) throws -> [CodeRow] {
        try connection.run(
            """
            UPDATE code_message SET state = 'dropped', values_sealed = NULL
            WHERE state = 'waiting' AND NOT EXISTS (SELECT 1 FROM one_time_code AS c
                WHERE c.id = code_message.id AND c.expires_at > $1 AND c.used_at IS NULL)
            """, [connection.now.stored])
        let due = try connection.all(
            """
            SELECT id, values_sealed, language FROM code_message
            WHERE state = 'waiting' AND next_at <= $1 ORDER BY id LIMIT $2
            """, [connection.now.stored, limit.stored]
        ) { CodeRow(id: try $0[0], valuesSealed: try $0[1], language: try $0[2]) }
        return try due.filter { row in
            try connection.run(
                """
                UPDATE code_message SET next_at = $1, attempts = attempts + 1
                WHERE id = $2 AND state = 'waiting' AND next_at <= $3
                """, [leaseEnd.stored, row.id.stored, connection.now.stored]) == 1
        }
    }

    /// Lets a code wait until an instant.
    public func postpone(_ id: String, until instant: Instant) throws {
        try connection.run(
            "UPDATE code_message SET next_at = $1 WHERE id = $2 AND state = 'waiting'",
            [instant.stored, id.stored])
    }

    /// Writes what became of a code, and forgets its number and text.
    public func settle(_ id: String, _ state: State) throws {
        try connection.run(
            "UPDATE code_message SET state = $1, values_sealed = NULL WHERE id = $2",
            [state.stored, id.stored])
    }

    /// Whether there was such a message within the last day.
    public func contains(_ id: String) throws -> Bool {
        try connection.count("SELECT count(*) FROM code_message WHERE id = $1", [id.stored]) > 0
    }
}
