/// `answer`: texts saved to be used again.
import ArgumentParser
import RedressDesk
import RedressStore

struct AnswerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Texts saved to be used again in notes.",
        subcommands: [Save.self, List.self])

    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Save an answer; {receipt}, {date} and {due} stand for the case's own.")

        @Argument(help: "What it is called.")
        var name: String
        @Option(help: "What it says.")
        var text: String
        @OptionGroup var options: Options

        func run() async throws {
            try await options.withDesk { try await $0.notes.save(name, text, by: $1) }
            try options.answer(["name": name], Table(["saved": name]))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every saved answer.")

        @OptionGroup var options: Options

        func run() async throws {
            let answers = try await options.withDesk { try await $0.notes.answers(by: $1) }
            try options.answer(
                answers,
                Table([.init("name"), .init("text")], rows: answers.map { [$0.name, $0.text] }))
        }
    }
}
