/// `migrate`: an installation's databases from files to a PostgreSQL server, or back.
import ArgumentParser
import RedressCore
import RedressStore

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract:
            "Move a whole installation's databases to another engine, and prove that all of it arrived.",
        discussion: """
            Example: redress migrate --from sqlite:/srv/redress --to postgresql://redress@db1,db2/redress
            Stop the servers first. Keys, log files and signed heads stay in the folder; the old databases are left \
            as they are.
            """)

    @Option(help: ArgumentHelp("Where it is: sqlite:FOLDER or postgresql://…", valueName: "place"))
    var from: String
    @Option(help: ArgumentHelp("Where it goes: sqlite:FOLDER or postgresql://…", valueName: "place"))
    var to: String
    @OptionGroup var options: Options

    func run() async throws {
        guard from != to else { throw RedressError(.usage, "--from and --to name the same place.") }
        var moved: [TableDigest] = []
        for (schema, file) in [(Schema.desk, "redress.sqlite"), (.evidence, "evidence.sqlite")] {
            let source = try open(from, schema, file, create: false)
            let target = try open(to, schema, file, create: true)
            moved += try await DatabaseCopy(schema, from: source, to: target).run()
            try await source.close()
            try await target.close()
        }
        try options.answer(
            moved,
            Table(
                [.init("table"), .init("rows", .right), .init("digest")],
                rows: moved.map { [$0.table, "\($0.rows)", String($0.digest.prefix(16))] }),
            note: "Everything arrived: counts and digests of both sides are the same.")
    }

    private func open(_ place: String, _ schema: Schema, _ file: String, create: Bool) throws -> any Database
    {
        if place.hasPrefix("sqlite:") {
            return try openDatabase(place.dropFirst("sqlite:".count) + "/" + file, schema, create)
        }
        return try openServer(place, schema, create)
    }
}
