/// `case offer`, `undo`, `vacate`, `wait`, `delivered`: what becomes of a person besides the original slot.
import ArgumentParser
import RedressCore
import RedressDesk

struct OfferCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offer",
        abstract: "List the seats a person may be offered instead of the lost one; hold one with --choose.",
        discussion: """
            The list is the same for everyone who lost that slot: same date and site, then near-by sites by distance,
            then the nearest dates. Example: redress case offer 2021-000417-8 --choose 1
            """)

    @Argument(help: "The receipt number.")
    var receipt: String
    @Option(help: "The number in the list: that seat is held and offered.")
    var choose: Int?
    @Option(help: "An idempotency key: the same key again changes nothing and answers the same.")
    var key: String?
    @OptionGroup var options: Options

    func run() async throws {
        let receipt = try ReceiptNumber(receipt)
        if let choose {
            let outcome = try await options.withDesk {
                try await $0.offers.choose(choose, for: receipt, key: key, by: $1)
            }
            return try answer(outcome, options)
        }
        let list = try await options.withDesk { try await $0.offers.list(receipt, by: $1) }
        try options.answer(
            list,
            Table(
                [
                    .init("no.", .right), .init("rung"), .init("seat"), .init("centre"),
                    .init("free", .right), .init("km", .right), .init("why here"),
                ],
                rows: list.choices.map {
                    [
                        "\($0.choice)", $0.rung, "\($0.site) \($0.date) \($0.slot)", $0.name, "\($0.free)",
                        "\($0.kilometres)", $0.explanation,
                    ]
                }),
            note: """
                Lost: \(list.lost.site) \(list.lost.date) \(list.lost.slot); free there for this case: \
                \(list.freeOnLost).
                Next: redress case offer \(receipt) --choose N, or redress case wait \(receipt)
                """)
    }
}

struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract:
            "Take a move back within 30 minutes on the person's word: they have their later booking again.")

    @OptionGroup var said: PersonsWord
    @OptionGroup var options: Options

    func run() async throws {
        let (number, word) = (try said.edit.number, try said.word)
        try answer(
            try await options.withDesk {
                try await $0.restoration.undo(number, word, key: said.key, by: $1)
            }, options)
    }
}

struct VacateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vacate",
        abstract: "Record that a restored person gives their date up: the seat goes to whoever waits.")

    @OptionGroup var said: PersonsWord
    @OptionGroup var options: Options

    func run() async throws {
        let (number, word) = (try said.edit.number, try said.word)
        try answer(
            try await options.withDesk {
                try await $0.restoration.vacate(number, word, key: said.key, by: $1)
            }, options)
    }
}

struct WaitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Put a person in the line for the slot they lost; a freed seat is held for them by itself.")

    @Argument(help: "The receipt number.")
    var receipt: String
    @OptionGroup var options: Options

    func run() async throws {
        let receipt = try ReceiptNumber(receipt)
        try answer(try await options.withDesk { try await $0.offers.wait(receipt, by: $1) }, options)
    }
}

struct DeliveredCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delivered",
        abstract: "Record that an offer reached the person: its working days begin now.")

    @Argument(help: "The receipt number.")
    var receipt: String
    @OptionGroup var options: Options

    func run() async throws {
        let receipt = try ReceiptNumber(receipt)
        try answer(try await options.withDesk { try await $0.offers.delivered(receipt, by: $1) }, options)
    }
}

/// What a person said about their seat, and how it was heard.
struct PersonsWord: ParsableArguments {
    @OptionGroup var edit: CaseEdit
    @Option(help: "How the answer was heard: call, page or text.")
    var heardBy: String
    @Option(help: "What was said; kept encrypted.")
    var note: String?
    @Option(
        help: ArgumentHelp(
            "The mandate of the representative who spoke; they may accept if it says so, never decline.",
            valueName: "id"))
    var mandate: String?
    @Option(help: "An idempotency key: the same key again changes nothing and answers the same.")
    var key: String?

    var word: HeardWord {
        get throws {
            let channel: Channel = try parsed(heardBy, "--heard-by", "call, page or text") { text in
                [.call, .page, .text].first { $0.rawValue == text }
            }
            return HeardWord(channel, note: note, mandate: mandate, version: edit.version)
        }
    }
}
