/// How many seats to reserve per slot so that everyone whose claim turns out good gets theirs, by a chosen chance.
public import RedressCore
import RedressStore

/// The seats one slot needs.
public struct SlotReserve: Sendable, Codable, Equatable {
    /// The slot.
    public var seat: SeatView
    /// The vaccine.
    public var vaccine: String
    /// Claims that are good and hold no seat there yet.
    public var verified: Int
    /// Claims nobody has decided.
    public var undecided: Int
    /// Good claims to expect among all of them.
    public var expected: Double
    /// Seats that are enough with the chosen chance.
    public var needed: Int
    /// Seats reserved now.
    public var reserved: Int
    /// Seats lacking.
    public var lacking: Int
    /// The chance that what is reserved now is enough.
    public var chanceNow: Double
}

/// One line of the what-if table: a chance, and the seats it costs.
public struct ReserveChoice: Sendable, Codable, Equatable {
    /// The chance, on each slot, of seating everyone whose claim turns out good.
    public var chance: Double
    /// Seats needed on all slots together.
    public var seats: Int
    /// Seats lacking of those.
    public var lacking: Int
    /// The chance that every slot is enough at once.
    public var chanceOfAll: Double
}

/// How many seats to reserve.
public struct ReserveAdvice: Sendable, Codable, Equatable {
    /// The chosen chance on each slot.
    public var chance: Double
    /// The chance that an undecided claim turns out good, by verdict, and where the figure is from.
    public var assumed: [String: Double]
    /// How many claims of each verdict people have decided so far: what the chances rest on.
    public var decided: [String: Int]
    /// Every slot that somebody claims and that is still open.
    public var slots: [SlotReserve]
    /// What other chances would cost.
    public var whatIf: [ReserveChoice]
}

/// Advises on the size of the reserve.
public struct ReserveDesk: Sendable {
    let desk: Desk
    private static let targets = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1]

    /// The seats to reserve on every claimed slot of an incident.
    ///
    /// - Parameters:
    ///   - chance: the chance on each slot of seating everyone whose claim turns out good.
    ///   - assumed: chances by verdict that replace those learned from decided cases.
    public func advise(
        _ incident: String, chance: Double, assumed: [String: Double] = [:], by actor: Actor
    ) async throws -> ReserveAdvice {
        try actor.require(.readCases)
        guard (0...1).contains(chance), assumed.values.allSatisfy((0...1).contains) else {
            throw RedressError(.usage, "A chance is a number from 0 to 1.")
        }
        return try await desk.database.read { connection in
            let (policy, _) = try PoolPolicyStore(connection).find(incident)
            let cases = try CaseStore(connection).all(incident: incident)
            let declined = try OfferStore(connection).declined(incident: incident)
            let covered = try PoolStore(connection).liveHolds(incident: incident).map(\.caseID)
            let reserved = Dictionary(
                try PoolStore(connection).slots(incident: incident).map { ($0.slot, $0.balance.reserved) },
                uniquingKeysWith: { $1 })
            var reserve = Reserve(cases: cases, assumed: assumed)
            for row in cases {
                guard let slot = row.slot, policy.cutoff(of: slot) > connection.now,
                    !covered.contains(row.id),
                    !declined.contains("\(row.id)/\(PoolStore.id(of: slot, incident: incident))")
                else { continue }
                reserve.add(row, slot)
            }
            return reserve.advice(chance, reserved: reserved, targets: Self.targets)
        }
    }
}

/// Collects the claims of each slot with their chances.
private struct Reserve {
    private var claims: [Slot: (certain: Int, chances: [Double])] = [:]
    private var chances: [String: Double]
    private var decided: [String: Int] = [:]

    /// Learns the chance of each verdict from the cases people have decided (Jeffreys' prior: half a case each way).
    init(cases: [Case], assumed: [String: Double]) {
        var good: [String: Int] = [:]
        for row in cases {
            guard let verdict = row.verdict, verdict != "verified" else { continue }
            let isGood = row.isUpheld
            guard isGood || [.rejected, .notAffected].contains(row.state) else { continue }
            decided[verdict, default: 0] += 1
            if isGood { good[verdict, default: 0] += 1 }
        }
        chances = [:]
        for verdict in ["undetermined", "contradicted", "not-affected", "not read"] {
            let learned = (Double(good[verdict] ?? 0) + 0.5) / (Double(decided[verdict] ?? 0) + 1)
            chances[verdict] = assumed[verdict] ?? learned
        }
    }

    mutating func add(_ row: Case, _ slot: Slot) {
        let isGood = row.isEntitled
        guard row.state.isOpen || row.state == .restored && row.isWaiting else { return }
        var claim = claims[slot] ?? (0, [])
        if isGood {
            claim.certain += 1
        } else {
            claim.chances.append(chances[row.verdict ?? "not read"] ?? 0.5)
        }
        claims[slot] = claim
    }

    func advice(_ chance: Double, reserved: [Slot: Int], targets: [Double]) -> ReserveAdvice {
        let forecasts = claims.sorted { $0.key < $1.key }.map { slot, claim in
            (slot: slot, forecast: SeatForecast(certain: claim.certain, chances: claim.chances))
        }
        let slots = forecasts.map { slot, forecast in
            let needed = forecast.seats(chance: chance)
            let here = reserved[slot] ?? 0
            return SlotReserve(
                seat: SeatView(slot), vaccine: slot.vaccine, verified: forecast.certain,
                undecided: forecast.undecided.count - 1, expected: rounded(forecast.expected, 100),
                needed: needed, reserved: here, lacking: max(0, needed - here),
                chanceNow: rounded(forecast.chance(seats: here), 10_000))
        }
        let whatIf = targets.map { target in
            forecasts.reduce(into: ReserveChoice(chance: target, seats: 0, lacking: 0, chanceOfAll: 1)) {
                let needed = $1.forecast.seats(chance: target)
                $0.seats += needed
                $0.lacking += max(0, needed - (reserved[$1.slot] ?? 0))
                $0.chanceOfAll *= $1.forecast.chance(seats: needed)
            }
        }
        return ReserveAdvice(
            chance: chance, assumed: chances, decided: decided, slots: slots,
            whatIf: whatIf.map {
                ReserveChoice(
                    chance: $0.chance, seats: $0.seats, lacking: $0.lacking,
                    chanceOfAll: rounded($0.chanceOfAll, 10_000))
            })
    }

    private func rounded(_ number: Double, _ steps: Double) -> Double {
        (number * steps).rounded() / steps
    }
}

extension Desk {
    /// The size of the reserve.
    public var reserve: ReserveDesk { ReserveDesk(desk: self) }
}
