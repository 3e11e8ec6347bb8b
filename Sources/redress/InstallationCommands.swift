/// `init` and `check`: making an installation and proving it sound.
import ArgumentParser
import RedressCore
import RedressDesk

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an installation: fresh keys and empty databases.",
        discussion: "Example: redress init --data-dir /srv/redress")

    @OptionGroup var options: Options

    func run() async throws {
        let desk = try await options.installation.create(open: options.engine)
        try await desk.close()
        let folder = options.installation.folder
        try options.answer(
            ["folder": folder], Table(["folder": folder]),
            note: """
                Made. Keep copies of keys.json and anchor.key somewhere else: without them the data does not open.
                Next: redress incident new ID --name TEXT --from TIME --to TIME --data-dir \(folder)
                """)
    }
}

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Prove that nothing is oversold, nobody holds two bookings or none, and nothing was altered.",
        discussion: "Changes nothing. Ends with 0 when everything holds and with 70 when anything does not.")

    @OptionGroup var options: Options

    func run() async throws {
        let report = try await options.withDesk { try await $0.check.run(by: $1) }
        let rows =
            report.checked.sorted { $0.key < $1.key }.map { ["checked", $0.key, "\($0.value)"] }
            + report.violations.map { ["VIOLATION", $0, ""] }
        try options.answer(
            report, Table([.init("result"), .init("what"), .init("count", .right)], rows: rows),
            note: report.ok ? "Everything holds." : "\(report.violations.count) violations.")
        if !report.ok { throw CommandFailed(code: .fault) }
    }
}
