/// The reserved pool as supervisors use it: allot, release, look; and the housekeeping that time brings.
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

/// What asking for seats came to.
public struct AllotOutcome: Sendable, Codable, Equatable {
    /// Seats that are in the pool now.
    public var allotted: Int
    /// The request that waits for a second person; null when none is needed.
    public var request: OrNull<String>
}

/// A large allotment that waits for a second person.
public struct AllotmentRequestView: Sendable, Codable {
    /// What `pool approve` takes.
    public var request: String
    /// The slot's id.
    public var slot: String
    /// How many seats.
    public var seats: Int
    /// The document or order that allows it.
    public var authority: String
    /// Who asked.
    public var askedBy: String
    /// When, RFC 3339.
    public var askedAt: String
}

/// What housekeeping did.
public struct HousekeepingReport: Sendable, Codable, Equatable {
    /// Holds that lapsed.
    public var lapsed = 0
    /// Kept seats that were given on.
    public var ended = 0
    /// Slots whose pool closed.
    public var closed = 0
    /// What could not be done, by receipt number or slot; it is tried again next time.
    public var failures: [String] = []

    /// Housekeeping that found nothing to do.
    public init() {}
}

/// Works the reserved pool.
public struct PoolDesk: Sendable {
    let desk: Desk
    /// The most seats one entry brings in.
    static let largestAllotment = 100_000

    /// Brings seats into the pool under an authority; many at once wait for a second member of the staff.
    ///
    /// - Throws: `.refused` for a slot whose pool has closed or a missing authority.
    @discardableResult
    public func allot(
        _ seats: Int, to slot: Slot, incident: String, authority: String, by actor: Actor
    ) async throws -> AllotOutcome {
        try actor.require(.manageCapacity)
        return try await desk.database.write { connection in
            let seating = try Seating(connection, desk, incident: incident)
            try Self.requireAllottable(seats, slot, authority, seating)
            // The rule binds named staff; the operator answers for the machine as a whole.
            guard seats > seating.policy.largeAllotmentSeats, actor.role != .operator else {
                try Self.allot(seats, to: slot, authority: authority, by: actor, seating)
                return AllotOutcome(allotted: seats, request: OrNull(nil))
            }
            try seating.pool.lock(slot, incident: incident)
            let request = AllotmentRequestRow(
                id: Identifier.make(at: connection.now), slotID: seating.id(slot), seats: seats,
                authority: authority, askedBy: actor.name, askedAt: connection.now)
            try AllotmentRequestStore(connection).insert(request)
            try AuditStore(connection).append(
                "pool.ask", subject: slot.description, by: actor,
                detail: [
                    "incident": incident, "seats": "\(seats)", "authority": authority, "request": request.id,
                ])
            return AllotOutcome(allotted: 0, request: OrNull(request.id))
        }
    }

    /// Approves or refuses a large allotment that somebody else asked for.
    public func decide(_ request: String, approve: Bool, by actor: Actor) async throws -> AllotOutcome {
        try actor.require(.manageCapacity)
        return try await desk.database.write { connection in
            let store = AllotmentRequestStore(connection)
            guard let row = try store.waiting(request), let slot = try PoolStore(connection).slot(row.slotID)
            else {
                throw RedressError(
                    .notFound, "No allotment with the number \(request) waits for a second person.")
            }
            guard row.askedBy != actor.name else {
                throw RedressError(
                    .notAllowed, "You asked for this allotment yourself; somebody else must approve it.")
            }
            guard try store.decide(request, approved: approve, by: actor) else {
                throw RedressError.changed(
                    "Somebody else decided this allotment meanwhile. Look at it again.")
            }
            guard approve else {
                try AuditStore(connection).append(
                    "pool.refuse", subject: slot.slot.description, by: actor, detail: ["request": request])
                return AllotOutcome(allotted: 0, request: OrNull(nil))
            }
            let seating = try Seating(connection, desk, incident: slot.incident)
            try Self.requireAllottable(row.seats, slot.slot, row.authority, seating)
            try Self.allot(
                row.seats, to: slot.slot, authority: row.authority, by: actor, seating, askedBy: row.askedBy)
            return AllotOutcome(allotted: row.seats, request: OrNull(nil))
        }
    }

    /// The allotments of an incident that wait for a second person.
    public func requests(incident: String, by actor: Actor) async throws -> [AllotmentRequestView] {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            _ = try IncidentStore(connection).find(incident)
            return try AllotmentRequestStore(connection).waiting(incident: incident).map {
                AllotmentRequestView(
                    request: $0.id, slot: $0.slotID, seats: $0.seats, authority: $0.authority,
                    askedBy: $0.askedBy, askedAt: $0.askedAt.description)
            }
        }
    }

    static func requireAllottable(
        _ seats: Int, _ slot: Slot, _ authority: String, _ seating: Seating
    ) throws {
        guard (1...largestAllotment).contains(seats) else {
            throw RedressError(
                .badData, "Seats must be a whole number from 1 to \(largestAllotment), not \(seats).")
        }
        guard authority.contains(where: { !$0.isWhitespace }) else {
            throw RedressError(
                .refused, "An allotment needs its authority: the document or order that allows it.")
        }
        let now = seating.connection.now
        guard slot.start > now else {
            throw RedressError(.refused, "The appointment \(slot) is in the past: seats there help nobody.")
        }
        let cutoff = seating.policy.cutoff(of: slot)
        guard cutoff > now else {
            throw RedressError(
                .refused,
                "The pool of \(slot) closed at \(cutoff). `redress pool policy` shows and moves the cutoff.")
        }
    }

    static func allot(
        _ seats: Int, to slot: Slot, authority: String, by actor: Actor, _ seating: Seating,
        askedBy: String? = nil
    ) throws {
        try seating.lock([slot])
        let entry = try PoolLedger(seating.connection, by: actor).allot(
            seats, to: seating.id(slot), authority: authority)
        var detail = [
            "incident": seating.incident, "seats": "\(seats)", "authority": authority, "entries": "\(entry)",
        ]
        detail["asked_by"] = askedBy
        try seating.audit.append("pool.allot", subject: slot.description, by: actor, detail: detail)
        try seating.promote(slot)
    }

    /// Gives seats back to the public; until the cutoff open claims on the slot stay covered.
    public func release(_ seats: Int, from slot: Slot, incident: String, by actor: Actor) async throws {
        try actor.require(.manageCapacity)
        try await desk.database.write { connection in
            let seating = try Seating(connection, desk, incident: incident)
            try seating.lock([slot])
            let reserved = try seating.pool.slot(seating.id(slot))?.balance.reserved ?? 0
            let claims = try ClaimStore(connection).uncovered(on: slot, incident: incident)
            guard seats > 0, reserved - seats >= claims else {
                throw RedressError(
                    .refused,
                    """
                    \(seats) seats of \(slot) cannot be released: \(reserved) are free and \(claims) open cases \
                    that name the slot hold none yet. At most \(max(0, reserved - claims)) can go before \
                    \(seating.policy.cutoff(of: slot)), when the rest goes by itself.
                    """)
            }
            let entry = try PoolLedger(connection, by: actor).release(seats, from: seating.id(slot))
            try AuditStore(connection).append(
                "pool.release", subject: slot.description, by: actor,
                detail: ["incident": incident, "seats": "\(seats)", "entries": "\(entry)"])
        }
    }

    /// The rules of an incident's pool.
    public func policy(_ incident: String, by actor: Actor) async throws -> PoolPolicy {
        try actor.require(.readCases)
        return try await desk.database.read { try PoolPolicyStore($0).find(incident).policy }
    }

    /// Sets the rules of an incident's pool.
    public func setPolicy(_ policy: PoolPolicy, incident: String, by actor: Actor) async throws {
        try actor.require(.manageCapacity)
        try policy.validate()
        try await desk.database.write { connection in
            let before = try PoolPolicyStore(connection).find(incident).policy
            try PoolPolicyStore(connection).set(policy, incident: incident, by: actor)
            try AuditStore(connection).append(
                "pool.policy", subject: incident, by: actor,
                detail: [
                    "before": try JSONDocument.line(before), "after": try JSONDocument.line(policy),
                ])
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
}

extension Desk {
    /// The reserved pool.
    public var pool: PoolDesk { PoolDesk(desk: self) }
}
