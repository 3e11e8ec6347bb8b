/// Proves the invariants from the outside: the journal against the balances, people against seats, trail against facts.
public import RedressCore
import RedressStore

/// What a check found.
public struct CheckReport: Sendable, Codable, Equatable {
    /// Whether nothing is wrong.
    public var ok: Bool
    /// What is wrong, in sentences that name the row.
    public var violations: [String]
    /// How much was checked, by noun.
    public var checked: [String: Int]
}

/// Checks an installation without changing anything.
public struct CheckDesk: Sendable {
    let desk: Desk

    /// Recomputes the pool's balances from its journal, and nothing else: the part that grows with the entries.
    public func ledger(by actor: Actor) async throws -> CheckReport {
        try actor.require(.readCases)
        // Each question is about one snapshot of its own, so the two slow ones are asked at the same time.
        async let running = desk.database.read { connection in
            var check = Check(connection)
            try check.runningBalances()
            try check.holds()
            return check.violations
        }
        var check = try await desk.database.read { connection in
            var check = Check(connection)
            try check.balances()
            return (violations: check.violations, checked: check.checked)
        }
        check.violations += try await running
        return CheckReport(
            ok: check.violations.isEmpty, violations: check.violations, checked: check.checked)
    }

    /// Recomputes everything that must hold after any fault (design I1 to I5).
    public func run(by actor: Actor) async throws -> CheckReport {
        try actor.require(.readCases)
        var violations = try await desk.database.damage().map { "the desk database is damaged: \($0)" }
        violations += try await desk.evidence.damage().map { "the evidence database is damaged: \($0)" }
        let ledger = try await ledger(by: actor)
        violations += ledger.violations
        var (found, checked) = try await desk.database.read { connection in
            var check = Check(connection)
            try check.people()
            try check.records()
            check.violations += try desk.statistics.drift(connection)
            return (check.violations, check.checked)
        }
        checked.merge(ledger.checked) { $1 }
        let trail = try await desk.audit.verify(by: Actor(name: actor.name, role: .operator))
        checked["audit rows"] = trail.rows
        found += trail.faults.map { "audit: \($0)" }
        violations += found
        return CheckReport(ok: violations.isEmpty, violations: violations, checked: checked)
    }
}

extension Desk {
    /// The check of all invariants.
    public var check: CheckDesk { CheckDesk(desk: self) }
}

/// One pass over the database.
private struct Check {
    let connection: any Connection
    var violations: [String] = []
    var checked: [String: Int] = [:]

    init(_ connection: any Connection) {
        self.connection = connection
    }

    /// I1: no entry ever took a seat that was not there.
    mutating func runningBalances() throws {
        violations += try PoolCheckStore(connection).overdrawn().map {
            "entry \($0) takes a seat that its slot does not have"
        }
    }

    /// I1: balances equal the fold of the journal.
    mutating func balances() throws {
        let ledger = PoolCheckStore(connection)
        violations += try ledger.unfolded().map { "the balance of \($0) is not the fold of its journal" }
        checked["pool slots"] = try connection.count("SELECT count(*) FROM pool_slot")
        checked["pool entries"] = try connection.count("SELECT count(*) FROM pool_entry")
    }

    /// I1: the holds agree with balances and journal.
    mutating func holds() throws {
        let ledger = PoolCheckStore(connection)
        violations += try ledger.resolvedTwice().map { "hold \($0) is resolved twice" }
        violations += try ledger.disagreeing().map {
            "\($0) counts other live holds or seats than there are"
        }
    }

    /// I3 and "nobody holds none, nobody holds two".
    mutating func people() throws {
        report(
            """
            SELECT incident || ' ' || person || ' dose ' || dose FROM booking WHERE status = 'confirmed'
            GROUP BY incident, person, dose HAVING count(*) > 1
            """, "holds two bookings")
        report(
            """
            SELECT moved.incident || ' ' || moved.person || ' dose ' || moved.dose FROM booking AS moved
            WHERE moved.status = 'moved-out' AND NOT EXISTS (SELECT 1 FROM booking AS other
                WHERE other.incident = moved.incident AND other.person = moved.person
                    AND other.dose = moved.dose AND other.status IN ('confirmed', 'completed', 'cancelled'))
            """, "was moved out of a booking and holds none")
        report(
            """
            SELECT receipt FROM grievance_case AS c WHERE c.state IN ('restored', 'closed')
                AND c.restored_rung IS NOT NULL AND NOT EXISTS (SELECT 1 FROM booking AS b
                WHERE b.incident = c.incident AND b.person = c.person AND b.dose = c.dose
                    AND b.site = c.restored_site AND b.date = c.restored_date AND b.slot = c.restored_slot
                    AND b.status IN ('confirmed', 'completed', 'cancelled'))
            """, "is restored without a booking on the seat")
        report(
            """
            SELECT receipt FROM grievance_case AS c WHERE c.state = 'restored' AND NOT EXISTS
                (SELECT 1 FROM pool_hold AS h WHERE h.case_id = c.id AND h.state = 'seated')
            """, "is restored without a seat in the pool")
        report(
            """
            SELECT receipt FROM grievance_case AS c WHERE c.state = 'offered' AND NOT EXISTS
                (SELECT 1 FROM pool_hold AS h JOIN offer AS o ON o.hold_id = h.id
                WHERE h.case_id = c.id AND h.state = 'live' AND o.state = 'live')
            """, "is offered a seat that nobody holds for it")
        checked["bookings"] = try connection.count("SELECT count(*) FROM booking")
    }

    /// I4 and I5: every fact has its notice and its audit row.
    mutating func records() throws {
        report(
            """
            SELECT receipt FROM grievance_case AS c JOIN pool_hold AS h ON h.case_id = c.id
                WHERE c.state = 'restored' AND h.state = 'seated' AND NOT EXISTS
                (SELECT 1 FROM outbox AS o WHERE o.case_id = c.id AND o.event = 'restored/' || h.id)
            """, "is restored and nobody is told")
        report(
            """
            SELECT receipt FROM grievance_case AS c WHERE c.state <> (SELECT to_state FROM case_move AS m
                WHERE m.case_id = c.id ORDER BY seq DESC LIMIT 1)
            """, "is in another state than its last move left it in")
        var audited: Set<Int> = []
        try AuditStore(connection).each { row in
            for line in row.detail.split(separator: "\n") where line.hasPrefix("entries=") {
                for number in line.dropFirst(8).split(separator: ",").compactMap({ Int($0) }) {
                    if !audited.insert(number).inserted {
                        violations.append("entry \(number) of the pool has two audit rows")
                    }
                }
            }
        }
        try PoolStore(connection).eachEntry { entry in
            if !audited.contains(entry.seq) {
                violations.append("entry \(entry.seq) of the pool has no audit row")
            }
        }
        checked["cases"] = try connection.count("SELECT count(*) FROM grievance_case")
        checked["notices"] = try connection.count("SELECT count(*) FROM outbox")
    }

    private mutating func report(_ sql: SQL, _ fault: String) {
        do {
            violations += try connection.all(sql) { "\(try $0[0] as String) \(fault)" }
        } catch {
            violations.append("a check could not be made (\(fault)): \(error)")
        }
    }
}
