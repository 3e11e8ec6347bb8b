/// `lookup`: who is this caller.
import ArgumentParser
import RedressCore
import RedressDesk

struct LookupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup",
        abstract: "Find everyone a caller can be, in every way people say who they are.",
        discussion: """
            What is searched for is never printed. `-` as a value reads it from standard input, so that it stays \
            out of the shell's history. Every look is recorded.

            Examples: echo "010-1234-5678" | redress lookup --phone -
                      redress lookup --name 박진호 --born 1967-03-01
                      redress lookup --last-four 5678 --born 1967-03-01
                      redress lookup --receipt 2021-000417-8
            """)

    @Option(help: "The phone number in any spelling, or - to read it from standard input.")
    var phone: String?
    @Option(help: "The name, in Hangul, Latin letters, or as typed on an English keyboard; with --born.")
    var name: String?
    @Option(help: "The date of birth.")
    var born: String?
    @Option(help: "The last four digits of the number; --born or --name narrow it down.")
    var lastFour: String?
    @Option(help: "The booking number.")
    var booking: String?
    @Option(help: "The receipt number.")
    var receipt: String?
    @Option(help: "A person of --incident, to be shown in clear; with --reason.")
    var unmask: String?
    @Option(help: "The incident of --unmask.")
    var incident: String?
    @Option(help: "Why the data must be seen in clear; it is recorded.")
    var reason: String?
    @OptionGroup var options: Options

    func run() async throws {
        if let unmask { return try await show(unmask) }
        let query = try query()
        let report = try await options.withDesk { desk, actor in
            try await desk.lookups.find(query, by: actor, origin: "cli")
        }
        let rows = report.people.flatMap { person in
            let bookings = person.bookings.map { booking in
                let match = person.cases.first { $0.booking == booking.booking }
                return [
                    person.name.value ?? "–", person.phone.value ?? "–", booking.booking, booking.site,
                    "\(booking.date) \(booking.slot)", booking.status, match?.receipt ?? "–",
                    match?.state ?? "–", person.promise.value ?? "",
                ]
            }
            let unlisted = person.cases.filter { row in
                !person.bookings.contains { $0.booking == row.booking }
            }
            return bookings
                + unlisted.map { row in
                    [
                        person.name.value ?? "–", person.phone.value ?? "–", row.booking, "–", "–", "–",
                        row.receipt, row.state, person.promise.value ?? "",
                    ]
                }
        }
        let columns: [Table.Column] = [
            .init("name"), .init("phone"), .init("booking"), .init("site"), .init("date"), .init("status"),
            .init("case"), .init("state"), .init("promised"),
        ]
        try options.answer(report, Table(columns, rows: rows), note: note(report))
    }

    private func note(_ report: LookupReport) -> String {
        let count = report.people.count
        var words =
            count == 0
            ? "No match." : "\(count) \(count == 1 ? "person" : "people")\(report.isCut ? " and more" : "")."
        words += " Searched: \(report.searched)."
        if !report.didYouMean.isEmpty {
            words += " Did you mean: \(report.didYouMean.joined(separator: ", "))?"
        }
        if let moment = report.asOf { words += " As of \(moment), from a copy." }
        return words
    }

    private func query() throws -> LookupQuery {
        let birthDate = try born.map { text in
            try parsed(text, "--born", "a date such as 1967-03-01") { CivilDate($0) }
        }
        func typed(_ text: String) -> String { text == "-" ? readLine() ?? "" : text }
        let isOne = [phone, booking, receipt, lastFour].compactMap { $0 }.count <= 1
        if isOne, name == nil, birthDate == nil {
            if let phone { return .phone(typed(phone)) }
            if let booking { return .booking(typed(booking)) }
            if let receipt { return .receipt(typed(receipt)) }
        }
        if isOne, phone == nil, booking == nil, receipt == nil {
            if let lastFour { return .lastFour(typed(lastFour), name: name, birthDate: birthDate) }
            if let name, let birthDate { return .name(typed(name), birthDate: birthDate) }
        }
        throw RedressError(
            .usage,
            "Give one of --phone, --booking, --receipt, --last-four (with --name or --born), or --name with --born."
        )
    }

    private func show(_ person: String) async throws {
        guard let incident, let reason else {
            throw RedressError(.usage, "--unmask needs --incident and --reason.")
        }
        let card = try await options.withDesk {
            try await $0.lookups.unmask(person, incident: incident, reason: reason, by: $1, origin: "cli")
        }
        try options.answer(
            card,
            Table([
                "name": card.name.value ?? "–", "phone": card.phone.value ?? "–",
                "born": card.birthDate.value ?? "–", "told by": card.preferredChannel.value ?? "–",
            ]), note: "That you looked, and why, is recorded.")
    }
}
