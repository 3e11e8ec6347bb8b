/// `backup`, `restore-backup` and `doctor`: keeping a copy, bringing it back, and knowing that all is well.
import ArgumentParser
import RedressCore
import RedressDesk

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the installation as of one moment into a new folder, while it is at work.",
        discussion: """
            Both databases, the signed heads of the audit trail, kept logs and released statistics, with a signed \
            list of them. The keys are not in it: keep copies of keys.json and anchor.key elsewhere.
            Example: redress backup /backup/2021-07-20
            """)

    @Argument(help: "The folder to make.")
    var folder: String
    @OptionGroup var options: Options

    func run() async throws {
        let manifest = try await options.withDesk {
            try await BackupDesk($0, options.installation).make(in: folder, by: $1)
        }
        try options.answer(
            manifest,
            Table(
                [.init("file"), .init("bytes", .right), .init("sha-256")],
                rows: manifest.files.map { [$0.name, "\($0.bytes)", $0.sha256] }),
            note: """
                Backed up as of \(manifest.at). Try it: redress restore-backup \(folder) --data-dir NEW \
                --keys COPY/keys.json --anchor-key COPY/anchor.key
                """)
    }
}

struct RestoreBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore-backup",
        abstract: "Make an installation of a backup: every file compared, opened with the keys, and checked.",
        discussion: """
            Only into a folder without an installation. A backup that was changed, damaged or made elsewhere is \
            refused, and nothing is left behind.
            Example: redress restore-backup /backup/2021-07-20 --data-dir /srv/redress \\
                --keys /safe/keys.json --anchor-key /safe/anchor.key
            """)

    @Argument(help: "The backup's folder.")
    var folder: String
    @Option(help: "The copy of keys.json; left out when it lies in its place already.")
    var keys: String?
    @Option(help: "The copy of anchor.key; left out when it lies in its place already.")
    var anchorKey: String?
    @OptionGroup var options: Options

    func run() async throws {
        let report = try await options.installation.restore(
            from: folder, keys: keys, anchorKey: anchorKey, by: Options.operator, open: openDatabase)
        let rows =
            [["restored to", options.installation.folder], ["as of", report.backup.at]]
            + [["audit rows", "\(report.backup.auditRows)"], ["files", "\(report.backup.files.count)"]]
            + report.lost.map { ["LOST", $0] }
        try options.answer(
            report, Table([.init("what"), .init("value")], rows: rows),
            note: report.lost.isEmpty
                ? "Everything holds." : "What came after the backup is lost; everything in it holds.")
    }
}

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at the installation and say what is wrong and what to do about it.",
        discussion: "Changes nothing. Ends with 0 when nothing is wrong (warnings are not), else with 70.")

    @OptionGroup var options: Options

    func run() async throws {
        let list = await Doctor(options.installation, open: openDatabase).examine()
        try options.answer(
            list,
            Table(
                [.init("what"), .init("state"), .init("found"), .init("to do")],
                rows: list.map {
                    [$0.what, $0.state == .wrong ? "WRONG" : $0.state.rawValue, $0.found, $0.todo]
                }))
        if list.contains(where: { $0.state == .wrong }) { throw CommandFailed(code: .fault) }
    }
}
