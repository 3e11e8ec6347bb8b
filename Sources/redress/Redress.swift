/// The command line's entry: parses, runs, and turns every failure into one sentence and one exit code.
import ArgumentParser
import Foundation
import RedressCore

@main
struct Redress: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redress",
        abstract: "Puts people back where they were after a booking system wrongly revoked their bookings.",
        discussion: """
            Start with `redress demo`: it makes a whole incident, verifies it from its logs, restores the people \
            and prints what became of them. Times are RFC 3339 with an offset, dates YYYY-MM-DD, weeks 2021-W29.

            Exit codes: 0 done, 1 refused by a rule, 2 usage, 65 bad data, 66 no input, 69 unavailable, \
            70 internal, 75 try again, 77 not allowed.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Run:",
                subcommands: [
                    DemoCommand.self, InitCommand.self, ServeCommand.self, DoctorCommand.self,
                    CheckCommand.self, BackupCommand.self, RestoreBackupCommand.self,
                    MigrateCommand.self, SettingsCommand.self,
                ]),
            CommandGroup(
                name: "Data in:",
                subcommands: [
                    IncidentCommand.self, LoadCommand.self, IngestCommand.self, DistilCommand.self,
                    EvidenceCommand.self,
                ]),
            CommandGroup(
                name: "The work:",
                subcommands: [LookupCommand.self, CaseCommand.self, ContactCommand.self, AnswerCommand.self]
            ),
            CommandGroup(
                name: "Capacity:",
                subcommands: [
                    PoolCommand.self, PlanCommand.self, ApplyCommand.self, ExportCommand.self,
                    RelationCommand.self,
                ]),
            CommandGroup(
                name: "People, trust and figures:",
                subcommands: [
                    StatsCommand.self, StaffCommand.self, TokenCommand.self, AuditCommand.self,
                    NoticesCommand.self, CalendarCommand.self, KeysCommand.self, AccessLogCommand.self,
                    PurgeCommand.self, RetentionCommand.self,
                    SimulateCommand.self,
                ]),
        ])

    static func main() async {
        // Everything redress makes is for its owner alone.
        umask(0o077)
        do {
            var command = try Redress.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            leave(error)
        }
    }

    private static func leave(_ error: any Error) -> Never {
        if let error = error as? RedressError {
            Console.complain("redress: \(error.message)")
            Foundation.exit(error.code.exitCode)
        }
        if let error = error as? CommandFailed {
            Foundation.exit(error.code.exitCode)
        }
        let code = Redress.exitCode(for: error)
        let text = Redress.fullMessage(for: error)
        guard code != .success else {
            Console.say(text)
            Foundation.exit(0)
        }
        Console.complain(text)
        // ArgumentParser's own code for a wrong command line is 64; ours is 2.
        Foundation.exit(
            code == .validationFailure ? RedressError.Code.usage.exitCode : RedressError.Code.fault.exitCode)
    }
}

/// Ends a command that has printed its answer with a failure code.
struct CommandFailed: Error {
    let code: RedressError.Code
}
