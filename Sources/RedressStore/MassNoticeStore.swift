/// Notices to everyone of an incident: who asked, who agreed, how far it got.
public import RedressCore

/// One notice to many.
public struct MassNoticeRow: Sendable {
    /// Where it stands.
    public enum State: String, Sendable, CaseIterable, Storable {
        case asked
        case running
        case stopped
        case done
    }

    /// Made by the application.
    public var id: String
    /// Whose people are told.
    public var incident: String
    /// The states of the cases whose people are told, separated by commas.
    public var audience: String
    /// What they are told, without name or number.
    public var text: String
    /// How many are queued a minute.
    public var perMinute: Int
    /// How many people there were when it was asked for.
    public var people: Int
    /// Who asked for it.
    public var askedBy: String
    /// When.
    public var askedAt: Instant
    /// The second person.
    public var approvedBy: String?
    /// Where it stands.
    public var state: State
    /// The last case that was queued; it goes on after it.
    public var reached: String
    /// How many were queued.
    public var queued: Int
    /// When the next ones are.
    public var nextAt: Instant

    /// Asks for one.
    public init(
        id: String, incident: String, audience: String, text: String, perMinute: Int, people: Int,
        askedBy: String, askedAt: Instant
    ) {
        self.id = id
        self.incident = incident
        self.audience = audience
        self.text = text
        self.perMinute = perMinute
        self.people = people
        self.askedBy = askedBy
        self.askedAt = askedAt
        approvedBy = nil
        state = .asked
        reached = ""
        queued = 0
        nextAt = askedAt
    }
}

/// Reads and writes notices to many.
public struct MassNoticeStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Writes a new one.
    public func insert(_ row: MassNoticeRow) throws {
        try connection.run(
            """
            INSERT INTO mass_notice (id, incident, audience, text, per_minute, people, asked_by, asked_at,
                state, reached, queued, next_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            [
                row.id.stored, row.incident.stored, row.audience.stored, row.text.stored,
                row.perMinute.stored, row.people.stored, row.askedBy.stored, row.askedAt.stored,
                row.state.stored, row.reached.stored, row.queued.stored, row.nextAt.stored,
            ])
    }

    /// Writes how far it is, if it still stands where `state` says.
    public func update(_ row: MassNoticeRow, from state: MassNoticeRow.State) throws -> Bool {
        try connection.run(
            """
            UPDATE mass_notice SET state = $1, approved_by = $2, reached = $3, queued = $4, next_at = $5
            WHERE id = $6 AND state = $7
            """,
            [
                row.state.stored, row.approvedBy.stored, row.reached.stored, row.queued.stored,
                row.nextAt.stored, row.id.stored, state.stored,
            ]) == 1
    }

    /// All of them, the newest first.
    public func all() throws -> [MassNoticeRow] {
        try connection.all(
            """
            SELECT id, incident, audience, text, per_minute, people, asked_by, asked_at, approved_by, state,
                reached, queued, next_at
            FROM mass_notice ORDER BY asked_at DESC, id DESC
            """
        ) {
            var row = MassNoticeRow(
                id: try $0[0], incident: try $0[1], audience: try $0[2], text: try $0[3],
                perMinute: try $0[4], people: try $0[5], askedBy: try $0[6], askedAt: try $0[7])
            row.approvedBy = try $0[8]
            row.state = try $0[9]
            row.reached = try $0[10]
            row.queued = try $0[11]
            row.nextAt = try $0[12]
            return row
        }
    }

    /// The first case of each person with a case in one of these states, after a case, by id.
    public func cases(
        incident: String, states: [CaseState], after id: String, limit: Int
    ) throws -> [String] {
        let wanted = "," + states.map(\.rawValue).joined(separator: ",") + ","
        return try connection.all(
            """
            SELECT min(id) FROM grievance_case
            WHERE incident = $1 AND $2 LIKE '%,' || state || ',%'
            GROUP BY person HAVING min(id) > $3 ORDER BY 1 LIMIT $4
            """, [incident.stored, wanted.stored, id.stored, limit.stored]
        ) { try $0[0] }
    }

    /// Whether somebody was told under this event already, through whichever of their cases.
    public func isTold(_ event: String, caseID: String) throws -> Bool {
        try connection.count(
            """
            SELECT count(*) FROM grievance_case AS mine
                JOIN grievance_case AS other ON other.incident = mine.incident AND other.person = mine.person
                JOIN outbox AS o ON o.case_id = other.id AND o.event = $1
            WHERE mine.id = $2
            """, [event.stored, caseID.stored]) > 0
    }
}
