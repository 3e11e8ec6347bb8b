/// `contact`: calls, visits and messages, from the first key to the call back; how people are reached.
import ArgumentParser
import RedressCore
import RedressDesk

struct ContactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contact",
        abstract: "Calls and visits: begin, verify the caller, promise, end, call back.",
        subcommands: [
            Begin.self, Save.self, Verify.self, End.self, Warn.self, CalledBack.self, Show.self, List.self,
            Prefer.self, Number.self, Represent.self, CallOuts.self,
        ])

    struct Begin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin a contact; a draft is kept from here on.",
            discussion: "Example: redress contact begin --call-id 7f3a --number -")

        @Option(help: "call, counter, page, text or letter.")
        var channel = "call"
        @Option(help: "The telephone system's id of the call.")
        var callId: String?
        @Option(help: "The calling number, or - to read it from standard input.")
        var number: String?
        @OptionGroup var options: Options

        func run() async throws {
            let channel = try parsed(channel, "--channel", "call, counter, page, text or letter") {
                Channel(rawValue: $0)
            }
            let number = number == "-" ? readLine() ?? "" : number
            let view = try await options.withDesk {
                try await $0.contacts.begin(channel: channel, callID: callId, number: number, by: $1)
            }
            try options.answer(view, ContactTable.of([view]))
        }
    }

    /// What is known of a contact so far.
    struct Known: ParsableArguments {
        @Option(help: "The case it is about.")
        var receipt: String?
        @Option(help: "Who speaks: person, family, representative, relay or interpreter.")
        var speaker: String?
        @Option(help: "The telephone system's id of the recording.")
        var recordingId: String?
        @Option(help: "What was said; kept encrypted.")
        var note: String?
        @Option(help: "What was promised; it stands on top when the person calls again.")
        var promise: String?
        @Option(help: "When we call back, RFC 3339.")
        var callBack: String?
        @Option(
            help: ArgumentHelp(
                "The version you saw; the edit is refused when it is another now.", valueName: "version"))
        var seen: Int?

        var edit: ContactEdit {
            get throws {
                var edit = ContactEdit()
                edit.receipt = try receipt.map { try ReceiptNumber($0) }
                edit.speaker = try speaker.map { text in
                    try parsed(text, "--speaker", Speaker.allCases.map(\.rawValue).joined(separator: ", ")) {
                        Speaker(rawValue: $0)
                    }
                }
                edit.recordingID = recordingId
                edit.note = note
                edit.version = seen
                edit.promise = promise
                edit.callBackAt = try callBack.map { text in
                    try parsed(text, "--call-back", "an RFC 3339 time with an offset") { Instant($0) }
                }
                return edit
            }
        }
    }

    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Save what is known so far.")

        @Argument(help: "The contact's id.")
        var id: String
        @OptionGroup var known: Known
        @OptionGroup var options: Options

        func run() async throws {
            let edit = try known.edit
            let view = try await options.withDesk { try await $0.contacts.save(id, edit, by: $1) }
            try options.answer(view, ContactTable.of([view]))
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Compare what the caller states with the register: name, birth date, a fact of the booking.")

        @Argument(help: "The contact's id.")
        var id: String
        @Option(help: "The case whose person they say they are.")
        var receipt: String
        @Option(help: "The name as stated.")
        var name: String
        @Option(help: "The birth date as stated.")
        var born: String
        @Option(help: "A fact of the booking: site, date, time, vaccine or number; may be given again.")
        var fact: [String]
        @OptionGroup var options: Options

        func run() async throws {
            let number = try ReceiptNumber(receipt)
            let birthDate = try parsed(born, "--born", "a date such as 1967-03-01") { CivilDate($0) }
            let stated = StatedFacts(name: name, birthDate: birthDate, bookingFacts: fact)
            let fits = try await options.withDesk {
                try await $0.contacts.verify(id, as: number, stated, by: $1, origin: "cli")
            }
            try options.answer(
                fits,
                Table(
                    [.init("stated"), .init("fits")],
                    rows: fits.sorted { $0.key < $1.key }.map { [$0.key, $0.value ? "yes" : "no"] }))
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a contact: request, progress, complaint, wrong-number, dropped or abusive.")

        @Argument(help: "The contact's id.")
        var id: String
        @Option(help: "How it ended.")
        var wrapUp: String
        @OptionGroup var known: Known
        @OptionGroup var options: Options

        func run() async throws {
            let codes = WrapUp.allCases.map(\.rawValue).joined(separator: ", ")
            let wrapUp = try parsed(wrapUp, "--wrap-up", "one of \(codes)") { WrapUp(rawValue: $0) }
            let edit = try known.edit
            let view = try await options.withDesk {
                try await $0.contacts.end(id, as: wrapUp, edit, by: $1)
            }
            try options.answer(view, ContactTable.of([view]))
        }
    }

    struct Warn: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Warn an abusive caller; nothing about their case changes.")

        @Argument(help: "The contact's id.")
        var id: String
        @OptionGroup var options: Options

        func run() async throws {
            let view = try await options.withDesk { try await $0.contacts.warn(id, by: $1) }
            try options.answer(view, ContactTable.of([view]))
        }
    }

    struct CalledBack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note that a promised call back was made, or a broken line called again.")

        @Argument(help: "The contact's id.")
        var id: String
        @OptionGroup var options: Options

        func run() async throws {
            let view = try await options.withDesk { try await $0.contacts.calledBack(id, by: $1) }
            try options.answer(view, ContactTable.of([view]))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One contact, by its id or the call's id in the telephone system.")

        @Argument(help: "The id.")
        var id: String
        @OptionGroup var options: Options

        func run() async throws {
            let view = try await options.withDesk {
                try await $0.contacts.show(id, by: $1, origin: "cli")
            }
            try options.answer(
                view,
                Table([
                    "state": view.label, "case": view.receipt.value ?? "–",
                    "speaker": view.speaker.value ?? "–", "verified": view.verified,
                    "note": view.note.value ?? "–", "promised": view.promise.value ?? "–",
                    "call back": view.callBackAt.value ?? "–",
                ]))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Drafts and broken lines; with --call-backs, what was promised.")

        @Flag(help: "Call-backs promised and not made, the soonest first.")
        var callBacks = false
        @OptionGroup var options: Options

        func run() async throws {
            let views = try await options.withDesk { desk, actor in
                callBacks
                    ? try await desk.contacts.callBacks(by: actor)
                    : try await desk.contacts.unfinished(by: actor)
            }
            try options.answer(views, ContactTable.of(views))
        }
    }
}

/// Contacts as a table.
enum ContactTable {
    static func of(_ views: [ContactView]) -> Table {
        Table(
            [
                .init("contact"), .init("state"), .init("case"), .init("number"), .init("call back"),
                .init("by"), .init("at"),
            ],
            rows: views.map {
                [
                    $0.id, $0.label, $0.receipt.value ?? "–", $0.number.value ?? "–",
                    $0.callBackAt.value ?? "–", $0.actor, $0.at,
                ]
            })
    }
}
