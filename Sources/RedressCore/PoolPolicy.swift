/// The rules of an incident's pool that a supervisor may set: cutoff, length of offers, what needs a second person.

/// Figures that the pool works by; each incident may have its own.
public struct PoolPolicy: Sendable, Equatable, Codable {
    /// The pool of a slot closes so many days before its date …
    public var cutoffDays: Int
    /// … at this time of day (minutes since midnight), or when the slot starts if that is earlier.
    public var cutoffMinutes: Int
    /// An offer runs to the end of so many working days after it reached the person.
    public var offerWorkingDays: Int
    /// An allotment of more seats than this waits for a second person.
    public var largeAllotmentSeats: Int
    /// Sites farther away than this are not "near by".
    public var nearbyKilometres: Int

    /// What holds where nobody set anything else.
    public static let standard = PoolPolicy(
        cutoffDays: 2, cutoffMinutes: 18 * 60, offerWorkingDays: 2, largeAllotmentSeats: 100,
        nearbyKilometres: 30)

    /// Makes a policy of its figures.
    public init(
        cutoffDays: Int, cutoffMinutes: Int, offerWorkingDays: Int, largeAllotmentSeats: Int,
        nearbyKilometres: Int
    ) {
        self.cutoffDays = cutoffDays
        self.cutoffMinutes = cutoffMinutes
        self.offerWorkingDays = offerWorkingDays
        self.largeAllotmentSeats = largeAllotmentSeats
        self.nearbyKilometres = nearbyKilometres
    }

    /// When the pool of a slot closes: live holds end and what is reserved goes back to the public.
    public func cutoff(of slot: Slot) -> Instant {
        let closing = Instant(slot.date.adding(days: -cutoffDays), TimeOfDay(minutes: cutoffMinutes))
        return min(closing, slot.start)
    }

    /// The last date whose slots may have reached their cutoff at `now`.
    public func lastClosingDate(at now: Instant) -> CivilDate {
        now.date.adding(days: cutoffDays)
    }

    /// Throws `.badData` naming the figure that is out of its range.
    public func validate() throws {
        let ranges: [(String, Int, ClosedRange<Int>)] = [
            ("cutoff days", cutoffDays, 0...60), ("cutoff time in minutes", cutoffMinutes, 0...1439),
            ("offer working days", offerWorkingDays, 1...20),
            ("large allotment", largeAllotmentSeats, 0...100_000),
            ("near-by kilometres", nearbyKilometres, 0...1000),
        ]
        for (name, value, range) in ranges where !range.contains(value) {
            throw RedressError(
                .badData,
                "The pool's \(name) must be \(range.lowerBound) to \(range.upperBound), not \(value).")
        }
    }
}
