/// `simulate`: incidents with ground truth, for tests and training.
import ArgumentParser
import RedressCore
import RedressSimulator

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Make an incident with ground truth: logs, registers and the truth.",
        discussion: "Example: redress simulate ./incident --people 3000 --on 2021-07-19")

    @Argument(help: "The folder to make.")
    var folder: String
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
        var settings = SimulationSettings.story(on: evening, people: people, seed: seed)
        settings.lose(loss)
        settings.compress = compress
        let incident = try simulate(settings, into: folder)
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
}
