/// `case next`, `assign`, `note`, `bulk` …: who works on what, and what they write down.
import ArgumentParser
import RedressCore
import RedressDesk

/// What every edit of a case is told: which case, and which version of it was seen.
struct CaseEdit: ParsableArguments {
    @Argument(help: "The receipt number.")
    var receipt: String
    // Not `--version`: that is the program's own.
    @Option(
        name: .customLong("seen"),
        help: ArgumentHelp(
            "The version you saw; the edit is refused, with what was done since, when it is another now.",
            valueName: "version"))
    var version: Int?

    var number: ReceiptNumber {
        get throws { try ReceiptNumber(receipt) }
    }
}

/// The channel on which something was heard.
struct HeardBy: ParsableArguments {
    @Option(help: "How it was heard: call, counter, page, text or letter.")
    var heardBy = "call"

    var channel: Channel {
        get throws {
            try parsed(heardBy, "--heard-by", "call, counter, page, text or letter") { text in
                Channel(rawValue: text).flatMap { $0 == .sweep ? nil : $0 }
            }
        }
    }
}

enum CaseWork {
    struct Next: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the next case that waits for a human; nobody else gets it.")

        @OptionGroup var options: Options

        func run() async throws {
            let row = try await options.withDesk { try await $0.work.next(by: $1) }
            try options.answer(
                OrNull(row), CaseTable.of(row.map { [$0] } ?? []),
                note: row.map { "Yours. Next: redress case show \($0.receipt)" } ?? "No case waits.")
        }
    }

    struct Assign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a case to a member of the staff, or back to the list.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "To whom; left out, the case goes back to the list.")
        var to: String?
        @OptionGroup var options: Options

        func run() async throws {
            let number = try edit.number
            let view = try await options.withDesk {
                try await $0.work.assign(number, to: to, version: edit.version, by: $1)
            }
            try options.answer(view, CaseTable.of([view]))
        }
    }

    struct Note: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a note, for the staff or for the citizen too.",
            discussion: "Example: redress case note 2021-000417-8 --text \"문자 화면 확인함\"")

        @OptionGroup var edit: CaseEdit
        @Option(help: "The note.")
        var text: String?
        @Option(help: "A saved answer to use instead.")
        var answer: String?
        @Flag(help: "Show it to the citizen.")
        var shown = false
        @OptionGroup var options: Options

        func run() async throws {
            let number = try edit.number
            guard (text == nil) != (answer == nil) else {
                throw RedressError(.usage, "Give either --text or --answer.")
            }
            let view = try await options.withDesk { desk, actor in
                var words = text ?? ""
                if let answer { words = try await desk.notes.fill(answer, for: number, by: actor) }
                return try await desk.notes.add(
                    words, isShown: shown, to: number, version: edit.version, by: actor)
            }
            try options.answer(view, CaseTable.of([view]))
        }
    }

    struct Timeline: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Everything that happened in a case, in order.")

        @Argument(help: "The receipt number.")
        var receipt: String
        @Flag(help: "Only what the citizen may see.")
        var citizen = false
        @OptionGroup var options: Options

        func run() async throws {
            let number = try ReceiptNumber(receipt)
            let entries = try await options.withDesk {
                try await $0.timelines.timeline(of: number, forCitizen: citizen, by: $1, origin: "cli")
            }
            try options.answer(
                entries,
                Table(
                    [.init("at"), .init("kind"), .init("who"), .init("what")],
                    rows: entries.map { [$0.at, $0.kind, $0.actor, $0.text] }))
        }
    }

    struct Related: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cases of the same person, number, name and birth date, or booking, and linked ones.")

        @Argument(help: "The receipt number.")
        var receipt: String
        @OptionGroup var options: Options

        func run() async throws {
            let number = try ReceiptNumber(receipt)
            let found = try await options.withDesk {
                try await $0.timelines.related(to: number, by: $1, origin: "cli")
            }
            try options.answer(
                found,
                Table(
                    [.init("receipt"), .init("why")],
                    rows: found.map { [$0.receipt, $0.why.joined(separator: ", ")] }))
        }
    }

    struct Link: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Link two cases that have to do with each other.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "The other receipt number.")
        var with: String
        @Option(help: "Why.")
        var reason: String
        @OptionGroup var options: Options

        func run() async throws {
            let (one, other) = (try edit.number, try ReceiptNumber(with))
            let view = try await options.withDesk {
                try await $0.lifecycle.link(
                    one, with: other, reason: reason, version: edit.version, by: $1)
            }
            try options.answer(view, CaseTable.of([view]))
        }
    }

    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Merge two cases of one person; the earlier stays, both numbers lead to it.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "The case it is the same as.")
        var into: String
        @OptionGroup var options: Options

        func run() async throws {
            let (number, other) = (try edit.number, try ReceiptNumber(into))
            let view = try await options.withDesk {
                try await $0.lifecycle.merge(number, into: other, version: edit.version, by: $1)
            }
            try options.answer(view, CaseTable.of([view]), note: "Both numbers lead to \(view.receipt).")
        }
    }

    struct Escalate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put every case that is about to be late before the supervisor, once each.")

        @OptionGroup var options: Options

        func run() async throws {
            let cases = try await options.withDesk { try await $0.work.escalate(by: $1) }
            try options.answer(cases, CaseTable.of(cases), note: "\(cases.count) escalated.")
        }
    }

    struct Bulk: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Assign, note or notify many cases: a preview first, then the same with --confirm.",
            discussion: "Example: redress case bulk 2021-000417-8 2021-000418-3 --assign 김상담")

        @Argument(help: "The receipt numbers, at most \(WorkDesk.bulkCap).")
        var receipts: [String]
        @Option(help: "Give them to this member of the staff.")
        var assign: String?
        @Option(help: "Add this note, for the staff.")
        var note: String?
        @Option(help: "Tell every person this.")
        var notice: String?
        @Option(help: "The digest that the preview showed.")
        var confirm: String?
        @OptionGroup var options: Options

        func run() async throws {
            let numbers = try receipts.map { try ReceiptNumber($0) }
            let acts: [BulkAct] =
                [assign.map(BulkAct.assign), notice.map(BulkAct.notice)].compactMap { $0 }
                + (note.map { [BulkAct.note($0, isShown: false)] } ?? [])
            guard let act = acts.first, acts.count == 1 else {
                throw RedressError(.usage, "Give one of --assign, --note and --notice.")
            }
            let report = try await options.withDesk {
                try await $0.work.bulk(act, numbers, confirm: confirm, by: $1)
            }
            try options.answer(
                report, Table([.init("receipt")], rows: report.receipts.map { [$0] }),
                note: report.isDone
                    ? "Done for \(report.receipts.count) cases."
                    : "Nothing was done yet. To do it: the same again with --confirm \(report.digest)")
        }
    }
}
