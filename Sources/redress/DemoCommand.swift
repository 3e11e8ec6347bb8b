/// `demo`: the whole story in one command, every figure computed from the data it made.
import ArgumentParser
import Foundation
import RedressCore
import RedressDesk
import RedressSimulator

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract:
            "Make the incident of 19 July, verify it from its logs, restore the people, print what became of them.",
        discussion: """
            By default the incident is dated on the latest evening whose next-day 18:00 has passed, so that the \
            deadlines are live. With --on 2021-07-19 the lost seats are in the past, and the rest of the remedy \
            ladder shows. Without --data-dir a fresh folder is made.

            With --serve the pages of citizens and staff open on what was made; the codes that would be texted are \
            lines of a file that is named.

            Example: redress demo --data-dir ./demo --people 3000
            Example: redress demo --serve
            """)

    @Option(help: "People in the queue.")
    var people = 3000
    @Option(help: "The same seed makes the same incident.")
    var seed: UInt64 = 719
    @Option(help: "The evening of the outage, YYYY-MM-DD.")
    var on: String?
    @Flag(help: "Then serve the pages, and print sample sign-ins of citizens and staff.")
    var serve = false
    @Option(help: "With --serve: the port on 127.0.0.1.")
    var port = 8080
    @OptionGroup var options: Options

    func run() async throws {
        guard !serve || (1...65_535).contains(port) else {
            throw RedressError(.usage, "--port must be a number from 1 to 65535.")
        }
        let folder = options.dataDir ?? Self.freshFolder()
        let installation = Installation(folder: folder)
        guard !installation.exists else {
            throw RedressError(
                .refused,
                """
                There is a demo or another installation in \(folder) already; nothing was changed. Look at it with \
                `redress case list --data-dir \(folder)`, or choose another folder.
                """)
        }
        let evening =
            try on.map { try parsed($0, "--on", "a date YYYY-MM-DD") { CivilDate($0) } }
            ?? Demo.latestEvening(before: WallClock.system.now())
        let settings = SimulationSettings.story(on: evening, people: people, seed: seed)
        let desk = try await installation.create(open: options.engine)
        var demo = Demo(desk: desk, folder: folder, actor: Options.operator)
        let report = try await demo.run(settings)
        let samples =
            serve ? try await DemoSamples(desk, incident: report.incident, by: Options.operator) : nil
        try await desk.close()
        switch options.format {
        case .json: Console.say(try JSONDocument.pretty(report))
        case .table, .csv: DemoPrinter(report: report, people: demo.left, folder: folder).print()
        }
        if let samples { try await open(samples, installation) }
    }

    /// Serves what the demo made until it is stopped.
    private func open(_ samples: DemoSamples, _ installation: Installation) async throws {
        Console.say(samples.text(site: "http://127.0.0.1:\(port)", codesIn: installation.notices))
        var arguments = ["--port", "\(port)", "--data-dir", installation.folder]
        if let address = options.databaseURL { arguments += ["--database-url", address] }
        try await ServeCommand.parse(arguments).run()
    }

    private static func freshFolder() -> String {
        NSTemporaryDirectory() + "/redress-demo-" + Identifier.make(at: WallClock.system.now()).suffix(8)
    }
}
