/// `evidence`: what the logs tell, how complete they are, and a case's evidence on paper.
import ArgumentParser
import Foundation
import RedressCore
import RedressDesk
import RedressEvidence

struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence", abstract: "What the logs tell: timelines, coverage, quarantine, packets.",
        subcommands: [
            Show.self, Coverage.self, Quarantine.self, Packet.self, Verify.self, ExportJoinKey.self,
        ])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A person's evening line by line, each line read again from its file and checked.",
            discussion: "Example: redress evidence show 2021-000417-8")

        @Argument(help: "The receipt number.")
        var receipt: String
        @OptionGroup var options: Options

        func run() async throws {
            let receipt = try ReceiptNumber(receipt)
            let rows = try await options.withDesk {
                try await $0.evidenceDesk.timeline(receipt, by: $1, origin: "cli")
            }
            try options.answer(
                rows,
                Table(
                    [
                        .init("time"), .init("source"), .init("event"), .init("line"), .init("intact"),
                        .init("text"),
                    ],
                    rows: rows.map { row in
                        [
                            String(row.time.dropFirst(11).prefix(12)), row.source, row.event,
                            "\(row.file.split(separator: "/").last ?? "?"):\(row.line)@\(row.offset)",
                            row.intact.value.map { $0 ? "yes" : "NO" } ?? "file gone", row.text.value ?? "–",
                        ]
                    }))
        }
    }

    struct Coverage: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How complete each server's log is, minute by minute, as a chart.",
            discussion: "In the chart: # whole, + gaps, ! two lines claim one number, . nothing.")

        @Argument(help: "The incident.")
        var incident: String
        @OptionGroup var options: Options

        func run() async throws {
            let cells = try await options.withDesk {
                try await $0.evidenceDesk.coverage(incident, by: $1)
            }
            try options.answer(cells, CoverageChart.of(cells))
        }
    }

    struct Quarantine: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The lines that could not be read: their place and why, never their text.")

        @Argument(help: "The incident.")
        var incident: String
        @OptionGroup var options: Options

        func run() async throws {
            let rows = try await options.withDesk {
                try await $0.evidenceDesk.quarantine(incident, by: $1)
            }
            try options.answer(
                rows,
                Table(
                    [
                        .init("file"), .init("line", .right), .init("offset", .right), .init("bytes", .right),
                        .init("reason"),
                    ],
                    rows: rows.map { [$0.file, "\($0.line)", "\($0.offset)", "\($0.length)", $0.reason] }),
                note: "\(rows.count) lines set aside.")
        }
    }

    struct Packet: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a case's evidence as one print-ready HTML page.",
            discussion: "Example: redress evidence packet 2021-000417-8 case.html")

        @Argument(help: "The receipt number.")
        var receipt: String
        @Argument(help: "The file to write.")
        var file: String
        @Flag(help: "In English instead of Korean.")
        var english = false
        @OptionGroup var options: Options

        func run() async throws {
            let receipt = try ReceiptNumber(receipt)
            let page = try await options.withDesk {
                try await $0.evidenceDesk.packet(receipt, english ? .en : .ko, by: $1, origin: "cli")
            }
            do {
                try Data(page.utf8).write(to: URL(fileURLWithPath: file))
            } catch {
                throw RedressError(.unavailable, "\(file) cannot be written. Check the folder and the disk.")
            }
            try options.answer(
                ["file": file], Table(["file": file]),
                note: "An auditor checks it with: redress evidence verify \(file) --logs DIR")
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a packet against the log files themselves, without any database.",
            discussion: "Example: redress evidence verify case.html --logs /srv/logs")

        @Argument(help: "The packet.")
        var packet: String
        @Option(help: ArgumentHelp("The folder with the log files.", valueName: "folder"))
        var logs: String
        @OptionGroup var options: Options

        private struct Report: Encodable {
            var ok: Bool
            var receipt: String
            var lines: Int
            var faults: [String]
        }

        func run() async throws {
            let packet = try EvidencePacket.read(html: try readText(packet))
            let names = (try? FileManager.default.contentsOfDirectory(atPath: logs)) ?? []
            guard !names.isEmpty else {
                throw RedressError(.notFound, "There are no files in \(logs). Name the folder with the logs.")
            }
            var files: [LogFile] = []
            for name in names.sorted() {
                if let file = try? await LogFile.identify(path: logs + "/" + name) { files.append(file) }
            }
            let faults = try await packet.faults(logs: files)
            let report = Report(
                ok: faults.isEmpty, receipt: packet.receipt, lines: packet.lines.count, faults: faults)
            try options.answer(
                report,
                Table(
                    [.init("what"), .init("found")],
                    rows: [["case", report.receipt], ["cited lines", "\(report.lines)"]]
                        + faults.map { ["FAULT", $0] }),
                note: report.ok ? "Every cited line stands where it is cited." : "The packet does not hold.")
            if !report.ok { throw CommandFailed(code: .badData) }
        }
    }

    struct ExportJoinKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the key that `redress distil` needs to a file only you can read.",
            discussion:
                "Whoever has it and the logs can join lines to people: carry it as you would the logs.")

        @Argument(help: "The incident.")
        var incident: String
        @Argument(help: "The file to write.")
        var file: String
        @OptionGroup var options: Options

        func run() async throws {
            let text = try await options.withDesk {
                try await $0.evidenceDesk.exportJoinKey(incident, by: $1)
            }
            let isWritten = FileManager.default.createFile(
                atPath: file, contents: Data(text.utf8),
                attributes: [.posixPermissions: NSNumber(value: 0o600)])
            guard isWritten else { throw RedressError(.unavailable, "\(file) cannot be written.") }
            try options.answer(["file": file], Table(["file": file]))
        }
    }
}

/// Coverage as a chart: a row a server, a column a minute.
enum CoverageChart {
    static func of(_ cells: [CoverageCell]) -> Table {
        let minutes = cells.map(\.minute)
        guard let first = minutes.min(), let last = minutes.max() else {
            return Table([.init("source"), .init("node"), .init("no log was read")])
        }
        // At most 120 columns: each stands for as many minutes as it takes, at their worst.
        let step = max(1, (last - first + 120) / 120)
        let start = Instant(milliseconds: first * 60_000).description.dropFirst(11).prefix(5)
        let heading = "\(start), \(step) min a column"
        let servers = Dictionary(grouping: cells) { "\($0.kind.rawValue)\t\($0.node)" }
        let rows = servers.sorted { $0.key < $1.key }.map { key, cells -> [String] in
            var worst: [Int64: CoverageCell] = [:]
            for cell in cells {
                let column = (cell.minute - first) / step
                if worst[column].map({ rank(cell) > rank($0) }) ?? true { worst[column] = cell }
            }
            let chart = (0...((last - first) / step)).map { worst[$0].map(mark) ?? "." }.joined()
            let lines = cells.reduce(0) { $0 + $1.lines }
            let missing = cells.reduce(0) { $0 + $1.missing }
            return key.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                + ["\(lines)", "\(missing)", chart]
        }
        return Table(
            [
                .init("source"), .init("node"), .init("lines", .right), .init("missing", .right),
                .init(heading),
            ], rows: rows)
    }

    private static func rank(_ cell: CoverageCell) -> Int {
        cell.isDisputed ? 2 : cell.isComplete ? 0 : 1
    }

    private static func mark(_ cell: CoverageCell) -> String {
        ["#", "+", "!"][rank(cell)]
    }
}
