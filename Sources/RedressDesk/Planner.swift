/// Works out a plan from a snapshot: fair order, seats kept for earlier undecided claims, the remedy ladder.
import Crypto
import RedressCore
import RedressStore

struct Planner {
    private let cases: [Case]
    private let sites: [String: Site]
    private let active: [String: Booking]
    private let incident: IncidentRow
    private let now: Instant
    private var free: [Slot: Int] = [:]
    private var made: Plan

    /// Sites farther than this are not "near by".
    static let nearbyKilometres = 30.0

    /// Reads everything the plan needs.
    init(_ connection: any Connection, incident: IncidentRow) throws {
        self.incident = incident
        now = connection.now
        let live = Set(try PoolStore(connection).liveHolds(incident: incident.id).map(\.caseID))
        cases = try CaseStore(connection).all(incident: incident.id)
            .filter { $0.state.isOpen && !live.contains($0.id) }
            .sorted { Self.order($0, $1, seed: incident.orderSeed) }
        sites = Dictionary(
            try IncidentStore(connection).sites(incident.id).map { ($0.site, $0) }, uniquingKeysWith: { $1 })
        active = Dictionary(
            try RegisterStore(connection).bookings(incident: incident.id)
                .filter { $0.status == .confirmed }.map { ("\($0.person)/\($0.dose)", $0) },
            uniquingKeysWith: { $1 })
        for row in try PoolStore(connection).slots(incident: incident.id) where row.slot.start > now {
            free[row.slot] = row.balance.reserved
        }
        made = Plan(digest: "", incident: incident.id, seats: [], unmet: [], suggestedAllotments: [])
    }

    /// The order of restoration: original attempt, an unknown time first, ties by the published seed.
    static func order(_ left: Case, _ right: Case, seed: Int64) -> Bool {
        let (first, second) = (
            left.attemptedAt?.milliseconds ?? .min, right.attemptedAt?.milliseconds ?? .min
        )
        return first != second ? first < second : tie(left, seed) < tie(right, seed)
    }

    private static func tie(_ row: Case, _ seed: Int64) -> String {
        hexadecimal(SHA256.hash(data: Array("\(seed):\(row.person):\(row.booking)".utf8)))
    }

    /// Every claim in its order, then the digest.
    mutating func plan() throws -> Plan {
        var leftOver: [Case] = []
        for row in cases {
            if !takeOriginal(row) { leftOver.append(row) }
        }
        for row in leftOver { takeAnother(row) }
        suggest()
        made.digest = hexadecimal(SHA256.hash(data: Array(try JSONDocument.line(made).utf8)))
        return made
    }

    /// Plans the original slot for a claim, or says why it cannot; false when the ladder should be tried.
    private mutating func takeOriginal(_ row: Case) -> Bool {
        guard let slot = row.slot else { return unmet(row, "no-slot") }
        guard row.verdict == "verified" else {
            // The seat is kept for the claim until a human has decided it.
            free[slot] = (free[slot] ?? 0) - 1
            return unmet(row, "undecided")
        }
        guard row.dose != nil else { return unmet(row, "no-dose") }
        guard slot.start > now else { return false }
        free[slot] = (free[slot] ?? 0) - 1
        guard let left = free[slot], left >= 0 else { return false }
        add(row, slot, held(by: row) == nil ? .seat : .hold, .originalSlot)
        return true
    }

    /// Plans the next best seat that is better than what the person holds.
    private mutating func takeAnother(_ row: Case) {
        guard let original = row.slot else { return }
        let held = held(by: row)?.slot
        let found = rungs(for: row, original).first { candidate in
            (free[candidate.slot] ?? 0) > 0 && isBetter(candidate.slot, than: held, original)
        }
        guard let found else {
            unmet(row, original.start > now ? "no-seat" : "past")
            return
        }
        free[found.slot, default: 0] -= 1
        add(row, found.slot, .offer, found.rung)
    }

    /// Seats by rung: same date and site, same date near by, same site on the nearest date; best first.
    private func rungs(for row: Case, _ original: Slot) -> [(slot: Slot, rung: Remedy)] {
        let pool = free.keys.filter { $0.vaccine == original.vaccine && $0 != original && $0.start > now }
        let sameDate = pool.filter { $0.site == original.site && $0.date == original.date }
            .sorted { distance($0.time, original.time) < distance($1.time, original.time) }
        let nearby = pool.filter { $0.site != original.site && $0.date == original.date }
            .map { (slot: $0, kilometres: kilometres($0.site, original.site)) }
            .filter { $0.kilometres <= Self.nearbyKilometres }
            .sorted { ($0.kilometres, $0.slot) < ($1.kilometres, $1.slot) }
        let nearest = pool.filter { $0.site == original.site && $0.date != original.date }
            .sorted {
                (abs($0.date.daysSinceEpoch - original.date.daysSinceEpoch), $0)
                    < (abs($1.date.daysSinceEpoch - original.date.daysSinceEpoch), $1)
            }
        return sameDate.map { ($0, .sameDate) } + nearby.map { ($0.slot, .nearbySite) }
            + nearest.map { ($0, .nearestDate) }
    }

    private func isBetter(_ slot: Slot, than held: Slot?, _ original: Slot) -> Bool {
        guard let held else { return true }
        let away = abs(slot.date.daysSinceEpoch - original.date.daysSinceEpoch)
        return away < abs(held.date.daysSinceEpoch - original.date.daysSinceEpoch)
    }

    private func held(by row: Case) -> Booking? {
        row.dose.flatMap { active["\(row.person)/\($0)"] }
    }

    private func distance(_ left: TimeOfDay, _ right: TimeOfDay) -> Int {
        abs(left.minutes - right.minutes) * 2 + (left < right ? 0 : 1)
    }

    private func kilometres(_ left: String, _ right: String) -> Double {
        guard let here = sites[left], let there = sites[right] else { return .infinity }
        return here.kilometres(to: there)
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
        for (slot, left) in free.sorted(by: { $0.key < $1.key }) where left < 0 && slot.start > now {
            made.suggestedAllotments.append(
                SuggestedAllotment(
                    site: slot.site, vaccine: slot.vaccine, date: slot.date.description,
                    slot: slot.time.description, seats: -left))
        }
    }
}
