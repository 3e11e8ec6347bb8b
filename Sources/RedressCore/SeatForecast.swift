/// How many seats a slot will need when some of its claims are not decided yet.

/// The number of claims of one slot that will turn out good: those that are certain, and each undecided one by its chance.
///
/// With independent claims and chances of their own the number of good ones among the undecided follows the
/// Poisson-binomial distribution; it is computed exactly by convolving one claim at a time (Hong, "On computing
/// the distribution function for the Poisson binomial distribution", Computational Statistics & Data Analysis
/// 59, 2013, section 2). With equal chances it is the binomial distribution.
public struct SeatForecast: Sendable {
    /// Claims that are good already.
    public let certain: Int
    /// The chance that exactly so many of the undecided claims turn out good, from none to all.
    public let undecided: [Double]

    /// Makes the forecast of one slot.
    ///
    /// - Parameter chances: the chance of each undecided claim, 0 to 1.
    public init(certain: Int, chances: [Double]) {
        self.certain = certain
        var exactly = [1.0]
        exactly.reserveCapacity(chances.count + 1)
        for chance in chances {
            let good = min(1, max(0, chance))
            exactly.append(0)
            for count in stride(from: exactly.count - 1, through: 1, by: -1) {
                exactly[count] = exactly[count] * (1 - good) + exactly[count - 1] * good
            }
            exactly[0] *= 1 - good
        }
        undecided = exactly
    }

    /// The chance that this many seats are enough for every claim that turns out good.
    public func chance(seats: Int) -> Double {
        guard seats >= certain else { return 0 }
        return min(1, undecided.prefix(seats - certain + 1).reduce(0, +))
    }

    /// The fewest seats that are enough with at least this chance.
    public func seats(chance target: Double) -> Int {
        var sum = 0.0
        for (count, exactly) in undecided.enumerated() {
            sum += exactly
            // Sums of many small terms fall short of 1 by rounding; a target of 1 means all of them.
            if sum >= target, target < 1 { return certain + count }
        }
        return certain + undecided.count - 1
    }

    /// The number of good claims to expect.
    public var expected: Double {
        Double(certain) + undecided.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    }
}
