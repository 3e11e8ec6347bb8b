/// `calendar`: working days, due dates and holidays.
import ArgumentParser
import RedressCore
import RedressDesk

struct CalendarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "Working days and due dates.",
        subcommands: [Due.self, Holiday.self])

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
            var calendar: String
        }

        func run() async throws {
            let form = "an RFC 3339 time with an offset, as in 2024-12-06T10:06:58+09:00"
            let received = try parsed(received, "--received", form) { Instant($0) }
            // Holidays that were added count too, where there is an installation.
            let calendar =
                options.installation.exists
                ? try await options.withDesk { desk, _ in try await desk.calendars.calendar() } : .korean
            let deadline =
                switch (days, hours) {
                case (let days?, nil): try calendar.due(received: received, days: days)
                case (nil, let hours?): try calendar.due(received: received, hours: hours)
                default: throw RedressError(.usage, "Give either --days or --hours.")
                }
            let view = View(
                due: deadline.due.description, trace: deadline.trace.map(\.description),
                calendar: calendar.version)
            try options.answer(
                view,
                Table([.init("due \(view.due)")], rows: view.trace.map { [$0] }))
        }
    }

    struct Holiday: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Holidays: those known, and those declared later.", subcommands: [Add.self, List.self])

        struct Add: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Add a holiday and count every open case's due time again.",
                discussion: "Example: redress calendar holiday add 2021-08-16 대체공휴일")

            @Argument(help: "The date.")
            var date: String
            @Argument(help: "Its name.")
            var name: String
            @OptionGroup var options: Options

            func run() async throws {
                let date = try parsed(date, "The date", "a date such as 2021-08-16") { CivilDate($0) }
                let count = try await options.withDesk {
                    try await $0.calendars.addHoliday(name, on: date, by: $1)
                }
                try options.answer(
                    ["date": date.description, "name": name, "lengthened": "\(count)"],
                    Table(["date": date.description, "name": name, "cases lengthened": "\(count)"]),
                    note: "Promised times stay as they were.")
            }
        }

        struct List: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Every holiday that is counted with.")

            @OptionGroup var options: Options

            func run() async throws {
                let calendar = try await options.withDesk { desk, _ in try await desk.calendars.calendar() }
                let rows = calendar.holidays.map { [$0.date.description, $0.name] }
                try options.answer(
                    rows, Table([.init("date"), .init("name")], rows: rows), note: calendar.version)
            }
        }
    }
}
