/// The outbox: what a citizen will be told, written in the transaction of the fact itself.
public import RedressCore

/// One event that a citizen is to be told of.
public struct OutboxRow: Sendable {
    /// Where a notice stands.
    public enum State: String, Sendable, CaseIterable, Storable {
        case waiting
        case sent
        case dropped
        case failed
        case cancelled
    }

    /// The message id: the same however often it is sent.
    public var id: String
    /// The case it is about.
    public var caseID: String
    /// What happened, for example `restored`.
    public var event: String
    /// Where it stands.
    public var state: State
    /// The values its text needs, sealed.
    public var valuesSealed: [UInt8]
    /// When the fact was written.
    public var createdAt: Instant

    /// Makes a row.
    public init(
        id: String, caseID: String, event: String, state: State, valuesSealed: [UInt8], createdAt: Instant
    ) {
        self.id = id
        self.caseID = caseID
        self.event = event
        self.state = state
        self.valuesSealed = valuesSealed
        self.createdAt = createdAt
    }
}

/// Reads and writes the outbox.
public struct OutboxStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds a notice; a second one of the same case and event is refused by the schema and ignored.
    ///
    /// What waits for the same person from before becomes as urgent: it leaves first and holds nothing up.
    public func insert(_ row: OutboxRow, priority: NoticePriority = .fact) throws {
        try connection.send(
            """
            INSERT INTO outbox (id, case_id, event, state, values_sealed, created_at, priority, incident, person,
                sequence)
            SELECT $1, id, $2, $3, $4, $5, $6, incident, person,
                (SELECT coalesce(max(sequence), 0) + 1 FROM outbox)
            FROM grievance_case WHERE id = $7
            ON CONFLICT (case_id, event) DO NOTHING
            """,
            [
                row.id.stored, row.event.stored, row.state.stored, row.valuesSealed.stored,
                row.createdAt.stored, priority.rawValue.stored, row.caseID.stored,
            ])
        guard priority != .mass else { return }
        // Where the event was told already there is no such row, and nothing is hurried.
        try connection.send(
            """
            UPDATE outbox SET priority = $1
            WHERE state = 'waiting' AND priority > $2
                AND incident = (SELECT incident FROM outbox WHERE id = $3)
                AND person = (SELECT person FROM outbox WHERE id = $4)
            """,
            [priority.rawValue.stored, priority.rawValue.stored, row.id.stored, row.id.stored])
    }

    /// The notices of a case in the order they were written.
    public func notices(of caseID: String) throws -> [OutboxRow] {
        try connection.all(
            """
            SELECT id, case_id, event, state, values_sealed, created_at FROM outbox
            WHERE case_id = $1 ORDER BY sequence, id
            """, [caseID.stored]
        ) {
            OutboxRow(
                id: try $0[0], caseID: try $0[1], event: try $0[2], state: try $0[3],
                valuesSealed: try $0[4], createdAt: try $0[5])
        }
    }
}
