/// `staff` and `token`: named people and what they sign in with.
public import ArgumentParser
public import RedressCore
import RedressDesk

extension Role: ExpressibleByArgument {}
extension Permission: ExpressibleByArgument {}

struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "Named members of the staff.",
        subcommands: [
            Add.self, List.self, Disable.self, Assume.self, Invite.self, Reset.self, Enrol.self, Grants.self,
        ])

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
                note:
                    "Added. Next: redress staff invite \(name), for the pages, or redress token create \(name)"
            )
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

extension StaffCommand {
    struct Assume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role", abstract: "Give a member of the staff another role; their sessions end.",
            discussion: "Example: redress staff role 김상담 --to supervisor")

        @Argument(help: "The name.")
        var name: String
        @Option(help: "agent, supervisor, analyst, auditor or admin.")
        var to: Role
        @OptionGroup var options: Options

        func run() async throws {
            try await options.withDesk { try await $0.staff.setRole(name, to, by: $1) }
            try options.answer(
                ["name": name, "role": to.rawValue], Table(["name": name, "role": to.rawValue]))
        }
    }

    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Make a one-use secret with which somebody chooses a password; the first administrator too.",
            discussion: """
                Example: redress staff add 관리자 --role admin && redress staff invite 관리자
                The secret is shown once and lives \(SignInDesk.invitationHours) hours; an earlier one dies.
                """)

        @Argument(help: "The name.")
        var name: String
        @OptionGroup var options: Options

        func run() async throws {
            let secret = try await options.withDesk { try await $0.signIn.invite(name, by: $1) }
            try options.show(invitation: secret, of: name)
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take password, second factor, sessions and tokens away and invite again.")

        @Argument(help: "The name.")
        var name: String
        @OptionGroup var options: Options

        func run() async throws {
            let secret = try await options.withDesk { try await $0.signIn.reset(name, by: $1) }
            try options.show(invitation: secret, of: name)
        }
    }

    struct Enrol: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an invitation up: two lines on standard input, the secret and the new password.",
            discussion: "Answers with the secret for an authenticator app and ten recovery codes, once.")

        @OptionGroup var options: Options

        func run() async throws {
            guard let invitation = readLine(), let password = readLine() else {
                throw RedressError(
                    .usage,
                    "Standard input must hold two lines: the invitation's secret and the new password.")
            }
            let enrolment = try await options.withDesk { desk, actor in
                try await desk.signIn.enrol(
                    invitation: invitation, password: password, address: actor.name)
            }
            try options.answer(
                enrolment,
                Table([
                    "name": enrolment.name, "secret for the app": enrolment.oneTimeSecret,
                    "address for the app": enrolment.oneTimeAddress,
                    "recovery codes": enrolment.recoveryCodes.joined(separator: " "),
                ]), note: "Keep the recovery codes on paper: nothing here is shown again.")
        }
    }

    struct Grants: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who was given what, by whom and when: staff, roles, invitations, resets and tokens.")

        @OptionGroup var options: Options

        func run() async throws {
            let grants = try await options.withDesk { try await $0.staff.grants(by: $1) }
            try options.answer(
                grants,
                Table(
                    [.init("at"), .init("by"), .init("action"), .init("name"), .init("detail")],
                    rows: grants.map { [$0.at, $0.actor, $0.action, $0.name, $0.detail] }))
        }
    }
}

extension Options {
    fileprivate func show(invitation: String, of name: String) throws {
        try answer(
            ["name": name, "invitation": invitation], Table([.init("invitation")], rows: [[invitation]]),
            note: "Hand it to \(name) in person; it works once, within \(SignInDesk.invitationHours) hours.")
    }
}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens for the API and the command line.",
        subcommands: [Create.self, End.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token for a member of the staff; it is shown once.",
            discussion: "Example: REDRESS_TOKEN=$(redress token create 김상담 | tail -n 1)")

        @Argument(help: "The name.")
        var name: String
        @Option(
            name: .customLong("scope"),
            help: "Limit it to this permission (repeat for several; default: all the owner may do).")
        var scopes: [Permission] = []
        @Option(help: "How many days it lives, 1 to 365.")
        var days = StaffDesk.tokenDays
        @OptionGroup var options: Options

        func run() async throws {
            let token = try await options.withDesk {
                try await $0.staff.makeToken(for: name, scope: Set(scopes), days: days, by: $1)
            }
            try options.answer(
                ["name": name, "token": token], Table([.init("token")], rows: [[token]]),
                note: "Keep it secret: it is not shown again. It lives \(days) days.")
        }
    }
    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End every live token of a member of the staff at once.")

        @Argument(help: "The name.")
        var name: String
        @OptionGroup var options: Options

        func run() async throws {
            let count = try await options.withDesk { try await $0.staff.endTokens(of: name, by: $1) }
            try options.answer(["ended": count], Table(["ended": "\(count)"]))
        }
    }
}
