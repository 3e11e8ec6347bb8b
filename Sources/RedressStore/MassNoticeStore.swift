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
    /// The last person who was queued; it goes on after them.
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
        try connection.all("\(Self.rows) ORDER BY asked_at DESC, id DESC", [], Self.row)
    }

    /// One of them.
    public func find(_ id: String) throws -> MassNoticeRow? {
        try connection.first("\(Self.rows) WHERE id = $1", [id.stored], Self.row)
    }

    private static let rows: SQL = """
        SELECT id, incident, audience, text, per_minute, people, asked_by, asked_at, approved_by, state,
            reached, queued, next_at
        FROM mass_notice
        """

    private static func row(_ stored: Row) throws -> MassNoticeRow {
        var row = MassNoticeRow(
            id: try stored[0], incident: try stored[1], audience: try stored[2], text: try stored[3],
            perMinute: try stored[4], people: try stored[5], askedBy: try stored[6], askedAt: try stored[7])
        row.approvedBy = try stored[8]
        row.state = try stored[9]
        row.reached = try stored[10]
        row.queued = try stored[11]
        row.nextAt = try stored[12]
        return row
    }

    /// How many people were told, by event.
    public func sent() throws -> [String: Int] {
        let counted = try connection.all(
            """
            SELECT event, count(*) FROM outbox WHERE event LIKE 'mass/%' AND state = 'sent' GROUP BY event
            """
        ) { (event: try $0[0] as String, sent: try $0[1] as Int) }
        return Dictionary(uniqueKeysWithValues: counted.map { ($0.event, $0.sent) })
    }

    /// How many people have a case in one of these states.
    public func people(incident: String, states: [CaseState]) throws -> Int {
        try connection.count(
            """
            SELECT count(DISTINCT person) FROM grievance_case
            WHERE incident = $1 AND $2 LIKE '%,' || state || ',%'
            """, [incident.stored, Self.list(states).stored])
    }

    /// The first case of each person with a case in one of these states, after a person, in the order of people.
    public func cases(
        incident: String, states: [CaseState], after person: String, limit: Int
    ) throws -> [(person: String, caseID: String)] {
        try connection.all(
            """
            SELECT person, min(id) FROM grievance_case
            WHERE incident = $1 AND $2 LIKE '%,' || state || ',%' AND person > $3
            GROUP BY person ORDER BY person LIMIT $4
            """, [incident.stored, Self.list(states).stored, person.stored, limit.stored]
        ) { (person: try $0[0], caseID: try $0[1]) }
    }

    private static func list(_ states: [CaseState]) -> String {
        "," + states.map(\.rawValue).joined(separator: ",") + ","
    }

    /// Puts those back in line who were dropped because the notice was stopped.
    public func requeue(_ event: String) throws {
        try connection.run(
            """
            UPDATE outbox SET state = 'waiting', next_at = 0, why = NULL, settled_at = NULL
            WHERE event = $1 AND state = 'dropped'
            """, [event.stored])
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
