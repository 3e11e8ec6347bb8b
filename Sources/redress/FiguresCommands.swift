/// `notices`, `audit`, `calendar`: what is told, proven and counted.
import ArgumentParser
import RedressCore
import RedressDesk
import RedressStore

struct NoticesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notices", abstract: "What citizens are to be told.", subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every notice in the outbox, in the order of the facts it tells.")

        @OptionGroup var options: Options

        func run() async throws {
            let notices = try await options.withDesk { try await $0.notices.list(by: $1) }
            try options.answer(
                notices,
                Table(
                    [.init("notice"), .init("case"), .init("event"), .init("state")],
                    rows: notices.map { [$0.id, $0.case, $0.event, $0.state] }),
                note: "\(notices.count) notices.")
        }
    }
}

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Prove that nothing was altered, and show what was done.",
        subcommands: [Verify.self, Show.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Recompute the chain and compare it with every signed head; names the first bad row.")

        @OptionGroup var options: Options

        func run() async throws {
            let report = try await options.withDesk { try await $0.audit.verify(by: $1) }
            let rows =
                [["rows", "\(report.rows)"], ["signed heads", "\(report.anchors)"]]
                + report.faults.map { ["FAULT", $0] }
            try options.answer(
                report, Table([.init("what"), .init("found")], rows: rows),
                note: report.ok ? "The chain is whole." : "The chain is broken.")
            if !report.ok { throw CommandFailed(code: .fault) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The last things that were done, newest first.")

        @Option(help: "How many rows.")
        var limit = 20
        @Option(help: "Only about this receipt number, slot or incident.")
        var subject: String?
        @OptionGroup var options: Options

        private struct View: Encodable {
            var seq: Int
            var at: String
            var actor: String
            var action: String
            var subject: String
            var detail: String
        }

        func run() async throws {
            let rows = try await options.withDesk { try await $0.audit.show(limit, subject: subject, by: $1) }
            let views = rows.map {
                View(
                    seq: $0.seq, at: $0.at.description, actor: $0.actor, action: $0.action,
                    subject: $0.subject, detail: $0.detail.split(separator: "\n").joined(separator: " "))
            }
            try options.answer(
                views,
                Table(
                    [
                        .init("row", .right), .init("at"), .init("actor"), .init("action"), .init("subject"),
                        .init("detail"),
                    ],
                    rows: views.map { ["\($0.seq)", $0.at, $0.actor, $0.action, $0.subject, $0.detail] }))
        }
    }
}

struct CalendarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "Working days and due dates.", subcommands: [Due.self])

    struct Due: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "When an answer is due, and how that was counted.",
            discussion: "Example: redress calendar due --received 2024-12-06T10:06:58+09:00 --days 7")

        @Option(help: "When it was received.")
        var received: String
        @Option(help: "The period in days.")
        var days: Int?
        @Option(help: "The period in working hours.")
        var hours: Int?
        @OptionGroup var options: Options

        private struct View: Encodable {
            var due: String
            var trace: [String]
        }

        func run() async throws {
            let form = "an RFC 3339 time with an offset, as in 2024-12-06T10:06:58+09:00"
            let received = try parsed(received, "--received", form) { Instant($0) }
            let calendar = WorkingCalendar.korean
            let deadline =
                switch (days, hours) {
                case (let days?, nil): try calendar.due(received: received, days: days)
                case (nil, let hours?): try calendar.due(received: received, hours: hours)
                default: throw RedressError(.usage, "Give either --days or --hours.")
                }
            let view = View(due: deadline.due.description, trace: deadline.trace.map(\.description))
            try options.answer(
                view,
                Table([.init("due \(view.due)")], rows: view.trace.map { [$0] }))
        }
    }
}
