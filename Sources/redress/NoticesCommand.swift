/// `notices`: what citizens are told, what did not leave, and the worker that sends.
import ArgumentParser
import Logging
import RedressCore
import RedressDesk
import RedressStore
import RedressWeb
import ServiceLifecycle
import UnixSignals

struct NoticesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notices", abstract: "What citizens are to be told.",
        subcommands: [
            Run.self, List.self, Lag.self, Retry.self, Cancel.self, Correct.self, Preview.self,
            MassNoticeCommand.self,
        ])

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send what is due, then end; with --stay go on until stopped.",
            discussion: """
                Without REDRESS_NOTICE_URL, messages are lines of notices.jsonl in the installation's folder. Between
                21:00 and 08:00 (REDRESS_NOTICE_QUIET) only one-time codes leave, and notices about a seat within a day.
                """)

        @Flag(help: "Go on until the process is told to stop.")
        var stay = false
        @OptionGroup var options: Options

        func run() async throws {
            let turn = try await options.withDesk { desk, actor in
                try actor.require(.operate)
                let runner = try options.noticeRunner(desk)
                guard stay else {
                    try await runner.tidy()
                    return try await runner.drain()
                }
                let logger = Logger(label: "redress")
                try await ServiceGroup(
                    services: [NoticeService(runner: runner, logger: logger)],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
                ).run()
                return NoticeTurn()
            }
            try options.answer(
                turn,
                Table([
                    "sent": "\(turn.sent)", "dropped": "\(turn.dropped)", "to call": "\(turn.toCall)",
                    "postponed": "\(turn.postponed)", "failed": "\(turn.failed)",
                ]),
                note: turn.isDown ? "The gateway does not answer; what is left is tried again later." : nil)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every notice in the outbox, in the order of the facts it tells.")

        @Option(help: "Only these: waiting, sent, dropped, failed or cancelled.")
        var state: String?
        @OptionGroup var options: Options

        func run() async throws {
            let state = try state.map {
                try parsed($0, "--state", "waiting, sent, dropped, failed or cancelled") {
                    OutboxRow.State(rawValue: $0)
                }
            }
            let notices = try await options.withDesk { try await $0.notices.list(in: state, by: $1) }
            try options.answer(notices, Self.table(notices), note: "\(notices.count) notices.")
        }

        static func table(_ notices: [NoticeView]) -> Table {
            Table(
                [.init("notice"), .init("case"), .init("event"), .init("state"), .init("why")],
                rows: notices.map { [$0.id, $0.case, $0.event, $0.state, $0.why.value ?? ""] })
        }
    }

    struct Lag: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "How far the outbox is behind.")

        @OptionGroup var options: Options

        func run() async throws {
            let lag = try await options.withDesk { desk, _ in try await desk.notices.lag() }
            try options.answer(
                lag,
                Table([
                    "waiting": "\(lag.waiting)", "failed": "\(lag.failed)",
                    "oldest, seconds": "\(lag.oldestSeconds)",
                ]))
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Put a failed or cancelled notice back in line; its fact is read again before it leaves.")

        @Argument(help: "The notice's id.")
        var id: String
        @OptionGroup var options: Options

        func run() async throws {
            let notice = try await options.withDesk { try await $0.notices.retry(id, by: $1) }
            try options.answer(notice, List.table([notice]))
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Keep a notice from leaving.")

        @Argument(help: "The notice's id.")
        var id: String
        @Option(help: "Why, in a sentence.")
        var reason: String
        @OptionGroup var options: Options

        func run() async throws {
            let notice = try await options.withDesk {
                try await $0.notices.cancel(id, reason: reason, by: $1)
            }
            try options.answer(notice, List.table([notice]))
        }
    }

    struct Correct: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell the person that a text which left was an error; the two stay linked.")

        @Argument(help: "The id of the erroneous notice.")
        var id: String
        @Option(help: "What is true.")
        var text: String
        @OptionGroup var options: Options

        func run() async throws {
            let notice = try await options.withDesk { try await $0.notices.correct(id, text: text, by: $1) }
            try options.answer(notice, List.table([notice]))
        }
    }

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A text as it would leave, with its length as carriers count it.",
            discussion: """
                Example: redress notices preview restored --value 'name=박○○' --value 'seat=8/16(월)10:00' \\
                    --value receipt=2021-000417-8
                """)

        @Argument(help: "The event, as `notices list` names it.")
        var event: String
        @Option(help: "ko or en.")
        var language = "ko"
        @Option(help: "A value, name=text; once for each.")
        var value: [String] = []
        @OptionGroup var options: Options

        func run() async throws {
            let event = try parsed(event, "The event", "one of the events in docs/notices.md") {
                NoticeEvent(rawValue: $0)
            }
            let language = try parsed(language, "--language", "ko or en") { NoticeLanguage(rawValue: $0) }
            var values: [String: String] = [:]
            for pair in value {
                let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { throw RedressError(.usage, "--value must be name=text.") }
                values[parts[0]] = parts[1]
            }
            let filled = values
            let preview = try await options.withDesk { desk, _ in
                try desk.notices.preview(event, language, filled, settings: options.noticeSettings())
            }
            try options.answer(
                preview,
                Table(["text": preview.text, "kind": preview.kind, "bytes": "\(preview.bytes)"]))
        }
    }
}
