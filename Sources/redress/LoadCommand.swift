/// `load`: registers into an incident.
public import ArgumentParser
import RedressCore
public import RedressDesk

extension Register: ExpressibleByArgument {}

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Load a register: sites, register, revocations or allotments.",
        discussion: """
            CSV (UTF-8, header row) or JSON Lines. Loading again brings rows up to date; rows that redress itself
            changed are reported, not overwritten. A row that cannot be loaded is set aside with its line, the rest
            loads, and the exit code is 65.

            Example: redress load register bookings.csv --incident 2021-07-19
            """)

    @Argument(help: "What the file holds: sites, register, revocations or allotments.")
    var register: Register
    @Argument(help: "The file.")
    var file: String
    @Option(help: "The incident.")
    var incident: String
    @OptionGroup var options: Options

    func run() async throws {
        let report = try await options.withDesk { desk, actor in
            try await withProgress("loading \(register.rawValue)", .count("rows")) { bar in
                try await desk.registers.load(register, from: file, incident: incident, by: actor) {
                    bar($0, nil)
                }
            }
        }
        for warning in report.warnings { Console.complain("warning: \(warning)") }
        if report.quarantined > 10 {
            Console.complain("warning: \(report.quarantined - 10) more rows were set aside.")
        }
        try options.answer(
            report,
            Table([
                "rows": "\(report.rows)", "loaded": "\(report.loaded)", "set aside": "\(report.quarantined)",
                "kept as redress changed them": "\(report.kept)",
                "of those, differing": report.differing.joined(separator: " "),
            ]))
        if report.quarantined > 0 { throw CommandFailed(code: .badData) }
    }
}
