/// `simulate`: incidents with ground truth, for tests and training; with `--score`, how well the verdicts do.
import ArgumentParser
import RedressCore
import RedressSimulator

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Make an incident with ground truth: logs, registers and the truth.",
        discussion: """
            With --score incidents of every kind are made, judged by the real path and held against their truth: \
            each size and seed with complete logs, with 5, 20 and 50 % of the lines lost, with whole servers' logs \
            lost, with clocks that are off, and with rotated and packed logs.

            Example: redress simulate ./incident --people 3000 --on 2021-07-19
            Example: redress simulate --score --sizes 300,1000 --seeds 1,2,3
            """)

    @Argument(help: "The folder to make; not needed with --score.")
    var folder: String?
    @Option(help: "People in the queue.")
    var people = 3000
    @Option(help: "The same seed gives the same bytes.")
    var seed: UInt64 = 719
    @Option(help: "The evening of the outage, YYYY-MM-DD.")
    var on = "2021-07-19"
    @Option(help: "Share of the log lines that are lost, 0 to 1.")
    var loss = 0.0
    @Flag(help: "Pack the logs with gzip.")
    var compress = false
    @Flag(help: "Judge simulated incidents and print how the verdicts compare with the truth.")
    var score = false
    @Option(help: "With --score: people in the queue, separated by commas.")
    var sizes = "300,1000"
    @Option(help: "With --score: seeds, separated by commas.")
    var seeds = "1,2,3"
    @OptionGroup var options: Options

    private struct View: Encodable {
        var id: String
        var from: String
        var to: String
        var folder: String
        var counts: SimulationCounts
    }

    func run() async throws {
        let evening = try parsed(on, "--on", "a date YYYY-MM-DD") { CivilDate($0) }
        if score {
            let sizes = try numbers(sizes, "--sizes").map { Int($0) }
            let rows = try await ScoreMatrix(
                sizes: sizes, seeds: try numbers(seeds, "--seeds"), evening: evening
            ).run()
            try options.answer(rows, ScoreMatrix.table(rows))
            return
        }
        guard let folder else { throw RedressError(.usage, "Name the folder to make.") }
        var settings = SimulationSettings.story(on: evening, people: people, seed: seed)
        settings.lose(loss)
        settings.compress = compress
        let incident = try await simulate(settings, into: folder)
        try options.answer(
            View(
                id: incident.id, from: incident.from.description, to: incident.to.description, folder: folder,
                counts: incident.counts),
            Table([
                "incident": incident.id, "window": "\(incident.from) to \(incident.to)",
                "people": "\(incident.counts.people)", "affected": "\(incident.counts.affected)",
                "files": folder,
            ]))
    }

    private func numbers(_ text: String, _ name: String) throws -> [UInt64] {
        try text.split(separator: ",").map { part in
            try parsed(String(part), name, "whole numbers separated by commas") { UInt64($0) }
        }
    }
}
