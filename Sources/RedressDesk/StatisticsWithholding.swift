/// The public edition: which figures are withheld so that no small number can be read or worked out.
import RedressCore
import RedressStore

/// Decides what the public edition prints.
///
/// A place prints what was received, processed and is open; the whole line is for all cases. What a reader can add up:
/// the places and kinds of a measure make its total, sites make their province, the line reconciles, this period's
/// opening is the last one's closing, a chart's last points are the table's figures, a share's parts make its whole.
struct StatisticsWithholding {
    private static let flowsOfPlaces: Set<String> = ["received", "processed", "closing"]

    private let sheets: StatisticsEditing.Sheets
    private var cells: [Name: Int] = [:]
    private var values: [Int] = []
    private var sums: [StatisticsSuppression.Sum] = []
    private var hidden: Set<Int> = []

    /// A number a reader may see, or work out.
    private enum Name: Hashable {
        case numerator(StatisticsCell)
        case denominator(StatisticsCell)
        case rest(StatisticsCell)
        case last(StatisticsCell)
        case lastYear(StatisticsCell)
        case trend(Int, String)
    }

    init(_ sheets: StatisticsEditing.Sheets, provinces: [String: String]) {
        self.sheets = sheets
        addFigures()
        addTotals()
        addSites(provinces)
        addLine()
        addShares()
        addTrend()
        hidden = StatisticsSuppression.hidden(values: values, sums: sums)
    }

    /// The row as the public sees it; nil for rows that are not published.
    func row(_ row: StatisticsRow) -> StatisticsRow? {
        let cell = StatisticsCell(measure: row.measure, level: row.level, item: row.item)
        guard Self.isPublished(cell) else { return nil }
        var row = row
        let isWithheld =
            isHidden(.numerator(cell)) || isHidden(.denominator(cell)) || isSmallSample(row)
        if isWithheld {
            row.numerator = OrNull(nil)
            row.denominator = OrNull(nil)
            row.value = OrNull(nil)
            row.suppressed = true
        }
        // Comparisons of places would have to be proven safe over every edition ever published.
        let isComparable = row.level == "all" && StatisticsMeasure.named(row.measure)?.denominator == nil
        if !isComparable || isHidden(.last(cell)) { row.last = OrNull(nil) }
        if !isComparable || isHidden(.lastYear(cell)) { row.lastYear = OrNull(nil) }
        if row.value.value == nil || row.last.value == nil {
            row.change = OrNull(nil)
            row.changePercent = OrNull(nil)
        }
        return row
    }

    /// The charts' points that may be shown.
    var trend: [StatisticsTrend] {
        sheets.trend.enumerated().map { index, point in
            var point = point
            if isHidden(.trend(index, "received")) { point.received = OrNull(nil) }
            if isHidden(.trend(index, "processed")) { point.processed = OrNull(nil) }
            if isHidden(.trend(index, "closing")) { point.closing = OrNull(nil) }
            if (point.processed.value ?? 0) < StatisticsSuppression.smallest {
                point.restorationMedian = OrNull(nil)
                point.restorationP90 = OrNull(nil)
            }
            return point
        }
    }

    private static func isPublished(_ cell: StatisticsCell) -> Bool {
        let isPlace = cell.level != "all" && cell.level != "item"
        if cell.measure == "surge" { return false }
        return !isPlace || !StatisticsMeasure.line.contains(cell.measure)
            || flowsOfPlaces.contains(cell.measure)
    }

    /// Medians of a handful of people would be theirs.
    private func isSmallSample(_ row: StatisticsRow) -> Bool {
        row.unit == StatisticsMeasure.Unit.minutes.rawValue
            && StatisticsSuppression.isSmall(row.denominator.value ?? 0)
    }

    private func isHidden(_ name: Name) -> Bool {
        cells[name].map(hidden.contains) ?? false
    }

    private func published(_ measure: String, level: String = "all") -> [StatisticsCell] {
        sheets.now.order.filter { $0.measure == measure && $0.level == level && Self.isPublished($0) }
    }

    // MARK: What a reader sees and can add up

    private mutating func set(_ name: Name, _ value: Int?) {
        guard let value, cells[name] == nil else { return }
        cells[name] = values.count
        values.append(value)
    }

    private mutating func add(_ parts: [(Name, Int)]) {
        let sum = parts.compactMap { name, factor in cells[name].map { (cell: $0, factor: factor) } }
        if sum.count == parts.count, sum.count > 1 { sums.append(sum) }
    }

    private mutating func addFigures() {
        for cell in sheets.now.order where Self.isPublished(cell) {
            set(.numerator(cell), sheets.now.figures[cell]?.numerator)
            guard let denominator = sheets.now.figures[cell]?.denominator else {
                guard cell.level == "all" else { continue }
                set(.last(cell), sheets.last.figures[cell]?.numerator)
                set(.lastYear(cell), sheets.lastYear.figures[cell]?.numerator)
                continue
            }
            set(.denominator(cell), denominator)
            if let numerator = sheets.now.figures[cell]?.numerator {
                set(.rest(cell), denominator - numerator)
                add([(.numerator(cell), 1), (.rest(cell), 1), (.denominator(cell), -1)])
            }
        }
    }

    private mutating func addTotals() {
        for measure in StatisticsMeasure.table {
            let total = StatisticsCell(measure: measure.name)
            let names: [(StatisticsCell) -> Name] =
                measure.denominator == nil
                ? [Name.numerator] : [Name.numerator, Name.denominator, Name.rest]
            for level in StatisticsLevel.allCases.map(\.rawValue) + ["item"] where level != "all" {
                let parts = published(measure.name, level: level)
                guard !parts.isEmpty else { continue }
                for name in names { add(parts.map { (name($0), 1) } + [(name(total), -1)]) }
            }
        }
    }

    private mutating func addSites(_ provinces: [String: String]) {
        for measure in StatisticsMeasure.table {
            let sites = published(measure.name, level: "site")
            let names: [(StatisticsCell) -> Name] =
                measure.denominator == nil
                ? [Name.numerator] : [Name.numerator, Name.denominator, Name.rest]
            for province in published(measure.name, level: "province") {
                let parts = sites.filter { (provinces[$0.item] ?? "unknown") == province.item }
                guard !parts.isEmpty else { continue }
                for name in names { add(parts.map { (name($0), 1) } + [(name(province), -1)]) }
            }
        }
    }

    private mutating func addLine() {
        let line = StatisticsMeasure.line.map { StatisticsCell(measure: $0) }
        for name in [Name.numerator, Name.last, Name.lastYear] {
            add(zip(line, [1, 1, 1, 1, -1, -1, -1, -1]).map { (name($0), $1) })
        }
        if sheets.now.period.kind != .toDate {
            add([
                (.numerator(StatisticsCell(measure: "opening")), 1),
                (.last(StatisticsCell(measure: "closing")), -1),
            ])
        }
        let same = [
            ("received_by_origin", "received"), ("received_by_age", "received"),
            ("restored_by_age", "restored"),
            ("open_by_age", "closing"), ("cases_by_verdict", "cases_by_state"),
            ("contacts_by_subject", "contacts_by_channel"),
        ]
        for (one, other) in same {
            for name in [Name.numerator, Name.last, Name.lastYear] {
                add([(name(StatisticsCell(measure: one)), 1), (name(StatisticsCell(measure: other)), -1)])
            }
        }
    }

    private mutating func addShares() {
        func item(_ measure: String, _ item: String) -> Name {
            .numerator(StatisticsCell(measure: measure, level: "item", item: item))
        }
        let total = { (measure: String) in StatisticsCell(measure: measure) }
        let seats = published("outcomes", level: "item").filter { StatisticsSheet.isSeat($0.item) }
        add(seats.map { (.numerator($0), 1) } + [(.numerator(total("restored")), -1)])
        add([(.numerator(total("upheld")), 1), (.numerator(total("restored")), -1)])
        for level in StatisticsLevel.allCases.map(\.rawValue) where level != "all" {
            for cell in published("restored", level: level) {
                let share = StatisticsCell(measure: "upheld", level: level, item: cell.item)
                add([(.numerator(share), 1), (.numerator(cell), -1)])
            }
        }
        add([
            (.rest(total("upheld")), 1), (item("outcomes", "rejected"), -1),
            (item("outcomes", "not-affected"), -1),
        ])
        add([(.numerator(total("not_answered")), 1), (item("cases_by_state", "offered"), -1)])
        for share in ["not_reached", "not_answered"] {
            add([(.denominator(total(share)), 1), (.denominator(total("back_on_original")), -1)])
        }
        let clocks = StatisticsMeasure.table.filter { $0.name.hasPrefix("on_time_") }.map { total($0.name) }
        add(clocks.map { (.denominator($0), 1) } + [(.numerator(total("processed")), -1)])
        add([(.numerator(total("overturned")), 1), (item("objections_decided", "upheld"), -1)])
        add([(.rest(total("overturned")), 1), (item("objections_decided", "dismissed"), -1)])
        add([(.numerator(total("notices_failed")), 1), (item("notices", "failed"), -1)])
        add([(.rest(total("notices_failed")), 1), (item("notices", "delivered"), -1)])
        add([
            (.numerator(total("pool_used")), 1), (.numerator(total("pool_left")), 1),
            (.numerator(total("pool_allotted")), -1),
        ])
        // Both percentiles of a step stand over the same cases.
        for step in ["first_answer", "verdict", "restoration"] {
            add([(.denominator(total("\(step)_median")), 1), (.denominator(total("\(step)_p90")), -1)])
        }
    }

    private mutating func addTrend() {
        for (index, point) in sheets.trend.enumerated() {
            set(.trend(index, "received"), point.received.value)
            set(.trend(index, "processed"), point.processed.value)
            set(.trend(index, "closing"), point.closing.value)
        }
        let end = sheets.trend.count - 1
        let period = sheets.now.period
        let weeks = Self.weeks(in: period)
        let cell = { (measure: String) in StatisticsCell(measure: measure) }
        add([(.trend(end, "closing"), 1), (.numerator(cell("closing")), -1)])
        if period.kind == .toDate {
            add([(.trend(end - 1, "closing"), 1), (.last(cell("closing")), -1)])
            for flow in ["received", "processed"] {
                add([(.numerator(cell(flow)), 1), (.last(cell(flow)), -1), (.trend(end, flow), -1)])
            }
            return
        }
        let before = weeks + Self.weeks(in: period.previous)
        add([(.trend(end - weeks, "closing"), 1), (.numerator(cell("opening")), -1)])
        add([(.trend(end - before, "closing"), 1), (.last(cell("opening")), -1)])
        for flow in ["received", "processed"] {
            add((0..<weeks).map { (.trend(end - $0, flow), 1) } + [(.numerator(cell(flow)), -1)])
            add((weeks..<before).map { (.trend(end - $0, flow), 1) } + [(.last(cell(flow)), -1)])
        }
    }

    private static func weeks(in period: StatisticsPeriod) -> Int {
        (period.last.firstDay.daysSinceEpoch - period.first.firstDay.daysSinceEpoch) / 7 + 1
    }
}
