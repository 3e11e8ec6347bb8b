/// Requests that came with an idempotency key, and the answers they got.
public import RedressCore

/// One request.
public struct RequestKeyRow: Sendable {
    /// SHA-256 of what was asked.
    public var request: [UInt8]
    /// The answer, sealed; nil while it is under way.
    public var answerSealed: [UInt8]?
    /// Since when.
    public var startedAt: Instant
}

/// Reads and writes requests under their keys.
public struct RequestKeyStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The request of a key.
    public func find(_ id: String) throws -> RequestKeyRow? {
        try connection.first(
            "SELECT request, answer_sealed, started_at FROM request_key WHERE id = $1", [id.stored]
        ) { RequestKeyRow(request: try $0[0], answerSealed: try $0[1], startedAt: try $0[2]) }
    }

    /// Begins a request.
    public func insert(_ id: String, request: [UInt8]) throws {
        try connection.run(
            "INSERT INTO request_key (id, request, started_at) VALUES ($1, $2, $3)",
            [id.stored, request.stored, connection.now.stored])
    }

    /// Begins a request that was cut off again.
    public func restart(_ id: String) throws {
        try connection.run(
            "UPDATE request_key SET started_at = $1 WHERE id = $2", [connection.now.stored, id.stored])
    }

    /// Keeps the answer of a request.
    public func finish(_ id: String, answerSealed: [UInt8]) throws {
        try connection.run(
            "UPDATE request_key SET answer_sealed = $1 WHERE id = $2", [answerSealed.stored, id.stored])
    }

    /// Forgets a request.
    public func delete(_ id: String) throws {
        try connection.run("DELETE FROM request_key WHERE id = $1", [id.stored])
    }
}
