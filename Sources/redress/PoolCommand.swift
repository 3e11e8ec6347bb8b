/// `pool`: the reserved seats, their rules and their journal.
import ArgumentParser
import RedressCore
import RedressDesk

struct PoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool", abstract: "The reserved seats: allot, look, release.",
        subcommands: [
            Status.self, Allot.self, Requests.self, Approve.self, Release.self, Holds.self, Journal.self,
            Policy.self, Advise.self, Tidy.self,
        ])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every slot of an incident's pool with its balance and the open cases that name it.")

        @Option(help: "The incident.")
        var incident: String
        @OptionGroup var options: Options

        func run() async throws {
            let slots = try await options.withDesk { desk, actor in
                try await desk.pool.sweep()
                return try await desk.pool.status(incident: incident, by: actor)
            }
            let columns: [Table.Column] =
                [.init("site"), .init("vaccine"), .init("date"), .init("slot")]
                + ["allotted", "reserved", "held", "seated", "kept", "released", "claims"].map {
                    .init($0, .right)
                }
            try options.answer(
                slots,
                Table(
                    columns,
                    rows: slots.map { row in
                        [row.site, row.vaccine, row.date, row.slot]
                            + [
                                row.allotted, row.reserved, row.held, row.seated, row.kept, row.released,
                                row.claims,
                            ].map(String.init)
                    }))
        }
    }

    struct Allot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring seats into the pool under an authority.",
            discussion: """
                Example: redress pool allot --incident 2021-07-19 --site C012 --vaccine moderna \\
                    --date 2021-08-16 --slot 10:00 --seats 3 --authority "복구-2021-03"
                """)

        @OptionGroup var slot: SlotOptions
        @Option(help: "How many seats.")
        var seats: Int
        @Option(help: "The document or order that allows it.")
        var authority: String
        @OptionGroup var options: Options

        func run() async throws {
            let at = try slot.slot
            let outcome = try await options.withDesk {
                try await $0.pool.allot(seats, to: at, incident: slot.incident, authority: authority, by: $1)
            }
            try options.answer(
                outcome,
                Table([
                    "slot": at.description, "allotted": "\(outcome.allotted)",
                    "waits as": outcome.request.value ?? "–",
                ]),
                note: outcome.request.value.map {
                    "So many seats wait for a second person: redress pool approve \($0)"
                })
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give seats back to the public; open cases that name the slot stay covered.")

        @OptionGroup var slot: SlotOptions
        @Option(help: "How many seats.")
        var seats: Int
        @OptionGroup var options: Options

        func run() async throws {
            let at = try slot.slot
            try await options.withDesk {
                try await $0.pool.release(seats, from: at, incident: slot.incident, by: $1)
            }
            try options.answer(["released": seats], Table(["slot": at.description, "released": "\(seats)"]))
        }
    }

    /// A slot named on the command line.
    struct SlotOptions: ParsableArguments {
        @Option(help: "The incident.")
        var incident: String
        @Option(help: "The site's id.")
        var site: String
        @Option(help: "The vaccine.")
        var vaccine: String
        @Option(help: "The date, YYYY-MM-DD.")
        var date: String
        @Option(name: .customLong("slot"), help: "The time, HH:MM.")
        var time: String

        var slot: Slot {
            get throws {
                Slot(
                    site: site, vaccine: vaccine,
                    date: try parsed(date, "--date", "a date YYYY-MM-DD") { CivilDate($0) },
                    time: try parsed(time, "--slot", "a time HH:MM") { TimeOfDay($0) })
            }
        }
    }
}
