/// Who looked at whose data: by person or case, and month by month with what stands out.
public import RedressCore
import RedressStore

/// One look.
public struct AccessView: Sendable, Codable {
    /// Its place in the log.
    public var seq: Int
    /// When, RFC 3339.
    public var at: String
    /// Who looked.
    public var actor: String
    /// At whom: a receipt number, or incident and person.
    public var subject: String
    /// At what.
    public var what: String
    /// From where.
    public var origin: String
    /// Why.
    public var reason: String
}

/// One line of the monthly report.
public struct AccessSummary: Sendable, Codable, Equatable {
    /// Who looked.
    public var actor: String
    /// At what.
    public var what: String
    /// How often.
    public var looks: Int
    /// At how many different people or cases.
    public var subjects: Int
    /// Looks before 07:00 or after 22:00, or on a day that is not worked.
    public var outsideHours: Int
}

/// Reads the access log; reading it is logged too.
public struct AccessDesk: Sendable {
    let desk: Desk
    private static let most = 1_000_000

    /// The looks at a receipt number or a person (`incident/person`), the newest first.
    public func looks(at subject: String, limit: Int, by actor: Actor) async throws -> [AccessView] {
        try actor.require(.readAudit)
        return try await desk.database.write { connection in
            let rows = try AccessStore(connection).looks(at: subject, limit: limit)
            try StaffStore(connection).logAccess(
                by: actor, subject: subject, what: "access-log", origin: "desk", reason: "access log")
            return rows.map(AccessView.init)
        }
    }

    /// A month's looks by member of the staff and kind (Personal Information Protection Act safety measures: checked
    /// at least once a month).
    public func month(_ year: Int, _ month: Int, by actor: Actor) async throws -> [AccessSummary] {
        try actor.require(.readAudit)
        guard (1...12).contains(month), let first = CivilDate(year: year, month: month, day: 1),
            let after = CivilDate(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1)
        else { throw RedressError(.usage, "A month is written 2021-07.") }
        let from = Instant(first, TimeOfDay(minutes: 0))
        let to = Instant(after, TimeOfDay(minutes: 0))
        return try await desk.database.read { connection in
            let calendar = try ClockStore(connection).calendar(desk.calendar)
            var outside: [String: Int] = [:]
            for row in try AccessStore(connection).looks(from: from, to: to, limit: Self.most) {
                let minute =
                    (row.at.milliseconds - Instant(row.at.date, TimeOfDay(minutes: 0)).milliseconds) / 60_000
                let isOutside = try !(420..<1320).contains(Int(minute)) || !calendar.isWorking(row.at.date)
                if isOutside { outside["\(row.actor)\n\(row.what)", default: 0] += 1 }
            }
            return try AccessStore(connection).counts(from: from, to: to).map {
                AccessSummary(
                    actor: $0.actor, what: $0.what, looks: $0.looks, subjects: $0.subjects,
                    outsideHours: outside["\($0.actor)\n\($0.what)"] ?? 0)
            }
        }
    }
}

extension AccessView {
    init(_ row: AccessRow) {
        seq = row.seq
        at = row.at.description
        actor = row.actor
        subject = row.subject
        what = row.what
        origin = row.origin
        reason = row.reason
    }
}

extension Desk {
    /// Reads a list of cases or calls and records who looked at it.
    ///
    /// A list shows nobody in clear, so it is there also while nothing can be written (a full disk, a read-only one).
    func list<T: Sendable>(
        _ what: String, of subject: String, by actor: Actor,
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        let found = try await database.read(body)
        do {
            try await database.write { connection in
                try StaffStore(connection).logAccess(
                    by: actor, subject: subject, what: what, origin: "desk", reason: "list")
            }
        } catch let error as RedressError where error.code == .unavailable {
            return found
        }
        return found
    }

    /// The access log.
    public var accesses: AccessDesk { AccessDesk(desk: self) }
}
