/// `incident`: an outage, from its making to the sweep that finds everyone affected.
import ArgumentParser
import RedressCore
import RedressDesk
import RedressStore

struct IncidentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incident", abstract: "Outages: make one, list them, find everyone affected.",
        subcommands: [New.self, List.self, Sweep.self])

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an incident.",
            discussion: """
                Example: redress incident new 2021-07-19 --name "사전예약 접속 장애" \\
                    --from 2021-07-19T20:30:00+09:00 --to 2021-07-19T22:00:00+09:00 --pass-keys keys.json \\
                    --also press=2021-07-19T20:48:00+09:00/2021-07-19T22:00:00+09:00
                """)

        @Argument(help: "The id people will type: letters, digits, - and _.")
        var id: String
        @Option(help: "What the incident is called.")
        var name: String
        @Option(help: "Start of the window in which no booking could have completed.")
        var from: String
        @Option(help: "End of that window.")
        var to: String
        @Option(
            help: ArgumentHelp(
                "Another published window; every verdict says whether it would change under it. May be repeated.",
                valueName: "source=from/to"))
        var also: [String] = []
        @Option(help: ArgumentHelp("JSON file of the keys that signed admission passes.", valueName: "file"))
        var passKeys: String?
        @Option(help: ArgumentHelp("Policy file (YAML); default: the one that ships.", valueName: "file"))
        var policy: String?
        @Option(help: "The seed, to be published, that breaks ties between equal times; default: random.")
        var orderSeed: Int64?
        @OptionGroup var options: Options

        func run() async throws {
            let form = "an RFC 3339 time with an offset, as in 2021-07-19T20:30:00+09:00"
            var new = NewIncident(
                id: id, name: name, from: try parsed(from, "--from", form) { Instant($0) },
                to: try parsed(to, "--to", form) { Instant($0) })
            new.passKeys = try passKeys.map(readText)
            new.policy = try policy.map(readText)
            new.orderSeed = orderSeed
            new.otherWindows = try also.map { text in
                try parsed(text, "--also", "SOURCE=FROM/TO, both times RFC 3339 with an offset") {
                    OtherWindow($0)
                }
            }
            try await options.withDesk { try await $0.incidents.create(new, by: $1) }
            try options.answer(
                ["id": id], Table(["incident": id]),
                note: "Made. Next: redress load sites FILE --incident \(id)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the incidents, the newest first.")

        @OptionGroup var options: Options

        private struct View: Encodable {
            var id: String
            var name: String
            var from: String
            var to: String
            var also: [OtherWindow]
        }

        func run() async throws {
            let rows = try await options.withDesk { try await $0.incidents.list(by: $1) }
            let views = try rows.map {
                View(
                    id: $0.id, name: $0.name, from: $0.from.description, to: $0.to.description,
                    also: try $0.publishedWindows())
            }
            try options.answer(
                views,
                Table(
                    [.init("incident"), .init("name"), .init("from"), .init("to"), .init("also")],
                    rows: views.map { view in
                        [
                            view.id, view.name, view.from, view.to,
                            view.also.map { "\($0.source): \($0.from) to \($0.to)" }.joined(separator: "; "),
                        ]
                    }))
        }
    }

    struct Sweep: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find everyone affected, open a case for each (once), and read the logs for them.",
            discussion: "Example: redress incident sweep 2021-07-19")

        @Argument(help: "The incident.")
        var id: String
        @OptionGroup var options: Options

        func run() async throws {
            let report = try await options.withDesk { desk, actor in
                try await withProgress("verifying", .count("cases")) { bar in
                    try await desk.incidents.sweep(id, by: actor) { bar($0, $1) }
                }
            }
            var rows = [["affected", "\(report.affected)"], ["cases opened", "\(report.opened)"]]
            rows += report.verdicts.sorted { $0.key < $1.key }.map { ["verdict: \($0.key)", "\($0.value)"] }
            try options.answer(
                report, Table([.init("what"), .init("count", .right)], rows: rows),
                note: "Next: redress plan \(id)")
        }
    }
}

/// Runs work with a progress bar on standard error; the work reports how much is done and of how much.
func withProgress<T>(
    _ label: String, _ unit: ProgressBar.Unit, total: Int? = nil,
    _ work: (_ report: (Int, Int?) -> Void) async throws -> T
) async throws -> T {
    var bar: ProgressBar?
    let result = try await work { done, of in
        if bar == nil { bar = .onStandardError(label, total: of ?? total, unit: unit) }
        bar?.update(to: done)
    }
    bar?.finish()
    return result
}
