/// `audit`: prove that nothing was altered, show what was done, pick cases to check.
import ArgumentParser
import RedressCore
import RedressDesk
import RedressStore

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Prove that nothing was altered, and show what was done.",
        subcommands: [Verify.self, Show.self, Sample.self])

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

    struct Sample: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Pick decided cases of a week for a spot check; the same week and seed pick the same ones.",
            discussion: "Example: redress audit sample --week 2021-W29 --seed 7")

        @Option(help: "The ISO week in Seoul, as in 2021-W29.")
        var week: String
        @Option(help: "The seed, best drawn in public.")
        var seed: UInt64
        @Option(help: "How many cases.")
        var count = 20
        @OptionGroup var options: Options

        func run() async throws {
            let week = try Week(week)
            let receipts = try await options.withDesk {
                try await $0.audit.sample(week, seed: seed, count: count, by: $1)
            }
            try options.answer(
                receipts, Table([.init("receipt")], rows: receipts.map { [$0] }),
                note: "\(receipts.count) cases of \(week).")
        }
    }
}
