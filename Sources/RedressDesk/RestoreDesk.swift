/// Putting one person back: restore, accept, decline; each one transaction under its idempotency key.
public import RedressCore
import RedressStore

/// What a person said about their seat or claim, and how it reached us.
public struct HeardWord: Sendable {
    /// How it was heard.
    public var channel: Channel
    /// What was said, kept sealed.
    public var note: String?
    /// The id of the mandate of the representative who spoke; nil when the person did.
    public var mandate: String?
    /// The version of the case that was seen; nil where nobody read it from a screen.
    public var version: Int?

    /// Takes a word down.
    public init(_ channel: Channel, note: String? = nil, mandate: String? = nil, version: Int? = nil) {
        self.channel = channel
        self.note = note
        self.mandate = mandate
        self.version = version
    }
}

/// Restores people to where they were.
public struct RestoreDesk: Sendable {
    let desk: Desk

    /// Seats a verified person on the original slot, or holds it for them when they hold a later booking.
    ///
    /// - Parameters:
    ///   - version: the version of the case that was seen; nil where nobody read it from a screen.
    ///   - key: an idempotency key; the same key again changes nothing and answers the same.
    /// - Throws: `.refused` when the case is not verified, the slot is in the past, or no seat is free; `.tryAgain`,
    ///   saying what was done since, when the case is at another version.
    public func restore(
        _ receipt: ReceiptNumber, version: Int? = nil, key: String? = nil, by actor: Actor
    ) async throws -> RestoreOutcome {
        try actor.require(.workCases)
        return try await settled(key, "restore \(receipt)", receipt, by: actor) { connection in
            var row = try CaseEditing(connection, desk).find(receipt, version: version)
            try Impartiality.require(actor, on: row, connection)
            return try restoreOriginal(&row, isTold: true, by: actor, connection)
        }
    }

    /// Records a person's yes to the live offer and moves them in the same transaction.
    ///
    /// - Parameter word: how the yes was heard; within 24 hours of the slot only a call counts.
    public func accept(
        _ receipt: ReceiptNumber, _ word: HeardWord, key: String? = nil, by actor: Actor
    ) async throws -> RestoreOutcome {
        try Self.requireMayAnswer(actor, receipt)
        return try await settled(
            key, "accept \(receipt) \(word.channel.rawValue)", receipt, by: actor
        ) { connection in
            let editing = CaseEditing(connection, desk)
            var row = try editing.find(receipt, version: word.version)
            try Impartiality.require(actor, on: row, connection)
            if let mandate = word.mandate { try editing.requireMandate(mandate, toAccept: row, by: actor) }
            return try accept(&row, word, by: actor, connection)
        }
    }

    /// Records a person's no to the live offer: the seat goes back, what they hold stays theirs.
    ///
    /// Only the person can say no: a representative's mandate is refused.
    public func decline(
        _ receipt: ReceiptNumber, _ word: HeardWord, key: String? = nil, by actor: Actor
    ) async throws -> RestoreOutcome {
        try Self.requireMayAnswer(actor, receipt)
        return try await settled(
            key, "decline \(receipt) \(word.channel.rawValue)", receipt, by: actor
        ) { connection in
            let editing = CaseEditing(connection, desk)
            var row = try editing.find(receipt, version: word.version)
            try Impartiality.require(actor, on: row, connection)
            try editing.requireOwnWord(row, word.mandate)
            let (seating, _, hold, _) = try liveOffer(of: &row, connection)
            try record("decline", row, word, actor, connection)
            try seating.giveUp(
                hold, &row, offer: .declined, by: actor, reason: "the person declined the offer")
            return outcome(row, "declined", nil, rung: nil, until: nil)
        }
    }

    /// Takes a move back within 30 minutes, on the person's word: they have their later booking again.
    public func undo(
        _ receipt: ReceiptNumber, _ word: HeardWord, key: String? = nil, by actor: Actor
    ) async throws -> RestoreOutcome {
        try actor.require(.manageCapacity)
        return try await settled(
            key, "undo \(receipt) \(word.channel.rawValue)", receipt, by: actor
        ) { connection in
            let editing = CaseEditing(connection, desk)
            var row = try editing.find(receipt, version: word.version)
            try Impartiality.require(actor, on: row, connection)
            try editing.requireOwnWord(row, word.mandate)
            guard let kept = try PoolStore(connection).kept(of: row.id), let seat = row.restored?.slot else {
                throw RedressError(
                    .refused,
                    """
                    Case \(receipt) has no move that can be undone: nothing was moved out, or the \
                    \(Seating.undoMinutes) minutes have passed.
                    """)
            }
            let seating = try Seating(connection, desk, incident: row.incident)
            let later = try PoolStore(connection).slot(kept.slotID)?.slot
            try seating.lock([seat] + [later].compactMap { $0 })
            try record("undo", row, word, actor, connection)
            try seating.undo(&row, kept, by: actor)
            return outcome(row, "undone", later, rung: nil, until: nil)
        }
    }

    /// Records that a restored person gives their date up: the seat goes back to whoever waits.
    public func vacate(
        _ receipt: ReceiptNumber, _ word: HeardWord, key: String? = nil, by actor: Actor
    ) async throws -> RestoreOutcome {
        try Self.requireMayAnswer(actor, receipt)
        return try await settled(
            key, "vacate \(receipt) \(word.channel.rawValue)", receipt, by: actor
        ) { connection in
            let editing = CaseEditing(connection, desk)
            var row = try editing.find(receipt, version: word.version)
            try Impartiality.require(actor, on: row, connection)
            try editing.requireOwnWord(row, word.mandate)
            let seating = try Seating(connection, desk, incident: row.incident)
            try seating.lock([row.restored?.slot].compactMap { $0 })
            try record("vacate", row, word, actor, connection)
            try seating.vacate(&row, by: actor)
            return outcome(row, "vacated", nil, rung: nil, until: nil)
        }
    }

    // MARK: Parts of a transaction, shared with bulk restoration

    func restoreOriginal(
        _ row: inout Case, isTold: Bool, by actor: Actor, _ connection: any Connection
    ) throws -> RestoreOutcome {
        if let known = try standing(row, connection) { return known }
        let slot = try Self.requireEntitled(row, connection)
        let seating = try Seating(connection, desk, incident: row.incident)
        let later = try seating.laterBooking(of: row)
        guard later?.slot != slot else {
            throw RedressError(
                .refused,
                """
                The person of case \(row.receipt) holds a confirmed booking on \(slot) already, so there is nothing \
                to restore: a reviewer ends the case.
                """)
        }
        try seating.lock([slot] + [later?.slot].compactMap { $0 })
        if let later { try seating.requireOwnSeat(later, of: row) }
        guard try seating.free(for: row, on: slot) > 0 else {
            throw RedressError(
                .refused,
                """
                No seat is free on \(slot) for case \(row.receipt): what is reserved there is kept for earlier \
                claims. Allot seats to the slot, or offer another (`redress case offer \(row.receipt)`).
                """, details: ["slot": slot.description])
        }
        if later != nil {
            let offer = try seating.offer(
                &row, slot, rung: .originalSlot, isTold: isTold, by: actor,
                reason: "verified; holds a later booking, so asked first")
            return outcome(row, "offered", slot, rung: .originalSlot, until: offer.expiresAt)
        }
        try seating.settle(
            &row, slot, rung: .originalSlot, by: actor, reason: "verified; held nothing")
        return seated(row, slot, .originalSlot)
    }

    func accept(
        _ row: inout Case, _ word: HeardWord, by actor: Actor, _ connection: any Connection
    ) throws -> RestoreOutcome {
        if let restored = row.restored, row.state == .restored {
            return outcome(row, "seated", restored.slot, rung: restored.rung, until: nil)
        }
        if try GatewayCallStore(connection).open(caseID: row.id) != nil {
            return outcome(row, "pending", nil, rung: nil, until: nil)
        }
        let (seating, offer, hold, slot) = try liveOffer(of: &row, connection)
        let lastMinute = slot.start.adding(minutes: -Seating.liveCallOnlyMinutes)
        guard word.channel == .call || connection.now < lastMinute else {
            throw RedressError(
                .refused,
                "The appointment is within 24 hours: only a yes heard in a live call moves anyone now.")
        }
        try record("accept", row, word, actor, connection)
        try seating.seatOrAsk(
            &row, hold, on: slot, rung: offer.rung, by: actor, entries: [],
            reason: "the person said yes (\(word.channel.rawValue))")
        return seated(row, slot, offer.rung)
    }

    /// What a case that needs nothing more already has: its seat, or its live offer.
    private func standing(_ row: Case, _ connection: any Connection) throws -> RestoreOutcome? {
        // Who is seated elsewhere and waits can still be put back on the lost slot.
        if let restored = row.restored, row.state == .restored, !row.isWaiting {
            return outcome(row, "seated", restored.slot, rung: restored.rung, until: nil)
        }
        if row.state == .offered, let offer = try OfferStore(connection).live(row.id),
            offer.expiresAt > connection.now
        {
            let slot = try PoolStore(connection).slot(offer.slotID)?.slot
            return outcome(row, "offered", slot, rung: offer.rung, until: offer.expiresAt)
        }
        if let hold = try PoolStore(connection).hold(of: row.id, in: .live), hold.isPinned {
            let slot = try PoolStore(connection).slot(hold.slotID)?.slot
            return outcome(row, "pending", slot, rung: nil, until: nil)
        }
        return nil
    }

    /// `seated`, or `pending` while another booking system is asked.
    func seated(_ row: Case, _ slot: Slot, _ rung: Remedy) -> RestoreOutcome {
        outcome(row, row.state == .restored ? "seated" : "pending", slot, rung: rung, until: nil)
    }

    func outcome(
        _ row: Case, _ done: String, _ slot: Slot?, rung: Remedy?, until: Instant?
    ) -> RestoreOutcome {
        RestoreOutcome(
            receipt: row.receipt.description, state: row.state.rawValue, done: done,
            seat: OrNull(slot.map(SeatView.init)), rung: OrNull(rung?.rawValue),
            until: OrNull(until?.description))
    }

    static func find(_ receipt: ReceiptNumber, _ connection: any Connection) throws -> Case {
        guard let row = try CaseStore(connection).find(receipt: receipt) else {
            throw RedressError(.notFound, "There is no case \(receipt). Check the number with the caller.")
        }
        return row
    }

    /// The original slot of a case that may be restored, or why it may not.
    static func requireEntitled(_ row: Case, _ connection: any Connection) throws -> Slot {
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

    /// Staff write down what a person said; the person answers for their own case only.
    static func requireMayAnswer(_ actor: Actor, _ receipt: ReceiptNumber) throws {
        if actor.role == .citizen, actor.name == "citizen:\(receipt)" { return }
        try actor.require(.workCases)
    }

    /// The live offer of a case with its hold, read again after every slot it touches is locked.
    private func liveOffer(
        of row: inout Case, _ connection: any Connection
    ) throws -> (Seating, OfferRow, HoldRow, Slot) {
        let seating = try Seating(connection, desk, incident: row.incident)
        let pool = PoolStore(connection)
        let known = try pool.hold(of: row.id, in: .live)
        let held = try pool.slot(heldBy: row.id)?.slot
        let later = try seating.laterBooking(of: row)?.slot
        let asked = row
        try seating.lock([held, later].compactMap { $0 }) { ahead in
            _ = try CaseStore(ahead).find(id: asked.id)
            _ = try known.map { try PoolStore(ahead).hold($0.id) }
            _ = try RegisterStore(ahead).booking(asked.booking, incident: asked.incident)
            if let later { _ = try PoolStore(ahead).seatOfAnotherCase(asked, on: seating.id(later)) }
            _ = try PoolStore(ahead).hold(of: asked.id, in: .seated)
            try PoolLedger.askAhead(ahead)
            _ = try AuditStore(ahead).head()
        }
        guard let current = try CaseStore(connection).find(id: row.id) else {
            throw RedressError(.fault, "Case \(row.receipt) is gone.")
        }
        row = current
        guard let offer = try OfferStore(connection).live(row.id), let hold = try pool.hold(offer.holdID),
            hold.state == .live, let held, seating.id(held) == hold.slotID
        else {
            throw RedressError(
                .refused,
                "Case \(row.receipt) has no live offer (it is \(row.state.rawValue)). Make one first.")
        }
        return (seating, offer, hold, held)
    }

    /// Asks what every restoration reads of a case.
    private static func ask(about row: Case, _ actor: Actor, _ ahead: any Connection) throws {
        _ = try ClaimStore(ahead).isRelated(actor.name, to: row.person, incident: row.incident)
        _ = try GatewayCallStore(ahead).open(caseID: row.id)
        _ = try PoolStore(ahead).hold(of: row.id, in: .live)
        _ = try PoolStore(ahead).slot(heldBy: row.id)
        _ = try OfferStore(ahead).live(row.id)
        _ = try row.dose.map {
            try RegisterStore(ahead).activeBooking(of: row.person, dose: $0, row.incident)
        }
        _ = try PoolPolicyStore(ahead).findIfAny(row.incident)
    }

    private func record(
        _ subject: String, _ row: Case, _ word: HeardWord, _ actor: Actor, _ connection: any Connection
    ) throws {
        let sealed = try word.note.map { try desk.keys.seal($0, for: "contact.note/\(row.id)") }
        try OfferStore(connection).record(
            contact: subject, caseID: row.id, channel: word.channel, noteSealed: sealed, actor: actor)
    }

    /// Runs the transaction once a key; where another system must agree, asks it and answers with what it said.
    func settled(
        _ key: String?, _ request: String, _ receipt: ReceiptNumber, by actor: Actor,
        _ body: @escaping @Sendable (any Connection) throws -> RestoreOutcome
    ) async throws -> RestoreOutcome {
        let first: RestoreOutcome
        do {
            first = try await once(key, request, receipt) { connection in
                // What time has ended is ended first; mostly there is nothing, and looking here costs no second trip.
                let isIdle = try PoolDesk.isIdle(connection) { ahead in
                    guard let row = try CaseStore(connection).find(receipt: receipt) else { return }
                    try Self.ask(about: row, actor, ahead)
                }
                guard isIdle else { throw NotSwept() }
                return try body(connection)
            }
        } catch is NotSwept {
            try await desk.pool.sweep()
            first = try await once(key, request, receipt, body)
        }
        guard first.done == "pending", desk.gateway != nil else { return first }
        let caseID = try await desk.database.read { try Self.find(receipt, $0).id }
        try await desk.gatewayCalls.run(caseID: caseID)
        return try await desk.database.read { connection in
            let row = try Self.find(receipt, connection)
            if let restored = row.restored, row.state == .restored {
                return outcome(row, "seated", restored.slot, rung: restored.rung, until: nil)
            }
            if try GatewayCallStore(connection).open(caseID: caseID) != nil { return first }
            throw RedressError(
                .refused, "The booking system refused the change; case \(receipt) is \(row.state.rawValue).")
        }
    }

    private func once(
        _ key: String?, _ request: String, _ receipt: ReceiptNumber,
        _ body: @escaping @Sendable (any Connection) throws -> RestoreOutcome
    ) async throws -> RestoreOutcome {
        try await desk.database.write { connection in
            try connection.ahead { ahead in
                _ = try key.map { try IdempotencyStore(ahead).answer(key: $0, request: request) }
                _ = try CaseStore(ahead).find(receipt: receipt)
                _ = try PoolPolicyStore(ahead).all()
            }
            guard let key else { return try body(connection) }
            let store = IdempotencyStore(connection)
            if let answer = try store.answer(key: key, request: request) {
                return try JSONDocument.read(RestoreOutcome.self, from: answer)
            }
            let outcome = try body(connection)
            try store.remember(key: key, request: request, answer: try JSONDocument.stored(outcome))
            return outcome
        }
    }
}

/// Something of the pool has come to its end and was not swept yet.
private struct NotSwept: Error {}

extension Desk {
    /// Restoration of one person at a time.
    public var restoration: RestoreDesk { RestoreDesk(desk: self) }
}
