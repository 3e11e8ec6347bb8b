/// `ingest`: logs into the evidence of an incident.
public import ArgumentParser
import Foundation
import RedressCore
import RedressDesk
public import RedressEvidence

extension LogKind: ExpressibleByArgument {}

struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Read logs: waiting room, booking application, front door, text messages.",
        discussion: """
            Plain, gzip or zstd; `-` reads standard input. A file already read is skipped, an interrupted one \
            resumed. Lines that make no sense are set aside with their place and counted: lines = parsed + \
            quarantined.

            Example: redress ingest waiting-room-*.jsonl.gz --log queue --incident 2021-07-19
            """)

    @Argument(help: "The files, or - for standard input.")
    var files: [String]
    @Option(help: "Which system wrote them: queue, booking, web or sms.")
    var log: LogKind?
    @Option(help: "The incident.")
    var incident: String
    @Option(help: ArgumentHelp("Mapping file (YAML) for another system's log.", valueName: "file"))
    var mapping: String?
    @Flag(help: "The files were made by `redress distil`.")
    var distilled = false
    @OptionGroup var options: Options

    func run() async throws {
        guard distilled || log != nil else {
            throw RedressError(.usage, "Say which system wrote the files: --log queue, booking, web or sms.")
        }
        let mapping = try mapping.map { try Mapping(yaml: Array(try readText($0).utf8)) }
        let report = try await options.withDesk { desk, actor in
            var total = IngestReport()
            for file in files {
                guard let log, !distilled else {
                    total.add(
                        try await desk.evidenceDesk.ingestDistilled(file, incident: incident, by: actor))
                    continue
                }
                let spool = options.installation.spool
                let path = file == "-" ? try await Spool.standardInput(into: spool) : file
                let report = try await withProgress("reading \(log.rawValue)", .bytes) { bar in
                    try await desk.evidenceDesk.ingest(
                        path, log: log, incident: incident, mapping: mapping, runs: options.installation.runs,
                        by: actor
                    ) {
                        bytes, _ in
                        bar(bytes, nil)
                    }
                }
                total.add(report)
            }
            return total
        }
        try options.answer(
            report,
            Table([
                "lines": "\(report.lines)", "parsed": "\(report.parsed)",
                "quarantined": "\(report.quarantined)", "bytes": "\(report.bytes)",
                "files read before and skipped": "\(report.skippedFiles)",
            ]))
    }
}

/// Keeps what comes on standard input in a file of the installation, so that citations can be read again.
enum Spool {
    /// Copies standard input into a folder; the file is named by the moment and a random suffix.
    static func standardInput(into folder: String) async throws -> String {
        let name = Identifier.make(at: WallClock.system.now())
        let path = folder + "/stdin-\(name)"
        guard
            FileManager.default.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: NSNumber(value: 0o600)]),
            let file = FileHandle(forWritingAtPath: path)
        else { throw RedressError(.unavailable, "\(path) cannot be made.") }
        defer { try? file.close() }
        do {
            while let data = try FileHandle.standardInput.read(upToCount: 1 << 20), !data.isEmpty {
                try file.write(contentsOf: data)
            }
        } catch {
            throw RedressError(
                .unavailable, "Standard input could not be kept in \(path): the disk may be full.")
        }
        let digest = try await LogFile.identify(path: path).sha256
        let kept = folder + "/\(digest)"
        if FileManager.default.fileExists(atPath: kept) {
            try? FileManager.default.removeItem(atPath: path)
        } else {
            do {
                try FileManager.default.moveItem(atPath: path, toPath: kept)
            } catch {
                throw RedressError(.unavailable, "\(kept) cannot be made.")
            }
        }
        return kept
    }
}
