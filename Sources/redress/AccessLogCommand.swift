/// `access-log`: who looked at whose data.
import ArgumentParser
import RedressCore
import RedressDesk

struct AccessLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access-log", abstract: "Who looked at whose data.",
        subcommands: [Show.self, Month.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The looks at a case or a person, the newest first.")

        @Argument(help: "A receipt number, or INCIDENT/PERSON.")
        var subject: String
        @Option(help: "How many rows.")
        var limit = 100
        @OptionGroup var options: Options

        func run() async throws {
            let subject = (try? ReceiptNumber(subject).description) ?? subject
            let rows = try await options.withDesk {
                try await $0.accesses.looks(at: subject, limit: limit, by: $1)
            }
            try options.answer(
                rows,
                Table(
                    [.init("at"), .init("who"), .init("what"), .init("from"), .init("why")],
                    rows: rows.map { [$0.at, $0.actor, $0.what, $0.origin, $0.reason] }))
        }
    }

    struct Month: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A month's looks by member of the staff, with those outside of working hours.",
            discussion: "Example: redress access-log month 2021-07")

        @Argument(help: "The month, as in 2021-07.")
        var month: String
        @OptionGroup var options: Options

        func run() async throws {
            let parts = month.split(separator: "-").compactMap { Int($0) }
            guard parts.count == 2 else { throw RedressError(.usage, "A month is written 2021-07.") }
            let rows = try await options.withDesk {
                try await $0.accesses.month(parts[0], parts[1], by: $1)
            }
            try options.answer(
                rows,
                Table(
                    [
                        .init("who"), .init("what"), .init("looks", .right), .init("people or cases", .right),
                        .init("outside hours", .right),
                    ],
                    rows: rows.map {
                        [$0.actor, $0.what, "\($0.looks)", "\($0.subjects)", "\($0.outsideHours)"]
                    }))
        }
    }
}
