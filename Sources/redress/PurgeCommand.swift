/// `purge`: forget people whose cases closed long ago.
import ArgumentParser
import RedressCore
import RedressDesk

struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Forget people whose cases all closed before a day; the audit stays provable.",
        discussion: "Without --apply it only counts. Example: redress purge --closed-before 2023-01-01")

    @Option(help: "The day.")
    var closedBefore: String
    @Flag(help: "Do it; it cannot be undone.")
    var apply = false
    @OptionGroup var options: Options

    func run() async throws {
        let date = try parsed(closedBefore, "--closed-before", "a date such as 2023-01-01") { CivilDate($0) }
        let report = try await options.withDesk {
            try await $0.purges.run(
                closedBefore: date, apply: apply, noticeFile: options.installation.notices, by: $1)
        }
        try options.answer(
            report,
            Table([
                "people": "\(report.people)", "contacts": "\(report.contacts)", "lines": "\(report.lines)",
                "forgotten": report.isDone ? "yes" : "not yet",
            ]))
    }
}

/// `retention`: how long people are kept.
struct RetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Show or set after how many days `serve` forgets people whose cases closed.",
        discussion: """
            `serve` looks every six hours. Nothing is forgotten by itself until a number of days is set.

            Example: redress retention --days 1825
            """)

    @Option(help: "Forget so many days after the last case closed; at least 365.")
    var days: Int?
    @Flag(help: "Forget nobody by itself.")
    var off = false
    @OptionGroup var options: Options

    func run() async throws {
        guard days == nil || !off else {
            throw RedressError(.usage, "Give --days or --off, not both.")
        }
        let view = try await options.withDesk { desk, actor in
            days != nil || off
                ? try await desk.purges.keep(days: days, by: actor)
                : try await desk.purges.retention(by: actor)
        }
        try options.answer(
            view,
            Table([
                "days": view.days.value.map { "\($0)" } ?? "for ever",
                "closed before": view.closedBefore.value ?? "–",
            ]))
    }
}
