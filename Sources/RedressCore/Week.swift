/// A week of ISO 8601, Monday to Sunday on a calendar in Seoul, the unit of the complaint statistics.
public struct Week: Hashable, Sendable {
    /// The Monday of the week.
    public let firstDay: CivilDate

    /// Makes the week in which a day lies.
    public init(containing day: CivilDate) {
        firstDay = CivilDate(daysSinceEpoch: day.daysSinceEpoch - (day.isoWeekday - 1))
    }

    /// Makes the week in which an instant lies in Seoul.
    public init(containing instant: Instant) {
        self.init(containing: instant.date)
    }

    /// Makes week `number` of an ISO year; nil when the year has no such week or is outside 1 to 9998.
    public init?(year: Int, number: Int) {
        // ISO 8601: the week with 4 January is week 1.
        guard (1...9998).contains(year), number >= 1,
            let anchor = CivilDate(year: year, month: 1, day: 4)
        else { return nil }
        let first = Week(containing: anchor).firstDay
        let week = Week(containing: CivilDate(daysSinceEpoch: first.daysSinceEpoch + (number - 1) * 7))
        guard week.year == year else { return nil }
        self = week
    }

    /// Reads `2021-W29`, also `2021W29` and lower case; throws `badData` that says what is expected.
    public init(_ text: some StringProtocol) throws(RedressError) {
        let plain = plainCharacters(text).filter { $0 != " " && $0 != "-" }.uppercased()
        let scalars = Array(plain.unicodeScalars)
        guard scalars.count == 7, scalars[4] == "W",
            (scalars[..<4] + scalars[5...]).allSatisfy(\.isASCIIDigit),
            let year = Int(plain.prefix(4)), let number = Int(plain.suffix(2))
        else {
            throw RedressError(
                .badData, "\"\(text)\" is not a week. Write the year and the ISO week, like 2021-W29.")
        }
        guard let week = Week(year: year, number: number) else {
            let last = Week(year: year, number: 53) == nil ? 52 : 53
            throw RedressError(
                .badData, "\(year) has the weeks W01 to W\(last); W\(plain.suffix(2)) is not one.")
        }
        self = week
    }

    /// The year the week counts in, which is the year of its Thursday.
    public var year: Int { thursday.parts.year }

    /// The number of the week in its year, 1 to 53.
    public var number: Int {
        let (year, _, _) = thursday.parts
        // Counting Thursdays from the year's first day; a date of year 1 to 9999 always has a 1 January.
        let newYear = CivilDate(year: year, month: 1, day: 1)?.daysSinceEpoch ?? 0
        return (thursday.daysSinceEpoch - newYear) / 7 + 1
    }

    /// The Sunday of the week.
    public var lastDay: CivilDate { CivilDate(daysSinceEpoch: firstDay.daysSinceEpoch + 6) }

    /// The seven days, Monday first.
    public var days: [CivilDate] {
        (0..<7).map { CivilDate(daysSinceEpoch: firstDay.daysSinceEpoch + $0) }
    }

    /// Monday 00:00 in Seoul, the first instant of the week.
    public var start: Instant { Instant(firstDay, TimeOfDay(minutes: 0)) }

    /// The next Monday 00:00 in Seoul, the first instant that no longer belongs to the week.
    public var end: Instant { next.start }

    /// Whether an instant lies in the week.
    public func contains(_ instant: Instant) -> Bool {
        start <= instant && instant < end
    }

    /// The week before.
    public var previous: Week { advanced(by: -1) }

    /// The week after.
    public var next: Week { advanced(by: 1) }

    /// The week that comes `weeks` later (earlier when negative).
    public func advanced(by weeks: Int) -> Week {
        Week(containing: CivilDate(daysSinceEpoch: firstDay.daysSinceEpoch + weeks * 7))
    }

    /// The week of the same number in the year before; for a week 53, where that year has 52, its last week.
    public var sameWeekLastYear: Week {
        Week(year: year - 1, number: number) ?? Week(year: year - 1, number: 52) ?? advanced(by: -52)
    }

    private var thursday: CivilDate { CivilDate(daysSinceEpoch: firstDay.daysSinceEpoch + 3) }
}

extension Week {
    /// The month a week is said to be in, and which week of it: the month of its Thursday, counted from 1.
    ///
    /// This is the rule of ISO 8601 for years applied to months: 19 to 25 July 2021 has Thursday the 22nd,
    /// the fourth Thursday of July, hence 7월 4주.
    public var weekOfMonth: (month: Int, week: Int) {
        let (_, month, day) = thursday.parts
        return (month, (day - 1) / 7 + 1)
    }

    /// The week as people say it, with its dates: `7월 4주, 7.19.~25.`, across months `7월 5주, 7.26.~8.1.`.
    public var koreanLabel: String {
        let (month, week) = weekOfMonth
        let (first, last) = (firstDay.parts, lastDay.parts)
        let end = first.month == last.month ? "\(last.day)." : "\(last.month).\(last.day)."
        return "\(month)월 \(week)주, \(first.month).\(first.day).~\(end)"
    }

    /// The same in English: `week 4 of July, 19–25 July`, across months `week 5 of July, 26 July–1 August`.
    public var englishLabel: String {
        let (month, week) = weekOfMonth
        let (first, last) = (firstDay.parts, lastDay.parts)
        let names = Week.englishMonths
        let begin = first.month == last.month ? "\(first.day)" : "\(first.day) \(names[first.month - 1])"
        return "week \(week) of \(names[month - 1]), \(begin)–\(last.day) \(names[last.month - 1])"
    }

    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]
}

extension Week: Comparable {
    /// Orders weeks by time.
    public static func < (left: Week, right: Week) -> Bool {
        left.firstDay < right.firstDay
    }
}

extension Week: CustomStringConvertible {
    /// `2021-W29`.
    public var description: String {
        let years = String(year)
        return String(repeating: "0", count: max(0, 4 - years.count)) + years
            + (number < 10 ? "-W0" : "-W") + "\(number)"
    }
}
