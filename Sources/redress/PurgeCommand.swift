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
            try await $0.purges.run(closedBefore: date, apply: apply, by: $1)
        }
        try options.answer(
            report, Table(["people": "\(report.people)", "forgotten": report.isDone ? "yes" : "not yet"]))
    }
}
