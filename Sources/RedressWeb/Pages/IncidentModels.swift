/// What the pages of incidents show.
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

/// A figure with its name.
struct NamedFigure {
    var name: String
    var value: String
}

/// The incidents there are.
struct IncidentsModel {
    struct Line {
        var id: String
        var name: String
        var window: String

        init(_ row: IncidentRow, _ page: PageWriter) {
            id = row.id
            name = row.name
            window =
                SpokenTime.moment(row.from, page.language) + " – " + SpokenTime.moment(row.to, page.language)
        }
    }

    var incidents: [Line]
}

/// One incident: what became of its cases, and how complete its logs are.
struct IncidentModel {
    struct Row {
        var log: String
        var node: String
        var lines: Int
        var missing: Int
        var whole: Badge
    }

    /// The logs as a picture: a row a server, time from left to right.
    struct Chart {
        var width: Int
        var height: Int
        var cells: [Mark]
        var names: [Label]
        var times: [Label]
        /// The time of the incident itself.
        var window: Mark
    }

    struct Mark {
        var kind: String
        var x: String
        var y: Int
        var wide: String
        var high: Int
    }

    struct Label {
        var x: String
        var y: Int
        var text: String
    }

    /// How far the incident's cases have come, as one bar.
    struct Progress {
        struct Part {
            var kind: String
            var name: String
            var count: Int
            var share: Int
            var x: String
            var wide: String
        }

        var said: String
        var parts: [Part]
    }

    var id: String
    var name: String
    var window: String
    var totals: [NamedFigure]
    var progress: Progress
    var canSweep: Bool
    var chart: Chart?
    var rows: [Row]

    init(_ row: IncidentRow, _ cells: [CoverageCell], _ cases: [CaseView], _ page: PageWriter) {
        id = row.id
        name = row.name
        window = IncidentsModel.Line(row, page).window
        let states = Dictionary(grouping: cases, by: \.state).mapValues(\.count)
        let verdicts = Dictionary(grouping: cases.compactMap(\.verdict.value), by: \.self).mapValues(\.count)
        totals =
            ["verified", "contradicted", "undetermined"].map {
                NamedFigure(name: page.text("verdict.\($0)"), value: "\(verdicts[$0] ?? 0)")
            }
            + CaseState.allCases.compactMap { state in
                states[state.rawValue].map {
                    NamedFigure(name: page.text("state.\(state.rawValue)"), value: "\($0)")
                }
            }
        progress = Self.progress(states, page)
        canSweep = page.may(.decideCases)
        let servers = Dictionary(grouping: cells) { "\($0.kind.rawValue)\n\($0.node)" }.sorted {
            $0.key < $1.key
        }
        rows = servers.map { _, cells in
            let missing = cells.reduce(0) { $0 + $1.missing }
            let isWhole = missing == 0 && !cells.contains(where: \.isDisputed)
            return Row(
                log: page.text("log.\(cells[0].kind.rawValue)"),
                node: cells[0].node.isEmpty ? "–" : cells[0].node,
                lines: cells.reduce(0) { $0 + $1.lines }, missing: missing,
                whole: Badge(kind: isWhole ? "good" : "look", text: page.text(isWhole ? "whole" : "partly")))
        }
        chart = Self.chart(row, servers.map(\.value), page)
    }

    private static func progress(_ states: [String: Int], _ page: PageWriter) -> Progress {
        let restored = CaseState.restored
        let open = CaseState.allCases.filter { $0.isOpen && $0 != restored }
        let asked: Set<CaseState> = [.offered, .waitlisted, .needsInformation]
        let groups: [(kind: String, word: String, states: [CaseState])] = [
            ("whole", "progress.restored", [restored]),
            ("ended", "progress.ended", CaseState.allCases.filter { !$0.isOpen && $0 != restored }),
            ("asked", "progress.asked", open.filter(asked.contains)),
            ("part", "progress.open", open.filter { !asked.contains($0) }),
        ]
        let all = max(1, states.values.reduce(0, +))
        var from = 0
        let parts = groups.map { group in
            let count = group.states.reduce(0) { $0 + (states[$1.rawValue] ?? 0) }
            defer { from += count }
            let scale = 1000 / Double(all)
            return Progress.Part(
                kind: group.kind, name: page.text(group.word), count: count,
                share: Int((Double(count) * 100 / Double(all)).rounded()),
                x: tenths(Double(from) * scale), wide: tenths(Double(count) * scale))
        }
        let done = parts[0].count + parts[1].count
        return Progress(
            said: page.text(
                "progress.said", ["n": "\(done)", "of": "\(states.values.reduce(0, +))"]), parts: parts)
    }

    /// Where the first minute stands: left of it are the servers' names.
    private static let left = 150.0
    private static let wide = 850.0
    private static let rowHeight = 18

    /// A row a server, a cell a minute; neighbours of one kind are drawn as one, and what is missing is lower too.
    private static func chart(_ row: IncidentRow, _ servers: [[CoverageCell]], _ page: PageWriter) -> Chart? {
        let minutes = servers.flatMap { $0.map(\.minute) }
        guard let first = minutes.min(), let last = minutes.max() else { return nil }
        let step = wide / Double(last - first + 1)
        let x = { (minute: Int64) in left + Double(minute - first) * step }
        func mark(_ kind: String, _ from: Int64, _ to: Int64, _ y: Int, _ high: Int) -> Mark {
            Mark(kind: kind, x: tenths(x(from)), y: y, wide: tenths(Double(to - from + 1) * step), high: high)
        }
        var cells: [Mark] = []
        for (index, server) in servers.enumerated() {
            for run in runs(server) {
                let high = ["whole": 14, "part": 9][run.kind] ?? 4
                cells.append(mark(run.kind, run.from, run.to, (index + 1) * rowHeight - 4 - high, high))
            }
        }
        let bottom = servers.count * rowHeight
        let begin = max(first, row.from.milliseconds / 60_000)
        let end = max(begin, min(last, row.to.milliseconds / 60_000))
        return Chart(
            width: 1000, height: bottom + 20, cells: cells,
            names: servers.enumerated().map { index, server in
                Label(
                    x: "0", y: (index + 1) * rowHeight - 6,
                    text: page.text("log.\(server[0].kind.rawValue)") + " " + server[0].node)
            },
            times: (0..<4).map { part in
                let minute = first + (last - first) * Int64(part) / 4
                return Label(
                    x: tenths(x(minute)), y: bottom + 14,
                    text: SpokenTime.moment(Instant(milliseconds: minute * 60_000), page.language))
            }, window: mark("window", begin, end, 0, bottom))
    }

    /// The minutes of one server, neighbours of one kind together.
    private static func runs(_ server: [CoverageCell]) -> [(kind: String, from: Int64, to: Int64)] {
        var runs: [(kind: String, from: Int64, to: Int64)] = []
        for cell in server.sorted(by: { $0.minute < $1.minute }) {
            let kind = cell.isDisputed ? "gone" : cell.missing > 0 ? "part" : "whole"
            if let now = runs.last, now.kind == kind, now.to + 1 == cell.minute {
                runs[runs.count - 1].to = cell.minute
            } else {
                runs.append((kind, cell.minute, cell.minute))
            }
        }
        return runs
    }

    private static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
