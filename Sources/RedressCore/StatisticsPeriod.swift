/// The weeks that one edition of the statistics is about: one week, the weeks of a month, or all of them so far.

/// A run of whole weeks with a name.
public struct StatisticsPeriod: Sendable, Equatable {
    /// What kind of run it is.
    public enum Kind: String, Sendable, CaseIterable {
        case week
        /// The weeks said to be in a month (the ones whose Thursday is in it), so that weeks add up to months.
        case month
        /// From the first week anything was counted in.
        case toDate = "to-date"
    }

    /// What kind of run it is.
    public let kind: Kind
    /// Its first week.
    public let first: Week
    /// Its last week.
    public let last: Week

    /// One week.
    public init(_ week: Week) {
        kind = .week
        first = week
        last = week
    }

    /// The month that a week is said to be in.
    public init(monthOf week: Week) {
        kind = .month
        let month = week.weekOfMonth.month
        var first = week
        while first.previous.weekOfMonth.month == month { first = first.previous }
        var last = week
        while last.next.weekOfMonth.month == month { last = last.next }
        self.first = first
        self.last = last
    }

    /// All weeks from `first` to `last`.
    public init(from first: Week, toDate last: Week) {
        kind = .toDate
        self.first = min(first, last)
        self.last = last
    }

    /// The period to compare with: the one before; for all weeks so far, as it stood a week earlier.
    public var previous: StatisticsPeriod {
        switch kind {
        case .week: StatisticsPeriod(first.previous)
        case .month: StatisticsPeriod(monthOf: first.previous)
        case .toDate: StatisticsPeriod(from: first, toDate: last.previous)
        }
    }

    /// The same period a year before.
    public var lastYear: StatisticsPeriod {
        switch kind {
        case .week: StatisticsPeriod(first.sameWeekLastYear)
        case .month: StatisticsPeriod(monthOf: thursdayLastYear)
        case .toDate: StatisticsPeriod(from: first, toDate: last.sameWeekLastYear)
        }
    }

    /// The same month of the year before: the 15th is a day that every month's weeks cover.
    private var thursdayLastYear: Week {
        let (year, month, _) = first.firstDay.adding(days: 3).parts
        guard let middle = CivilDate(year: year - 1, month: month, day: 15) else {
            return first.sameWeekLastYear
        }
        return Week(containing: middle)
    }

    /// `2021-W29`, `2021-07`, `to-2021-W29`; a file name as well.
    public var name: String {
        switch kind {
        case .week: first.description
        case .month: String(first.firstDay.adding(days: 3).description.prefix(7))
        case .toDate: "to-\(last)"
        }
    }

    /// The period as people say it.
    public var korean: String {
        switch kind {
        case .week: first.koreanLabel
        case .month: "\(first.weekOfMonth.month)월, \(first.firstDay)~\(last.lastDay)"
        case .toDate: "\(last.koreanLabel)까지 누계"
        }
    }
}
