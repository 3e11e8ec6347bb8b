/// Holidays declared after the data shipped: added as data, and every clock they touch counted again.
public import RedressCore
import RedressStore

/// Keeps the working calendar.
public struct CalendarDesk: Sendable {
    let desk: Desk
    private static let batch = 500

    /// The calendar with every holiday that was added.
    public func calendar() async throws -> WorkingCalendar {
        try await desk.database.read { try ClockStore($0).calendar(desk.calendar) }
    }

    /// Adds a holiday and counts the due time of every open case again that it lengthens; the promised time stays.
    ///
    /// Adding the same holiday again finishes a recount that was interrupted.
    /// - Returns: how many cases got a later due time.
    public func addHoliday(_ name: String, on date: CivilDate, by actor: Actor) async throws -> Int {
        try actor.require(.decideCases)
        let name = try FreeText(name, field: "The holiday's name").text
        _ = try desk.calendar.adding(name, on: date)
        try await desk.database.write { connection in
            try ClockStore(connection).addHoliday(date, name: name, by: actor)
            let version = try ClockStore(connection).calendar(desk.calendar).version
            try AuditStore(connection).append(
                "calendar.add", subject: date.description, by: actor, detail: ["calendar": version])
        }
        var last = ""
        var lengthened = 0
        while true {
            let after = last
            let done = try await desk.database.write { connection in
                try recount(date, after: after, by: actor, connection)
            }
            lengthened += done.lengthened
            guard let id = done.last else { return lengthened }
            last = id
        }
    }

    private func recount(
        _ date: CivilDate, after id: String, by actor: Actor, _ connection: any Connection
    ) throws -> (last: String?, lengthened: Int) {
        let store = CaseStore(connection)
        let editing = CaseEditing(connection, desk)
        let ids = try WorkStore(connection).openBeyond(
            Instant(date, TimeOfDay(minutes: 0)), after: id, limit: Self.batch)
        var lengthened = 0
        for id in ids {
            guard var row = try store.find(id: id) else { continue }
            let before = row.dueAt
            try editing.recount(&row)
            guard row.dueAt != before else { continue }
            lengthened += 1
            try store.update(&row)
            try editing.audit(
                "case.recount", row, by: actor,
                detail: ["before": "\(before)", "due": "\(row.dueAt)", "calendar": row.clock.calendar])
        }
        return (ids.last, lengthened)
    }
}

extension Desk {
    /// The working calendar.
    public var calendars: CalendarDesk { CalendarDesk(desk: self) }
}
