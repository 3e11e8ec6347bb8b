/// `case`: the work on one case, from opening to a recorded yes.
import ArgumentParser
import RedressCore
import RedressDesk
import RedressStore

struct CaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case", abstract: "Cases: from opening to a decision the citizen can object to.",
        groupedSubcommands: [
            CommandGroup(
                name: "Look:",
                subcommands: [
                    List.self, Show.self, CaseWork.Timeline.self, CaseWork.Related.self,
                    CaseDecision.Similar.self,
                    CaseDecision.Outliers.self,
                ]),
            CommandGroup(
                name: "Work:",
                subcommands: [
                    Open.self, CaseWork.Next.self, CaseWork.Assign.self, CaseWork.Note.self, Verify.self,
                    CaseWork.Escalate.self, CaseWork.Bulk.self, CaseWork.Link.self, CaseWork.Merge.self,
                ]),
            CommandGroup(
                name: "Restore:",
                subcommands: [
                    Restore.self, OfferCommand.self, Accept.self, Decline.self, UndoCommand.self,
                    VacateCommand.self, WaitCommand.self, DeliveredCommand.self,
                ]),
            CommandGroup(
                name: "Decide:",
                subcommands: [
                    CaseDecision.Ask.self, CaseDecision.Answered.self, CaseDecision.Reject.self,
                    CaseDecision.Override.self, CaseDecision.Approve.self, CaseDecision.SendBack.self,
                    CaseDecision.NotAffected.self, CaseDecision.Object.self, CaseDecision.TakeUp.self,
                    CaseDecision.Withdraw.self, CaseDecision.Transfer.self, CaseDecision.Extend.self,
                    CaseDecision.Close.self, CaseDecision.Reopen.self,
                ]),
            CommandGroup(
                name: "Papers:",
                subcommands: [
                    CasePapers.Decision.self, CasePapers.Attach.self, CasePapers.Attachments.self,
                    CasePapers.Download.self,
                ]),
        ])

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open the case of a revoked booking, or find the one there is.",
            discussion: "Example: redress case open --booking B1042 --incident 2021-07-19")

        @Option(help: "The number of the booking that was revoked.")
        var booking: String
        @Option(help: "The incident.")
        var incident: String
        @Option(help: "How it reached you: call, counter, page or letter.")
        var channel = "call"
        @OptionGroup var options: Options

        func run() async throws {
            let channel = try parsed(channel, "--channel", "call, counter, page or letter") {
                Channel(rawValue: $0)
            }
            let origin: CaseOrigin = channel == .page || channel == .letter ? .applied : .dictated
            let opened = try await options.withDesk { desk, actor in
                try await desk.cases.open(
                    booking: booking, incident: incident, origin: origin, channel: channel, by: actor)
            }
            try options.answer(
                opened.case, CaseTable.of([opened.case]),
                note: opened.isNew
                    ? "Opened. Next: redress case verify \(opened.case.receipt)"
                    : "This person's case for this booking was there already.")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List cases by receipt number.",
            discussion: "Example: redress case list --incident 2021-07-19 --state in-review")

        @Option(help: "Only this incident's.")
        var incident: String?
        @Option(help: "Only those in this state.")
        var state: String?
        @Option(
            help: ArgumentHelp(
                "A list of work: "
                    + "mine, team, unassigned, due-today, overdue, at-risk, approvals, objections, escalated.",
                valueName: "list"))
        var work: String?
        @OptionGroup var options: Options

        func run() async throws {
            let states = CaseState.allCases.map(\.rawValue).joined(separator: ", ")
            let state = try state.map { text in
                try parsed(text, "--state", "one of \(states)") { CaseState(rawValue: $0) }
            }
            let lists = WorkList.allCases.map(\.rawValue).joined(separator: ", ")
            let work = try work.map { text in
                try parsed(text, "--work", "one of \(lists)") { WorkList(rawValue: $0) }
            }
            guard work == nil || state == nil && incident == nil else {
                throw RedressError(.usage, "--work is a list of its own: leave --incident and --state out.")
            }
            let cases = try await options.withDesk { desk, actor in
                if let work { return try await desk.work.list(work, by: actor) }
                return try await desk.cases.list(incident: incident, state: state, by: actor)
            }
            try options.answer(cases, CaseTable.of(cases), note: "\(cases.count) cases.")
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a case with what each rule says and the lines it rests on.",
            discussion: "Example: redress case show 2021-000417-8")

        @Argument(help: "The receipt number.")
        var receipt: String
        @Flag(help: "Findings in English instead of Korean.")
        var english = false
        @OptionGroup var options: Options

        func run() async throws {
            let receipt = try ReceiptNumber(receipt)
            let detail = try await options.withDesk {
                try await $0.cases.show(receipt, by: $1, origin: "cli")
            }
            let rows = detail.findings.map { finding in
                [
                    finding.rule, finding.outcome, finding.source, english ? finding.text : finding.textKo,
                    finding.citations.map {
                        "\($0.file.split(separator: "/").last ?? "?"):\($0.line)@\($0.offset)"
                    }
                    .joined(separator: " "),
                ]
            }
            if options.format == .table {
                Console.say(CaseTable.of([detail.summary]).text(Console.isTerminal ? .terminal : .plain))
            }
            try options.answer(
                detail,
                Table(
                    [.init("rule"), .init("outcome"), .init("source"), .init("finding"), .init("lines")],
                    rows: rows),
                note: "Version \(detail.summary.version)."
                    + (detail.digest.value.map { " Verdict digest \($0)." } ?? "") + changes(detail))
        }

        /// What the verdict says otherwise than the one before it, and under another window.
        private func changes(_ detail: CaseDetail) -> String {
            let changed = detail.changes.map { change in
                "\n\(change.rule): \(change.before) before, now \(change.after): "
                    + (english ? change.text : change.textKo)
            }
            let because = detail.changedBy.joined(separator: ", ")
            let other = detail.sensitivity.map {
                "\nUnder the window of \($0.source) it would be \($0.verdict)."
            }
            return (because.isEmpty ? "" : "\nSince the verdict before, this has changed: \(because).")
                + changed.joined() + other.joined()
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the logs for one case again and record the verdict.")

        @Argument(help: "The receipt number.")
        var receipt: String
        @OptionGroup var options: Options

        func run() async throws {
            let receipt = try ReceiptNumber(receipt)
            let view = try await options.withDesk { try await $0.cases.verify(receipt, by: $1) }
            try options.answer(view, CaseTable.of([view]))
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Seat a verified person on the original slot, or hold it for them and ask.",
            discussion: """
                Whoever holds a later booking is not moved: the original seat is held and offered, and \
                `redress case accept` records their yes.
                """)

        @OptionGroup var edit: CaseEdit
        @Option(help: "An idempotency key: the same key again changes nothing and answers the same.")
        var key: String?
        @OptionGroup var options: Options

        func run() async throws {
            let number = try edit.number
            let outcome = try await options.withDesk {
                try await $0.restoration.restore(number, version: edit.version, key: key, by: $1)
            }
            try answer(outcome, options)
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record the person's yes to the offer and move them in the same transaction.",
            discussion: "Example: redress case accept 2021-000417-8 --heard-by call --note \"본인 확인 후 동의\"")

        @OptionGroup var said: PersonsWord
        @OptionGroup var options: Options

        func run() async throws {
            let (number, word) = (try said.edit.number, try said.word)
            try answer(
                try await options.withDesk {
                    try await $0.restoration.accept(number, word, key: said.key, by: $1)
                }, options)
        }
    }

    struct Decline: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record the person's no: the seat goes back, what they hold stays theirs.")

        @OptionGroup var said: PersonsWord
        @OptionGroup var options: Options

        func run() async throws {
            let (number, word) = (try said.edit.number, try said.word)
            try answer(
                try await options.withDesk {
                    try await $0.restoration.decline(number, word, key: said.key, by: $1)
                }, options)
        }
    }
}

func answer(_ outcome: RestoreOutcome, _ options: Options) throws {
    let seat = outcome.seat.value.map { "\($0.site) \($0.date) \($0.slot)" } ?? "–"
    try options.answer(
        outcome,
        Table([
            "case": outcome.receipt, "done": outcome.done, "state": outcome.state, "seat": seat,
            "rung": outcome.rung.value ?? "–", "held until": outcome.until.value ?? "–",
        ]))
}

/// Cases as a table.
enum CaseTable {
    static func of(_ cases: [CaseView]) -> Table {
        Table(
            [
                .init("receipt"), .init("booking"), .init("person"), .init("origin"), .init("state"),
                .init("verdict"), .init("lost seat"), .init("restored"), .init("due"),
            ],
            rows: cases.map { row in
                [
                    row.receipt, row.booking, row.person,
                    CaseOrigin(rawValue: row.origin)?.korean ?? row.origin,
                    row.state, row.verdict.value ?? "–",
                    [row.site.value, row.date.value, row.slot.value].compactMap { $0 }.joined(separator: " "),
                    row.restored.value.map { "\($0.site) \($0.date) \($0.slot)" } ?? "–",
                    String(row.dueAt.prefix(10)) + (row.overdue ? " overdue" : ""),
                ]
            })
    }
}
