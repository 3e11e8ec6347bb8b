/// What the pages of incidents, pool and plan show.
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

    struct Chart {
        var width: Int
        var height: Int
        var cells: [Cell]
    }

    struct Cell {
        var kind: String
        var x: String
        var y: Int
        var wide: String
    }

    var id: String
    var name: String
    var window: String
    var totals: [NamedFigure]
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
        chart = Self.chart(servers.map(\.value))
    }

    /// A row a server, a cell a minute; neighbours of one kind are drawn as one.
    private static func chart(_ servers: [[CoverageCell]]) -> Chart? {
        let minutes = servers.flatMap { $0.map(\.minute) }
        guard let first = minutes.min(), let last = minutes.max() else { return nil }
        let step = 1000.0 / Double(last - first + 1)
        var cells: [Cell] = []
        for (index, server) in servers.enumerated() {
            var run: (kind: String, from: Int64, to: Int64)?
            func end() {
                guard let run else { return }
                cells.append(
                    Cell(
                        kind: run.kind, x: tenths(Double(run.from - first) * step), y: index * 18,
                        wide: tenths(Double(run.to - run.from + 1) * step)))
            }
            for cell in server.sorted(by: { $0.minute < $1.minute }) {
                let kind = cell.isDisputed ? "gone" : cell.missing > 0 ? "part" : "whole"
                if let now = run, now.kind == kind, now.to + 1 == cell.minute {
                    run?.to = cell.minute
                } else {
                    end()
                    run = (kind, cell.minute, cell.minute)
                }
            }
            end()
        }
        return Chart(width: 1000, height: servers.count * 18, cells: cells)
    }

    private static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}

/// The board of the pool, the slots that are short of seats first.
struct PoolModel {
    struct Row {
        var when: String
        var site: String
        var allotted: Int
        var reserved: Int
        var held: Int
        var seated: Int
        var claims: Int
        var short: Badge
    }

    var incident: String
    var canPlan: Bool
    var totals: [NamedFigure]
    var rows: [Row]

    init(_ incident: String, _ slots: [PoolStatus], _ sites: [String: String], _ page: PageWriter) {
        self.incident = incident
        canPlan = page.actor?.role.permissions.contains(.manageCapacity) == true
        let columns: [(String, KeyPath<PoolStatus, Int>)] = [
            ("allotted", \.allotted), ("reserved", \.reserved), ("held", \.held), ("seated", \.seated),
            ("claims", \.claims),
        ]
        totals = columns.map { name, path in
            NamedFigure(name: page.text(name), value: "\(slots.reduce(0) { $0 + $1[keyPath: path] })")
        }
        let lacking = { (slot: PoolStatus) in max(0, slot.claims - slot.reserved - slot.held) }
        rows = slots.sorted {
            (-lacking($0), $0.date, $0.slot, $0.site) < (-lacking($1), $1.date, $1.slot, $1.site)
        }
        .prefix(500).map { slot in
            let lack = lacking(slot)
            return Row(
                when: SpokenTime.seat(date: slot.date, slot: slot.slot, page.language),
                site: sites[slot.site] ?? slot.site, allotted: slot.allotted, reserved: slot.reserved,
                held: slot.held, seated: slot.seated, claims: slot.claims,
                short: lack > 0
                    ? Badge(kind: "bad", text: page.text("shortBy", ["n": "\(lack)"]))
                    : Badge(kind: "good", text: page.text("enough")))
        }
    }
}

/// A plan before it is carried out.
struct PlanModel {
    struct Line {
        var receipt: String
        var what: String
        var when: String
        var site: String
    }

    var incident: String
    var digest: String
    var canApply: Bool
    var totals: [NamedFigure]
    var seats: [Line]
    var unmet: [Line]
    var suggested: [Line]

    init(_ plan: Plan, _ sites: [String: String], _ page: PageWriter) {
        incident = plan.incident
        digest = plan.digest
        // Somebody else applies it; only the operator answers for the machine alone.
        canApply = page.actor?.role == .operator
        totals = [
            NamedFigure(name: page.text("whoGetsWhat"), value: "\(plan.seats.count)"),
            NamedFigure(name: page.text("whoIsLeft"), value: "\(plan.unmet.count)"),
            NamedFigure(
                name: page.text("wouldSeatAll"),
                value: "\(plan.suggestedAllotments.reduce(0) { $0 + $1.seats })"),
        ]
        seats = plan.seats.prefix(500).map {
            Line(
                receipt: $0.receipt, what: page.text("plan.\($0.action.rawValue)"),
                when: SpokenTime.seat(date: $0.date, slot: $0.slot, page.language),
                site: sites[$0.site] ?? $0.site)
        }
        unmet = plan.unmet.prefix(500).map {
            Line(receipt: $0.receipt, what: page.text("unmet.\($0.reason)"), when: "", site: "")
        }
        suggested = plan.suggestedAllotments.prefix(500).map {
            Line(
                receipt: "", what: "\($0.seats)",
                when: SpokenTime.seat(date: $0.date, slot: $0.slot, page.language),
                site: sites[$0.site] ?? $0.site)
        }
    }
}
