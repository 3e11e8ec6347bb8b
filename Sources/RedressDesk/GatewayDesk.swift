/// Seats that another booking system must agree to: asked under a pinned hold, reconciled until the answer is known.
import RedressCore
import RedressStore

/// What a round of calls came to.
public struct GatewayReport: Sendable, Codable, Equatable {
    /// Changes the other system carried out, and the seats that followed.
    public var done = 0
    /// Changes it refused; the seats went back.
    public var refused = 0
    /// Changes nobody knows the outcome of yet; their holds stay pinned.
    public var unknown = 0

    /// A round in which nothing was open.
    public init() {}
}

/// Sends and reconciles changes.
public struct GatewayDesk: Sendable {
    let desk: Desk

    /// Sends what waits and asks again about what is unknown; never gives up a seat on a guess.
    @discardableResult
    public func run() async throws -> GatewayReport {
        var report = GatewayReport()
        guard let gateway = desk.gateway else { return report }
        let open = try await desk.database.read { try GatewayCallStore($0).open() }
        for call in open {
            switch try await settle(call, through: gateway) {
            case .done: report.done += 1
            case .refused: report.refused += 1
            case .waiting, .unknown: report.unknown += 1
            }
        }
        return report
    }

    /// Sends the open call of one case, if it has one.
    func run(caseID: String) async throws {
        guard let gateway = desk.gateway,
            let call = try await desk.database.read({ try GatewayCallStore($0).open(caseID: caseID) })
        else { return }
        _ = try await settle(call, through: gateway)
    }

    private func settle(
        _ call: GatewayCallRow, through gateway: any BookingGateway
    ) async throws -> GatewayCallRow.State {
        let change = try JSONDocument.read(BookingChange.self, from: call.request)
        let answer = await ask(change, asBefore: call.state == .unknown || call.tries > 0, gateway)
        return try await desk.database.write { connection in
            try conclude(call, answer, connection)
        }
    }

    /// The answer, or nil while nobody knows. The key makes sending again harmless, so that a lost answer is asked for.
    private func ask(
        _ change: BookingChange, asBefore: Bool, _ gateway: any BookingGateway
    ) async -> BookingAnswer? {
        do {
            if asBefore {
                let outcome = try await gateway.outcome(of: change.key)
                if outcome != .neverSeen { return outcome }
            }
            return try await gateway.change(change)
        } catch {
            return nil
        }
    }

    /// Writes an answer down and what follows from it, in one transaction.
    private func conclude(
        _ call: GatewayCallRow, _ answer: BookingAnswer?, _ connection: any Connection
    ) throws -> GatewayCallRow.State {
        let store = GatewayCallStore(connection)
        // Another process may have settled the same call meanwhile; its word stands.
        guard let now = try store.find(call.key), [.waiting, .unknown].contains(now.state) else {
            return try store.find(call.key)?.state ?? .unknown
        }
        guard let answer, answer != .neverSeen else {
            _ = try store.settle(call.key, as: .unknown, answer: nil)
            return .unknown
        }
        guard var row = try CaseStore(connection).find(id: call.caseID),
            let hold = try PoolStore(connection).hold(call.holdID),
            let slot = try PoolStore(connection).slot(hold.slotID)?.slot
        else { throw RedressError(.fault, "The call \(call.key) is about a hold that is not there.") }
        let seating = try Seating(connection, desk, incident: row.incident)
        let later = try seating.laterBooking(of: row)?.slot
        try seating.lock([slot] + [later].compactMap { $0 })
        var actor = Actor.system
        if let role = try StaffStore(connection).role(of: call.actor) {
            actor = Actor(name: call.actor, role: role)
        }
        switch answer {
        case .done:
            try seating.seat(
                &row, hold, on: slot, rung: call.rung, by: actor, entries: [], reason: call.reason)
            try PoolStore(connection).pin(hold.id, false)
            _ = try store.settle(call.key, as: .done, answer: "done")
            return .done
        case .refused(let reason):
            try PoolStore(connection).pin(hold.id, false)
            var free = hold
            free.isPinned = false
            try seating.giveUp(
                free, &row, offer: .lapsed, by: .system,
                reason: "the other booking system refused (\(reason))")
            _ = try store.settle(call.key, as: .refused, answer: reason)
            return .refused
        case .neverSeen: return .unknown
        }
    }
}

extension Seating {
    /// Seats a case now where the register is ours; else pins its hold and asks the system that keeps it.
    func seatOrAsk(
        _ row: inout Case, _ hold: HoldRow, on slot: Slot, rung: Remedy, by actor: Actor, entries: [Int],
        reason: String
    ) throws {
        guard let gateway = desk.gateway else {
            return try seat(&row, hold, on: slot, rung: rung, by: actor, entries: entries, reason: reason)
        }
        let later = try laterBooking(of: row)
        if let later { try requireOwnSeat(later, of: row) }
        guard later == nil || gateway.changesAtomically else {
            throw RedressError(
                .refused,
                """
                The booking system cannot give up one booking and make another in one change, and nobody may hold \
                none or two. Decide with its operators how case \(row.receipt) is moved.
                """)
        }
        guard let dose = row.dose else {
            throw RedressError(.fault, "Case \(row.receipt) holds a seat for no dose.")
        }
        let original = try register.booking(row.booking, incident: incident)
        let change = BookingChange(
            key: "redress-\(hold.id)", person: row.person, dose: dose, release: later?.booking,
            booking: original?.slot == slot ? row.booking : Self.newBooking(row, hold),
            site: slot.site, vaccine: slot.vaccine, date: slot.date.description,
            slot: slot.time.description)
        try pool.pin(hold.id, true)
        try GatewayCallStore(connection).insert(
            GatewayCallRow(
                key: change.key, caseID: row.id, holdID: hold.id, request: try JSONDocument.line(change),
                rung: rung, reason: reason, actor: actor.name))
        try audit.append(
            "gateway.ask", subject: row.receipt.description, by: actor,
            detail: ["key": change.key, "slot": slot.description, "entries": list(entries)])
    }
}

extension Desk {
    /// Changes asked of another booking system.
    public var gatewayCalls: GatewayDesk { GatewayDesk(desk: self) }
}
