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
    /// Why nothing is planned: `no-seat`, `undecided`, `no-slot`, `no-dose`, `past`, `declined`, `holds-it`.
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

/// A plan that was shown and waits for somebody to carry it out.
public struct WaitingPlan: Sendable {
    /// The plan as it was shown.
    public var plan: Plan
    /// Who had it made.
    public var madeBy: String
    /// When, RFC 3339.
    public var madeAt: String
    /// How many of its rows would still be carried out.
    public var open: Int
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

    /// The last plan that was shown, while it has rows to carry out; nil when it has none. Earlier plans are overtaken.
    public func waiting(_ incident: String, by actor: Actor) async throws -> WaitingPlan? {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            guard let shown = try PlanStore(connection).latest(of: incident) else { return nil }
            let plan = try JSONDocument.read(Plan.self, from: shown.document)
            let open = try plan.seats.count { try isOpen($0, of: plan, connection) }
            guard open > 0 else { return nil }
            return WaitingPlan(
                plan: plan, madeBy: shown.madeBy, madeAt: shown.madeAt.description, open: open)
        }
    }

    /// The plan with this digest, as it was shown.
    ///
    /// - Throws: `.notFound` when no such plan was shown for the incident.
    public func shown(_ digest: String, incident: String, by actor: Actor) async throws -> Plan {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            let shown = try PlanStore(connection).find(digest: digest, incident: incident)
            return try JSONDocument.read(Plan.self, from: shown.document)
        }
    }

    /// Whether a planned row is still to be carried out: it was not, and its person was not seated in another way.
    private func isOpen(_ planned: PlannedSeat, of plan: Plan, _ connection: any Connection) throws -> Bool {
        let answers = IdempotencyStore(connection)
        guard try answers.answer(key: Self.key(planned, of: plan), request: planned.receipt) == nil else {
            return false
        }
        let row = try RestoreDesk.find(try ReceiptNumber(planned.receipt), connection)
        return row.isWaiting || [.verifying, .inReview, .waitlisted].contains(row.state)
    }

    /// What the answer of a planned row is remembered under.
    private static func key(_ planned: PlannedSeat, of plan: Plan) -> String {
        "apply/\(plan.digest)/\(planned.receipt)"
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
        let shown = try await desk.database.read { connection in
            _ = try IncidentStore(connection).find(incident)
            return try PlanStore(connection).find(digest: digest, incident: incident)
        }
        // The rule binds named staff; the operator answers for the machine as a whole.
        guard actor.role == .operator || shown.madeBy != actor.name else {
            throw RedressError(
                .notAllowed,
                "You made this plan yourself; restoring in bulk takes a second person to apply it.")
        }
        let plan = try JSONDocument.read(Plan.self, from: shown.document)
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
        for start in stride(from: 0, to: waiting.count, by: Self.batch) {
            let batch = waiting[start..<min(start + Self.batch, waiting.count)]
            report.waitlisted += try await desk.database.write { connection in
                try batch.reduce(0) { try $0 + (waitlist($1, by: actor, connection) ? 1 : 0) }
            }
        }
        try await desk.gatewayCalls.run()
        return report
    }

    /// Puts an entitled case on the waitlist of the slot it lost; false when it is there, or elsewhere, already.
    private func waitlist(_ receipt: String, by actor: Actor, _ connection: any Connection) throws -> Bool {
        var row = try RestoreDesk.find(try ReceiptNumber(receipt), connection)
        guard row.state == .verifying || row.state == .inReview,
            (try? RestoreDesk.requireEntitled(row, connection)) != nil
        else { return false }
        try Seating(connection, desk, incident: row.incident).wait(
            &row, by: actor, reason: "no seat is free yet")
        return true
    }

    private func carryOut(
        _ planned: PlannedSeat, of plan: Plan, by actor: Actor, _ connection: any Connection
    ) throws -> RowResult {
        let key = Self.key(planned, of: plan)
        let store = IdempotencyStore(connection)
        if try store.answer(key: key, request: planned.receipt) != nil { return .skipped }
        do {
            return try connection.nested {
                var row = try RestoreDesk.find(try ReceiptNumber(planned.receipt), connection)
                let isDone = row.state == .restored && !row.isWaiting || row.state == .offered
                if isDone { return .skipped }
                try Impartiality.require(actor, on: row, connection)
                let outcome = try carryOut(planned, for: &row, by: actor, connection)
                try store.remember(
                    key: key, request: planned.receipt, answer: try JSONDocument.stored(outcome))
                return outcome.done == "seated" ? .seated : .held
            }
        } catch let error as RedressError where [.refused, .notAllowed, .tryAgain].contains(error.code) {
            return .failed(error.message)
        }
    }

    private func carryOut(
        _ planned: PlannedSeat, for row: inout Case, by actor: Actor, _ connection: any Connection
    ) throws -> RestoreOutcome {
        if planned.action != .offer {
            return try desk.restoration.restoreOriginal(&row, isTold: false, by: actor, connection)
        }
        let lost = try RestoreDesk.requireEntitled(row, connection)
        guard let date = CivilDate(planned.date), let time = TimeOfDay(planned.slot) else {
            throw RedressError(.fault, "The plan's row for \(planned.receipt) does not read.")
        }
        let slot = Slot(site: planned.site, vaccine: planned.vaccine, date: date, time: time)
        let seating = try Seating(connection, desk, incident: row.incident)
        guard let step = try seating.ladder(from: lost, over: [slot]).first else {
            throw RedressError(.refused, "No seat is free on \(slot) any more. Plan again.")
        }
        return try desk.offers.offer(step, &row, seating, isTold: false, by: actor, connection)
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
