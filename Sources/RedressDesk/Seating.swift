/// The re-seat: hold, offer and seat, each a part of one transaction that either happens whole or not at all.
import RedressCore
import RedressStore

/// Moves seats for one case inside a transaction.
struct Seating {
    let connection: any Connection
    let desk: Desk
    let incident: String
    let policy: PoolPolicy
    let order: ClaimOrder
    /// How long a later booking that was moved out can be had back.
    static let undoMinutes = 30
    /// Before the appointment by less than this, only a live call moves anyone.
    static let liveCallOnlyMinutes = 24 * 60

    var pool: PoolStore { PoolStore(connection) }
    var cases: CaseStore { CaseStore(connection) }
    var register: RegisterStore { RegisterStore(connection) }
    var audit: AuditStore { AuditStore(connection) }
    var offers: OfferStore { OfferStore(connection) }

    init(_ connection: any Connection, _ desk: Desk, incident: String) throws {
        self.connection = connection
        self.desk = desk
        self.incident = incident
        let (policy, seed) = try PoolPolicyStore(connection).find(incident)
        self.policy = policy
        order = ClaimOrder(seed: seed)
    }

    /// Locks every slot a case can move between, in the fixed order, before anything is read about them.
    ///
    /// A hold whose time has passed is gone from here on, whether or not a sweep came by.
    ///
    /// - Parameter reads: what else is read as soon as they are locked.
    func lock(_ slots: [Slot], then reads: (any Connection) throws -> Void = { _ in }) throws {
        let ordered = Set(slots).sorted()
        for slot in ordered { try pool.lock(slot, incident: incident) }
        try connection.ahead { ahead in
            for slot in ordered { _ = try PoolStore(ahead).liveHolds(slotID: id(slot)) }
            try reads(ahead)
        }
        for slot in ordered {
            for hold in try pool.liveHolds(slotID: id(slot)) where !hold.isPinned {
                guard hold.expiresAt <= connection.now else { break }
                do {
                    try connection.nested { try lapse(hold) }
                } catch let error as RedressError where error.code == .refused {
                    // The hold stays, and keeps its seat: one case that cannot move must not stop the slot.
                    continue
                }
            }
        }
    }

    func id(_ slot: Slot) -> String { PoolStore.id(of: slot, incident: incident) }

    /// Seats that are free for this case: what is reserved, less what others still need.
    ///
    /// On the slot that was lost these are the claims that come earlier; on any other, every claim there.
    func free(for row: Case, on slot: Slot) throws -> Int {
        let reserved = try pool.slot(id(slot))?.balance.reserved ?? 0
        guard reserved > 0 else { return 0 }
        let others = try ClaimStore(connection).claims(on: slot, incident: incident).count { claim in
            claim.caseID != row.id && claim.needsSeat
                && (slot != row.slot || order.isBefore(claim.orderKey, row.orderKey))
        }
        return reserved - others
    }

    /// Holds one seat of a slot for a case until `expiresAt`, or until the slot's pool closes.
    func hold(_ row: Case, _ slot: Slot, until expiresAt: Instant, by actor: Actor) throws -> (HoldRow, Int) {
        guard slot.start > connection.now else {
            throw RedressError(.refused, "The appointment \(slot) is in the past; offer another one.")
        }
        let cutoff = policy.cutoff(of: slot)
        guard cutoff > connection.now else {
            throw RedressError(
                .refused,
                "The pool of \(slot) closed at \(cutoff). Offer another date (`redress case offer \(row.receipt)`)."
            )
        }
        let ledger = PoolLedger(connection, by: actor)
        return try ledger.hold(id(slot), for: row.id, until: min(expiresAt, cutoff))
    }

    /// When the working days that an offer stands end, if they begin now; holidays declared later count.
    private func endOfWorkingDays() throws -> Instant {
        try ClockStore(connection).calendar(desk.calendar).endOfWorkingDay(
            policy.offerWorkingDays, after: connection.now)
    }

    /// Holds a seat for a case and offers it; the person is moved only on a recorded yes.
    ///
    /// - Parameter isTold: whether the person hears of it now, in a call. Else the offer stands until the slot's
    ///   pool closes, and its working days begin with the receipt that says it was delivered.
    func offer(
        _ row: inout Case, _ slot: Slot, rung: Remedy, isTold: Bool, by actor: Actor, reason: String
    ) throws -> OfferRow {
        let workingDays = try endOfWorkingDays()
        let (hold, entry) = try hold(row, slot, until: isTold ? workingDays : slot.start, by: actor)
        let offer = OfferRow(
            id: Identifier.make(at: connection.now), caseID: row.id, rung: rung, slotID: hold.slotID,
            holdID: hold.id, state: .live, offeredAt: connection.now, expiresAt: hold.expiresAt,
            deliveredAt: isTold ? connection.now : nil)
        try offers.insert(offer)
        try callOut(
            offer, before: min(workingDays, hold.expiresAt),
            reason: isTold ? "the offer lapses" : OfferCallView.unseen)
        try CaseMoving(connection).move(&row, to: .offered, by: actor, reason: reason)
        try audit.append(
            "offer.make", subject: row.receipt.description, by: actor,
            detail: [
                "slot": slot.description, "rung": rung.rawValue, "entries": list([entry]),
                "until": hold.expiresAt.description, "told": isTold ? "call" : "notice",
            ])
        try notify(
            row, "offered/\(hold.id)", ["slot": slot.description, "until": hold.expiresAt.description],
            seat: slot)
        return offer
    }

    /// Starts the working days of an offer that has now reached the person; its end never moves later.
    func delivered(_ offer: OfferRow, to row: Case, by actor: Actor) throws -> Instant {
        let workingDays = try endOfWorkingDays()
        let end = min(workingDays, offer.expiresAt)
        try offers.run(offer, until: end, deliveredAt: connection.now)
        try offers.endCalls(holdID: offer.holdID)
        try callOut(offer, before: end, reason: "the offer lapses")
        try audit.append(
            "offer.delivered", subject: row.receipt.description, by: actor, detail: ["until": "\(end)"])
        return end
    }

    /// Writes the task of calling the person, due on the morning of the day at whose end it would be too late.
    private func callOut(_ offer: OfferRow, before end: Instant, reason: String) throws {
        let morning = Instant(end.date, TimeOfDay(minutes: 9 * 60))
        try offers.insert(
            OfferCallRow(
                id: Identifier.make(at: connection.now), caseID: offer.caseID, holdID: offer.holdID,
                reason: reason, dueAt: max(connection.now, min(morning, end.adding(minutes: -4 * 60)))))
    }

    /// Seats a case on the slot it holds, ends its later booking, and writes down everything that follows.
    func seat(
        _ row: inout Case, _ hold: HoldRow, on slot: Slot, rung: Remedy, by actor: Actor, entries: [Int],
        reason: String
    ) throws {
        var entries = entries
        let ledger = PoolLedger(connection, by: actor)
        let later = try laterBooking(of: row)
        var original = try register.booking(row.booking, incident: incident)
        try ledger.take(places: later == nil ? 1 : 2)
        if let later {
            entries.append(try moveOut(later, of: row, ledger))
            if later.booking == original?.booking { original?.status = .movedOut }
        }
        entries.append(try ledger.seat(hold))
        try confirm(slot, for: row, original, as: Self.newBooking(row, hold))
        row.restored = RestoredSeat(slot: slot, rung: rung)
        row.isWaiting = rung != .originalSlot && row.isWaiting
        if let live = try offers.live(row.id), live.holdID == hold.id {
            try offers.end(live.id, as: .accepted)
        }
        try offers.endCalls(holdID: hold.id)
        try CaseMoving(connection).move(&row, to: .restored, by: actor, reason: reason, rung: rung)
        var detail = ["slot": slot.description, "rung": rung.rawValue, "entries": list(entries)]
        detail["moved_out"] = later?.booking
        try audit.append("case.restore", subject: row.receipt.description, by: actor, detail: detail)
        try notify(row, "restored/\(hold.id)", ["slot": slot.description, "rung": rung.rawValue], seat: slot)
        // Moving out of a seat of the pool freed it.
        if let later { try promote(later.slot) }
    }

    /// The confirmed booking a person holds for the dose a case is about.
    func laterBooking(of row: Case) throws -> Booking? {
        try row.dose.flatMap { try register.activeBooking(of: row.person, dose: $0, row.incident) }
    }

    /// Refuses to move a person out of a seat that another of their cases restored.
    func requireOwnSeat(_ later: Booking, of row: Case) throws {
        guard try pool.seatOfAnotherCase(row, on: id(later.slot)) == nil else {
            throw RedressError(
                .refused,
                """
                The person of case \(row.receipt) has been restored to \(later.slot) by another case. A restored \
                seat is never moved out: link the two cases, and let a reviewer end this one.
                """)
        }
    }

    /// Ends the booking a person holds now, in the same transaction as their new seat.
    ///
    /// A seat of the pool is vacated; a public booking is taken into the pool and kept for the time to undo.
    ///
    /// - Returns: the entry's place in the journal.
    private func moveOut(_ later: Booking, of row: Case, _ ledger: PoolLedger) throws -> Int {
        try requireOwnSeat(later, of: row)
        try register.change(later.booking, incident: incident, from: .confirmed, to: .movedOut) {
            RedressError.changed("The booking \(later.booking) changed meanwhile. Look at the case again.")
        }
        if let seated = try pool.hold(of: row.id, in: .seated) {
            guard try pool.slot(seated.slotID)?.slot == later.slot else {
                throw RedressError(.fault, "Case \(row.receipt) has a seat that its booking does not name.")
            }
            return try ledger.vacate(seated)
        }
        let entry = try ledger.takeIn(id(later.slot), for: row.id)
        try pool.keep(
            KeptBookingRow(
                id: Identifier.make(at: connection.now), caseID: row.id, incident: incident,
                booking: later.booking, slotID: id(later.slot),
                until: connection.now.adding(minutes: Self.undoMinutes)))
        return entry
    }

    /// Marks the original booking as standing again, or writes a new one for a seat elsewhere.
    private func confirm(_ slot: Slot, for row: Case, _ original: Booking?, as number: String) throws {
        if let original, original.slot == slot,
            [.revoked, .incomplete, .movedOut].contains(original.status)
        {
            return try register.change(
                original.booking, incident: incident, from: original.status, to: .confirmed
            ) {
                RedressError.changed(
                    "The booking \(original.booking) changed meanwhile. Look at the case again.")
            }
        }
        let fresh = Booking(
            booking: number, person: row.person, slot: slot, dose: row.dose ?? 1,
            bookedAt: connection.now, status: .confirmed, changedHere: true)
        guard try register.upsert(fresh, incident: incident) == .stored else {
            throw RedressError(
                .refused, "The person of case \(row.receipt) already holds a booking for this dose.")
        }
    }

    /// The number of a booking that is made for a seat elsewhere; the hold makes it the same however often it is asked for.
    static func newBooking(_ row: Case, _ hold: HoldRow) -> String {
        "R-\(row.receipt)-\(hold.id.suffix(6))"
    }

    /// Writes what the person is to be told, in the transaction of the fact; about a seat of tomorrow, at any hour.
    func notify(_ row: Case, _ event: String, _ values: [String: String], seat: Slot? = nil) throws {
        let id = Identifier.make(at: connection.now)
        let sealed = try desk.keys.seal(try JSONDocument.stored(values), for: "outbox.values/\(id)")
        try OutboxStore(connection).insert(
            OutboxRow(
                id: id, caseID: row.id, event: event, state: .waiting, valuesSealed: sealed,
                createdAt: connection.now),
            priority: seat.map { NoticePolicy.priority(seatAt: $0.start, at: connection.now) } ?? .fact)
    }

    func list(_ entries: [Int]) -> String {
        entries.map(String.init).joined(separator: ",")
    }
}

extension ClaimRow {
    /// Whether a seat must be left for this claim: it holds none yet, and was not offered this very slot in vain.
    ///
    /// A no ends the need; a lapse frees the seat for others, while the entitlement and the place in line stay.
    var needsSeat: Bool { heldSlot == nil && lastOffer == nil }
}

/// Moves cases along the state table and keeps the journal of moves.
struct CaseMoving {
    let connection: any Connection

    init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Makes one legal move, or throws naming the legal ones.
    func move(
        _ row: inout Case, to state: CaseState, by actor: Actor, reason: String, rung: Remedy? = nil
    ) throws {
        let move = try row.state.move(to: state, as: actor.role)
        row.state = move.to
        try CaseStore(connection).update(&row)
        try CaseStore(connection).append(
            CaseMoveRow(
                from: move.from, to: move.to, actor: actor.name, reason: reason, rung: rung,
                at: connection.now),
            to: row.id)
    }
}
