/// `staff` and `token`: named people and what they sign in with.
public import ArgumentParser
public import RedressCore
import RedressDesk

extension Role: ExpressibleByArgument {}

struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "Named members of the staff.",
        subcommands: [Add.self, List.self, Disable.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a member of the staff.",
            discussion: "Example: redress staff add 김상담 --role agent")

        @Argument(help: "The name.")
        var name: String
        @Option(help: "agent, supervisor, analyst, auditor or admin.")
        var role: Role
        @Option(help: "The team whose list of work they share.")
        var team: String?
        @OptionGroup var options: Options

        func run() async throws {
            try await options.withDesk { try await $0.staff.add(name, role: role, team: team, by: $1) }
            try options.answer(
                ["name": name, "role": role.rawValue], Table(["name": name, "role": role.rawValue]),
                note: "Added. Next: redress token create \(name)")
        }
    }
}

extension StaffCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every member of the staff.")

        @OptionGroup var options: Options

        func run() async throws {
            let staff = try await options.withDesk { try await $0.staff.list(by: $1) }
            try options.answer(
                staff,
                Table(
                    [.init("name"), .init("role"), .init("team"), .init("disabled")],
                    rows: staff.map {
                        [$0.name, $0.role, $0.team.value ?? "–", $0.isDisabled ? "yes" : "no"]
                    }))
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Disable a member of the staff at once, tokens and all; --undo enables them again.")

        @Argument(help: "The name.")
        var name: String
        @Flag(help: "Enable them again.")
        var undo = false
        @OptionGroup var options: Options

        func run() async throws {
            try await options.withDesk { try await $0.staff.setDisabled(name, !undo, by: $1) }
            try options.answer(["name": name], Table([undo ? "enabled" : "disabled": name]))
        }
    }
}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens for the API and the command line.", subcommands: [Create.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token for a member of the staff; it is shown once.",
            discussion: "Example: REDRESS_TOKEN=$(redress token create 김상담 | tail -n 1)")

        @Argument(help: "The name.")
        var name: String
        @OptionGroup var options: Options

        func run() async throws {
            let token = try await options.withDesk { try await $0.staff.makeToken(for: name, by: $1) }
            try options.answer(
                ["name": name, "token": token], Table([.init("token")], rows: [[token]]),
                note: "Keep it secret: it is not shown again. It lives \(StaffDesk.tokenDays) days.")
        }
    }
}
