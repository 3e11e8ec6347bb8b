/// `pool holds`, `journal`, `requests`, `approve`, `policy`, `advise`, `tidy`: looking after the reserved seats.
import ArgumentParser
import RedressCore
import RedressDesk

extension PoolCommand {
    struct Holds: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every seat that is promised and not taken yet, the soonest to lapse first.")

        @Option(help: "The incident.")
        var incident: String
        @OptionGroup var options: Options

        func run() async throws {
            let holds = try await options.withDesk { try await $0.pool.holds(incident: incident, by: $1) }
            try options.answer(
                holds,
                Table(
                    [.init("case"), .init("slot"), .init("held"), .init("until"), .init("pinned")],
                    rows: holds.map {
                        [$0.receipt, $0.slot, $0.heldAt, $0.expiresAt, $0.pinned ? "yes" : ""]
                    }))
        }
    }

    struct Journal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The last entries of the pool's journal, the newest first.")

        @Option(help: "The incident.")
        var incident: String
        @Option(help: "How many entries.")
        var limit = 50
        @OptionGroup var options: Options

        func run() async throws {
            let entries = try await options.withDesk {
                try await $0.pool.journal(incident: incident, limit: limit, by: $1)
            }
            try options.answer(
                entries,
                Table(
                    [
                        .init("no.", .right), .init("at"), .init("entry"), .init("seats", .right),
                        .init("slot"), .init("case"), .init("authority"), .init("by"),
                    ],
                    rows: entries.map {
                        [
                            "\($0.seq)", $0.at, $0.kind, "\($0.seats)", $0.slot, $0.receipt.value ?? "–",
                            $0.authority.value ?? "–", $0.actor,
                        ]
                    }))
        }
    }

    struct Requests: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Large allotments that wait for a second person.")

        @Option(help: "The incident.")
        var incident: String
        @OptionGroup var options: Options

        func run() async throws {
            let rows = try await options.withDesk { try await $0.pool.requests(incident: incident, by: $1) }
            try options.answer(
                rows,
                Table(
                    [
                        .init("request"), .init("slot"), .init("seats", .right), .init("authority"),
                        .init("asked by"), .init("at"),
                    ],
                    rows: rows.map {
                        [$0.request, $0.slot, "\($0.seats)", $0.authority, $0.askedBy, $0.askedAt]
                    }))
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve (or refuse) a large allotment that somebody else asked for.")

        @Argument(help: "The request's number, as `pool requests` shows it.")
        var request: String
        @Flag(help: "Refuse it instead.")
        var refuse = false
        @OptionGroup var options: Options

        func run() async throws {
            let outcome = try await options.withDesk {
                try await $0.pool.decide(request, approve: !refuse, by: $1)
            }
            try options.answer(outcome, Table(["allotted": "\(outcome.allotted)"]))
        }
    }

    struct Policy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the rules of an incident's pool, or set some of them.",
            discussion:
                "Example: redress pool policy --incident 2021-07-19 --cutoff-days 1 --cutoff-time 12:00")

        @Option(help: "The incident.")
        var incident: String
        @Option(help: "The pool of a slot closes so many days before its date.")
        var cutoffDays: Int?
        @Option(help: "At this time of day, HH:MM.")
        var cutoffTime: String?
        @Option(help: "An offer runs for so many working days.")
        var offerDays: Int?
        @Option(help: "Allotments of more seats wait for a second person.")
        var largeAllotment: Int?
        @Option(help: "Sites farther away than so many kilometres are not near by.")
        var nearbyKm: Int?
        @OptionGroup var options: Options

        func run() async throws {
            let time = try cutoffTime.map { text in
                try parsed(text, "--cutoff-time", "a time HH:MM") { TimeOfDay($0) }
            }
            let policy = try await options.withDesk { desk, actor in
                let before = try await desk.pool.policy(incident, by: actor)
                let after = PoolPolicy(
                    cutoffDays: cutoffDays ?? before.cutoffDays,
                    cutoffMinutes: time?.minutes ?? before.cutoffMinutes,
                    offerWorkingDays: offerDays ?? before.offerWorkingDays,
                    largeAllotmentSeats: largeAllotment ?? before.largeAllotmentSeats,
                    nearbyKilometres: nearbyKm ?? before.nearbyKilometres)
                if after != before { try await desk.pool.setPolicy(after, incident: incident, by: actor) }
                return after
            }
            try options.answer(
                policy,
                Table([
                    "pool closes, days before": "\(policy.cutoffDays)",
                    "at": TimeOfDay(minutes: policy.cutoffMinutes).description,
                    "offers run, working days": "\(policy.offerWorkingDays)",
                    "second person above, seats": "\(policy.largeAllotmentSeats)",
                    "near by, km": "\(policy.nearbyKilometres)",
                ]))
        }
    }

    struct Advise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "How many seats to reserve per slot for a chosen chance of seating everyone whose claim is good.",
            discussion: """
                Undecided claims count by their chance: learned from the cases people have decided, or given here.
                Example: redress pool advise --incident 2021-07-19 --chance 0.95 --undetermined 0.7
                """)

        @Option(help: "The incident.")
        var incident: String
        @Option(help: "The chance on each slot, 0 to 1.")
        var chance = 0.95
        @Option(help: "The chance that an undetermined claim turns out good.")
        var undetermined: Double?
        @Option(help: "The chance that a contradicted claim turns out good.")
        var contradicted: Double?
        @OptionGroup var options: Options

        func run() async throws {
            var assumed: [String: Double] = [:]
            assumed["undetermined"] = undetermined
            assumed["contradicted"] = contradicted
            let given = assumed
            let advice = try await options.withDesk {
                try await $0.reserve.advise(incident, chance: chance, assumed: given, by: $1)
            }
            let what = advice.whatIf.map {
                "chance \($0.chance) a slot: \($0.seats) seats (\($0.lacking) lacking), all slots at once "
                    + "\($0.chanceOfAll)"
            }
            try options.answer(
                advice,
                Table(
                    [.init("slot")]
                        + [
                            "verified", "undecided", "expected", "needed", "reserved", "lacking",
                            "chance now",
                        ]
                        .map { .init($0, .right) },
                    rows: advice.slots.map { row in
                        [
                            "\(row.seat.site) \(row.vaccine) \(row.seat.date) \(row.seat.slot)",
                            "\(row.verified)", "\(row.undecided)", "\(row.expected)", "\(row.needed)",
                            "\(row.reserved)", "\(row.lacking)", "\(row.chanceNow)",
                        ]
                    }), note: what.joined(separator: "\n"))
        }
    }

    struct Tidy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Do now what time has brought: lapse holds, close pools, give freed seats to those who wait.")

        @OptionGroup var options: Options

        func run() async throws {
            let report = try await options.withDesk { desk, actor in
                try actor.require(.workCases)
                return try await desk.pool.tidy()
            }
            for failure in report.failures { Console.complain("warning: \(failure)") }
            try options.answer(
                report,
                Table([
                    "holds lapsed": "\(report.lapsed)", "kept seats given on": "\(report.ended)",
                    "pools closed": "\(report.closed)",
                ]))
        }
    }
}
