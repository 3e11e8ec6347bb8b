import RedressCore
import RedressDesk
import TestSupport
import Testing

@Suite("The public edition of the statistics")
struct StatisticsPublicTests {
    @Test(
        "In random tables no hidden cell follows from the printed ones",
        arguments: 1...60 as ClosedRange<UInt64>)
    func randomTables(seed: UInt64) {
        var dice = Dice(seed: seed)
        // Regions with places, by three kinds; every margin is printed, as far as it is not small.
        let regions = Int.random(in: 1...4, using: &dice)
        let kinds = Int.random(in: 1...3, using: &dice)
        var values: [Int] = []
        var sums: [StatisticsSuppression.Sum] = []
        func cell(_ value: Int) -> Int {
            values.append(value)
            return values.count - 1
        }
        func total(_ parts: [Int]) -> Int {
            let sum = cell(parts.reduce(0) { $0 + values[$1] })
            sums.append(parts.map { ($0, 1) } + [(sum, -1)])
            return sum
        }
        var regionTotals: [[Int]] = []
        for _ in 0..<regions {
            let places = (0..<Int.random(in: 1...5, using: &dice)).map { _ in
                (0..<kinds).map { _ in
                    cell(
                        Bool.random(using: &dice)
                            ? Int.random(in: 0...14, using: &dice) : Int.random(in: 10...300, using: &dice))
                }
            }
            for place in places { _ = total(place) }
            regionTotals.append((0..<kinds).map { kind in total(places.map { $0[kind] }) })
        }
        for region in regionTotals { _ = total(region) }
        _ = total((0..<kinds).map { kind in total(regionTotals.map { $0[kind] }) })
        let hidden = StatisticsSuppression.hidden(values: values, sums: sums)
        for (index, value) in values.enumerated() where (1...9).contains(value) {
            #expect(hidden.contains(index), "seed \(seed): \(value) is printed")
        }
        let equations = sums.map { sum in sum.map { (name: "\($0.cell)", factor: Double($0.factor)) } }
        let known = Dictionary(
            uniqueKeysWithValues: values.indices.filter { !hidden.contains($0) }.map {
                ("\($0)", Double(values[$0]))
            })
        #expect(LinearReader(equations, known: known).worksOut == [], "seed \(seed)")
    }

    @Test(
        "From a printed edition nobody works out a figure it withholds",
        arguments: 1...12 as ClosedRange<UInt64>)
    func printedEditions(seed: UInt64) async throws {
        let fixture = try await DeskFixture()
        fixture.clock.now = StatisticsHistories.start.adding(minutes: 20 * 7 * 1440)
        try await fixture.load(
            .sites,
            """
            site,name,province,municipality,latitude,longitude
            C101,경기 1,경기도,수원시,37.2,127.0
            C102,경기 2,경기도,성남시,37.4,127.1
            C201,부산 1,부산광역시,해운대구,35.1,129.1
            """)
        var histories = StatisticsHistories(fixture, seed: seed)
        try await histories.add(Int.random(in: 40...260, using: &histories.dice))
        let week = Week(containing: StatisticsHistories.start).advanced(by: 5)
        for kind in StatisticsPeriod.Kind.allCases {
            let full = try await fixture.desk.statistics.report(kind, week, by: fixture.actor)
            let shown = try await fixture.desk.statistics.report(
                kind, week, edition: .public, by: fixture.actor)
            let hint = "seed \(seed), \(kind)"
            for row in shown.rows {
                for figure in [row.numerator.value, row.denominator.value] {
                    #expect(!(1...9).contains(figure ?? 0), "\(hint): \(row.measure) \(row.item)")
                }
                guard row.suppressed else {
                    let source = full.rows.first {
                        $0.measure == row.measure && $0.level == row.level && $0.item == row.item
                    }
                    #expect(source?.numerator == row.numerator, "\(hint): what is printed is true")
                    continue
                }
            }
            let reader = PublicReader(shown)
            #expect(reader.worksOut(from: full) == [], "\(hint)")
        }
    }
}

/// What somebody can find who knows all sums and all printed numbers: plain elimination over real numbers.
struct LinearReader {
    private(set) var worksOut: [String] = []

    init(_ equations: [[(name: String, factor: Double)]], known: [String: Double]) {
        let unknown = Set(equations.flatMap { $0.map(\.name) }.filter { known[$0] == nil }).sorted()
        let columns = Dictionary(uniqueKeysWithValues: unknown.enumerated().map { ($1, $0) })
        var rows = equations.map { equation in
            equation.reduce(into: [Double](repeating: 0, count: unknown.count)) { row, part in
                if let column = columns[part.name] { row[column] += part.factor }
            }
        }
        var rank = 0
        for column in unknown.indices {
            guard let pivot = (rank..<rows.count).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
                abs(rows[pivot][column]) > 1e-9
            else { continue }
            rows.swapAt(rank, pivot)
            let scale = rows[rank][column]
            for index in unknown.indices { rows[rank][index] /= scale }
            for other in rows.indices where other != rank && abs(rows[other][column]) > 1e-12 {
                let factor = rows[other][column]
                for index in unknown.indices { rows[other][index] -= factor * rows[rank][index] }
            }
            rank += 1
            if rank == rows.count { break }
        }
        for row in rows[..<rank] {
            let left = unknown.indices.filter { abs(row[$0]) > 1e-9 }
            if left.count == 1 { worksOut.append(unknown[left[0]]) }
        }
    }
}

/// Reads a printed edition with everything the documentation says about its sums.
private struct PublicReader {
    private var equations: [[(name: String, factor: Double)]] = []
    private var known: [String: Double] = [:]

    init(_ report: StatisticsReport) {
        for row in report.rows {
            let name = "\(row.measure)/\(row.level)/\(row.item)"
            known[name] = row.numerator.value.map(Double.init)
            known["of " + name] = row.denominator.value.map(Double.init)
            known["last " + name] = row.denominator.value == nil ? row.last.value : nil
        }
        for (index, point) in report.trend.enumerated() {
            known["trend received \(index)"] = point.received.value.map(Double.init)
            known["trend processed \(index)"] = point.processed.value.map(Double.init)
            known["trend closing \(index)"] = point.closing.value.map(Double.init)
        }
        let levels = ["incident", "channel", "category", "province", "site", "item"]
        for measure in Set(report.rows.map(\.measure)).sorted() {
            for level in levels {
                let rows = report.rows.filter { $0.measure == measure && $0.level == level }
                guard !rows.isEmpty, rows[0].unit != "minutes" else { continue }
                for prefix in rows[0].unit == "percent" ? ["", "of "] : [""] {
                    equations.append(
                        rows.map { ("\(prefix)\(measure)/\(level)/\($0.item)", 1) } + [
                            ("\(prefix)\(measure)/all/", -1)
                        ])
                }
            }
            for province in StatisticsHistories.provinces + ["unknown"] {
                let sites =
                    StatisticsHistories.sites.filter { $0.value == province }.keys.sorted()
                    + (province == "unknown" ? ["unknown"] : [])
                let rows = report.rows.filter {
                    $0.measure == measure && $0.level == "site" && sites.contains($0.item)
                }
                guard !rows.isEmpty else { continue }
                equations.append(
                    rows.map { ("\(measure)/site/\($0.item)", 1) } + [("\(measure)/province/\(province)", -1)]
                )
            }
        }
        for prefix in ["", "last "] {
            equations.append(
                zip(StatisticsMeasure.line, [1, 1, 1, 1, -1, -1, -1, -1]).map {
                    ("\(prefix)\($0)/all/", Double($1))
                })
        }
        equations.append([("upheld/all/", 1), ("restored/all/", -1)])
        equations.append([
            ("of upheld/all/", 1), ("upheld/all/", -1), ("outcomes/item/rejected", -1),
            ("outcomes/item/not-affected", -1),
        ])
        equations.append([("trend closing 11", 1), ("closing/all/", -1)])
        if report.week.contains("W"), !report.week.hasPrefix("to") {
            equations.append([("opening/all/", 1), ("last closing/all/", -1)])
            for flow in ["received", "processed"] {
                equations.append([("trend \(flow) 11", 1), ("\(flow)/all/", -1)])
                equations.append([("trend \(flow) 10", 1), ("last \(flow)/all/", -1)])
            }
            equations.append([("trend closing 10", 1), ("opening/all/", -1)])
            equations.append([("trend closing 9", 1), ("last opening/all/", -1)])
        }
    }

    /// The withheld figures that are small and follow from the printed ones.
    func worksOut(from full: StatisticsReport) -> [String] {
        let small = Set(
            full.rows.flatMap { row in
                let name = "\(row.measure)/\(row.level)/\(row.item)"
                return [(name, row.numerator.value), ("of " + name, row.denominator.value)]
                    .filter { (1...9).contains($0.1 ?? 0) }.map(\.0)
            })
        return LinearReader(equations, known: known).worksOut.filter(small.contains)
    }
}
