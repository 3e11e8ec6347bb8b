/// What other systems and the centres need of the pool: changed seats in the register's form, and arrival lists.
public import RedressCore
import RedressStore

/// Writes exports.
public struct ExportDesk: Sendable {
    let desk: Desk

    /// Every booking that redress changed, seats and move-outs alike, in the register's own columns.
    ///
    /// Names, numbers and birth dates stay empty: the system that keeps the register has them.
    public func seats(_ incident: String, by actor: Actor) async throws -> String {
        try actor.require(.manageCapacity)
        return try await desk.database.write { connection in
            _ = try IncidentStore(connection).find(incident)
            var writer = CSVWriter()
            writer.append(Register.register.columns)
            let changed = try RegisterStore(connection).changedBookings(incident: incident)
            for booking in changed {
                // The register has no word for a booking that was given up for a better one.
                let status = booking.status == .movedOut ? BookingStatus.cancelled : booking.status
                writer.append([
                    booking.booking, booking.person, "", "", "", booking.slot.site, booking.slot.vaccine,
                    "\(booking.dose)", booking.slot.date.description, booking.slot.time.description,
                    booking.bookedAt?.description ?? "", status.rawValue,
                ])
            }
            try AuditStore(connection).append(
                "export.seats", subject: incident, by: actor, detail: ["rows": "\(changed.count)"])
            return writer.takeText()
        }
    }

    /// Who arrives where and when: everyone seated by the pool, by centre, day and time, with their names.
    ///
    /// - Parameters:
    ///   - site: only this centre's.
    ///   - date: only this day's.
    ///   - reason: why the list is taken; kept with who took it, for every person on it.
    public func arrivals(
        _ incident: String, site: String? = nil, date: CivilDate? = nil, reason: String, by actor: Actor
    ) async throws -> String {
        try actor.require(.manageCapacity)
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw RedressError(.usage, "A list with names needs the reason it is taken for.")
        }
        return try await desk.database.write { connection in
            _ = try IncidentStore(connection).find(incident)
            var writer = CSVWriter()
            writer.append([
                "site", "date", "slot", "vaccine", "dose", "booking", "person", "name", "birth_date",
            ])
            let register = RegisterStore(connection)
            var rows = 0
            for seat in try register.seated(incident: incident)
            where (site == nil || seat.slot.site == site) && (date == nil || seat.slot.date == date) {
                let row = try register.person(seat.person, incident: incident)
                let name = try row?.nameSealed.map {
                    try desk.keys.open($0, for: PersonalData.name(seat.person, incident))
                }
                let born = try row?.birthDateSealed.map {
                    try desk.keys.open($0, for: PersonalData.birthDate(seat.person, incident))
                }
                writer.append([
                    seat.slot.site, seat.slot.date.description, seat.slot.time.description,
                    seat.slot.vaccine, "\(seat.dose)", seat.booking, seat.person, name ?? "", born ?? "",
                ])
                try StaffStore(connection).logAccess(
                    by: actor, subject: "\(incident)/\(seat.person)", what: "arrivals", origin: "export",
                    reason: reason)
                rows += 1
            }
            try AuditStore(connection).append(
                "export.arrivals", subject: incident, by: actor,
                detail: ["rows": "\(rows)", "site": site ?? "all", "date": date?.description ?? "all"])
            return writer.takeText()
        }
    }
}

extension Desk {
    /// Exports.
    public var exports: ExportDesk { ExportDesk(desk: self) }
}
