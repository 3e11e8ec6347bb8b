/// The reserved pool as supervisors use it: allot, look, release; and the housekeeping that time brings.
public import RedressCore
import RedressStore

/// One slot of the pool as it is shown.
public struct PoolStatus: Sendable, Codable {
    /// The site's id.
    public var site: String
    /// The vaccine.
    public var vaccine: String
    /// The date.
    public var date: String
    /// The time.
    public var slot: String
    /// Seats that ever came in.
    public var allotted: Int
    /// Seats free for restoration.
    public var reserved: Int
    /// Seats promised.
    public var held: Int
    /// Seats taken.
    public var seated: Int
    /// Later bookings just given up, kept while the move can be undone.
    public var kept: Int
    /// Seats that went back outside.
    public var released: Int
    /// Open cases that name the slot.
    public var claims: Int
}

/// Works the reserved pool.
public struct PoolDesk: Sendable {
    let desk: Desk

    /// Brings seats into the pool under an authority.
    ///
    /// - Throws: `.refused` for a slot in the past or a missing authority.
    public func allot(
        _ seats: Int, to slot: Slot, incident: String, authority: String, by actor: Actor
    ) async throws {
        try actor.require(.manageCapacity)
        try await desk.database.write { connection in
            _ = try IncidentStore(connection).find(incident)
            try Self.allot(seats, to: slot, incident: incident, authority: authority, by: actor, connection)
        }
    }

    static func allot(
        _ seats: Int, to slot: Slot, incident: String, authority: String, by actor: Actor,
        _ connection: any Connection
    ) throws {
        guard seats > 0 else {
            throw RedressError(.badData, "Seats must be a whole number of 1 or more, not \(seats).")
        }
        guard !authority.isEmpty else {
            throw RedressError(
                .refused, "An allotment needs its authority: the document or order that allows it.")
        }
        let pool = PoolStore(connection)
        try pool.lock(slot, incident: incident)
        let entry = try pool.post(
            .allot, seats: seats, slotID: PoolStore.id(of: slot, incident: incident), authority: authority,
            actor: actor.name)
        try AuditStore(connection).append(
            "pool.allot", subject: slot.description, by: actor,
            detail: [
                "incident": incident, "seats": "\(seats)", "authority": authority, "entries": "\(entry ?? 0)",
            ])
    }

    /// Gives seats back to the public; open claims on the slot stay covered.
    public func release(_ seats: Int, from slot: Slot, incident: String, by actor: Actor) async throws {
        try actor.require(.manageCapacity)
        try await desk.database.write { connection in
            _ = try IncidentStore(connection).find(incident)
            let pool = PoolStore(connection)
            let id = PoolStore.id(of: slot, incident: incident)
            try pool.lock(slot, incident: incident)
            let reserved = try pool.slot(id)?.balance.reserved ?? 0
            let claims = try CaseStore(connection).openClaims(on: slot, incident: incident)
            guard seats > 0, reserved - seats >= claims, slot.start > connection.now else {
                throw RedressError(
                    .refused,
                    """
                    \(seats) seats of \(slot) cannot be released: \(reserved) are free and \(claims) open cases \
                    name the slot. At most \(max(0, reserved - claims)) can go.
                    """)
            }
            let entry = try pool.post(.release, seats: seats, slotID: id, actor: actor.name)
            try AuditStore(connection).append(
                "pool.release", subject: slot.description, by: actor,
                detail: ["incident": incident, "seats": "\(seats)", "entries": "\(entry ?? 0)"])
        }
    }

    /// Every slot of an incident's pool with its balance and claims.
    public func status(incident: String, by actor: Actor) async throws -> [PoolStatus] {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            _ = try IncidentStore(connection).find(incident)
            var claims: [Slot: Int] = [:]
            for row in try CaseStore(connection).all(incident: incident) where row.state.isOpen {
                if let slot = row.slot { claims[slot, default: 0] += 1 }
            }
            return try PoolStore(connection).slots(incident: incident).map { row in
                PoolStatus(
                    site: row.slot.site, vaccine: row.slot.vaccine, date: row.slot.date.description,
                    slot: row.slot.time.description, allotted: row.balance.allotted,
                    reserved: row.balance.reserved, held: row.balance.held, seated: row.balance.seated,
                    kept: row.balance.kept, released: row.balance.released, claims: claims[row.slot] ?? 0)
            }
        }
    }

    /// Ends what time has ended: holds and their offers past their hour, later bookings past the time to undo.
    ///
    /// - Returns: how many holds lapsed and how many kept seats were given on.
    @discardableResult
    public func sweep() async throws -> (lapsed: Int, ended: Int) {
        let isIdle = try await desk.database.read { connection in
            let pool = PoolStore(connection)
            return try pool.expiredHolds().isEmpty && pool.endedKeeps().isEmpty
        }
        if isIdle { return (0, 0) }
        return try await desk.database.write { connection in
            let pool = PoolStore(connection)
            let holds = try pool.expiredHolds()
            for hold in holds { try Seating(connection, desk).lapse(hold) }
            let keeps = try pool.endedKeeps()
            for kept in keeps { try Self.end(kept, connection) }
            return (holds.count, keeps.count)
        }
    }

    /// A kept seat stays in the pool when an open case names its slot, else it goes back to the public.
    private static func end(_ kept: KeptBookingRow, _ connection: any Connection) throws {
        let pool = PoolStore(connection)
        guard try pool.endKeep(kept.id), let row = try pool.slot(kept.slotID) else { return }
        let claims = try CaseStore(connection).openClaims(on: row.slot, incident: row.incident)
        let isClaimed = claims > row.balance.reserved && row.slot.start > connection.now
        let entry = try pool.post(
            isClaimed ? .keepEndReserved : .keepEndOutside, seats: 1, slotID: kept.slotID,
            caseID: kept.caseID, actor: Actor.system.name)
        try AuditStore(connection).append(
            "pool.keep-end", subject: row.slot.description, by: .system,
            detail: [
                "booking": kept.booking, "to": isClaimed ? "reserved" : "outside", "entries": "\(entry ?? 0)",
            ])
    }
}

extension Desk {
    /// The reserved pool.
    public var pool: PoolDesk { PoolDesk(desk: self) }
}
