/// Puts an edition together: the period's figures beside those of the period before and of a year before.
import RedressCore
import RedressStore

/// Makes reports inside a transaction.
struct StatisticsEditing {
    let connection: any Connection

    /// Weeks on a chart.
    static let trendWeeks = 12

    init(_ connection: any Connection) {
        self.connection = connection
    }

    func report(_ period: StatisticsPeriod, _ edition: StatisticsReport.Edition) throws -> StatisticsReport {
        let sheets = Sheets(
            now: try StatisticsSheet(period, connection),
            last: try StatisticsSheet(period.previous, connection),
            lastYear: try StatisticsSheet(period.lastYear, connection),
            trend: try trend(upTo: period.last))
        try requireReconciled(sheets.now)
        let sites = try StatisticsStore(connection).sites()
        var report = StatisticsReport(
            period, edition, rows: rows(sheets, sites), trend: sheets.trend)
        if edition == .public {
            let withheld = StatisticsWithholding(sheets, provinces: sites.mapValues(\.province))
            report = StatisticsReport(
                period, edition, rows: report.rows.compactMap(withheld.row), trend: withheld.trend)
        }
        return report
    }

    /// The figures an edition is made of.
    struct Sheets {
        var now: StatisticsSheet
        var last: StatisticsSheet
        var lastYear: StatisticsSheet
        var trend: [StatisticsTrend]
    }

    /// opening + received + reopened + transferred in − processed − transferred out − merged = closing, everywhere.
    private func requireReconciled(_ sheet: StatisticsSheet) throws {
        for level in StatisticsLevel.allCases {
            for place in level == .all ? [""] : sheet.places[level] ?? [] {
                let line = StatisticsMeasure.line.map {
                    let item = level == .all ? "" : sheet.named(place)
                    return sheet.figures[StatisticsCell(measure: $0, level: level.rawValue, item: item)]?
                        .numerator ?? 0
                }
                guard line[0] + line[1] + line[2] + line[3] - line[4] - line[5] - line[6] == line[7] else {
                    throw RedressError(
                        .fault,
                        "\(sheet.period.name) does not reconcile for \(level.rawValue) \(place): \(line). Run `redress check`."
                    )
                }
            }
        }
    }

    private func rows(
        _ sheets: Sheets, _ sites: [String: (name: String, province: String)]
    ) -> [StatisticsRow] {
        var order = sheets.now.order
        let known = Set(order)
        for cell in sheets.last.order + sheets.lastYear.order where !known.contains(cell) {
            if !order.contains(cell) { order.append(cell) }
        }
        let places = Dictionary(
            StatisticsMeasure.table.enumerated().map { ($0.element.name, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        let sorted = order.enumerated().sorted {
            (places[$0.element.measure] ?? 0, $0.offset) < (places[$1.element.measure] ?? 0, $1.offset)
        }
        return sorted.compactMap { _, cell in
            StatisticsMeasure.named(cell.measure).map { row(cell, $0, sheets, sites) }
        }
    }

    private func row(
        _ cell: StatisticsCell, _ measure: StatisticsMeasure, _ sheets: Sheets,
        _ sites: [String: (name: String, province: String)]
    ) -> StatisticsRow {
        // A kind that never came up in a period came up no times; a figure nobody records stays unknown.
        let isCount = measure.denominator == nil
        let absent: StatisticsFigure = isCount ? .count(0) : StatisticsFigure()
        let now = sheets.now.figures[cell] ?? absent
        let last = (sheets.last.figures[cell] ?? absent).value
        let lastYear = (sheets.lastYear.figures[cell] ?? absent).value
        let change = now.value.flatMap { value in last.map { StatisticsFigure.rounded(value - $0) } }
        let percent = change.flatMap { change in
            last.flatMap { $0 == 0 ? nil : StatisticsFigure.rounded(100 * change / $0) }
        }
        return StatisticsRow(
            section: measure.section.rawValue, measure: measure.name, measureKo: measure.korean,
            level: cell.level, item: cell.item,
            itemKo: cell.level == "site"
                ? sites[cell.item]?.name ?? cell.item : StatisticsWords.korean(cell.item, of: cell.measure),
            unit: measure.unit.rawValue, numerator: OrNull(now.numerator),
            denominator: OrNull(now.denominator), value: OrNull(now.value), last: OrNull(last),
            lastYear: OrNull(lastYear), change: OrNull(change), changePercent: OrNull(percent))
    }

    private func trend(upTo last: Week) throws -> [StatisticsTrend] {
        let store = StatisticsStore(connection)
        let received = try byWeek(.received, store, last)
        let processed = try byWeek(.processed, store, last)
        let opened = try store.weeks(of: .open, upTo: last)
        return try (1 - Self.trendWeeks...0).map { offset in
            let week = last.advanced(by: offset)
            let period = StatisticsPeriod(week)
            let closing = opened.reduce(0) { $1.week <= week ? $0 + $1.amount : $0 }
            let (median, p90) = try StatisticsFigure.percentiles(of: .restoration, period, store)
            return StatisticsTrend(
                week: week.description, received: OrNull(received[week] ?? 0),
                processed: OrNull(processed[week] ?? 0), closing: OrNull(closing),
                restorationMedian: OrNull(median.value), restorationP90: OrNull(p90.value))
        }
    }

    private func byWeek(
        _ count: StatisticsCount, _ store: StatisticsStore, _ last: Week
    ) throws -> [Week: Int] {
        let rows = try store.weeks(of: count, upTo: last)
        return Dictionary(rows.map { ($0.week, $0.amount) }, uniquingKeysWith: +)
    }
}

/// The Korean words for kinds.
enum StatisticsWords {
    static func korean(_ item: String, of measure: String) -> String {
        if let state = CaseState(rawValue: item), measure == "cases_by_state" { return state.korean }
        if let origin = CaseOrigin(rawValue: item), measure == "received_by_origin" { return origin.korean }
        return words[item] ?? item
    }

    private static let words: [String: String] = [
        "unknown": "미상", "call": "전화", "counter": "방문", "page": "누리집", "text": "문자", "letter": "우편",
        "sweep": "직권발굴", "revoked-booking": "예약 취소", "original-slot": "원래 일시", "same-date": "같은 날 다른 시간",
        "nearby-site": "같은 날 인근 센터", "nearest-date": "가까운 날짜", "waitlisted": "빈자리 대기",
        "rejected": "불수용", "withdrawn": "취하", "not-affected": "해당 없음", "restored": "복구",
        "verified": "정상 예약 확인", "contradicted": "추가 확인 필요", "undetermined": "기록으로 확인 불가",
        "none-yet": "확인 전", "statutory": "법정기한", "target": "내부 목표", "upheld": "인용", "dismissed": "기각",
        "delivered": "전달", "failed": "실패", "dropped": "보내지 않음", "accept": "수락", "decline": "거절",
    ]
}
