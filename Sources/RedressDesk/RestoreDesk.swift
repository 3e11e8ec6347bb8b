/// Putting one person back: restore, accept, decline; each one transaction under its idempotency key.
public import RedressCore
import RedressStore

/// What became of one person's restoration.
public struct RestoreOutcome: Sendable, Codable, Equatable {
    /// The case.
    public var receipt: String
    /// The case's state afterwards.
    public var state: String
    /// What was done: `seated`, `offered`, `declined`, `waitlisted`.
    public var done: String
    /// The seat, held or taken; null when there is none.
    public var seat: OrNull<SeatView>
    /// The rung of the remedy ladder.
    public var rung: OrNull<String>
    /// Until when an offered seat is held, RFC 3339; null when nothing is held.
    public var until: OrNull<String>
}

/// A seat as it is shown.
public struct SeatView: Sendable, Codable, Equatable {
    /// The site's id.
    public var site: String
    /// The date.
    public var date: String
    /// The time.
    public var slot: String

    /// Shows a slot.
    public init(_ slot: Slot) {
        site = slot.site
        date = slot.date.description
        self.slot = slot.time.description
    }
}

/// Restores people to where they were.
public struct RestoreDesk: Sendable {
    let desk: Desk

    /// Seats a verified person on the original slot, or holds it for them when they hold a later booking.
    ///
    /// - Parameter key: an idempotency key; the same key again changes nothing and answers the same.
    /// - Throws: `.refused` when the case is not verified, the slot is in the past, or no seat is free.
    public func restore(_ receipt: ReceiptNumber, key: String? = nil, by actor: Actor) async throws
        -> RestoreOutcome
    {
        try actor.require(.workCases)
        try await desk.pool.sweep()
        return try await once(key, "restore \(receipt)") { connection in
            var row = try Self.find(receipt, connection)
            return try restoreOriginal(&row, by: actor, connection)
        }
    }

    /// Records a person's yes to the live offer and moves them in the same transaction.
    ///
    /// - Parameters:
    ///   - channel: how the yes was heard; within 24 hours of the slot only a call counts.
    ///   - note: what was said, kept sealed.
    public func accept(
        _ receipt: ReceiptNumber, heardBy channel: Channel, note: String?, key: String? = nil, by actor: Actor
    ) async throws -> RestoreOutcome {
        try actor.require(.workCases)
        try await desk.pool.sweep()
        return try await once(key, "accept \(receipt) \(channel.rawValue)") { connection in
            var row = try Self.find(receipt, connection)
            return try accept(&row, heardBy: channel, note: note, by: actor, connection)
        }
    }

    /// Records a person's no to the live offer: the seat goes back, what they hold stays theirs.
    public func decline(
        _ receipt: ReceiptNumber, heardBy channel: Channel, note: String?, key: String? = nil, by actor: Actor
    ) async throws -> RestoreOutcome {
        try actor.require(.workCases)
        try await desk.pool.sweep()
        return try await once(key, "decline \(receipt) \(channel.rawValue)") { connection in
            var row = try Self.find(receipt, connection)
            guard let hold = try PoolStore(connection).hold(of: row.id, in: .live) else {
                throw Self.noOffer(row)
            }
            try lock(&row, also: hold, connection)
            try record("decline", row, channel, note, actor, connection)
            try Seating(connection, desk).giveUp(
                hold, as: .void, &row, offer: .declined, by: actor, reason: "the person declined the offer")
            return outcome(row, "declined", nil, rung: nil, until: nil)
        }
    }

    // MARK: Parts of a transaction, shared with bulk restoration

    func restoreOriginal(
        _ row: inout Case, by actor: Actor, _ connection: any Connection
    ) throws -> RestoreOutcome {
        if let restored = row.restored, row.state == .restored {
            return outcome(row, "seated", restored.slot, rung: restored.rung, until: nil)
        }
        if row.state == .offered, let offer = try OfferStore(connection).live(row.id) {
            let slot = try PoolStore(connection).slot(offer.slotID)?.slot
            return outcome(row, "offered", slot, rung: offer.rung, until: offer.expiresAt)
        }
        let slot = try Self.requireVerified(row)
        let later = try laterBooking(of: row, connection)
        let seating = Seating(connection, desk)
        try seating.lock([slot] + [later?.slot].compactMap { $0 }, incident: row.incident)
        guard try seating.free(for: row, on: slot) > 0 else {
            throw RedressError(
                .refused,
                """
                No seat is free on \(slot) for case \(row.receipt): what is reserved there is kept for earlier \
                claims. Allot seats to the slot, or offer another (`redress plan \(row.incident)`).
                """, details: ["slot": slot.description])
        }
        if later != nil {
            let offer = try seating.offer(
                &row, slot, rung: .originalSlot, by: actor,
                reason: "verified; holds a later booking, so asked first")
            return outcome(row, "offered", slot, rung: .originalSlot, until: offer.expiresAt)
        }
        let (hold, entry) = try seating.hold(row, slot, until: slot.start, by: actor)
        try seating.seat(
            &row, hold, rung: .originalSlot, by: actor, entries: [entry], reason: "verified; held nothing")
        return outcome(row, "seated", slot, rung: .originalSlot, until: nil)
    }

    func accept(
        _ row: inout Case, heardBy channel: Channel, note: String?, by actor: Actor,
        _ connection: any Connection
    ) throws -> RestoreOutcome {
        guard let offer = try OfferStore(connection).live(row.id),
            let hold = try PoolStore(connection).hold(of: row.id, in: .live)
        else {
            if let restored = row.restored, row.state == .restored {
                return outcome(row, "seated", restored.slot, rung: restored.rung, until: nil)
            }
            throw Self.noOffer(row)
        }
        try lock(&row, also: hold, connection)
        guard let slot = try PoolStore(connection).slot(hold.slotID)?.slot else {
            throw RedressError(.fault, "The offered slot of case \(row.receipt) is not in the pool.")
        }
        let lastMinute = slot.start.adding(minutes: -Seating.liveCallOnlyMinutes)
        guard channel == .call || connection.now < lastMinute else {
            throw RedressError(
                .refused,
                "The appointment is within 24 hours: only a yes heard in a live call moves anyone now.")
        }
        try record("accept", row, channel, note, actor, connection)
        guard try OfferStore(connection).end(offer.id, as: .accepted) else { throw Self.noOffer(row) }
        try Seating(connection, desk).seat(
            &row, hold, rung: offer.rung, by: actor, entries: [],
            reason: "the person said yes (\(channel.rawValue))")
        return outcome(row, "seated", slot, rung: offer.rung, until: nil)
    }

    func outcome(
        _ row: Case, _ done: String, _ slot: Slot?, rung: Remedy?, until: Instant?
    ) -> RestoreOutcome {
        RestoreOutcome(
            receipt: row.receipt.description, state: row.state.rawValue, done: done,
            seat: OrNull(slot.map(SeatView.init)), rung: OrNull(rung?.rawValue),
            until: OrNull(until?.description))
    }

    func laterBooking(of row: Case, _ connection: any Connection) throws -> Booking? {
        try row.dose.flatMap {
            try RegisterStore(connection).activeBooking(of: row.person, dose: $0, row.incident)
        }
    }

    static func find(_ receipt: ReceiptNumber, _ connection: any Connection) throws -> Case {
        guard let row = try CaseStore(connection).find(receipt: receipt) else {
            throw RedressError(.notFound, "There is no case \(receipt). Check the number with the caller.")
        }
        return row
    }

    /// The original slot of a case that may be restored, or why it may not.
    static func requireVerified(_ row: Case) throws -> Slot {
        guard row.isEntitled else {
            throw RedressError(
                .refused,
                """
                Case \(row.receipt) is not verified (\(row.verdict ?? "the logs were not read yet")). Run \
                `redress case verify \(row.receipt)`, or decide it as a human.
                """, details: ["verdict": row.verdict ?? "none"])
        }
        guard let slot = row.slot else {
            throw RedressError(
                .refused, "No source names the slot of case \(row.receipt): a human must find it.")
        }
        guard row.dose != nil else {
            throw RedressError(
                .refused, "No source tells which dose case \(row.receipt) is about: a human must.")
        }
        return slot
    }

    private func lock(_ row: inout Case, also hold: HoldRow, _ connection: any Connection) throws {
        let held = try PoolStore(connection).slot(hold.slotID)?.slot
        let later = try laterBooking(of: row, connection)?.slot
        try Seating(connection, desk).lock([held, later].compactMap { $0 }, incident: row.incident)
    }

    private func record(
        _ subject: String, _ row: Case, _ channel: Channel, _ note: String?, _ actor: Actor,
        _ connection: any Connection
    ) throws {
        let sealed = try note.map { try desk.keys.seal($0, for: "contact.note/\(row.id)") }
        try OfferStore(connection).record(
            contact: subject, caseID: row.id, channel: channel, noteSealed: sealed, actor: actor)
    }

    private func once(
        _ key: String?, _ request: String,
        _ body: @escaping @Sendable (any Connection) throws -> RestoreOutcome
    ) async throws -> RestoreOutcome {
        try await desk.database.write { connection in
            guard let key else { return try body(connection) }
            let store = IdempotencyStore(connection)
            if let answer = try store.answer(key: key, request: request) {
                return try JSONDocument.read(RestoreOutcome.self, from: answer)
            }
            let outcome = try body(connection)
            try store.remember(key: key, request: request, answer: try JSONDocument.line(outcome))
            return outcome
        }
    }

    private static func noOffer(_ row: Case) -> RedressError {
        RedressError(
            .refused, "Case \(row.receipt) has no live offer (it is \(row.state.rawValue)). Make one first.")
    }
}

extension Desk {
    /// Restoration of one person at a time.
    public var restoration: RestoreDesk { RestoreDesk(desk: self) }
}
