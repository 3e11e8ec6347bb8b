/// Changes asked of the other booking system, kept until their outcome is known for certain.
public import RedressCore

/// One change that another system is asked to make, under a key that never changes.
public struct GatewayCallRow: Sendable {
    /// Where a call stands.
    public enum State: String, Sendable, CaseIterable, Storable {
        /// Not sent yet, or the process stopped before its answer was written down.
        case waiting
        /// Sent, and nobody knows whether it was carried out.
        case unknown
        case done
        case refused
    }

    /// The idempotency key, the same however often the change is sent.
    public var key: String
    /// The case.
    public var caseID: String
    /// The pinned hold that keeps the seat meanwhile.
    public var holdID: String
    /// What is asked, as JSON.
    public var request: String
    /// The rung of the ladder the seat stands on.
    public var rung: Remedy
    /// Why the person is moved.
    public var reason: String
    /// Who asked.
    public var actor: String
    /// Where it stands.
    public var state: State
    /// How often it was sent.
    public var tries: Int

    /// Makes a call.
    public init(
        key: String, caseID: String, holdID: String, request: String, rung: Remedy, reason: String,
        actor: String, state: State = .waiting, tries: Int = 0
    ) {
        self.key = key
        self.caseID = caseID
        self.holdID = holdID
        self.request = request
        self.rung = rung
        self.reason = reason
        self.actor = actor
        self.state = state
        self.tries = tries
    }
}

/// Reads and writes calls to the other system.
public struct GatewayCallStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds a call that waits to be sent.
    public func insert(_ row: GatewayCallRow) throws {
        try connection.run(
            """
            INSERT INTO gateway_call (key, case_id, hold_id, request, rung, reason, actor, state, tries,
                made_at, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                row.key.stored, row.caseID.stored, row.holdID.stored, row.request.stored, row.rung.stored,
                row.reason.stored, row.actor.stored, row.state.stored, row.tries.stored,
                connection.now.stored, connection.now.stored,
            ])
    }

    /// Calls whose outcome is not known yet, the oldest first.
    public func open() throws -> [GatewayCallRow] {
        try connection.all(
            "\(Self.columns) WHERE state IN ('waiting', 'unknown') ORDER BY made_at, key", [], Self.row)
    }

    /// The call of this key.
    public func find(_ key: String) throws -> GatewayCallRow? {
        try connection.first("\(Self.columns) WHERE key = $1", [key.stored], Self.row)
    }

    /// The open call of a case.
    public func open(caseID: String) throws -> GatewayCallRow? {
        try connection.first(
            "\(Self.columns) WHERE case_id = $1 AND state IN ('waiting', 'unknown') ORDER BY made_at",
            [caseID.stored], Self.row)
    }

    /// Writes down an outcome; false when the call was settled before.
    public func settle(_ key: String, as state: GatewayCallRow.State, answer: String?) throws -> Bool {
        try connection.run(
            """
            UPDATE gateway_call SET state = $1, answer = $2, changed_at = $3, tries = tries + 1
            WHERE key = $4 AND state IN ('waiting', 'unknown')
            """,
            [state.stored, answer.stored, connection.now.stored, key.stored]) == 1
    }

    private static let columns: SQL = """
        SELECT key, case_id, hold_id, request, rung, reason, actor, state, tries FROM gateway_call
        """

    private static func row(_ row: Row) throws -> GatewayCallRow {
        GatewayCallRow(
            key: try row[0], caseID: try row[1], holdID: try row[2], request: try row[3],
            rung: try row[4], reason: try row[5], actor: try row[6], state: try row[7], tries: try row[8])
    }
}
