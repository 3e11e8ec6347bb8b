/// The ladder of remedies when the original slot is gone: which seats come next, in one order for everyone.

/// One seat a person may be offered instead, with what sets it apart from the one they lost.
public struct LadderStep: Sendable, Equatable {
    /// The slot.
    public var slot: Slot
    /// The rung it stands on.
    public var rung: Remedy
    /// Seats that are free there for a person whose lost slot is another.
    public var free: Int
    /// Great-circle distance from the lost site; 0 at the same site.
    public var kilometres: Double
    /// Days from the lost date, negative when earlier.
    public var days: Int
    /// Minutes from the lost time of day, negative when earlier.
    public var minutes: Int

    /// Why the seat stands where it stands, in a sentence to read out.
    public var explanation: String {
        switch rung {
        case .originalSlot: "the date, site and time that were lost"
        case .sameDate: "the same site and date, \(Self.apart(minutes, "minute"))"
        case .nearbySite:
            "the same date, \(oneDecimal(kilometres)) km away in a straight line, \(Self.apart(minutes, "minute"))"
        case .nearestDate: "the same site, \(Self.apart(days, "day"))"
        case .waitlist: "a place in the line for the lost slot"
        }
    }

    private static func apart(_ count: Int, _ unit: String) -> String {
        if count == 0 { return "the same \(unit == "day" ? "date" : "time")" }
        return "\(abs(count)) \(unit)\(abs(count) == 1 ? "" : "s") \(count < 0 ? "earlier" : "later")"
    }
}

/// Ranks seats against one lost slot.
public struct RemedyLadder: Sendable {
    private let sites: [String: Site]
    private let nearbyKilometres: Double

    /// Knows where the sites are and how far "near by" reaches.
    public init(sites: [Site], nearbyKilometres: Double) {
        self.sites = Dictionary(sites.map { ($0.site, $0) }, uniquingKeysWith: { $1 })
        self.nearbyKilometres = nearbyKilometres
    }

    /// Every free seat of the same vaccine, best first: rung, then nearness on that rung, then the fixed order of slots.
    ///
    /// The answer rests on the lost slot alone, so that it is the same for everyone who lost it.
    public func steps(from original: Slot, free: [Slot: Int]) -> [LadderStep] {
        free.compactMap { slot, seats in
            guard seats > 0, slot.vaccine == original.vaccine, slot != original else { return nil }
            return step(slot, seats, from: original)
        }
        .sorted(by: Self.isBefore)
    }

    private func step(_ slot: Slot, _ seats: Int, from original: Slot) -> LadderStep? {
        let days = slot.date.daysSinceEpoch - original.date.daysSinceEpoch
        let minutes = slot.time.minutes - original.time.minutes
        let isHere = slot.site == original.site
        let away = isHere ? 0 : kilometres(slot.site, original.site)
        let rung: Remedy
        switch (isHere, days == 0) {
        case (true, true): rung = .sameDate
        case (false, true) where away <= nearbyKilometres: rung = .nearbySite
        case (true, false): rung = .nearestDate
        default: return nil
        }
        return LadderStep(
            slot: slot, rung: rung, free: seats, kilometres: away, days: days, minutes: minutes)
    }

    private func kilometres(_ left: String, _ right: String) -> Double {
        guard let here = sites[left], let there = sites[right] else { return .infinity }
        return here.kilometres(to: there)
    }

    private static func isBefore(_ left: LadderStep, _ right: LadderStep) -> Bool {
        let (first, second) = (place(left.rung), place(right.rung))
        if first != second { return first < second }
        if left.kilometres != right.kilometres { return left.kilometres < right.kilometres }
        if abs(left.days) != abs(right.days) { return abs(left.days) < abs(right.days) }
        if abs(left.minutes) != abs(right.minutes) { return abs(left.minutes) < abs(right.minutes) }
        return left.slot < right.slot
    }

    private static func place(_ rung: Remedy) -> Int {
        Remedy.allCases.firstIndex(of: rung) ?? Remedy.allCases.count
    }
}

private func oneDecimal(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}
