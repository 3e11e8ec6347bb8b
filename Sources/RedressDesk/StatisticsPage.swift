/// The statistics as one page that prints: charts with their tables beside them, one file without anything from elsewhere.
import RedressCore

extension StatisticsReport {
    /// The page as HTML.
    public var page: String {
        """
        <!doctype html>
        <html lang="ko"><head><meta charset="utf-8"><title>\(escaped(title))</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>\(Self.style)</style></head><body>
        <h1>\(escaped(title))</h1>
        \(content)
        </body></html>

        """
    }

    /// What stands on the page under its title, without any style of its own.
    public var content: String {
        """
        <p>\(from) ~ \(to)\(edition == .public ? " · 공개판: 10 미만의 수와 이를 알 수 있게 하는 수는 싣지 않습니다." : "")</p>
        <p class="headline">\(escaped(headlineSentence))</p>
        \(charts)
        \(StatisticsMeasure.Section.allCases.map(table).joined(separator: "\n"))
        """
    }

    /// What the page is called.
    public var title: String {
        let kind = week.hasPrefix("to-") ? "누적" : week.contains("W") ? "주간" : "월간"
        return "\(kind) 민원 통계 \(week) (\(label))"
    }

    private var headlineSentence: String {
        guard let back = headline.backOnOriginal.value, let affected = headline.affected.value else {
            return "원래 날짜를 되찾은 분의 수는 싣지 않습니다."
        }
        var sentence = "영향을 받은 예약 \(Self.grouped(affected))건 가운데 \(Self.grouped(back))건이 원래 날짜와 시간을 되찾았습니다."
        if let reach = headline.notReached.value { sentence += " 아직 연락이 닿지 않은 분 \(Self.grouped(reach))명." }
        if let answer = headline.notAnswered.value { sentence += " 제안에 답하지 않은 분 \(Self.grouped(answer))명." }
        return sentence
    }

    private var charts: String {
        let line = StatisticsMeasure.line.enumerated().map { index, name in
            (
                sign: ["", "+", "+", "+", "−", "−", "−", "="][index],
                name: StatisticsMeasure.named(name)?.korean ?? name, value: totals[name]?.value
            )
        }
        let weeks = trend.map { String($0.week.suffix(3)) }
        let trends: [(String, KeyPath<StatisticsTrend, OrNull<Int>>)] = [
            ("접수", \.received), ("처리", \.processed), ("미처리", \.closing),
        ]
        let outcomes = rows.filter { $0.measure == "outcomes" && $0.level == "item" }
        let provinces = rows.filter { $0.measure == "back_on_original" && $0.level == "province" }
        return [
            StatisticsChart.flow("한 주의 흐름", line),
            StatisticsChart.lines(
                "12주 접수·처리·미처리", weeks,
                trends.map { name, path in
                    .init(name: name, values: trend.map { $0[keyPath: path].value.map(Double.init) })
                }, unit: "건"),
            trendTable,
            StatisticsChart.bars(
                "처리 결과", outcomes.map { ($0.itemKo, $0.figure) }, unit: "건"),
            StatisticsChart.lines(
                "복구까지 걸린 시간", weeks,
                [
                    .init(name: "중앙값", values: trend.map { $0.restorationMedian.value.map { $0 / 60 } }),
                    .init(name: "90%", values: trend.map { $0.restorationP90.value.map { $0 / 60 } }),
                ], unit: "시간"),
            StatisticsChart.provinces(
                "시·도별 원래 날짜 복구율",
                Dictionary(
                    provinces.map { ($0.item, $0.figure) }, uniquingKeysWith: { first, _ in first }),
                unit: "%"),
        ].map { "<figure>\($0)</figure>" }.joined(separator: "\n")
    }

    private var trendTable: String {
        let body = trend.map { point in
            "<tr><th scope=\"row\">\(point.week)</th>"
                + [
                    shown(point.received.value.map(Double.init)),
                    shown(point.processed.value.map(Double.init)),
                    shown(point.closing.value.map(Double.init)), shown(point.restorationMedian.value),
                    shown(point.restorationP90.value),
                ].map { "<td>\($0)</td>" }.joined() + "</tr>"
        }
        return """
            <table><caption>12주 추이</caption><thead><tr><th>주</th><th>접수(건)</th><th>처리(건)</th>\
            <th>미처리(건)</th><th>복구까지 중앙값(분)</th><th>90%(분)</th></tr></thead>
            <tbody>\(body.joined())</tbody></table>
            """
    }

    private func table(_ section: StatisticsMeasure.Section) -> String {
        let found = rows.filter { $0.section == section.rawValue }
        let body = found.map { row in
            let place = StatisticsLevel(rawValue: row.level)?.korean ?? ""
            let item = row.item.isEmpty ? "전체" : place.isEmpty ? row.itemKo : "\(place): \(row.itemKo)"
            let unit = StatisticsMeasure.Unit(rawValue: row.unit)?.korean ?? row.unit
            let counts = [row.numerator, row.denominator].map { shown($0.value.map(Double.init)) }
            let figures = [row.value, row.last, row.lastYear, row.change, row.changePercent]
            return """
                <tr><th scope="row">\(escaped(row.measureKo))</th><td class="words">\(escaped(item))</td>\
                <td class="words">\(unit)</td>
                """
                    + (counts + figures.map { shown($0.value) }).enumerated().map { index, cell in
                        "<td>\(row.suppressed && index < 3 ? "비공개" : cell)</td>"
                    }.joined() + "</tr>"
        }
        return """
            <table><caption>\(section.korean)</caption><thead><tr><th>지표</th><th class="words">항목</th><th class="words">단위</th><th>분자</th>\
            <th>분모</th><th>값</th><th>직전 기간</th><th>지난해 같은 기간</th><th>증감</th><th>증감률(%)</th></tr></thead>
            <tbody>\(body.joined(separator: "\n"))</tbody></table>
            """
    }

    /// A dash where nothing is known: it is not a zero.
    private func shown(_ value: Double?) -> String {
        value.map(Self.grouped) ?? "–"
    }

    private static let style = """
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
