/// Makes every figure of one period from the tallies: which count, over which, at which level.
import RedressCore
import RedressStore

/// Names one figure.
struct StatisticsCell: Hashable {
    var measure: String
    var level = "all"
    var item = ""
}

/// One figure.
struct StatisticsFigure: Equatable {
    var numerator: Int?
    var denominator: Int?
    var value: Double?

    static func count(_ count: Int?) -> StatisticsFigure {
        StatisticsFigure(numerator: count, value: count.map(Double.init))
    }

    static func share(_ numerator: Int?, of denominator: Int) -> StatisticsFigure {
        StatisticsFigure(
            numerator: numerator, denominator: denominator,
            value: numerator.flatMap {
                denominator > 0 ? Self.rounded(100 * Double($0) / Double(denominator)) : nil
            })
    }

    /// To one decimal, halves away from zero.
    static func rounded(_ value: Double) -> Double {
        (value * 10).rounded() / 10
    }
}

/// The figures of one period in the order of the page.
struct StatisticsSheet {
    let period: StatisticsPeriod
    let today: CivilDate
    private(set) var order: [StatisticsCell] = []
    private(set) var figures: [StatisticsCell: StatisticsFigure] = [:]
    /// Every place that ever had a case, by level.
    let places: [StatisticsLevel: [String]]
    private let tallies: [StatisticsKey: StatisticsAmount]
    private let details: [StatisticsCount: [String]]

    typealias Use = KeyPath<StatisticsAmount, Int>

    init(_ period: StatisticsPeriod, _ connection: any Connection) throws {
        self.period = period
        today = connection.now.date
        let store = StatisticsStore(connection)
        let tallies = try store.amounts(period.first, period.last)
        self.tallies = tallies
        var places: [StatisticsLevel: Set<String>] = [:]
        var details: [StatisticsCount: Set<String>] = [:]
        for key in tallies.keys {
            if key.count == .received { places[key.level, default: []].insert(key.place) }
            details[key.count, default: []].insert(key.detail)
        }
        self.places = places.mapValues { $0.sorted() }
        self.details = details.mapValues { $0.sorted() }
        flow()
        try surges(store)
        headline()
        outcomes()
        states()
        try times(store)
        clocks()
        try contacts(store)
        people()
        means()
    }

    mutating func put(
        _ measure: String, _ figure: StatisticsFigure, level: String = "all", item: String = ""
    ) {
        let cell = StatisticsCell(measure: measure, level: level, item: item)
        order.append(cell)
        figures[cell] = figure
    }

    /// A tally at a place, over the kinds that `detail` picks.
    func sum(
        _ count: StatisticsCount, _ use: Use, level: StatisticsLevel = .all, place: String = "",
        where detail: (String) -> Bool = { _ in true }
    ) -> Int {
        (details[count] ?? []).reduce(0) {
            guard detail($1) else { return $0 }
            return $0 + (tallies[StatisticsKey(count, $1, level, place)]?[keyPath: use] ?? 0)
        }
    }

    /// The kinds of a count, those that always show first.
    func kinds(_ count: StatisticsCount, always: [String] = []) -> [String] {
        always + (details[count] ?? []).filter { !always.contains($0) }
    }

    /// A total and its kinds.
    mutating func putKinds(
        _ measure: String, _ count: StatisticsCount, _ use: Use, always: [String] = [],
        name: (String) -> String = { $0 }
    ) {
        put(measure, .count(sum(count, use)))
        for kind in kinds(count, always: always) {
            put(measure, .count(sum(count, use) { $0 == kind }), level: "item", item: name(kind))
        }
    }

    /// The same figure for all cases and for every place of every level.
    mutating func putLevels(
        _ measure: String, _ figure: (StatisticsLevel, String) -> StatisticsFigure
    ) {
        for level in StatisticsLevel.allCases {
            for place in level == .all ? [""] : places[level] ?? [] {
                put(
                    measure, figure(level, place), level: level.rawValue,
                    item: level == .all ? "" : named(place))
            }
        }
    }

    /// The name of what no source tells.
    func named(_ place: String) -> String {
        place.isEmpty ? "unknown" : place
    }
}

extension StatisticsFigure {
    /// How long a step took, in minutes: the median (of an even number of cases the mean of the two in the middle) and the
    /// nearest-rank 90th percentile, both over the cases for which it ended in the period.
    static func percentiles(
        of step: StatisticsDuration, _ period: StatisticsPeriod, _ store: StatisticsStore
    ) throws -> (median: StatisticsFigure, p90: StatisticsFigure) {
        let count = try store.durations(of: step, period.first, period.last)
        func figure(_ ranks: ClosedRange<Int>) throws -> StatisticsFigure {
            var figure = StatisticsFigure(denominator: count)
            guard count > 0 else { return figure }
            let found = try store.durations(of: step, at: ranks, period.first, period.last)
            figure.value = rounded(Double(found.reduce(0, +)) / Double(ranks.count) / 60_000)
            return figure
        }
        let ninetieth = (count * 90 + 99) / 100
        return (try figure((count + 1) / 2...count / 2 + 1), try figure(ninetieth...ninetieth))
    }
}
