/// The statistics as files: CSV for spreadsheets, and what every output calls a column.
import RedressCore

extension StatisticsReport {
    /// The columns of the CSV file: the name for programs and the one for people.
    public static let columns: [(name: String, korean: String)] = [
        ("period", "기간"), ("section", "구분"), ("measure", "지표"), ("measure_ko", "지표명"), ("level", "수준"),
        ("item", "항목"), ("item_ko", "항목명"), ("unit", "단위"), ("numerator", "분자"), ("denominator", "분모"),
        ("value", "값"), ("last", "직전 기간"), ("last_year", "지난해 같은 기간"), ("change", "증감"),
        ("change_percent", "증감률"), ("suppressed", "비공개"),
    ]

    /// Every row as CSV, UTF-8 with a byte order mark so that Excel shows Korean; nothing known is an empty cell.
    public var csv: String {
        var writer = CSVWriter(.byteOrderMark)
        writer.append(Self.columns.map(\.name))
        for row in rows {
            writer.append([
                week, row.section, row.measure, row.measureKo, row.level, row.item, row.itemKo, row.unit,
                text(row.numerator.value), text(row.denominator.value), text(row.value.value),
                text(row.last.value), text(row.lastYear.value), text(row.change.value),
                text(row.changePercent.value), row.suppressed ? "1" : "0",
            ])
        }
        return writer.text
    }

    /// A document for programs.
    public func json() throws -> String {
        try JSONDocument.pretty(self)
    }

    private func text(_ count: Int?) -> String {
        count.map { "\($0)" } ?? ""
    }

    private func text(_ value: Double?) -> String {
        value.map(StatisticsReport.plain) ?? ""
    }

    /// A figure without needless digits: `12`, `33.3`.
    public static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    /// A figure as people read it, its thousands apart: `20,000`, `4,506.5`.
    public static func grouped(_ value: Double) -> String {
        let parts = plain(value).split(separator: ".", omittingEmptySubsequences: false)
        var whole = ""
        for (index, digit) in parts[0].reversed().enumerated() {
            if index > 0, index % 3 == 0, digit != "-" { whole.append(",") }
            whole.append(digit)
        }
        return String(whole.reversed()) + (parts.count > 1 ? "." + parts[1] : "")
    }

    /// A count as people read it.
    public static func grouped(_ value: Int) -> String {
        grouped(Double(value))
    }
}
