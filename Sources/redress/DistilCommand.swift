/// `distil`: logs into a file of facts, on as many machines as there are, to be merged into one store.
import ArgumentParser
import Foundation
import RedressCore
import RedressEvidence

struct DistilCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "distil",
        abstract: "Distil logs into a file that `redress ingest --distilled` takes in.",
        discussion: """
            Needs no installation, only the incident's join key (`redress evidence export-join-key`). Facts merge in \
            any order to the same bytes, so the same can run on many machines.

            Example: redress distil queue-1.facts queue-*.jsonl.gz --log queue --join-key night.key
            """)

    @Argument(help: "The file to write.")
    var out: String
    @Argument(help: "The log files.")
    var files: [String]
    @Option(help: "Which system wrote them: queue, booking, web or sms.")
    var log: LogKind
    @Option(help: ArgumentHelp("The incident's join key.", valueName: "file"))
    var joinKey: String
    @Option(help: ArgumentHelp("Mapping file (YAML) for another system's log.", valueName: "file"))
    var mapping: String?
    @OptionGroup var options: Options

    private struct Report: Encodable {
        var lines: Int
        var parsed: Int
        var quarantined: Int
        var facts: Int
    }

    func run() async throws {
        let text = try readText(joinKey).filter { !$0.isWhitespace }
        guard let secret = Data(base64Encoded: text), secret.count >= 16 else {
            throw RedressError(
                .badData, "\(joinKey) is no join key. Make it with `redress evidence export-join-key`.")
        }
        let key = JoinKey(secret: [UInt8](secret))
        let mapping = try mapping.map { try Mapping(yaml: Array(try readText($0).utf8)) }
        raiseFileLimit()
        let runs = out + ".runs"
        var logs: [SpooledLog] = []
        var sources: [DistilledSource] = []
        for path in files {
            let file = try await LogFile.identify(path: path)
            guard !sources.contains(where: { $0.sha256 == file.sha256 }) else { continue }
            var quarantined: [QuarantinedLine] = []
            let read = try await withProgress("reading \(path)", .bytes) { bar in
                try await LogIngest(file: file, kind: log, mapping: mapping, joinKey: key)
                    .run(in: runs) { bytes, _ in bar(bytes, nil) }
            }
            try read.eachQuarantined { quarantined += $0 }
            logs.append(read)
            sources.append(
                DistilledSource(
                    sha256: file.sha256, kind: log, progress: read.progress, quarantined: quarantined))
        }
        let facts = try DistilledFile.write(SpooledLog.facts(of: logs), sources: sources, to: out)
        for log in logs { log.remove() }
        // Only when nothing else is there.
        _ = unsafe rmdir(runs)
        let report = Report(
            lines: sources.reduce(0) { $0 + $1.progress.lines },
            parsed: sources.reduce(0) { $0 + $1.progress.parsed },
            quarantined: sources.reduce(0) { $0 + $1.progress.quarantined }, facts: facts)
        try options.answer(
            report,
            Table([
                "lines": "\(report.lines)", "parsed": "\(report.parsed)",
                "quarantined": "\(report.quarantined)", "facts": "\(report.facts)",
            ]), note: "Next: redress ingest \(out) --distilled --incident ID")
    }
}
