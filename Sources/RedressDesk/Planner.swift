/// Works out a plan from a snapshot: fair order, seats kept for earlier undecided claims, the remedy ladder.
import Crypto
import RedressCore
import RedressStore

struct Planner {
    private let cases: [Case]
    private let declined: Set<String>
    private let ladder: RemedyLadder
    private let policy: PoolPolicy
    private let active: [String: Booking]
    private let incident: IncidentRow
    private let now: Instant
    private var free: [Slot: Int] = [:]
    private var made: Plan

    /// Reads everything the plan needs.
    init(_ connection: any Connection, incident: IncidentRow) throws {
        self.incident = incident
        now = connection.now
        let live = Set(try PoolStore(connection).liveHolds(incident: incident.id).map(\.caseID))
        policy = try PoolPolicyStore(connection).find(incident.id).policy
        let order = ClaimOrder(seed: incident.orderSeed)
        cases = try CaseStore(connection).all(incident: incident.id)
            .filter { ($0.state.isOpen || $0.state == .restored && $0.isWaiting) && !live.contains($0.id) }
            .sorted { order.isBefore($0.orderKey, $1.orderKey) }
        declined = try OfferStore(connection).declined(incident: incident.id)
        ladder = RemedyLadder(
            sites: try IncidentStore(connection).sites(incident.id),
            nearbyKilometres: Double(policy.nearbyKilometres))
        active = Dictionary(
            try RegisterStore(connection).bookings(incident: incident.id)
                .filter { $0.status == .confirmed }.map { ("\($0.person)/\($0.dose)", $0) },
            uniquingKeysWith: { $1 })
        for row in try PoolStore(connection).slots(incident: incident.id)
        where policy.cutoff(of: row.slot) > now {
            free[row.slot] = row.balance.reserved
        }
        made = Plan(digest: "", incident: incident.id, seats: [], unmet: [], suggestedAllotments: [])
    }

    /// Every claim in its order, then the digest.
    mutating func plan() throws -> Plan {
        var leftOver: [Case] = []
        for row in cases {
            if !takeOriginal(row) { leftOver.append(row) }
        }
        for row in leftOver { takeAnother(row) }
        suggest()
        made.digest = hexadecimal(SHA256.hash(data: Array(try JSONDocument.stored(made).utf8)))
        return made
    }

    /// Plans the original slot for a claim, or says why it cannot; false when the ladder should be tried.
    private mutating func takeOriginal(_ row: Case) -> Bool {
        guard let slot = row.slot else { return unmet(row, "no-slot") }
        guard row.isEntitled else {
            // The seat is kept for the claim until a human has decided it.
            free[slot] = (free[slot] ?? 0) - 1
            return unmet(row, "undecided")
        }
        guard row.dose != nil else { return unmet(row, "no-dose") }
        guard !isDeclined(slot, by: row) else { return unmet(row, "declined") }
        guard held(by: row)?.slot != slot else { return unmet(row, "holds-it") }
        guard policy.cutoff(of: slot) > now else { return false }
        free[slot] = (free[slot] ?? 0) - 1
        guard let left = free[slot], left >= 0 else { return false }
        add(row, slot, held(by: row) == nil ? .seat : .hold, .originalSlot)
        return true
    }

    /// Plans the next best seat that is better than what the person holds.
    private mutating func takeAnother(_ row: Case) {
        guard let original = row.slot, row.state != .restored else { return }
        let held = held(by: row)?.slot
        let found = ladder.steps(from: original, free: free).first { step in
            isBetter(step.slot, than: held, original) && !isDeclined(step.slot, by: row)
        }
        guard let found else {
            unmet(row, policy.cutoff(of: original) > now ? "no-seat" : "past")
            return
        }
        free[found.slot, default: 0] -= 1
        add(row, found.slot, .offer, found.rung)
    }

    private func isDeclined(_ slot: Slot, by row: Case) -> Bool {
        declined.contains("\(row.id)/\(PoolStore.id(of: slot, incident: incident.id))")
    }

    private func isBetter(_ slot: Slot, than held: Slot?, _ original: Slot) -> Bool {
        guard let held else { return true }
        let away = abs(slot.date.daysSinceEpoch - original.date.daysSinceEpoch)
        return away < abs(held.date.daysSinceEpoch - original.date.daysSinceEpoch)
    }

    private func held(by row: Case) -> Booking? {
        row.dose.flatMap { active["\(row.person)/\($0)"] }
    }

    @discardableResult
    private mutating func unmet(_ row: Case, _ reason: String) -> Bool {
        made.unmet.append(
            UnmetClaim(
                receipt: row.receipt.description, reason: reason, seat: OrNull(row.slot.map(SeatView.init))))
        return true
    }

    private mutating func add(_ row: Case, _ slot: Slot, _ action: PlannedSeat.Action, _ rung: Remedy) {
        made.seats.append(
            PlannedSeat(
                receipt: row.receipt.description, action: action, rung: rung.rawValue, site: slot.site,
                vaccine: slot.vaccine, date: slot.date.description, slot: slot.time.description))
    }

    /// What is lacking on each slot so that every claim, the undecided ones included, could be met.
    private mutating func suggest() {
        for (slot, left) in free.sorted(by: { $0.key < $1.key })
        where left < 0 && policy.cutoff(of: slot) > now {
            made.suggestedAllotments.append(
                SuggestedAllotment(
                    site: slot.site, vaccine: slot.vaccine, date: slot.date.description,
                    slot: slot.time.description, seats: -left))
        }
    }
}
