/// `export` and `relation`: what the booking system and the centres take, and who on the staff is related to whom.
import ArgumentParser
import RedressCore
import RedressDesk
import RedressStore

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "CSV for the booking system and for the centres.",
        subcommands: [Seats.self, Arrivals.self])

    struct Seats: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every booking that redress changed, in the register's columns, without personal data.")

        @Option(help: "The incident.")
        var incident: String
        @OptionGroup var options: Options

        func run() async throws {
            Console.say(try await options.withDesk { try await $0.exports.seats(incident, by: $1) })
        }
    }

    struct Arrivals: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who arrives where and when, with names; the reason is kept with everyone on the list.",
            discussion: """
                Example: redress export arrivals --incident 2021-07-19 --site C012 --date 2021-08-16 \\
                    --reason "접종 당일 명단"
                """)

        @Option(help: "The incident.")
        var incident: String
        @Option(help: "Only this centre's.")
        var site: String?
        @Option(help: "Only this day's, YYYY-MM-DD.")
        var date: String?
        @Option(help: "Why the list is taken.")
        var reason: String
        @OptionGroup var options: Options

        func run() async throws {
            let day = try date.map { text in
                try parsed(text, "--date", "a date YYYY-MM-DD") { CivilDate($0) }
            }
            Console.say(
                try await options.withDesk {
                    try await $0.exports.arrivals(incident, site: site, date: day, reason: reason, by: $1)
                })
        }
    }
}

struct RelationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relation",
        abstract:
            "Declare that a member of the staff is, or is related to, a person: they never act on that case.",
        discussion: "Example: redress relation kim --person P00042 --incident 2021-07-19 --kind relative")

    @Argument(help: "The member of the staff.")
    var staff: String
    @Option(help: "The person, by the register's id.")
    var person: String
    @Option(help: "The incident.")
    var incident: String
    @Option(help: "self or relative.")
    var kind = "relative"
    @OptionGroup var options: Options

    func run() async throws {
        let kind = try parsed(kind, "--kind", "self or relative") { RelationKind(rawValue: $0) }
        try await options.withDesk {
            try await $0.relations.declare(staff, is: kind, to: person, incident: incident, by: $1)
        }
        try options.answer(
            ["staff": staff, "person": person, "kind": kind.rawValue],
            Table(["staff": staff, "person": person, "kind": kind.rawValue]))
    }
}
