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
    /// The nearest-rank percentile of a step's durations, in minutes.
    static func percentile(
        _ percent: Int, _ step: StatisticsDuration, _ period: StatisticsPeriod, _ store: StatisticsStore
    ) throws -> StatisticsFigure {
        let count = try store.durations(of: step, period.first, period.last)
        var figure = StatisticsFigure(denominator: count)
        guard count > 0 else { return figure }
        let rank = (count * percent + 99) / 100
        let low = try store.duration(of: step, rank: rank, period.first, period.last)
        // An even number of cases has two in the middle.
        let isBetween = percent == 50 && count % 2 == 0
        let high = isBetween ? try store.duration(of: step, rank: rank + 1, period.first, period.last) : low
        if let low, let high { figure.value = rounded(Double(low + high) / 2 / 60_000) }
        return figure
    }
}
