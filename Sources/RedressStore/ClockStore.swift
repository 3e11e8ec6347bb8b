/// What stops and lengthens the statutory clock: supplement requests, and holidays declared after the data shipped.
public import RedressCore

/// Reads and writes pauses and added holidays.
public struct ClockStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Stops a case's clock now.
    public func pause(_ caseID: String) throws {
        try connection.run(
            "INSERT INTO case_pause (id, case_id, from_at) VALUES ($1, $2, $3)",
            [Identifier.make(at: connection.now).stored, caseID.stored, connection.now.stored])
    }

    /// Lets a case's clock run again; false when it was not stopped.
    @discardableResult
    public func resume(_ caseID: String) throws -> Bool {
        try connection.run(
            "UPDATE case_pause SET to_at = $1 WHERE case_id = $2 AND to_at IS NULL",
            [connection.now.stored, caseID.stored]) == 1
    }

    /// The pauses of a case; one that still runs ends now.
    public func pauses(of caseID: String) throws -> [Range<Instant>] {
        try connection.all(
            "SELECT from_at, to_at FROM case_pause WHERE case_id = $1 ORDER BY from_at", [caseID.stored]
        ) { row in
            let start: Instant = try row[0]
            let end: Instant? = try row[1]
            return start..<max(start, end ?? connection.now)
        }
    }

    /// Adds a holiday or renames it.
    public func addHoliday(_ date: CivilDate, name: String, by actor: Actor) throws {
        try connection.run(
            """
            INSERT INTO holiday (date, name, actor, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (date) DO UPDATE SET name = excluded.name, actor = excluded.actor, at = excluded.at
            """, [date.stored, name.stored, actor.name.stored, connection.now.stored])
    }

    /// The calendar with every holiday that was added.
    public func calendar(_ base: WorkingCalendar) throws -> WorkingCalendar {
        let added = try connection.all("SELECT date, name FROM holiday ORDER BY date") {
            (date: try $0[0] as CivilDate, name: try $0[1] as String)
        }
        return try added.reduce(base) { try $0.adding($1.name, on: $1.date) }
    }
}
