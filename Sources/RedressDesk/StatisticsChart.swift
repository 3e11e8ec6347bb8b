/// Charts as inline SVG that print in black and white: every line has its dash and mark, every chart its text.
import RedressCore

/// Draws charts.
struct StatisticsChart {
    /// The language of what is written on them.
    let words: StatisticsTongue

    /// One line of a chart.
    struct Line {
        var name: String
        var values: [Double?]
    }

    /// One figure of a bar or a tile; nil is withheld or was never there, and the chart says which.
    struct Figure {
        var value: Double?
        var isWithheld: Bool

        func text(_ unit: String, _ words: StatisticsTongue) -> String {
            value.map { StatisticsReport.grouped(StatisticsFigure.rounded($0)) + unit }
                ?? words.say(isWithheld ? .withheld : .none)
        }
    }

    private let width = 720.0
    private let height = 240.0
    private let left = 56.0
    private let bottom = 32.0
    private let styles: [(color: String, dash: String)] = [
        ("#0b50d0", ""), ("#33363d", "6 4"), ("#9e6a00", "2 3"),
    ]

    /// Lines over weeks; a week without a figure leaves a gap.
    func lines(_ title: String, _ labels: [String], _ lines: [Line], unit: String) -> String {
        let top = rounded(lines.flatMap(\.values).compactMap { $0 }.max() ?? 1)
        let step = labels.count > 1 ? (width - left - 16) / Double(labels.count - 1) : 0
        let x = { (index: Int) in left + Double(index) * step }
        // The legend stands above the highest line.
        let y = { (value: Double) in 36 + (height - bottom - 36) * (1 - value / top) }
        var body = axis(top, unit: unit, y)
        for (index, label) in labels.enumerated() {
            body += text(x(index), height - 10, label, anchor: "middle", size: 11)
        }
        for (index, line) in lines.enumerated() {
            let style = styles[index % styles.count]
            var isOpen = false
            var path = ""
            for (week, value) in line.values.enumerated() {
                guard let value else {
                    isOpen = false
                    continue
                }
                path += "\(isOpen ? "L" : "M")\(number(x(week))) \(number(y(value)))"
                isOpen = true
                body += mark(index, x(week), y(value), style.color)
            }
            body += """
                <path d="\(path)" fill="none" stroke="\(style.color)" stroke-width="2"\
                \(style.dash.isEmpty ? "" : " stroke-dasharray=\"\(style.dash)\"")/>
                """
            body += mark(index, left + 12 + Double(index) * 160, 8, style.color)
            body += text(left + 22 + Double(index) * 160, 12, line.name, size: 12)
        }
        return svg(title, description(labels, lines, unit: unit), height: height, body)
    }

    /// Bars with their figures beside them.
    func bars(_ title: String, _ bars: [(name: String, figure: Figure)], unit: String) -> String {
        let top = max(1, bars.compactMap(\.figure.value).max() ?? 1)
        let height = Double(bars.count) * 26 + 8
        var body = ""
        for (index, bar) in bars.enumerated() {
            let y = Double(index) * 26 + 8
            body += text(180, y + 14, bar.name, anchor: "end", size: 13)
            let length = (bar.figure.value ?? 0) / top * 440
            body += """
                <rect x="188" y="\(number(y))" width="\(number(length))" height="18" fill="#86aff9" \
                stroke="#0b50d0"/>
                """
            body += text(196 + length, y + 14, bar.figure.text(unit, words), size: 13)
        }
        let said = bars.map { "\($0.name) \($0.figure.text(unit, words))" }.joined(separator: ", ")
        return svg(title, said, height: height, body)
    }

    /// The line that reconciles, as boxes from left to right.
    func flow(_ title: String, _ steps: [(sign: String, name: String, value: Int?)]) -> String {
        let wide = (width - 8) / Double(max(1, steps.count))
        var body = ""
        for (index, step) in steps.enumerated() {
            let x = 4 + Double(index) * wide
            let isEnd = index == 0 || index == steps.count - 1
            body += """
                <rect x="\(number(x + 10))" y="8" width="\(number(wide - 14))" height="56" rx="4" \
                fill="\(isEnd ? "#ecf2fe" : "#ffffff")" stroke="#33363d"/>
                """
            body += text(x + 5, 42, step.sign, anchor: "middle", size: 16)
            let middle = x + wide / 2 + 3
            body += text(middle, 30, step.name, anchor: "middle", size: words.isKorean ? 11 : 10)
            body += text(
                middle, 52, step.value.map(StatisticsReport.grouped) ?? words.say(.withheld),
                anchor: "middle", size: 15)
        }
        let said = steps.map { "\($0.sign) \($0.name) \($0.value.map { "\($0)" } ?? words.say(.withheld))" }
        return svg(title, said.joined(separator: " "), height: 72, body)
    }

    /// The 17 provinces as tiles where they lie on the map; darker is more, and every tile says its figure.
    func provinces(_ title: String, _ figures: [String: Figure], unit: String) -> String {
        let top = max(1, figures.values.compactMap(\.value).max() ?? 1)
        var body = ""
        var said: [String] = []
        for tile in Self.tiles {
            let name = words.isKorean ? tile.names[0] : (Self.english[tile.short] ?? tile.short)
            let figure = tile.names.lazy.compactMap { figures[$0] }.first
            let shade = ["#ffffff", "#ecf2fe", "#d8e5fd", "#b1cefb", "#86aff9"][
                min(4, Int(4 * (figure?.value ?? 0) / top))]
            let (x, y) = (Double(tile.column) * 92 + 4, Double(tile.row) * 56 + 4)
            body += """
                <rect x="\(number(x))" y="\(number(y))" width="88" height="52" rx="4" fill="\(shade)" \
                stroke="#33363d"/>
                """
            body += text(
                x + 44, y + 22, words.isKorean ? tile.short : (Self.english[tile.short] ?? tile.short),
                anchor: "middle", size: 13)
            body += text(x + 44, y + 42, figure?.text(unit, words) ?? "–", anchor: "middle", size: 14)
            said.append("\(name) \(figure?.text(unit, words) ?? words.say(.noneReceived))")
        }
        return svg(title, said.joined(separator: ", "), height: 7 * 56 + 8, body)
    }

    /// The province's short name, its place on the grid, and every name registers give it.
    static let tiles: [(short: String, row: Int, column: Int, names: [String])] = [
        ("서울", 1, 1, ["서울특별시"]), ("인천", 1, 0, ["인천광역시"]), ("경기", 0, 1, ["경기도"]),
        ("강원", 0, 2, ["강원도", "강원특별자치도"]), ("충남", 2, 0, ["충청남도"]), ("세종", 2, 1, ["세종특별자치시"]),
        ("충북", 1, 2, ["충청북도"]), ("대전", 3, 1, ["대전광역시"]), ("경북", 2, 2, ["경상북도"]),
        ("전북", 4, 0, ["전라북도", "전북특별자치도"]), ("대구", 3, 2, ["대구광역시"]), ("경남", 4, 1, ["경상남도"]),
        ("울산", 3, 3, ["울산광역시"]), ("광주", 5, 0, ["광주광역시"]), ("전남", 5, 1, ["전라남도"]),
        ("부산", 4, 2, ["부산광역시"]), ("제주", 6, 0, ["제주특별자치도"]),
    ]

    /// The English name of a province under any name that registers give it; nil for what is no province.
    static func english(province: String) -> String? {
        tiles.first { $0.names.contains(province) }.flatMap { english[$0.short] }
    }

    private static let english = [
        "서울": "Seoul",
        "인천": "Incheon",
        "경기": "Gyeonggi",
        "강원": "Gangwon",
        "충남": "Chungnam",
        "세종": "Sejong",
        "충북": "Chungbuk",
        "대전": "Daejeon",
        "경북": "Gyeongbuk",
        "전북": "Jeonbuk",
        "대구": "Daegu",
        "경남": "Gyeongnam",
        "울산": "Ulsan",
        "광주": "Gwangju",
        "전남": "Jeonnam",
        "부산": "Busan",
        "제주": "Jeju",
    ]

    /// The end of the axis: the next number whose half people read at a glance.
    private func rounded(_ top: Double) -> Double {
        var decade = 1.0
        while decade * 10 < top { decade *= 10 }
        return [1, 2, 4, 6, 8, 10].map { $0 * decade }.first { $0 >= top } ?? top
    }

    private func axis(_ top: Double, unit: String, _ y: (Double) -> Double) -> String {
        [0, top / 2, top].map { value in
            """
            <line x1="\(number(left))" x2="\(number(width - 8))" y1="\(number(y(value)))" y2="\(number(y(value)))" \
            stroke="#cdd1d5"/>
            """ + text(left - 6, y(value) + 4, figure(value, unit: ""), anchor: "end", size: 11)
        }.joined() + text(4, 12, unit, size: 11)
    }

    /// A circle, a square or a triangle: never colour alone.
    private func mark(_ index: Int, _ x: Double, _ y: Double, _ color: String) -> String {
        switch index % 3 {
        case 0: "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"4\" fill=\"\(color)\"/>"
        case 1:
            "<rect x=\"\(number(x - 4))\" y=\"\(number(y - 4))\" width=\"8\" height=\"8\" fill=\"\(color)\"/>"
        default:
            """
            <path d="M\(number(x)) \(number(y - 5))L\(number(x + 5)) \(number(y + 4))L\(number(x - 5)) \
            \(number(y + 4))Z" fill="\(color)"/>
            """
        }
    }

    private func description(_ labels: [String], _ lines: [Line], unit: String) -> String {
        lines.map { line in
            line.name + ": "
                + zip(labels, line.values).map { "\($0) \(figure($1, unit: unit))" }.joined(separator: ", ")
        }.joined(separator: "; ")
    }

    private func figure(_ value: Double?, unit: String) -> String {
        value.map { StatisticsReport.grouped(StatisticsFigure.rounded($0)) + unit } ?? "–"
    }

    private func svg(_ title: String, _ said: String, height: Double, _ body: String) -> String {
        """
        <figcaption>\(escaped(title))</figcaption><svg viewBox="0 0 720 \(number(height))" role="img" xmlns="http://www.w3.org/2000/svg" \
        aria-label="\(escaped(title))"><title>\(escaped(title))</title><desc>\(escaped(said))</desc>\(body)</svg>
        """
    }

    private func text(
        _ x: Double, _ y: Double, _ words: String, anchor: String = "start", size: Int
    ) -> String {
        """
        <text x="\(number(x))" y="\(number(y))" font-size="\(size)" text-anchor="\(anchor)" \
        fill="#131416">\(escaped(words))</text>
        """
    }

    private func number(_ value: Double) -> String {
        StatisticsReport.plain(StatisticsFigure.rounded(value))
    }
}

/// Text made safe to stand in HTML and SVG.
func escaped(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": safe += "&amp;"
        case "<": safe += "&lt;"
        case ">": safe += "&gt;"
        case "\"": safe += "&quot;"
        case "'": safe += "&#39;"
        default: safe.unicodeScalars.append(scalar)
        }
    }
    return safe
}
