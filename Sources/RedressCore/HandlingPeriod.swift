/// The statutory time allowed for a case, in the unit in which the Civil Petitions Treatment Act counts it.
///
/// Article 19: periods of five days or fewer run in working hours from the time of receipt, one day being eight;
/// periods of six days or more run in days, the first included; "immediately" is three working hours. Saturdays
/// and public holidays are counted in neither.
public enum HandlingPeriod: Hashable, Sendable {
    /// Six days or more, counted in days.
    case days(Int)
    /// Counted in working hours; periods of one to five days are 8 to 40 of them.
    case workingHours(Int)

    /// Three working hours (즉시).
    public static let immediate = HandlingPeriod.workingHours(3)
    /// Seven days: the period of a grievance (고충민원).
    public static let grievance = HandlingPeriod.days(7)
    /// The longest period that is counted, in days or hours; a longer one is taken for a slip.
    public static let longest = 400

    /// The period of so many days, in the unit that Article 19 gives it; throws `usage` below 1 or above `longest`.
    public init(days: Int) throws(RedressError) {
        try HandlingPeriod.check(days, "days")
        self = days <= 5 ? .workingHours(days * 8) : .days(days)
    }

    /// The period of so many working hours; throws `usage` below 1 or above `longest`.
    public init(hours: Int) throws(RedressError) {
        try HandlingPeriod.check(hours, "hours")
        self = .workingHours(hours)
    }

    /// The period lengthened by so many extensions of its own length; the unit stays what it was.
    func extended(times: Int) -> HandlingPeriod {
        switch self {
        case .days(let count): .days(count * (1 + times))
        case .workingHours(let count): .workingHours(count * (1 + times))
        }
    }

    private static func check(_ count: Int, _ unit: String) throws(RedressError) {
        guard (1...longest).contains(count) else {
            throw RedressError(.usage, "A handling period has 1 to \(longest) \(unit), not \(count).")
        }
    }
}
