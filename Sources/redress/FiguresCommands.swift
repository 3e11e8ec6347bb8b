/// `stats`: complaint statistics.
import ArgumentParser
import RedressCore
import RedressDesk

struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Complaint statistics.", subcommands: [Weekly.self])

    struct Weekly: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One week's statistics, which reconcile; any past week can be recounted.",
            discussion: "Example: redress stats weekly --week 2021-W29")

        @Option(help: "The ISO week in Seoul, as in 2021-W29; default: the current one.")
        var week: String?
        @OptionGroup var options: Options

        func run() async throws {
            let week = try week.map { text in try Week(text) }
            let statistics = try await options.withDesk { try await $0.statistics.weekly(week, by: $1) }
            try options.answer(
                statistics, StatisticsTable.of(statistics),
                note: "\(statistics.label): \(StatisticsTable.headline(statistics))")
        }
    }
}

/// A week's statistics as a table.
enum StatisticsTable {
    static func of(_ week: WeekStatistics) -> Table {
        let totals = week.totals
        var rows = [
            ["opening", "\(totals.opening)"], ["+ received", "\(totals.received)"],
            ["+ reopened", "\(totals.reopened)"], ["+ transferred in", "\(totals.transferredIn)"],
            ["− processed", "\(totals.processed)"], ["− transferred out", "\(totals.transferredOut)"],
            ["− merged", "\(totals.merged)"], ["= closing", "\(totals.closing)"],
        ]
        for (title, counts) in [
            ("received by", week.channels), ("verdict", week.verdicts), ("state", week.states),
            ("restored by", week.outcomes),
        ] {
            rows += counts.sorted { $0.key < $1.key }.map { ["\(title): \($0.key)", "\($0.value)"] }
        }
        rows.append(["back on the original date", headline(week)])
        return Table([.init(week.week), .init("count", .right)], rows: rows)
    }

    static func headline(_ week: WeekStatistics) -> String {
        "\(week.headline.backOnOriginal) of \(week.headline.affected) affected"
    }
}
