/// `pool`, `plan`, `apply`: the reserved seats and who gets them.
import ArgumentParser
import RedressCore
import RedressDesk

struct PoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool", abstract: "The reserved seats: allot, look, release.",
        subcommands: [Status.self, Allot.self, Release.self])

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
            try await options.withDesk {
                try await $0.pool.allot(seats, to: at, incident: slot.incident, authority: authority, by: $1)
            }
            try options.answer(["allotted": seats], Table(["slot": at.description, "allotted": "\(seats)"]))
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

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract:
            "Show who would get what seat, who would be left, and what to allot so that all could be met.",
        discussion: "Changes nothing. Carry the plan out with: redress apply ID --plan DIGEST")

    @Argument(help: "The incident.")
    var incident: String
    @OptionGroup var options: Options

    func run() async throws {
        let plan = try await options.withDesk { try await $0.plans.plan(incident, by: $1) }
        let rows =
            plan.seats.map {
                ["\($0.action.rawValue)", $0.receipt, $0.rung, "\($0.site) \($0.date) \($0.slot)"]
            }
            + plan.unmet.map { row in
                [
                    "left", row.receipt, row.reason,
                    row.seat.value.map { "\($0.site) \($0.date) \($0.slot)" } ?? "–",
                ]
            }
            + plan.suggestedAllotments.map {
                ["allot \($0.seats)", "–", "suggested", "\($0.site) \($0.date) \($0.slot)"]
            }
        try options.answer(
            plan, Table([.init("what"), .init("case"), .init("rung or reason"), .init("seat")], rows: rows),
            note: """
                \(plan.seats.count) planned, \(plan.unmet.count) left, \
                \(plan.suggestedAllotments.reduce(0) { $0 + $1.seats }) seats lacking.
                Next: redress apply \(incident) --plan \(plan.digest)
                """)
    }
}

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Carry out exactly the plan that was shown.",
        discussion: """
            After an interruption give the same command again: what was done is skipped. Ends with 0 when every
            row is done, and with 1 when a rule refused some of them now (they are named).
            """)

    @Argument(help: "The incident.")
    var incident: String
    @Option(help: "The digest that `redress plan` printed.")
    var plan: String
    @OptionGroup var options: Options

    func run() async throws {
        let report = try await options.withDesk { desk, actor in
            try await withProgress("restoring", .count("cases")) { bar in
                try await desk.plans.apply(plan, incident: incident, by: actor) { bar($0, $1) }
            }
        }
        for (receipt, reason) in report.failures.sorted(by: { $0.key < $1.key }) {
            Console.complain("\(receipt): \(reason)")
        }
        try options.answer(
            report,
            Table([
                "seated": "\(report.seated)", "held and offered": "\(report.held)",
                "done before": "\(report.skipped)", "waitlisted": "\(report.waitlisted)",
                "failed": "\(report.failed)",
            ]))
        if report.failed > 0 { throw CommandFailed(code: .refused) }
    }
}
