/// `contact prefer`, `number`, `represent`, `call-outs`: how people are reached and who speaks for them.
import ArgumentParser
import RedressCore
import RedressDesk

extension ContactCommand {
    struct Prefer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write how the person wants to be told, and in which language.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "The channel: text, call, letter, email or representative.")
        var channel: String?
        @Option(help: "The language of notices: ko or en.")
        var language: String?
        @OptionGroup var options: Options

        func run() async throws {
            let number = try edit.number
            let channel = try channel.map {
                try parsed($0, "--channel", "text, call, letter, email or representative") {
                    PreferredChannel(rawValue: $0)
                }
            }
            let language = try language.map {
                try parsed($0, "--language", "ko or en") { NoticeLanguage(rawValue: $0) }
            }
            guard channel != nil || language != nil else {
                throw RedressError(.usage, "Give --channel, --language or both.")
            }
            try await options.withDesk { desk, actor in
                try await desk.reach.prefer(
                    channel, language, for: number, version: edit.version, by: actor)
            }
            let (channelName, languageName) = (channel?.rawValue ?? "", language?.rawValue ?? "")
            try options.answer(
                ["channel": channelName, "language": languageName].filter { !$0.value.isEmpty },
                Table(["told by": channelName, "in": languageName]))
        }
    }

    struct Number: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Change the person's number: one asks with two facts, a second member of the staff approves.")

        @OptionGroup var edit: CaseEdit
        @Option(help: "The new number, or - to read it from standard input.")
        var to: String?
        @Option(help: "A fact of the lost booking; two are needed.")
        var fact: [String] = []
        @Flag(help: "Approve what a colleague asked for.")
        var approve = false
        @OptionGroup var options: Options

        func run() async throws {
            let number = try edit.number
            guard approve != (to != nil) else { throw RedressError(.usage, "Give either --to or --approve.") }
            let new = to == "-" ? readLine() ?? "" : to ?? ""
            let view = try await options.withDesk { desk, actor in
                approve
                    ? try await desk.reach.approveNumber(for: number, version: edit.version, by: actor)
                    : try await desk.reach.askNumber(
                        new, for: number, facts: fact, version: edit.version, by: actor)
            }
            try options.answer(
                view, CaseTable.of([view]),
                note: approve
                    ? "Changed. For 24 hours nothing can be declined."
                    : "A second member of the staff approves it: redress contact number \(edit.receipt) --approve"
            )
        }
    }

    struct Represent: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record who speaks for the person; without --name, show who does.",
            discussion: """
                Example: redress contact represent 2021-000417-8 --name 박아들 --phone 010-9876-5432 \\
                    --relation 아들 --proof three-way-call --until 2021-12-31
                """)

        @Argument(help: "The receipt number.")
        var receipt: String
        @Option(help: "The representative's name.")
        var name: String?
        @Option(help: "Their number.")
        var phone: String?
        @Option(help: "What they are to the person.")
        var relation: String?
        @Option(help: "What they may do: ask, or accept (an offer too); nobody may decline for the person.")
        var scope = "ask"
        @Option(help: "The proof: three-way-call, code or paper.")
        var proof: String?
        @Option(help: "Whom notices go to: person, representative or both.")
        var noticesTo = "both"
        @Option(help: "The last day it holds.")
        var until: String?
        @Option(help: "End the mandate of this id.")
        var end: String?
        @OptionGroup var options: Options

        func run() async throws {
            let number = try ReceiptNumber(receipt)
            let new = try mandate()
            let views = try await options.withDesk { desk, actor in
                if let end { try await desk.reach.endRepresentative(end, for: number, by: actor) }
                if let new { _ = try await desk.reach.addRepresentative(new, for: number, by: actor) }
                return try await desk.reach.representatives(of: number, by: actor, origin: "cli")
            }
            try options.answer(
                views,
                Table(
                    [
                        .init("mandate"), .init("name"), .init("phone"), .init("relation"), .init("scope"),
                        .init("proof"), .init("notices to"), .init("until"),
                    ],
                    rows: views.map {
                        [
                            $0.id, $0.name, $0.phone, $0.relation, $0.scope, $0.proof, $0.noticesTo,
                            String($0.expiresAt.prefix(10)),
                        ]
                    }))
        }

        private func mandate() throws -> NewRepresentative? {
            guard let name else { return nil }
            guard let phone, let relation, let proof, let until else {
                throw RedressError(.usage, "A mandate needs --phone, --relation, --proof and --until.")
            }
            return NewRepresentative(
                name: name, phone: phone, relation: relation,
                scope: try parsed(scope, "--scope", "ask or accept") { RepresentativeScope(rawValue: $0) },
                proof: try parsed(proof, "--proof", "three-way-call, code or paper") {
                    MandateProof(rawValue: $0)
                },
                noticesTo: try parsed(noticesTo, "--notices-to", "person, representative or both") {
                    Addressee(rawValue: $0)
                },
                until: try parsed(until, "--until", "a date such as 2021-12-31") { CivilDate($0) })
        }
    }

    struct CallOuts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Notices a text message cannot carry; --told and --not-reached end a task.")

        @Option(help: "The notice whose person was told.")
        var told: String?
        @Option(help: "The notice whose person was not reached.")
        var notReached: String?
        @OptionGroup var options: Options

        func run() async throws {
            let rows = try await options.withDesk { desk, actor in
                if let told { try await desk.reach.endCallOut(told, told: true, by: actor) }
                if let notReached { try await desk.reach.endCallOut(notReached, told: false, by: actor) }
                return try await desk.reach.callOuts(by: actor)
            }
            try options.answer(
                rows,
                Table(
                    [.init("notice"), .init("case"), .init("event"), .init("why"), .init("since")],
                    rows: rows.map { [$0.notice, $0.receipt, $0.event, $0.reason, $0.since] }))
        }
    }
}
