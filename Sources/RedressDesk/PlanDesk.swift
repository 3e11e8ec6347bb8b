/// Bulk restoration: a plan that is shown first, and an apply that carries out exactly what was shown.
import Crypto
public import RedressCore
import RedressStore

/// What restoring everyone of an incident would do, before anything is done.
public struct Plan: Sendable, Codable, Equatable {
    /// SHA-256 over everything below; `apply` asks for it.
    public var digest: String
    /// The incident.
    public var incident: String
    /// Who would get what, in the order of restoration.
    public var seats: [PlannedSeat]
    /// Who would be left, and why.
    public var unmet: [UnmetClaim]
    /// What to allot so that every claim on an original slot could be met.
    public var suggestedAllotments: [SuggestedAllotment]
}

/// What one person would get.
public struct PlannedSeat: Sendable, Codable, Equatable {
    /// What is done with a seat.
    public enum Action: String, Sendable, Codable {
        /// The person holds nothing: seated at once.
        case seat
        /// The person holds a later booking: the original seat is held and offered.
        case hold
        /// Another seat is held and offered.
        case offer
    }

    /// The case.
    public var receipt: String
    /// What would be done.
    public var action: Action
    /// The rung of the remedy ladder.
    public var rung: String
    /// The seat's site.
    public var site: String
    /// The vaccine.
    public var vaccine: String
    /// The seat's date.
    public var date: String
    /// The seat's time.
    public var slot: String
}

/// A claim that the plan leaves open.
public struct UnmetClaim: Sendable, Codable, Equatable {
    /// The case.
    public var receipt: String
    /// Why nothing is planned: `no-seat`, `undecided`, `no-slot`, `no-dose`, `past`.
    public var reason: String
    /// The lost slot; null when no source names it.
    public var seat: OrNull<SeatView>
}

/// Seats to allot to a slot.
public struct SuggestedAllotment: Sendable, Codable, Equatable {
    /// The site.
    public var site: String
    /// The vaccine.
    public var vaccine: String
    /// The date.
    public var date: String
    /// The time.
    public var slot: String
    /// How many seats are lacking.
    public var seats: Int
}

/// What carrying out a plan did.
public struct ApplyReport: Sendable, Codable, Equatable {
    /// People seated on the slot they lost.
    public var seated = 0
    /// Seats held for people who are asked first.
    public var held = 0
    /// People who wait for the slot they lost, because no seat could be planned for them.
    public var waitlisted = 0
    /// Rows of the plan that were done before.
    public var skipped = 0
    /// Rows that a rule refused now, with the reason.
    public var failed = 0
    /// The reasons of the failed rows, by receipt number.
    public var failures: [String: String] = [:]
}

/// Plans and applies bulk restoration.
public struct PlanDesk: Sendable {
    let desk: Desk
    /// Rows of a plan that share a transaction.
    static let batch = 25

    /// Works out who would get what, keeps it under its digest, changes nothing else.
    public func plan(_ incident: String, by actor: Actor) async throws -> Plan {
        try actor.require(.readCases)
        try await desk.pool.sweep()
        let plan = try await desk.database.read { connection in
            var planner = try Planner(connection, incident: try IncidentStore(connection).find(incident))
            return try planner.plan()
        }
        let document = try JSONDocument.stored(plan)
        try await desk.database.write { connection in
            try PlanStore(connection).insert(
                digest: plan.digest, incident: incident, document: document, by: actor)
        }
        return plan
    }

    /// Carries out the plan with this digest; given again after an interruption it goes on where it was.
    ///
    /// - Parameter progress: told after each batch how many rows are done.
    public func apply(
        _ digest: String, incident: String, by actor: Actor,
        progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> ApplyReport {
        try actor.require(.applyPlan)
        try await desk.pool.sweep()
        let document = try await desk.database.read { connection in
            _ = try IncidentStore(connection).find(incident)
            return try PlanStore(connection).document(digest: digest, incident: incident)
        }
        let plan = try JSONDocument.read(Plan.self, from: document)
        var report = ApplyReport()
        var start = 0
        while start < plan.seats.count {
            let batch = Array(plan.seats[start..<min(start + Self.batch, plan.seats.count)])
            let done = try await desk.database.write { connection in
                try batch.map { try carryOut($0, of: plan, by: actor, connection) }
            }
            for (row, result) in zip(batch, done) { report.count(result, of: row) }
            start += batch.count
            progress(start, plan.seats.count)
        }
        let waiting = plan.unmet.filter { $0.reason == "no-seat" }.map(\.receipt)
        report.waitlisted = try await desk.database.write { connection in
            try waiting.reduce(0) { try $0 + (waitlist($1, by: actor, connection) ? 1 : 0) }
        }
        return report
    }

    /// Puts a verified case on the waitlist of the slot it lost; false when it is there, or elsewhere, already.
    private func waitlist(_ receipt: String, by actor: Actor, _ connection: any Connection) throws -> Bool {
        var row = try RestoreDesk.find(try ReceiptNumber(receipt), connection)
        guard row.state == .verifying || row.state == .inReview else { return false }
        row.isWaiting = true
        try CaseMoving(connection).move(&row, to: .waitlisted, by: actor, reason: "no seat is free yet")
        try AuditStore(connection).append("case.waitlist", subject: receipt, by: actor)
        return true
    }

    private func carryOut(
        _ planned: PlannedSeat, of plan: Plan, by actor: Actor, _ connection: any Connection
    ) throws -> RowResult {
        let key = "apply/\(plan.digest)/\(planned.receipt)"
        let store = IdempotencyStore(connection)
        if try store.answer(key: key, request: planned.receipt) != nil { return .skipped }
        do {
            return try connection.nested {
                var row = try RestoreDesk.find(try ReceiptNumber(planned.receipt), connection)
                if row.state == .restored || row.state == .offered { return .skipped }
                let outcome = try carryOut(planned, for: &row, by: actor, connection)
                try store.remember(
                    key: key, request: planned.receipt, answer: try JSONDocument.stored(outcome))
                return outcome.done == "seated" ? .seated : .held
            }
        } catch let error as RedressError where error.code == .refused {
            return .failed(error.message)
        }
    }

    private func carryOut(
        _ planned: PlannedSeat, for row: inout Case, by actor: Actor, _ connection: any Connection
    ) throws -> RestoreOutcome {
        let restoration = desk.restoration
        if planned.action != .offer {
            return try restoration.restoreOriginal(&row, by: actor, connection)
        }
        _ = try RestoreDesk.requireVerified(row)
        guard let date = CivilDate(planned.date), let time = TimeOfDay(planned.slot),
            let rung = Remedy(rawValue: planned.rung)
        else { throw RedressError(.fault, "The plan's row for \(planned.receipt) does not read.") }
        let slot = Slot(site: planned.site, vaccine: planned.vaccine, date: date, time: time)
        let seating = Seating(connection, desk)
        try seating.lock([slot], incident: row.incident)
        guard try seating.free(for: row, on: slot) > 0 else {
            throw RedressError(.refused, "No seat is free on \(slot) any more. Plan again.")
        }
        let offer = try seating.offer(
            &row, slot, rung: rung, by: actor, reason: "the original slot is gone; offered the next best")
        return restoration.outcome(row, "offered", slot, rung: rung, until: offer.expiresAt)
    }

    fileprivate enum RowResult: Sendable {
        case seated
        case held
        case skipped
        case failed(String)
    }
}

extension ApplyReport {
    fileprivate mutating func count(_ result: PlanDesk.RowResult, of row: PlannedSeat) {
        switch result {
        case .seated: seated += 1
        case .held: held += 1
        case .skipped: skipped += 1
        case .failed(let reason):
            failed += 1
            failures[row.receipt] = reason
        }
    }
}

extension Desk {
    /// Bulk restoration.
    public var plans: PlanDesk { PlanDesk(desk: self) }
}
