/// What time does to the pool by itself: holds lapse, kept seats are given on, pools close, those who wait are next.
import RedressCore
import RedressStore

extension PoolDesk {
    /// Rows that one transaction handles.
    private static let batch = 100

    /// Ends what time has ended. Cheap when there is nothing to do, and so called before everything that reads seats.
    @discardableResult
    public func sweep() async throws -> HousekeepingReport {
        var report = HousekeepingReport()
        while true {
            let before = report
            if try await desk.database.read({ try Self.isIdle($0) }) { return report }
            let round = try await desk.database.write { try sweep($0) }
            report.lapsed += round.lapsed
            report.ended += round.ended
            report.closed += round.closed
            report.failures = round.failures
            // What a rule refuses stays for the next sweep instead of being tried for ever in this one.
            if (report.lapsed, report.ended, report.closed) == (before.lapsed, before.ended, before.closed) {
                return report
            }
        }
    }

    /// Whether time has ended nothing that is not swept yet.
    ///
    /// - Parameter reads: what else is read next, asked along with it.
    static func isIdle(
        _ connection: any Connection, asking reads: (any Connection) throws -> Void = { _ in }
    ) throws -> Bool {
        let pool = PoolStore(connection)
        try connection.ahead { _ = try PoolPolicyStore($0).all() }
        try connection.ahead { ahead in
            _ = try PoolStore(ahead).expiredHolds()
            _ = try PoolStore(ahead).endedKeeps()
            for (incident, policy) in try PoolPolicyStore(connection).all() {
                let last = policy.lastClosingDate(at: connection.now)
                _ = try PoolStore(ahead).openSlots(incident: incident, until: last)
            }
            try reads(ahead)
        }
        return try pool.expiredHolds().isEmpty && pool.endedKeeps().isEmpty && closing(connection).isEmpty
    }

    /// Sweeps, asks the other booking system about what is open, and gives every free seat that is waited for.
    @discardableResult
    public func tidy() async throws -> HousekeepingReport {
        try await desk.gatewayCalls.run()
        let report = try await sweep()
        let waited = try await desk.database.read { try ClaimStore($0).slotsWithWaiters() }
        for row in waited {
            try await desk.database.write { connection in
                let seating = try Seating(connection, desk, incident: row.incident)
                try seating.lock([row.slot])
                try seating.promote(row.slot)
            }
        }
        return report
    }

    private func sweep(_ connection: any Connection) throws -> HousekeepingReport {
        var report = HousekeepingReport()
        let pool = PoolStore(connection)
        for hold in try pool.expiredHolds().prefix(Self.batch) {
            report.lapsed += try attempt("hold \(hold.id)", &report, connection) {
                guard let slot = try pool.slot(hold.slotID) else { return }
                // Locking lapses every hold of the slot whose time has passed, this one among them.
                try Seating(connection, desk, incident: slot.incident).lock([slot.slot])
            }
        }
        for kept in try pool.endedKeeps().prefix(Self.batch) {
            report.ended += try attempt("booking \(kept.booking)", &report, connection) {
                try end(kept, connection)
            }
        }
        for row in try Self.closing(connection).prefix(Self.batch) {
            report.closed += try attempt(row.slot.description, &report, connection) {
                try Seating(connection, desk, incident: row.incident).close(row.slot)
            }
        }
        return report
    }

    /// Does one part on its own, so that one that a rule refuses does not hold up the others; 1 when it was done.
    private func attempt(
        _ subject: String, _ report: inout HousekeepingReport, _ connection: any Connection,
        _ body: () throws -> Void
    ) throws -> Int {
        do {
            try connection.nested(body)
            return 1
        } catch let error as RedressError where [.refused, .tryAgain, .fault].contains(error.code) {
            report.failures.append("\(subject): \(error.message)")
            return 0
        }
    }

    /// The slots whose pool should be closed by now and is not.
    private static func closing(_ connection: any Connection) throws -> [PoolSlotRow] {
        let now = connection.now
        return try PoolPolicyStore(connection).all().flatMap { incident, policy in
            try PoolStore(connection)
                .openSlots(incident: incident, until: policy.lastClosingDate(at: now))
                .filter { policy.cutoff(of: $0.slot) <= now }
        }
    }

    /// A kept seat stays in the pool when an open case names its slot, else it goes back to the public.
    private func end(_ kept: KeptBookingRow, _ connection: any Connection) throws {
        let pool = PoolStore(connection)
        guard try pool.endKeep(kept.id), let row = try pool.slot(kept.slotID) else { return }
        let seating = try Seating(connection, desk, incident: row.incident)
        try seating.lock([row.slot])
        let reserved = try pool.slot(kept.slotID)?.balance.reserved ?? 0
        let claims = try ClaimStore(connection).uncovered(on: row.slot, incident: row.incident)
        let isClaimed = claims > reserved && seating.policy.cutoff(of: row.slot) > connection.now
        let entry = try PoolLedger(connection, by: .system).endKeep(
            kept.slotID, for: kept.caseID, toReserved: isClaimed)
        try AuditStore(connection).append(
            "pool.keep-end", subject: row.slot.description, by: .system,
            detail: [
                "booking": kept.booking, "to": isClaimed ? "reserved" : "outside", "entries": "\(entry)",
            ])
        if isClaimed { try seating.promote(row.slot) }
    }
}
