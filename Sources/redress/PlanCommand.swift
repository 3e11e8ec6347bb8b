/// `plan` and `apply`: bulk restoration, shown first and carried out exactly as shown.
import ArgumentParser
import RedressCore
import RedressDesk

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
