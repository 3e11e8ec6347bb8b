/// One edition of the statistics as a document: the same rows for the page, the table, CSV and JSON.
import RedressCore

/// The statistics of one period.
public struct StatisticsReport: Sendable, Encodable {
    /// For whom an edition is.
    public enum Edition: String, Sendable, Codable {
        /// Every figure.
        case `internal`
        /// Without small cells and what would give them away.
        case `public`
    }

    /// The period: `2021-W29`, `2021-07`, `to-2021-W29`.
    public var week: String
    /// The period as people say it.
    public var label: String
    /// For whom it is.
    public var edition: Edition
    /// The first day, `YYYY-MM-DD`.
    public var from: String
    /// The last day.
    public var to: String
    /// opening + received + reopened + transferred_in − processed − transferred_out − merged = closing.
    public var totals: [String: OrNull<Int>]
    /// Cases received, by channel.
    public var channels: [String: OrNull<Int>]
    /// All cases so far, by their latest verdict.
    public var verdicts: [String: OrNull<Int>]
    /// All cases so far, by state.
    public var states: [String: OrNull<Int>]
    /// Decisions in the period, by what they decided.
    public var outcomes: [String: OrNull<Int>]
    /// The one figure: cases back on their original date out of cases found affected, as the period ended.
    public var headline: Headline
    /// Every figure of every measure.
    public var rows: [StatisticsRow]
    /// The twelve weeks up to the last one.
    public var trend: [StatisticsTrend]
    /// Where a copy of the database answered: everything up to then is counted, RFC 3339.
    public var asOf: String?

    /// The headline figure, with its denominator and who is still missing from it.
    public struct Headline: Sendable, Encodable {
        /// Back on the date, site and time they had lost.
        public var backOnOriginal: OrNull<Int>
        /// Found affected.
        public var affected: OrNull<Int>
        /// Found by the sweep and not reached yet.
        public var notReached: OrNull<Int>
        /// Reached with an offer that awaits its answer.
        public var notAnswered: OrNull<Int>
    }

    init(_ period: StatisticsPeriod, _ edition: Edition, rows: [StatisticsRow], trend: [StatisticsTrend]) {
        week = period.name
        label = period.korean
        self.edition = edition
        from = period.first.firstDay.description
        to = period.last.lastDay.description
        self.rows = rows
        self.trend = trend
        func pick(_ measure: String, _ level: String) -> [String: OrNull<Int>] {
            let found = rows.filter { $0.measure == measure && $0.level == level }
            return Dictionary(found.map { ($0.item, $0.numerator) }, uniquingKeysWith: { first, _ in first })
        }
        func total(_ measure: String) -> StatisticsRow? {
            rows.first { $0.measure == measure && $0.level == "all" }
        }
        totals = Dictionary(
            StatisticsMeasure.line.map { ($0, total($0)?.numerator ?? OrNull(nil)) },
            uniquingKeysWith: { first, _ in first })
        channels = pick("received", "channel")
        verdicts = pick("cases_by_verdict", "item")
        states = pick("cases_by_state", "item")
        outcomes = pick("outcomes", "item")
        headline = Headline(
            backOnOriginal: total("back_on_original")?.numerator ?? OrNull(nil),
            affected: total("back_on_original")?.denominator ?? OrNull(nil),
            notReached: total("not_reached")?.numerator ?? OrNull(nil),
            notAnswered: total("not_answered")?.numerator ?? OrNull(nil))
    }
}

extension StatisticsReport {
    /// The JSON Schema (draft 2020-12) that every report in JSON keeps to.
    public static let schema = String(decoding: PackageResources.statistics_schema_json, as: UTF8.self)

    /// The same with the figures of all cases and of kinds only, for a summary.
    public var withoutPlaces: StatisticsReport {
        var summary = self
        summary.rows.removeAll { $0.level != "all" && $0.level != "item" }
        return summary
    }
}

/// One figure with its comparisons.
public struct StatisticsRow: Sendable, Encodable, Equatable {
    /// The part of the page.
    public var section: String
    /// The measure's name, from the one table.
    public var measure: String
    /// The measure's Korean name.
    public var measureKo: String
    /// `all`, a level of cases (`channel`, `province`, …), or `item` for the kinds within a measure.
    public var level: String
    /// The place or kind; empty for `all`.
    public var item: String
    /// The place or kind as Korean pages say it.
    public var itemKo: String
    /// What the figures are.
    public var unit: String
    /// What was counted; null when nobody records it.
    public var numerator: OrNull<Int>
    /// Out of what; null for plain counts.
    public var denominator: OrNull<Int>
    /// The figure; null when it is not known, which is not zero.
    public var value: OrNull<Double>
    /// The same for the period before.
    public var last: OrNull<Double>
    /// The same for the period a year before.
    public var lastYear: OrNull<Double>
    /// The value less the last one.
    public var change: OrNull<Double>
    /// The change in percent of the last value.
    public var changePercent: OrNull<Double>
    /// Whether figures are withheld so that nobody can be recognised.
    public var suppressed = false
}

/// One week of the charts.
public struct StatisticsTrend: Sendable, Encodable, Equatable {
    /// The week.
    public var week: String
    /// Cases received.
    public var received: OrNull<Int>
    /// Cases processed.
    public var processed: OrNull<Int>
    /// Cases open when it ended.
    public var closing: OrNull<Int>
    /// Median minutes to restoration.
    public var restorationMedian: OrNull<Double>
    /// 90th percentile of minutes to restoration.
    public var restorationP90: OrNull<Double>
}
