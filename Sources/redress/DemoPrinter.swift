/// The demo's result as a person reads it.
import RedressDesk

struct DemoPrinter {
    let report: DemoReport
    let people: [LeftPerson]
    let folder: String

    func print() {
        say("Incident \(report.incident): \(report.affected) people lost a booking they had made.")
        say("\(report.logLines) log lines read, \(report.quarantined) set aside.\n")
        show(
            "Verdicts, against the simulator's truth (\(report.truth.honest) honest, \(report.truth.tricks) tricks)",
            report.verdicts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [
                ("honest people contradicted", report.truth.wronglyContradicted),
                ("queue-jumpers verified", report.truth.wronglyVerified),
            ])
        show(
            "Seats, by the remedy ladder",
            [
                ("original slot", report.restored.originalSlot), ("same date", report.restored.sameDate),
                ("another date", report.restored.otherDate), ("offered, no answer yet", report.offersOpen),
                ("waitlisted", report.waitlisted), ("with a human", report.inReview),
                ("oversold", report.oversold),
            ])
        show(
            "Reserved pool (\(report.pool.slots) slots)",
            [
                ("allotted", report.pool.allotted), ("seated", report.pool.seated),
                ("held", report.pool.held),
                ("kept while a move can be undone", report.pool.kept), ("free", report.pool.reserved),
                ("given back", report.pool.released),
            ])
        leftPeople()
        say("This week's statistics")
        say(StatisticsTable.of(report.statistics, sections: ["flow", "outcome", "verdict"]).text(style))
        say(StatisticsTable.headline(report.statistics) + ".\n")
        say(
            "Check: \(report.checkOk ? "everything holds" : "VIOLATIONS"). "
                + "Audit trail: \(report.auditOk ? "whole" : "BROKEN").\n")
        say("Time")
        say(
            Table(
                [.init("step"), .init("seconds", .right)],
                rows: report.steps.map { [$0.name, "\($0.seconds)"] } + [["all", "\(report.seconds)"]]
            ).text(style))
        next()
    }

    /// Everyone who is not on the original slot, with the reason; grouped, with the first few by number.
    private func leftPeople() {
        let groups = Dictionary(grouping: people, by: \.reason).sorted { $0.value.count > $1.value.count }
        say("Not on the original slot: \(people.count)")
        say(
            Table(
                [.init("reason"), .init("people", .right), .init("cases")],
                rows: groups.map { reason, people in
                    [
                        reason, "\(people.count)",
                        people.prefix(3).map(\.receipt).joined(separator: " ")
                            + (people.count > 3 ? " …" : ""),
                    ]
                }
            ).text(style))
    }

    private func next() {
        let example = people.first { $0.verdict == "contradicted" } ?? people.first
        say("What to type next")
        say("  redress case list --incident \(report.incident) --data-dir \(folder)")
        if let example {
            say("  redress case show \(example.receipt) --english --data-dir \(folder)")
        }
        say("  redress pool status --incident \(report.incident) --data-dir \(folder)")
        say("  redress serve --port 8080 --data-dir \(folder)")
    }

    private func show(_ title: String, _ rows: [(String, Int)]) {
        say(title)
        say(
            Table([.init("what"), .init("people", .right)], rows: rows.map { [$0.0, "\($0.1)"] }).text(style))
    }

    private var style: Table.Style { Console.isTerminal ? .terminal : .plain }

    private func say(_ text: String) {
        Console.say(text)
    }
}
