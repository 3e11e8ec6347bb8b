/// Reads the tallies of the weekly statistics and the tables whose rows are counted where they lie.
public import RedressCore

/// What is counted, at which level and for which of its places.
public struct StatisticsKey: Hashable, Sendable {
    /// What is counted.
    public var count: StatisticsCount
    /// The kind within it.
    public var detail: String
    /// The level.
    public var level: StatisticsLevel
    /// The place at that level; empty for `all`, and for cases whose place is unknown.
    public var place: String

    /// Names a tally.
    public init(_ count: StatisticsCount, _ detail: String, _ level: StatisticsLevel, _ place: String) {
        self.count = count
        self.detail = detail
        self.level = level
        self.place = place
    }
}

/// A tally up to and within some weeks.
public struct StatisticsAmount: Sendable, Equatable {
    /// Before the first of the weeks.
    public var before = 0
    /// Within the weeks.
    public var within = 0

    /// Makes an amount.
    public init(before: Int = 0, within: Int = 0) {
        self.before = before
        self.within = within
    }

    /// What stands when the last of the weeks ends.
    public var after: Int { before + within }
}

extension StatisticsCount: Storable {}
extension StatisticsLevel: Storable {}
extension StatisticsDuration: Storable {}

extension Week: Storable {
    /// Reads the days from 1970 to the week's Monday.
    public init?(stored value: Value) {
        guard case .integer(let days) = value else { return nil }
        self.init(containing: CivilDate(daysSinceEpoch: Int(days)))
    }

    /// The days from 1970 to the week's Monday.
    public var stored: Value { .integer(Int64(firstDay.daysSinceEpoch)) }
}

/// Reads what the statistics count.
public struct StatisticsStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Every tally, up to and within the weeks `first` to `last`.
    public func amounts(_ first: Week, _ last: Week) throws -> [StatisticsKey: StatisticsAmount] {
        var amounts: [StatisticsKey: StatisticsAmount] = [:]
        try connection.each(Self.amountsSQL, [first.stored, first.stored, last.stored]) {
            let key = StatisticsKey(try $0[0], try $0[1], try $0[2], try $0[3])
            amounts[key] = StatisticsAmount(before: try $0[4], within: try $0[5])
        }
        return amounts
    }

    static let amountsSQL: SQL = """
        SELECT count, detail, level, place, before, during FROM statistic_key JOIN
            (SELECT key, sum(CASE WHEN week < $1 THEN amount ELSE 0 END) AS before,
                sum(CASE WHEN week >= $2 THEN amount ELSE 0 END) AS during
            FROM statistic_week WHERE week <= $3 GROUP BY key) AS tally ON tally.key = statistic_key.id
        """

    /// A tally of all cases, week by week, up to `last`.
    public func weeks(of count: StatisticsCount, upTo last: Week) throws -> [(week: Week, amount: Int)] {
        try connection.all(
            """
            SELECT week, sum(amount) FROM statistic_week JOIN statistic_key ON statistic_key.id = key
            WHERE count = $1 AND level = 'all' AND week <= $2 GROUP BY week ORDER BY week
            """, [count.stored, last.stored]
        ) { (week: try $0[0], amount: try $0[1]) }
    }

    /// The first week in which anything was counted.
    public func firstWeek() throws -> Week? {
        try connection.first("SELECT min(week) FROM statistic_week") { try $0[0] as Week? } ?? nil
    }

    /// How many cases a step ended for in the weeks.
    public func durations(of step: StatisticsDuration, _ first: Week, _ last: Week) throws -> Int {
        try connection.count(
            "SELECT count(*) FROM statistic_duration WHERE step = $1 AND week >= $2 AND week <= $3",
            [step.stored, first.stored, last.stored])
    }

    /// The durations in milliseconds at ranks that follow each other, counted from 1, among those of the weeks in
    /// ascending order: exact, not estimated.
    public func durations(
        of step: StatisticsDuration, at ranks: ClosedRange<Int>, _ first: Week, _ last: Week
    ) throws -> [Int64] {
        try connection.all(
            """
            SELECT milliseconds FROM statistic_duration WHERE step = $1 AND week >= $2 AND week <= $3
            ORDER BY milliseconds LIMIT $4 OFFSET $5
            """,
            [
                step.stored, first.stored, last.stored, ranks.count.stored, (ranks.lowerBound - 1).stored,
            ]
        ) { try $0[0] }
    }

    /// Contacts in `[from, to)`, by channel and by what they were about.
    public func contacts(from: Instant, to: Instant) throws -> [(
        channel: String, subject: String, count: Int
    )] {
        try connection.all(
            """
            SELECT channel, subject, count(*) FROM contact WHERE at >= $1 AND at < $2
            GROUP BY channel, subject ORDER BY channel, subject
            """, [from.stored, to.stored]
        ) { (channel: try $0[0], subject: try $0[1], count: try $0[2]) }
    }

    /// How many people called in `[from, to)` about a case, and how many of them more than once.
    public func callers(from: Instant, to: Instant) throws -> (all: Int, repeated: Int) {
        try connection.first(
            """
            SELECT count(*), coalesce(sum(CASE WHEN calls > 1 THEN 1 ELSE 0 END), 0) FROM
                (SELECT count(*) AS calls FROM contact JOIN grievance_case AS c ON c.id = case_id
                WHERE contact.at >= $1 AND contact.at < $2 AND contact.channel = 'call'
                GROUP BY c.incident, c.person) AS caller
            """, [from.stored, to.stored]
        ) { (all: try $0[0], repeated: try $0[1]) } ?? (0, 0)
    }

    /// The name of every site, and the province it is in.
    public func sites() throws -> [String: (name: String, province: String)] {
        var sites: [String: (name: String, province: String)] = [:]
        try connection.each("SELECT site, name, province FROM site ORDER BY incident, site", []) {
            sites[try $0[0]] = (name: try $0[1], province: try $0[2])
        }
        return sites
    }
}
