/// `notices`: what citizens are to be told.
import ArgumentParser
import RedressCore
import RedressDesk

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
