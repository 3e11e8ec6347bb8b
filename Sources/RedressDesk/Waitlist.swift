/// What happens when a seat comes free: holds given up or lapsed, dates given up, moves undone, and who is next.
import RedressCore
import RedressStore

extension Seating {
    /// Gives a hold up, or lets it lapse: the seat goes back and to whoever waits; the entitlement stays.
    func giveUp(
        _ hold: HoldRow, _ row: inout Case, offer end: OfferRow.State, by actor: Actor, reason: String
    ) throws {
        let ledger = PoolLedger(connection, by: actor)
        // The other system's refusal or a cutoff may end a hold before its own time.
        let entry = try hold.expiresAt <= connection.now ? ledger.expire(hold) : ledger.void(hold)
        try endOffer(hold, &row, as: end, by: actor, reason: reason)
        try audit.append(
            "offer.\(end.rawValue)", subject: row.receipt.description, by: actor,
            detail: ["entries": "\(entry)", "reason": reason])
        try notify(row, "\(end.rawValue)/\(hold.id)", [:])
        if let slot = try pool.slot(hold.slotID)?.slot { try promote(slot) }
    }

    /// Lets a hold lapse whose time has passed.
    func lapse(_ hold: HoldRow) throws {
        guard var row = try cases.find(id: hold.caseID) else { return }
        try giveUp(hold, &row, offer: .lapsed, by: .system, reason: "the offer's time ended")
    }

    /// Ends the live hold of a case that leaves the desk (withdrawn, transferred); its state is the caller's to move.
    func letGo(_ row: Case, by actor: Actor, reason: String) throws {
        guard let hold = try pool.hold(of: row.id, in: .live) else { return }
        let entry = try PoolLedger(connection, by: actor).void(hold)
        if let offer = try offers.live(row.id) { try offers.end(offer.id, as: .declined) }
        try offers.endCalls(holdID: hold.id)
        try audit.append(
            "hold.void", subject: row.receipt.description, by: actor,
            detail: ["entries": "\(entry)", "reason": reason])
    }

    /// Ends the offer behind a hold and brings its case back to where it waits, or stands.
    private func endOffer(
        _ hold: HoldRow, _ row: inout Case, as end: OfferRow.State, by actor: Actor, reason: String
    ) throws {
        if let live = try offers.live(row.id), live.holdID == hold.id {
            try offers.end(live.id, as: end)
        }
        try offers.endCalls(holdID: hold.id)
        if end == .declined, row.slot.map(id) == hold.slotID { row.isWaiting = false }
        guard row.state == .offered else { return }
        let back: CaseState
        if row.restored != nil {
            back = .restored
        } else {
            back = row.isWaiting ? .waitlisted : .inReview
        }
        try CaseMoving(connection).move(&row, to: back, by: actor, reason: reason)
    }

    /// Gives the free seats of a slot to those who wait for it, in the one order; each is asked who holds a booking.
    ///
    /// Whoever let an offer of this slot lapse comes after those who have not been asked, so that one silence does
    /// not keep everyone waiting.
    func promote(_ slot: Slot) throws {
        guard policy.cutoff(of: slot) > connection.now else { return }
        let waiting = try ClaimStore(connection).claims(on: slot, incident: incident)
            .filter { $0.isWaiting && $0.isEntitled && $0.heldSlot == nil && $0.lastOffer != .declined }
            .sorted {
                ($0.lastOffer == nil) != ($1.lastOffer == nil)
                    ? $0.lastOffer == nil : order.isBefore($0.orderKey, $1.orderKey)
            }
        for claim in waiting {
            guard var row = try cases.find(id: claim.caseID), row.dose != nil else { continue }
            guard try free(for: row, on: slot) > 0 else { continue }
            if let later = try laterBooking(of: row) {
                // A seat that another case restored stays; a human links the two.
                guard later.slot != slot, try pool.seatOfAnotherCase(row, on: id(later.slot)) == nil else {
                    continue
                }
                _ = try offer(
                    &row, slot, rung: .originalSlot, isTold: false, by: .system,
                    reason: "a seat on the lost slot came free")
            } else {
                try settle(
                    &row, slot, rung: .originalSlot, by: .system, reason: "a seat came free; held nothing")
            }
        }
    }

    /// Holds and seats at once a person who holds nothing; where the register lives elsewhere, asks it first.
    func settle(_ row: inout Case, _ slot: Slot, rung: Remedy, by actor: Actor, reason: String) throws {
        let (hold, entry) = try hold(row, slot, until: slot.start, by: actor)
        try seatOrAsk(&row, hold, on: slot, rung: rung, by: actor, entries: [entry], reason: reason)
    }

    /// The seated person gives the date up: their booking ends, the seat goes back, the case is closed.
    func vacate(_ row: inout Case, by actor: Actor) throws {
        guard let hold = try pool.hold(of: row.id, in: .seated), let slot = row.restored?.slot,
            let booking = try laterBooking(of: row), booking.slot == slot
        else {
            throw RedressError(.refused, "Case \(row.receipt) has no seat in the pool to give up.")
        }
        let entry = try PoolLedger(connection, by: actor).vacate(hold)
        try register.change(booking.booking, incident: incident, from: .confirmed, to: .cancelled) {
            RedressError.changed("The booking \(booking.booking) changed meanwhile. Look at the case again.")
        }
        row.restored = nil
        row.isWaiting = false
        try CaseMoving(connection).move(&row, to: .closed, by: actor, reason: "the person gave the date up")
        try audit.append(
            "case.vacate", subject: row.receipt.description, by: actor,
            detail: ["slot": slot.description, "entries": "\(entry)"])
        try notify(row, "vacated/\(hold.id)", ["slot": slot.description])
        try promote(slot)
    }

    /// Takes a move back within the time to undo: the person has the later booking again, the seat goes back.
    func undo(_ row: inout Case, _ kept: KeptBookingRow, by actor: Actor) throws {
        guard let hold = try pool.hold(of: row.id, in: .seated), let slot = row.restored?.slot,
            let booking = try laterBooking(of: row), booking.slot == slot
        else { throw RedressError(.refused, "Case \(row.receipt) has no seat that could be undone.") }
        guard try pool.undoKeep(kept.id) else {
            throw RedressError(.refused, "The time to undo the move of case \(row.receipt) has ended.")
        }
        let ledger = PoolLedger(connection, by: actor)
        let entries = [
            try ledger.vacate(hold),
            try ledger.endKeep(kept.slotID, for: row.id, toReserved: false),
        ]
        // The booking was revoked before; one that was made for the seat ends as moved out.
        let former: BookingStatus = booking.booking == row.booking ? .revoked : .movedOut
        let receipt = row.receipt
        let changed = {
            RedressError.changed("The booking of case \(receipt) changed meanwhile. Look at it again.")
        }
        try register.change(booking.booking, incident: incident, from: .confirmed, to: former, or: changed)
        try register.change(kept.booking, incident: incident, from: .movedOut, to: .confirmed, or: changed)
        try offers.takeBack(holdID: hold.id)
        row.restored = nil
        row.isWaiting = false
        try CaseMoving(connection).move(
            &row, to: .inReview, by: actor, reason: "undone on the person's word within the time for it")
        try audit.append(
            "case.undo", subject: row.receipt.description, by: actor,
            detail: ["slot": slot.description, "booking": kept.booking, "entries": list(entries)])
        try notify(row, "undone/\(hold.id)", ["slot": slot.description])
        try promote(slot)
    }

    /// Closes the pool of a slot whose cutoff has come: live holds end, what is reserved goes back to the public.
    func close(_ slot: Slot) throws {
        try pool.lock(slot, incident: incident)
        for hold in try pool.liveHolds(slotID: id(slot)) where !hold.isPinned {
            guard var row = try cases.find(id: hold.caseID) else { continue }
            try giveUp(hold, &row, offer: .lapsed, by: .system, reason: "the slot's pool closed")
        }
        guard let left = try pool.slot(id(slot))?.balance.reserved, left > 0 else { return }
        let entry = try PoolLedger(connection, by: .system).release(left, from: id(slot))
        try audit.append(
            "pool.close", subject: slot.description, by: .system,
            detail: ["incident": incident, "seats": "\(left)", "entries": "\(entry)"])
    }
}
