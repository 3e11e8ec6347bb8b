/// `case reject`, `approve`, `object` …: decisions, the second person, and every way out of the straight path.
import ArgumentParser
import RedressCore
import RedressDesk

enum CaseDecision {
    private static func reason(_ text: String) throws -> ReasonCode {
        let codes = ReasonCode.allCases.map(\.rawValue).joined(separator: ", ")
        return try parsed(text, "--reason", "one of \(codes)") { ReasonCode(rawValue: $0) }
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask the person for something only they can tell; the clock stands still.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "What is asked, as the citizen reads it.")
        var text: String
        @OptionGroup var options: Options

        func run() async throws {
            try await options.edit(edit) { desk, number, actor in
                try await desk.reviews.ask(number, for: text, version: edit.version, by: actor)
            }
        }
    }

    struct Answered: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the person's answer down; the clock runs again.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "What the person answered.")
        var note: String
        @OptionGroup var options: Options

        func run() async throws {
            try await options.edit(edit) { desk, number, actor in
                try await desk.reviews.answered(number, note: note, version: edit.version, by: actor)
            }
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Propose a rejection; a second person must approve it.",
            discussion: """
                Example: redress case reject 2021-000417-8 --reason queue-bypassed \\
                    --sentence "대기열을 거치지 않은 접속 기록이 확인되었습니다."
                """)

        @OptionGroup var edit: CaseEdit
        @Option(help: "The reason code: queue-bypassed, no-attempt or not-eligible.")
        var reason: String
        @Option(help: "The sentence for the citizen.")
        var sentence: String
        @OptionGroup var options: Options

        func run() async throws {
            let reason = try CaseDecision.reason(reason)
            try await options.edit(edit) { desk, number, actor in
                try await desk.reviews.reject(
                    number, reason: reason, sentence: sentence, version: edit.version, by: actor)
            }
        }
    }

    struct Override: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Propose that the claim is good though the logs do not show it; a second person approves.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "Why, as the decision document words it.")
        var sentence: String
        @OptionGroup var options: Options

        func run() async throws {
            try await options.edit(edit) { desk, number, actor in
                try await desk.reviews.override(
                    number, sentence: sentence, version: edit.version, by: actor)
            }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve what somebody else proposed; for a rejection, look at `case similar` first.")

        @OptionGroup var edit: CaseEdit
        @OptionGroup var options: Options

        func run() async throws {
            try await options.edit(edit) { desk, number, actor in
                try await desk.reviews.approve(number, version: edit.version, by: actor)
            }
        }
    }

    struct SendBack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Do not approve: back to review, with a reason.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "Why.")
        var reason: String
        @OptionGroup var options: Options

        func run() async throws {
            try await options.edit(edit) { desk, number, actor in
                try await desk.reviews.sendBack(number, reason: reason, version: edit.version, by: actor)
            }
        }
    }

    struct NotAffected: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find, as a human, that nothing was lost; the person may object.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "The reason code: cancelled-by-person, booking-stands or other-cause.")
        var reason: String
        @Option(help: "The sentence for the citizen.")
        var sentence: String
        @OptionGroup var options: Options

        func run() async throws {
            let reason = try CaseDecision.reason(reason)
            try await options.edit(edit) { desk, number, actor in
                try await desk.reviews.findNotAffected(
                    number, reason: reason, sentence: sentence, version: edit.version, by: actor)
            }
        }
    }

    struct Similar: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How decided cases with the same findings ended.")

        @Argument(help: "The receipt number.")
        var receipt: String
        @OptionGroup var options: Options

        func run() async throws {
            let number = try ReceiptNumber(receipt)
            let similar = try await options.withDesk {
                try await $0.reviews.similar(number, by: $1, origin: "cli")
            }
            let rows = similar.outcomes.sorted { $0.key < $1.key }.map {
                [$0.key, "\($0.value)", similar.receipts[$0.key]?.joined(separator: " ") ?? ""]
            }
            try options.answer(
                similar, Table([.init("ended"), .init("cases", .right), .init("latest")], rows: rows),
                note: rows.isEmpty ? "No decided case has the same findings." : nil)
        }
    }

    struct Outliers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decided cases that ended otherwise than most with the same findings.")

        @OptionGroup var options: Options

        func run() async throws {
            let outliers = try await options.withDesk { try await $0.reviews.outliers(by: $1) }
            try options.answer(
                outliers,
                Table(
                    [.init("usual"), .init("cases", .right), .init("unusual"), .init("receipts")],
                    rows: outliers.map {
                        [$0.usual, "\($0.usualCount)", $0.unusual, $0.receipts.joined(separator: " ")]
                    }))
        }
    }

    struct Object: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down that the person objects, within 60 days of the notice.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "Why the person objects, in their words.")
        var ground: String
        @OptionGroup var heard: HeardBy
        @OptionGroup var options: Options

        func run() async throws {
            let channel = try heard.channel
            try await options.edit(edit) { desk, number, actor in
                try await desk.lifecycle.object(
                    number, heardBy: channel, ground: ground, version: edit.version, by: actor)
            }
        }
    }

    struct TakeUp: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an objection up; only for somebody who has not handled the case.")

        @OptionGroup var edit: CaseEdit
        @OptionGroup var options: Options

        func run() async throws {
            try await options.edit(edit) { desk, number, actor in
                try await desk.lifecycle.takeUp(number, version: edit.version, by: actor)
            }
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down that the person takes the claim back; silence never is.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "What the person said.")
        var note: String
        @OptionGroup var heard: HeardBy
        @Option(
            help: ArgumentHelp(
                "The mandate of the representative who spoke: refused, only the person can withdraw.",
                valueName: "id"))
        var mandate: String?
        @OptionGroup var options: Options

        func run() async throws {
            let channel = try heard.channel
            try await options.edit(edit) { desk, number, actor in
                try await desk.lifecycle.withdraw(
                    number, heardBy: channel, note: note, mandate: mandate, version: edit.version, by: actor)
            }
        }
    }

    struct Transfer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Hand a case to the agency in charge.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "The agency.")
        var to: String
        @Option(help: "Why.")
        var reason: String
        @OptionGroup var options: Options

        func run() async throws {
            try await options.edit(edit) { desk, number, actor in
                try await desk.lifecycle.transfer(
                    number, to: to, reason: reason, version: edit.version, by: actor)
            }
        }
    }

    struct Extend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lengthen the period by its own length; a second time only with the person's consent.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "Why, as the citizen is told.")
        var reason: String
        @Flag(help: "The person consented.")
        var withConsent = false
        @OptionGroup var options: Options

        func run() async throws {
            try await options.edit(edit) { desk, number, actor in
                try await desk.lifecycle.extend(
                    number, reason: reason, withConsent: withConsent, version: edit.version, by: actor)
            }
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Close a case that ended; a rejection only after the time to object.")

        @OptionGroup var edit: CaseEdit
        @OptionGroup var options: Options

        func run() async throws {
            try await options.edit(edit) { desk, number, actor in
                try await desk.lifecycle.close(number, version: edit.version, by: actor)
            }
        }
    }

    struct Reopen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open a closed case again, on a fresh clock.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "Why.")
        var reason: String
        @OptionGroup var options: Options

        func run() async throws {
            try await options.edit(edit) { desk, number, actor in
                try await desk.lifecycle.reopen(number, reason: reason, version: edit.version, by: actor)
            }
        }
    }
}

extension Options {
    /// Runs one edit of a case and shows the case as it is then.
    func edit(
        _ edit: CaseEdit, _ work: (Desk, ReceiptNumber, Actor) async throws -> CaseView
    ) async throws {
        let number = try edit.number
        let view = try await withDesk { try await work($0, number, $1) }
        try answer(view, CaseTable.of([view]), note: "Version \(view.version).")
    }
}
