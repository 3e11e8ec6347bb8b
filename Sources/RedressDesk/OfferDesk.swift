/// Offers when the original slot is gone: the ladder, ranked and explained the same for everyone, and a held choice.
public import RedressCore
import RedressStore

/// One seat that may be offered instead of a lost one.
public struct OfferChoice: Sendable, Codable, Equatable {
    /// Its number in the list, from 1: what `--choose` takes.
    public var choice: Int
    /// The rung of the remedy ladder.
    public var rung: String
    /// The site's id.
    public var site: String
    /// The site's name.
    public var name: String
    /// The date.
    public var date: String
    /// The time.
    public var slot: String
    /// Seats free there.
    public var free: Int
    /// Great-circle distance from the lost site.
    public var kilometres: Double
    /// Days from the lost date, negative when earlier.
    public var days: Int
    /// Why it stands where it stands.
    public var explanation: String
}

/// The ranked offers of one lost slot.
public struct OfferList: Sendable, Codable, Equatable {
    /// The case that asked.
    public var receipt: String
    /// The lost slot.
    public var lost: SeatView
    /// Seats free on the lost slot for this case itself; offers matter when it is 0.
    public var freeOnLost: Int
    /// Seats instead, best first; the same for everyone who lost this slot.
    public var choices: [OfferChoice]
}

/// A call to be made before an offer lapses.
public struct OfferCallView: Sendable, Codable {
    /// The case.
    public var receipt: String
    /// What the call is for.
    public var reason: String
    /// By when, RFC 3339.
    public var dueAt: String

    /// The reason of a call about an offer of which nothing shows that it arrived.
    public static let unseen = "nothing shows that the offer was delivered"
}

/// The offer that awaits an answer.
public struct LiveOffer: Sendable {
    /// The seat that is held.
    public var seat: SeatView
    /// Until when the answer is awaited, RFC 3339.
    public var until: String
}

/// Lists and makes offers.
public struct OfferDesk: Sendable {
    let desk: Desk

    /// The seats a case may be offered instead of the lost one, ranked and explained.
    public func list(_ receipt: ReceiptNumber, by actor: Actor) async throws -> OfferList {
        try actor.require(.readCases)
        try await desk.pool.sweep()
        return try await desk.list("offers", of: receipt.description, by: actor) { connection in
            let row = try RestoreDesk.find(receipt, connection)
            guard let lost = row.slot else {
                throw RedressError(
                    .refused, "No source names the slot of case \(receipt): a human must find it.")
            }
            let seating = try Seating(connection, desk, incident: row.incident)
            let steps = try seating.ladder(from: lost)
            let names = Dictionary(
                try IncidentStore(connection).sites(row.incident).map { ($0.site, $0.name) },
                uniquingKeysWith: { $1 })
            return OfferList(
                receipt: receipt.description, lost: SeatView(lost),
                freeOnLost: max(0, try seating.free(for: row, on: lost)),
                choices: steps.enumerated().map { OfferChoice($0.offset + 1, $0.element, names) })
        }
    }

    /// Holds one seat of the list and offers it; the person is told in the call, its end is in the answer.
    ///
    /// - Parameter choice: the number in the list; the seat must still stand there.
    public func choose(
        _ choice: Int, for receipt: ReceiptNumber, key: String? = nil, by actor: Actor
    ) async throws -> RestoreOutcome {
        try actor.require(.workCases)
        return try await desk.restoration.settled(
            key, "offer \(receipt) \(choice)", receipt, by: actor
        ) { connection in
            var row = try RestoreDesk.find(receipt, connection)
            try Impartiality.require(actor, on: row, connection)
            let lost = try RestoreDesk.requireEntitled(row, connection)
            let seating = try Seating(connection, desk, incident: row.incident)
            let steps = try seating.ladder(from: lost)
            guard (1...max(1, steps.count)).contains(choice), choice <= steps.count else {
                throw RedressError(
                    .refused,
                    "There is no offer \(choice) for case \(receipt): the list has \(steps.count). Look again."
                )
            }
            return try offer(steps[choice - 1], &row, seating, isTold: true, by: actor, connection)
        }
    }

    /// Puts a case on the waitlist of the slot it lost; it may be seated elsewhere meanwhile.
    public func wait(_ receipt: ReceiptNumber, by actor: Actor) async throws -> RestoreOutcome {
        try actor.require(.workCases)
        return try await desk.restoration.settled(nil, "wait \(receipt)", receipt, by: actor) { connection in
            var row = try RestoreDesk.find(receipt, connection)
            try Impartiality.require(actor, on: row, connection)
            let slot = try RestoreDesk.requireEntitled(row, connection)
            let seating = try Seating(connection, desk, incident: row.incident)
            guard seating.policy.cutoff(of: slot) > connection.now else {
                throw RedressError(.refused, "The pool of \(slot) has closed; nothing will come free there.")
            }
            try seating.lock([slot])
            try seating.wait(&row, by: actor, reason: "waits for the lost slot")
            try seating.promote(slot)
            let now = try RestoreDesk.find(receipt, connection)
            return desk.restoration.outcome(now, "waitlisted", slot, rung: .waitlist, until: nil)
        }
    }

    /// Starts the working days of a live offer: it was delivered, or read out in a call.
    public func delivered(_ receipt: ReceiptNumber, by actor: Actor) async throws -> RestoreOutcome {
        try actor.require(.workCases)
        return try await desk.restoration.settled(nil, "delivered \(receipt)", receipt, by: actor) {
            connection in
            let row = try RestoreDesk.find(receipt, connection)
            guard let offer = try OfferStore(connection).live(row.id) else {
                throw RedressError(
                    .refused, "Case \(receipt) has no live offer (it is \(row.state.rawValue)).")
            }
            let seating = try Seating(connection, desk, incident: row.incident)
            let until =
                try offer.deliveredAt == nil ? seating.delivered(offer, to: row, by: actor) : offer.expiresAt
            let slot = try PoolStore(connection).slot(offer.slotID)?.slot
            return desk.restoration.outcome(row, "offered", slot, rung: offer.rung, until: until)
        }
    }

    /// The seat that is held for a case's answer; nil when none is.
    public func live(_ receipt: ReceiptNumber, by actor: Actor) async throws -> LiveOffer? {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            let row = try RestoreDesk.find(receipt, connection)
            guard let offer = try OfferStore(connection).live(row.id),
                let slot = try PoolStore(connection).slot(offer.slotID)?.slot
            else { return nil }
            return LiveOffer(seat: SeatView(slot), until: offer.expiresAt.description)
        }
    }

    /// The calls to be made before offers lapse, the most urgent first.
    public func calls(_ incident: String, by actor: Actor) async throws -> [OfferCallView] {
        try actor.require(.readCases)
        return try await desk.list("offer-calls", of: incident, by: actor) { connection in
            _ = try IncidentStore(connection).find(incident)
            return try OfferStore(connection).calls(incident: incident).map {
                OfferCallView(receipt: $1, reason: $0.reason, dueAt: $0.dueAt.description)
            }
        }
    }

    /// Holds and offers one step of the ladder; whoever holds nothing is asked too, for it is another seat.
    func offer(
        _ step: LadderStep, _ row: inout Case, _ seating: Seating, isTold: Bool, by actor: Actor,
        _ connection: any Connection
    ) throws -> RestoreOutcome {
        let later = try seating.laterBooking(of: row)
        try seating.lock([step.slot] + [later?.slot].compactMap { $0 })
        if let later { try seating.requireOwnSeat(later, of: row) }
        guard try seating.free(for: row, on: step.slot) > 0 else {
            throw RedressError(
                .refused, "No seat is free on \(step.slot) any more. Look at the offers again.")
        }
        let offer = try seating.offer(
            &row, step.slot, rung: step.rung, isTold: isTold, by: actor,
            reason: "the original slot is gone; offered \(step.explanation)")
        return desk.restoration.outcome(row, "offered", step.slot, rung: step.rung, until: offer.expiresAt)
    }
}

extension Seating {
    /// The ladder below a lost slot, over every open seat of the incident's pool or over these slots of it.
    func ladder(from lost: Slot, over slots: [Slot]? = nil) throws -> [LadderStep] {
        let now = connection.now
        var free: [Slot: Int] = [:]
        let rows =
            try slots?.compactMap { try pool.slot(id($0)) } ?? pool.slots(incident: incident)
        for row in rows
        where row.balance.reserved > 0 && row.slot.vaccine == lost.vaccine
            && policy.cutoff(of: row.slot) > now && row.slot != lost
        {
            let claims = try ClaimStore(connection).claims(on: row.slot, incident: incident)
            free[row.slot] = row.balance.reserved - claims.count(where: \.needsSeat)
        }
        return RemedyLadder(
            sites: try IncidentStore(connection).sites(incident),
            nearbyKilometres: Double(policy.nearbyKilometres)
        ).steps(from: lost, free: free)
    }

    /// Marks a case as waiting for its lost slot; a case that is settled nowhere becomes waitlisted.
    func wait(_ row: inout Case, by actor: Actor, reason: String) throws {
        row.isWaiting = true
        if [.verifying, .inReview].contains(row.state) {
            try CaseMoving(connection).move(&row, to: .waitlisted, by: actor, reason: reason)
        } else if [.restored, .offered, .waitlisted].contains(row.state) {
            try cases.update(&row)
        } else {
            throw RedressError(
                .refused, "Case \(row.receipt) is \(row.state.rawValue): it cannot wait for a seat.")
        }
        try audit.append("case.waitlist", subject: row.receipt.description, by: actor)
    }
}

extension OfferChoice {
    fileprivate init(_ number: Int, _ step: LadderStep, _ names: [String: String]) {
        choice = number
        rung = step.rung.rawValue
        site = step.slot.site
        name = names[step.slot.site] ?? step.slot.site
        date = step.slot.date.description
        slot = step.slot.time.description
        free = step.free
        kilometres = (step.kilometres * 10).rounded() / 10
        days = step.days
        explanation = step.explanation
    }
}

extension Desk {
    /// Offers of seats other than the lost one.
    public var offers: OfferDesk { OfferDesk(desk: self) }
}
