/// `notices mass`: a notice to everyone of an incident, counted, shown, agreed to by a second person, and stoppable.
import ArgumentParser
import RedressCore
import RedressDesk

struct MassNoticeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mass", abstract: "A notice to everyone of an incident.",
        subcommands: [Ask.self, Approve.self, Stop.self, List.self])

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show text and number of people, and ask a second person to agree.",
            discussion:
                "Example: redress notices mass ask '복구를 시작했습니다.' --incident 2021-07-19 --state waitlisted")

        @Argument(help: "The text, without name or link.")
        var text: String
        @Option(help: "The incident.")
        var incident: String
        @Option(help: "People with a case in this state; once for each. Default: every open case.")
        var state: [String] = []
        @Option(help: "How many people a minute.")
        var perMinute = 600
        @OptionGroup var options: Options

        func run() async throws {
            let states =
                try state.isEmpty
                ? CaseState.allCases.filter(\.isOpen)
                : state.map { try parsed($0, "--state", "a case state") { CaseState(rawValue: $0) } }
            let view = try await options.withDesk {
                try await $0.massNotices.ask(
                    text, incident: incident, states: states, perMinute: perMinute, by: $1,
                    settings: options.noticeSettings())
            }
            try options.answer(
                view, MassNoticeCommand.table([view]),
                note: """
                    \(view.preview)
                    \(view.bytes) bytes, \(view.people) people. A second person agrees: redress notices mass \
                    approve \(view.id)
                    """)
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Agree to a notice that somebody else asked for, or let a stopped one go on.")

        @Argument(help: "Its id.")
        var id: String
        @OptionGroup var options: Options

        func run() async throws {
            let view = try await options.withDesk { try await $0.massNotices.approve(id, by: $1) }
            try options.answer(view, MassNoticeCommand.table([view]))
        }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop it: nobody else is told, and what did not leave is dropped.")

        @Argument(help: "Its id.")
        var id: String
        @OptionGroup var options: Options

        func run() async throws {
            let view = try await options.withDesk { try await $0.massNotices.stop(id, by: $1) }
            try options.answer(view, MassNoticeCommand.table([view]))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All of them, and how far each is.")

        @OptionGroup var options: Options

        func run() async throws {
            let views = try await options.withDesk { try await $0.massNotices.list(by: $1) }
            try options.answer(views, MassNoticeCommand.table(views), note: "\(views.count) notices to many.")
        }
    }

    static func table(_ views: [MassNoticeView]) -> Table {
        Table(
            [
                .init("id"), .init("state"), .init("people", .right), .init("queued", .right),
                .init("sent", .right), .init("asked by"),
            ],
            rows: views.map {
                [$0.id, $0.state, "\($0.people)", "\($0.queued)", "\($0.sent)", $0.askedBy]
            })
    }
}
