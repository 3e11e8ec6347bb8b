/// `stats`: the complaint statistics of a week, a month or everything so far, and their release.
import ArgumentParser
import Foundation
import RedressCore
import RedressDesk

struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Complaint statistics that reconcile.",
        subcommands: [Weekly.self, Monthly.self, ToDate.self, Release.self, Rebuild.self, SchemaCommand.self])

    struct Weekly: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One week's statistics; any past week can be recounted to the same digits.",
            discussion: """
                Example: redress stats weekly --week 2021-W29
                redress stats weekly --public --format csv > week.csv
                redress stats weekly --page week.html
                """)

        @Flag(help: "Show it again every few seconds until interrupted.")
        var watch = false
        @Option(help: ArgumentHelp("How often --watch looks.", valueName: "seconds"))
        var every = 5
        @OptionGroup var edition: EditionOptions
        @OptionGroup var options: Options

        func run() async throws {
            guard watch else { return try await edition.answer(.week, options) }
            guard (1...3600).contains(every) else {
                throw RedressError(.usage, "--every must be a number of seconds from 1 to 3600.")
            }
            let week = try edition.parsedWeek
            try await options.withDesk { desk, actor in
                while true {
                    let report = try await desk.statistics.report(
                        .week, week, edition: edition.edition, by: actor)
                    // Up and left, then clear: the screen does not flicker.
                    if Console.isTerminal { Console.say("\u{1B}[H\u{1B}[2J") }
                    try edition.show(report, options)
                    try await Task.sleep(for: .seconds(every))
                }
            }
        }
    }

    struct Monthly: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The month a week is said to be in: the same measures over all of its weeks.",
            discussion: "Example: redress stats monthly --week 2021-W29")

        @OptionGroup var edition: EditionOptions
        @OptionGroup var options: Options

        func run() async throws {
            try await edition.answer(.month, options)
        }
    }

    struct ToDate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "to-date", abstract: "Everything from the first case to the end of a week.",
            discussion: "Example: redress stats to-date --week 2021-W29")

        @OptionGroup var edition: EditionOptions
        @OptionGroup var options: Options

        func run() async throws {
            try await edition.answer(.toDate, options)
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write every week that is due into the installation's statistics folder, as serve does."
        )

        @OptionGroup var options: Options

        private struct View: Encodable {
            var folder: String
            var released: [String]
        }

        func run() async throws {
            let folder = options.installation.statistics
            let weeks = try await options.withDesk { desk, actor in
                try await StatisticsRelease(desk: desk, folder: folder).run(by: actor)
            }
            let view = View(folder: folder, released: weeks.map(\.description))
            try options.answer(
                view, Table([.init("released")], rows: view.released.map { [$0] }),
                note: weeks.isEmpty ? "Nothing is due." : "Written to \(folder).")
        }
    }

    struct Rebuild: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Throw the tallies away and count the whole journal again; `check` says when to.")

        @OptionGroup var options: Options

        func run() async throws {
            try await options.withDesk { desk, actor in try await desk.statistics.rebuild(by: actor) }
            try options.answer(["rebuilt": true], Table(["rebuilt": "every tally"]))
        }
    }
}

extension StatsCommand {
    struct SchemaCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema",
            abstract: "Print the JSON Schema (draft 2020-12) of what --format json prints.",
            discussion: "Example: redress stats schema > statistics.schema.json")

        func run() async throws {
            Console.say(StatisticsReport.schema)
        }
    }
}

/// Which week, and for whom.
struct EditionOptions: ParsableArguments {
    @Option(help: "The ISO week in Seoul, as in 2021-W29; default: the current one.")
    var week: String?
    @Flag(name: .customLong("public"), help: "The edition for the public: small numbers are withheld.")
    var isPublic = false
    @Option(help: ArgumentHelp("Write a page that prints, with charts, to this file.", valueName: "file"))
    var page: String?

    var edition: StatisticsReport.Edition { isPublic ? .public : .internal }

    var parsedWeek: Week? {
        get throws { try week.map { text in try Week(text) } }
    }

    func answer(_ kind: StatisticsPeriod.Kind, _ options: Options) async throws {
        let week = try parsedWeek
        let report = try await options.withDesk {
            try await $0.statistics.report(kind, week, edition: edition, by: $1)
        }
        try show(report, options)
    }

    func show(_ report: StatisticsReport, _ options: Options) throws {
        if let page {
            do {
                try Data(report.page.utf8).write(to: URL(fileURLWithPath: page), options: .atomic)
            } catch {
                throw RedressError(
                    .unavailable, "\(page) cannot be written. Check the folder and its permissions.")
            }
        }
        guard options.format == .csv else {
            return try options.answer(
                report, StatisticsTable.of(report),
                note: "\(report.label): \(StatisticsTable.headline(report))"
                    + (report.asOf.map { " As of \($0), from a copy." } ?? ""))
        }
        Console.say(report.csv)
    }
}

/// An edition as a table.
enum StatisticsTable {
    /// Every row, or those of the sections named; totals carry a line of the last twelve weeks.
    static func of(_ report: StatisticsReport, sections: Set<String>? = nil) -> Table {
        Table(
            [
                .init(report.week), .init("item"), .init("value", .right), .init("unit"), .init("of", .right),
                .init("last", .right), .init("last year", .right), .init("change", .right), .init("12 weeks"),
            ],
            rows: report.rows.filter { sections?.contains($0.section) ?? true }.map { row in
                let item =
                    row.level == "all" ? "" : row.level == "item" ? row.item : "\(row.level) \(row.item)"
                let value = row.suppressed ? "withheld" : text(row.value.value)
                let of = row.denominator.value.map { all in
                    row.numerator.value.map { "\($0) / \(all)" } ?? "\(all)"
                }
                return [
                    sign(row) + row.measure, row.level == "site" ? "\(item) \(row.itemKo)" : item, value,
                    row.unit, of ?? "", text(row.last.value), text(row.lastYear.value),
                    text(row.change.value),
                    row.level == "all" ? sparkline(row.measure, report.trend) : "",
                ]
            })
    }

    static func headline(_ report: StatisticsReport) -> String {
        guard let back = report.headline.backOnOriginal.value, let affected = report.headline.affected.value
        else { return "the headline figure is withheld" }
        return "\(back) of \(affected) affected are back on their original date"
    }

    private static func text(_ value: Double?) -> String {
        value.map(StatisticsReport.plain) ?? "–"
    }

    private static func sign(_ row: StatisticsRow) -> String {
        guard row.level == "all", let place = StatisticsMeasure.line.firstIndex(of: row.measure) else {
            return ""
        }
        return ["", "+ ", "+ ", "+ ", "− ", "− ", "− ", "= "][place]
    }

    private static func sparkline(_ measure: String, _ trend: [StatisticsTrend]) -> String {
        switch measure {
        case "received": bars(trend.map { $0.received.value.map(Double.init) })
        case "processed": bars(trend.map { $0.processed.value.map(Double.init) })
        case "closing": bars(trend.map { $0.closing.value.map(Double.init) })
        case "restoration_median": bars(trend.map(\.restorationMedian.value))
        case "restoration_p90": bars(trend.map(\.restorationP90.value))
        default: ""
        }
    }

    /// One bar a week, from nothing to the most; a dot where nothing is known.
    static func bars(_ values: [Double?]) -> String {
        let steps = Array("▁▂▃▄▅▆▇█")
        let top = values.compactMap { $0 }.max() ?? 0
        return String(
            values.map { value -> Character in
                guard let value else { return "·" }
                return top > 0 ? steps[Int((value / top * Double(steps.count - 1)).rounded())] : steps[0]
            })
    }
}
