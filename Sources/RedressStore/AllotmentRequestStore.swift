/// Large allotments that wait for a second person.
public import RedressCore

/// One allotment that somebody asked for and another must approve.
public struct AllotmentRequestRow: Sendable {
    /// Made by the application.
    public var id: String
    /// The slot's id.
    public var slotID: String
    /// How many seats.
    public var seats: Int
    /// The document or order that allows it.
    public var authority: String
    /// Who asked.
    public var askedBy: String
    /// When.
    public var askedAt: Instant

    /// Makes a request.
    public init(
        id: String, slotID: String, seats: Int, authority: String, askedBy: String, askedAt: Instant
    ) {
        self.id = id
        self.slotID = slotID
        self.seats = seats
        self.authority = authority
        self.askedBy = askedBy
        self.askedAt = askedAt
    }
}

/// Reads and writes requests for large allotments.
public struct AllotmentRequestStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds a waiting request.
    public func insert(_ row: AllotmentRequestRow) throws {
        try connection.run(
            """
            INSERT INTO allotment_request (id, slot_id, seats, authority, state, asked_by, asked_at)
            VALUES ($1, $2, $3, $4, 'waiting', $5, $6)
            """,
            [
                row.id.stored, row.slotID.stored, row.seats.stored, row.authority.stored,
                row.askedBy.stored, row.askedAt.stored,
            ])
    }

    /// The waiting request of this id.
    public func waiting(_ id: String) throws -> AllotmentRequestRow? {
        try connection.first(
            "\(Self.columns) WHERE r.id = $1 AND r.state = 'waiting'", [id.stored], Self.row)
    }

    /// The waiting requests of an incident, the oldest first.
    public func waiting(incident: String) throws -> [AllotmentRequestRow] {
        try connection.all(
            """
            \(Self.columns) JOIN pool_slot AS s ON s.id = r.slot_id
            WHERE s.incident = $1 AND r.state = 'waiting' ORDER BY r.asked_at, r.id
            """, [incident.stored], Self.row)
    }

    /// Decides a waiting request; false when somebody else did. The schema refuses the one who asked.
    public func decide(_ id: String, approved: Bool, by actor: Actor) throws -> Bool {
        try connection.run(
            """
            UPDATE allotment_request SET state = $1, decided_by = $2, decided_at = $3
            WHERE id = $4 AND state = 'waiting'
            """,
            [
                (approved ? "approved" : "refused").stored, actor.name.stored, connection.now.stored,
                id.stored,
            ]) == 1
    }

    private static let columns: SQL = """
        SELECT r.id, r.slot_id, r.seats, r.authority, r.asked_by, r.asked_at FROM allotment_request AS r
        """

    private static func row(_ row: Row) throws -> AllotmentRequestRow {
        AllotmentRequestRow(
            id: try row[0], slotID: try row[1], seats: try row[2], authority: try row[3],
            askedBy: try row[4], askedAt: try row[5])
    }
}
