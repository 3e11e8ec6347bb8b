/// One case's evidence on paper: findings, cited lines and digests, which an auditor checks without the database.

import Crypto
import FoundationEssentials
import RedressCore

/// Everything a packet says; its page is made from this alone, so that the page can be checked against it.
public struct EvidencePacket: Sendable, Hashable, Codable {
    /// A file that lines were cited from.
    public struct File: Sendable, Hashable, Codable {
        /// The file's name, without its folder.
        public var name: String
        /// SHA-256 of its bytes.
        public var sha256: String
        /// Its size in bytes.
        public var bytes: Int
        /// Whether it is a register, of which only the cells that the rules read are shown.
        public var isRegister: Bool
    }

    /// Receipt number of the case.
    public var receipt: String
    /// Incident id.
    public var incident: String
    /// Who gives the window, and the window itself as RFC 3339 times.
    public var window: [String]
    /// The verdict with its findings.
    public var verdict: Verdict
    /// The files the lines stand in.
    public var files: [File]
    /// The cited lines, masked.
    public var lines: [CitedLine]

    /// Makes a packet.
    ///
    /// - Throws: `badData` when a line is no longer what was cited: a packet never claims what its files do not hold.
    public init(
        receipt: String, incident: String, window: IncidentWindow, verdict: Verdict, files: [LogFile],
        lines: [CitedLine]
    ) throws {
        if let broken = lines.first(where: { !$0.isIntact }) {
            throw RedressError(
                .badData,
                "Line \(broken.citation.line) of the file \(broken.file.prefix(16)) is not what was cited. "
                    + "Was the file changed after it was read?")
        }
        self.receipt = receipt
        self.incident = incident
        self.window = [window.source, window.from.description, window.to.description]
        self.verdict = verdict
        let used = Set(lines.map(\.file))
        self.files = files.filter { used.contains($0.sha256) }.map { file in
            File(
                name: file.path.split(separator: "/").last.map(String.init) ?? file.path, sha256: file.sha256,
                bytes: file.bytes, isRegister: file.isRegister)
        }
        self.lines = lines
    }

    /// SHA-256 of the packet's data in their one written form.
    public func digest() throws -> String {
        hexadecimal(SHA256.hash(data: try data()))
    }

    /// Reads the packet out of its page.
    ///
    /// - Throws: `badData` when the page holds no packet, or was changed after it was made.
    public static func read(html: String) throws -> EvidencePacket {
        let open = "<script type=\"application/json\" id=\"packet\">"
        guard let start = html.firstRange(of: open)?.upperBound,
            let end = html[start...].firstRange(of: "</script>")?.lowerBound
        else { throw RedressError(.badData, "This page holds no evidence packet.") }
        let packet: EvidencePacket
        do {
            packet = try JSONDecoder().decode(EvidencePacket.self, from: Data(html[start..<end].utf8))
        } catch {
            throw RedressError(.badData, "The evidence packet's data cannot be read: it was cut or changed.")
        }
        guard try Language.allCases.contains(where: { try packet.html($0) == html }) else {
            throw RedressError(
                .badData, "This page was changed after it was made: it does not say what its data say.")
        }
        return packet
    }

    /// Compares every cited line with the log files given.
    ///
    /// - Returns: what does not hold, as sentences; empty when everything does.
    public func faults(logs: [LogFile]) async throws -> [String] {
        var faults: [String] = []
        let held = Set(logs.map(\.sha256))
        for file in files where !held.contains(file.sha256) {
            faults.append("No file with SHA-256 \(file.sha256) (\(file.name)) is in the folder.")
        }
        let registers = Set(files.filter(\.isRegister).map(\.sha256))
        let known = logs.map { file in
            var file = file
            file.isRegister = registers.contains(file.sha256)
            return file
        }
        let read = try await CitedLines.read(lines.map(\.citation), from: known)
        var found: [Citation: CitedLine] = [:]
        for line in read { found[line.citation] = line }
        for line in lines where held.contains(line.file) {
            if found[line.citation] != line {
                faults.append(
                    "Line \(line.citation.line) of \(line.file.prefix(16)) is not what the packet cites.")
            }
        }
        let shown = Set(lines.map(\.citation))
        for finding in verdict.findings {
            for citation in finding.citations where !shown.contains(citation) {
                faults.append(
                    "The finding \(finding.rule.rawValue) cites line \(citation.line), which is not shown.")
            }
        }
        return faults
    }

    /// The packet's data in their one written form: sorted keys, and no `<` that could end the script element.
    func data() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(self), as: UTF8.self)
        return Array(text.replacing("<", with: "\\u003c").utf8)
    }
}
