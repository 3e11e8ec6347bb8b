/// The statistics as one page that prints: charts with their tables beside them, one file without anything from elsewhere.
import RedressCore
public import RedressEvidence

extension StatisticsReport {
    /// The page as HTML, in Korean.
    public var page: String { page(in: .ko) }

    /// The page as HTML.
    public func page(in language: Language) -> String {
        """
        <!doctype html>
        <html lang="\(language.rawValue)"><head><meta charset="utf-8"><title>\(escaped(title(in: language)))</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>\(StatisticsWriter.style)</style></head><body><main>
        <h1>\(escaped(title(in: language)))</h1>
        \(content(in: language))
        </main></body></html>

        """
    }

    /// What stands on the page under its title, without any style of its own.
    ///
    /// - Parameter places: whether the tables go down to every place; charts show the provinces in any case.
    public func content(in language: Language, places: Bool = true) -> String {
        StatisticsWriter(report: self, words: StatisticsTongue(language), places: places).content
    }

    /// What the page is called, in Korean.
    public var title: String { title(in: .ko) }

    /// What the page is called.
    public func title(in language: Language) -> String {
        let kind = week.hasPrefix("to-") ? "to-date" : week.contains("W") ? "weekly" : "monthly"
        return StatisticsTongue(language).title(kind, week, label)
    }
}

/// Writes one report in one language.
private struct StatisticsWriter {
    let report: StatisticsReport
    let words: StatisticsTongue
    let places: Bool

    var content: String {
        let note = report.edition == .public ? " · " + words.say(.publicNote) : ""
        return """
            <p>\(report.from) ~ \(report.to)\(note)</p>
            <p class="headline">\(escaped(words.headline(report.headline)))</p>
            \(charts)
            \(StatisticsMeasure.Section.allCases.map(table).joined(separator: "\n"))
            """
    }

    private var charts: String {
        let line = StatisticsMeasure.line.enumerated().map { index, name in
            (
                sign: ["", "+", "+", "+", "−", "−", "−", "="][index],
                name: StatisticsMeasure.named(name).map(words.measure) ?? name,
                value: report.totals[name]?.value
            )
        }
        let trend = report.trend
        let weeks = trend.map { String($0.week.suffix(3)) }
        let trends: [(StatisticsTongue.Phrase, KeyPath<StatisticsTrend, OrNull<Int>>)] = [
            (.received, \.received), (.processed, \.processed), (.open, \.closing),
        ]
        let outcomes = report.rows.filter { $0.measure == "outcomes" && $0.level == "item" }
        let provinces = report.rows.filter { $0.measure == "back_on_original" && $0.level == "province" }
        let draw = StatisticsChart(words: words)
        return [
            draw.flow(words.say(.flow), line),
            draw.lines(
                words.say(.twelveWeeks), weeks,
                trends.map { phrase, path in
                    .init(
                        name: words.say(phrase),
                        values: trend.map { $0[keyPath: path].value.map(Double.init) })
                }, unit: words.say(.cases)),
            trendTable,
            draw.bars(
                words.say(.outcomes), outcomes.map { (words.item($0), $0.figure) }, unit: words.say(.cases)),
            draw.lines(
                words.say(.timeToRestore), weeks,
                [
                    .init(
                        name: words.say(.median),
                        values: trend.map { $0.restorationMedian.value.map { $0 / 60 } }),
                    .init(name: "90%", values: trend.map { $0.restorationP90.value.map { $0 / 60 } }),
                ], unit: words.say(.hours)),
            draw.provinces(
                words.say(.byProvince),
                Dictionary(
                    provinces.map { ($0.item, $0.figure) }, uniquingKeysWith: { first, _ in first }),
                unit: "%"),
        ].map { "<figure>\($0)</figure>" }.joined(separator: "\n")
    }

    private var trendTable: String {
        let body = report.trend.map { point in
            "<tr><th scope=\"row\">\(point.week)</th>"
                + [
                    shown(point.received.value.map(Double.init)),
                    shown(point.processed.value.map(Double.init)),
                    shown(point.closing.value.map(Double.init)), shown(point.restorationMedian.value),
                    shown(point.restorationP90.value),
                ].map { "<td>\($0)</td>" }.joined() + "</tr>"
        }
        let columns = words.trendColumns.map { "<th scope=\"col\">\($0)</th>" }.joined()
        return """
            <table><caption>\(words.say(.trend))</caption><thead><tr>\(columns)</tr></thead>
            <tbody>\(body.joined())</tbody></table>
            """
    }

    /// Whether a row stands in a table of this page.
    private func isShown(_ row: StatisticsRow) -> Bool {
        if places || row.level == "all" || row.level == "item" { return true }
        return row.level == "province" && ["received", "back_on_original"].contains(row.measure)
    }

    private func table(_ section: StatisticsMeasure.Section) -> String {
        let body = report.rows.filter { $0.section == section.rawValue && isShown($0) }.map { row in
            let unit = StatisticsMeasure.Unit(rawValue: row.unit).map(words.unit) ?? row.unit
            let counts = [row.numerator, row.denominator].map { shown($0.value.map(Double.init)) }
            let figures = [row.value, row.last, row.lastYear, row.change, row.changePercent]
            return """
                <tr><th scope="row">\(escaped(words.measure(row)))</th><td class="words">\(escaped(words.place(row)))</td>\
                <td class="words">\(unit)</td>
                """
                    + (counts + figures.map { shown($0.value) }).enumerated().map { index, cell in
                        "<td>\(row.suppressed && index < 3 ? words.say(.withheld) : cell)</td>"
                    }.joined() + "</tr>"
        }
        let columns = words.columns.enumerated().map { index, name in
            "<th scope=\"col\"\(index == 1 || index == 2 ? " class=\"words\"" : "")>\(name)</th>"
        }
        return """
            <table><caption>\(words.section(section))</caption><thead><tr>\(columns.joined())</tr></thead>
            <tbody>\(body.joined(separator: "\n"))</tbody></table>
            """
    }

    /// A dash where nothing is known: it is not a zero.
    private func shown(_ value: Double?) -> String {
        value.map(StatisticsReport.grouped) ?? "–"
    }

    static let style = """
        body{font:17px/1.5 "Pretendard GOV","Noto Sans KR","Nanum Gothic",sans-serif;color:#131416;margin:24px auto;\
        max-width:960px;padding:0 16px}
        h1{font-size:28px}.headline{font-size:19px;border-left:4px solid #256ef4;padding-left:12px}
        figure{margin:24px 0;break-inside:avoid}svg{width:100%;height:auto}
        table{border-collapse:collapse;width:100%;margin:24px 0;font-size:13px}
        caption{text-align:left;font-size:19px;font-weight:700;padding:8px 0}
        th,td{border-bottom:1px solid #cdd1d5;padding:4px 6px;text-align:right}
        thead th{text-align:right;vertical-align:bottom}thead th:first-child,th[scope=row],.words,thead .words{text-align:left}\
        figcaption{font-size:19px;font-weight:700;padding:8px 0}thead{display:table-header-group}tr{break-inside:avoid}
        @media print{body{margin:0;max-width:none;font-size:11pt}table{font-size:8pt}}@page{size:A4;margin:15mm}
        """
}

extension StatisticsRow {
    /// What a chart draws of it.
    fileprivate var figure: StatisticsChart.Figure {
        StatisticsChart.Figure(value: value.value, isWithheld: suppressed)
    }
}
