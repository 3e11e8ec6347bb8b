/// `lookup`: who is this caller.
import ArgumentParser
import RedressCore
import RedressDesk

struct LookupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup", abstract: "Find everyone behind a phone number, in any spelling.",
        discussion: """
            The number searched is never printed. `--phone -` reads it from standard input, so that it stays out
            of the shell's history. Every look is recorded.

            Example: echo "010-1234-5678" | redress lookup --phone -
            """)

    @Option(help: "The phone number, or - to read it from standard input.")
    var phone: String
    @OptionGroup var options: Options

    func run() async throws {
        let text = phone == "-" ? readLine() ?? "" : phone
        let report = try await options.withDesk { desk, actor in
            try await desk.lookups.phone(text, by: actor, origin: "cli")
        }
        let rows = report.people.flatMap { person in
            person.bookings.map { booking in
                let match = person.cases.first { $0.booking == booking.booking }
                return [
                    person.name.value ?? "–", person.phone.value ?? "–", booking.booking, booking.site,
                    "\(booking.date) \(booking.slot)", booking.status, match?.receipt ?? "–",
                    match?.state ?? "–",
                ]
            }
        }
        let columns: [Table.Column] = [
            .init("name"), .init("phone"), .init("booking"), .init("site"), .init("date"), .init("status"),
            .init("case"), .init("state"),
        ]
        let count = report.people.count
        try options.answer(
            report, Table(columns, rows: rows),
            note: count == 0
                ? "No match. Searched: \(report.searched)."
                : "\(count) \(count == 1 ? "person" : "people"). Searched: \(report.searched).")
    }
}
