/// The re-seat: hold, seat, lapse and give up, each a part of one transaction that either happens whole or not at all.
import RedressCore
import RedressStore

/// Moves seats for one case inside a transaction.
struct Seating {
    let connection: any Connection
    let desk: Desk
    /// How long a later booking that was moved out can be had back.
    static let undoMinutes = 30
    /// Before the appointment by less than this, only a live call moves anyone.
    static let liveCallOnlyMinutes = 24 * 60

    private var pool: PoolStore { PoolStore(connection) }
    private var cases: CaseStore { CaseStore(connection) }
    private var register: RegisterStore { RegisterStore(connection) }
    private var audit: AuditStore { AuditStore(connection) }

    init(_ connection: any Connection, _ desk: Desk) {
        self.connection = connection
        self.desk = desk
    }

    /// Locks every slot a case can move between, in the fixed order, before anything is read about them.
    func lock(_ slots: [Slot], incident: String) throws {
        for slot in Set(slots).sorted() { try pool.lock(slot, incident: incident) }
    }

    /// Seats that are free for this case: what is reserved, less what earlier claimants still need.
    func free(for row: Case, on slot: Slot) throws -> Int {
        let balance = try pool.slot(PoolStore.id(of: slot, incident: row.incident))?.balance
        return try (balance?.reserved ?? 0) - cases.earlierClaims(before: row, on: slot)
    }

    /// Holds one seat of a slot for a case until `expiresAt`; returns the hold and its entry in the journal.
    func hold(_ row: Case, _ slot: Slot, until expiresAt: Instant, by actor: Actor) throws -> (HoldRow, Int) {
        guard slot.start > connection.now else {
            throw RedressError(.refused, "The appointment \(slot) is in the past; offer another one.")
        }
        let hold = HoldRow(
            id: Identifier.make(at: connection.now), caseID: row.id,
            slotID: PoolStore.id(of: slot, incident: row.incident), state: .live, heldAt: connection.now,
            expiresAt: min(expiresAt, slot.start))
        try pool.insert(hold)
        let entry = try pool.post(
            .hold, seats: 1, slotID: hold.slotID, holdID: hold.id, caseID: row.id, actor: actor.name)
        guard let entry else {
            throw RedressError(
                .refused, "No reserved seat is left on \(slot).", details: ["slot": slot.description])
        }
        return (hold, entry)
    }

    /// Seats a case on the slot it holds, ends its later booking, and writes down everything that follows.
    func seat(
        _ row: inout Case, _ hold: HoldRow, rung: Remedy, by actor: Actor, entries: [Int], reason: String
    ) throws {
        guard hold.expiresAt > connection.now, try pool.change(hold: hold.id, from: .live, to: .seated) else {
            throw RedressError(.refused, "The hold on the seat has lapsed. Offer it again.")
        }
        guard let slot = try pool.slot(hold.slotID)?.slot else {
            throw RedressError(.fault, "The held slot of case \(row.receipt) is not in the pool.")
        }
        var entries = entries
        let later = try row.dose.flatMap {
            try register.activeBooking(of: row.person, dose: $0, row.incident)
        }
        if let later { entries += try moveOut(later, of: row, by: actor) }
        guard
            let entry = try pool.post(
                .seat, seats: 1, slotID: hold.slotID, holdID: hold.id, caseID: row.id, actor: actor.name)
        else { throw RedressError(.fault, "The held seat of case \(row.receipt) is not in the balance.") }
        entries.append(entry)
        try confirm(slot, for: row)
        row.restored = RestoredSeat(slot: slot, rung: rung)
        row.isWaiting = rung != .originalSlot && row.isWaiting
        try CaseMoving(connection).move(&row, to: .restored, by: actor, reason: reason, rung: rung)
        var detail = ["slot": slot.description, "rung": rung.rawValue, "entries": list(entries)]
        detail["moved_out"] = later?.booking
        try audit.append("case.restore", subject: row.receipt.description, by: actor, detail: detail)
        try notify(row, "restored", ["slot": slot.description, "rung": rung.rawValue])
    }

    /// Gives a hold up, or lets it lapse: the seat goes back, the entitlement stays.
    func giveUp(
        _ hold: HoldRow, as kind: PoolEntryKind, _ row: inout Case, offer: OfferRow.State, by actor: Actor,
        reason: String
    ) throws {
        let state: HoldRow.State = kind == .expire ? .expired : .void
        guard try pool.change(hold: hold.id, from: .live, to: state) else {
            throw RedressError(.refused, "The hold of case \(row.receipt) is not live any more.")
        }
        let entry = try pool.post(
            kind, seats: 1, slotID: hold.slotID, holdID: hold.id, caseID: row.id, actor: actor.name)
        if let live = try OfferStore(connection).live(row.id) {
            _ = try OfferStore(connection).end(live.id, as: offer)
        }
        if row.state == .offered {
            try CaseMoving(connection).move(
                &row, to: row.isWaiting ? .waitlisted : .inReview, by: actor, reason: reason)
        }
        try audit.append(
            "offer.\(offer.rawValue)", subject: row.receipt.description, by: actor,
            detail: ["entries": list([entry].compactMap { $0 }), "reason": reason])
        try notify(row, "\(offer.rawValue)/\(hold.id)", [:])
    }

    /// Lets a hold lapse whose time has passed.
    func lapse(_ hold: HoldRow) throws {
        guard var row = try cases.find(id: hold.caseID) else { return }
        try giveUp(hold, as: .expire, &row, offer: .lapsed, by: .system, reason: "the offer's time ended")
    }

    /// Holds a seat for a case and offers it; the person is moved only on a recorded yes.
    func offer(
        _ row: inout Case, _ slot: Slot, rung: Remedy, by actor: Actor, reason: String
    ) throws -> OfferRow {
        let expiresAt = try desk.calendar.endOfWorkingDay(2, after: connection.now)
        let (hold, entry) = try hold(row, slot, until: expiresAt, by: actor)
        let offer = OfferRow(
            id: Identifier.make(at: connection.now), caseID: row.id, rung: rung, slotID: hold.slotID,
            holdID: hold.id, state: .live, offeredAt: connection.now, expiresAt: hold.expiresAt)
        try OfferStore(connection).insert(offer)
        try CaseMoving(connection).move(&row, to: .offered, by: actor, reason: reason)
        try audit.append(
            "offer.make", subject: row.receipt.description, by: actor,
            detail: [
                "slot": slot.description, "rung": rung.rawValue, "entries": list([entry]),
                "until": hold.expiresAt.description,
            ])
        try notify(
            row, "offered/\(hold.id)", ["slot": slot.description, "until": hold.expiresAt.description])
        return offer
    }

    /// Ends the booking a person holds now, in the same transaction as their new seat.
    ///
    /// A seat of the pool is vacated; a public booking is taken into the pool and kept for the time to undo.
    private func moveOut(_ later: Booking, of row: Case, by actor: Actor) throws -> [Int] {
        guard try register.change(later.booking, incident: row.incident, from: .confirmed, to: .movedOut)
        else {
            throw RedressError(
                .tryAgain, "The booking \(later.booking) changed meanwhile. Look at the case again.")
        }
        if let seated = try pool.hold(of: row.id, in: .seated),
            try pool.slot(seated.slotID)?.slot == later.slot
        {
            _ = try pool.change(hold: seated.id, from: .seated, to: .vacated)
            let entry = try pool.post(
                .vacate, seats: 1, slotID: seated.slotID, caseID: row.id, actor: actor.name)
            return [entry].compactMap { $0 }
        }
        let slotID = PoolStore.id(of: later.slot, incident: row.incident)
        let entry = try pool.post(.takeIn, seats: 1, slotID: slotID, caseID: row.id, actor: actor.name)
        try pool.keep(
            KeptBookingRow(
                id: Identifier.make(at: connection.now), caseID: row.id, incident: row.incident,
                booking: later.booking, slotID: slotID,
                until: connection.now.adding(minutes: Self.undoMinutes)))
        return [entry].compactMap { $0 }
    }

    /// Marks the original booking as standing again, or writes a new one for a seat elsewhere.
    private func confirm(_ slot: Slot, for row: Case) throws {
        if let original = try register.booking(row.booking, incident: row.incident),
            original.slot == slot, original.status == .revoked || original.status == .incomplete
        {
            guard
                try register.change(
                    original.booking, incident: row.incident, from: original.status, to: .confirmed)
            else { throw RedressError(.tryAgain, "Booking \(original.booking) changed meanwhile.") }
            return
        }
        let fresh = Booking(
            booking: "R-\(row.receipt)-\(row.version)", person: row.person, slot: slot, dose: row.dose ?? 1,
            bookedAt: connection.now, status: .confirmed, changedHere: true)
        guard try register.upsert(fresh, incident: row.incident) == .stored else {
            throw RedressError(
                .refused, "The person of case \(row.receipt) already holds a booking for this dose.")
        }
    }

    /// Writes what the person is to be told, in the transaction of the fact.
    private func notify(_ row: Case, _ event: String, _ values: [String: String]) throws {
        let id = Identifier.make(at: connection.now)
        let sealed = try desk.keys.seal(try JSONDocument.line(values), for: "outbox.values/\(id)")
        try OutboxStore(connection).insert(
            OutboxRow(
                id: id, caseID: row.id, event: event, state: .waiting, valuesSealed: sealed,
                createdAt: connection.now))
    }

    private func list(_ entries: [Int]) -> String {
        entries.map(String.init).joined(separator: ",")
    }
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
