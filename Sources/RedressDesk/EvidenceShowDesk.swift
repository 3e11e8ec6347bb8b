/// Evidence as people look at it: a person's timeline with the lines themselves, coverage, quarantine, packets.
public import RedressCore
public import RedressEvidence
import RedressStore

/// One moment of a person's evening with the line that tells of it.
public struct TimelineView: Sendable, Codable {
    /// When, RFC 3339.
    public var time: String
    /// The system whose log it is.
    public var source: String
    /// What happened.
    public var event: String
    /// The file.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The byte offset of its first byte.
    public var offset: Int
    /// The line as it stands in the file now, personal parts masked; null when the file is not to be had.
    public var text: OrNull<String>
    /// Whether the line is the one that was cited; null when the file is not to be had.
    public var intact: OrNull<Bool>
}

/// A line that could not be read.
public struct QuarantineView: Sendable, Codable {
    /// The file's path when it was read.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The byte offset of its first byte.
    public var offset: Int
    /// Its length in bytes.
    public var length: Int
    /// A stable code that says why.
    public var reason: String
}

extension EvidenceDesk {
    /// What the logs tell of the person of a case, in order of time, each with its line read again; the look is recorded.
    public func timeline(_ receipt: ReceiptNumber, by actor: Actor, origin: String) async throws
        -> [TimelineView]
    {
        try actor.require(.readCases)
        let (row, incident) = try await desk.database.write { connection in
            let row = try RestoreDesk.find(receipt, connection)
            try StaffStore(connection).logAccess(
                by: actor, subject: row.receipt.description, what: "evidence", origin: origin, reason: "show")
            return (row, try IncidentStore(connection).find(row.incident))
        }
        let picture = try await picture(incident).picture
        let records = try await desk.records(of: [row], incident: row.incident)
        let (entries, stored) = try await desk.evidence.read { connection in
            let source = StoredFacts(EvidenceStore(connection), incident: row.incident)
            let examiner = Examiner(picture: picture, source: source)
            return (
                try records.flatMap { try examiner.timeline(for: $0) },
                try EvidenceStore(connection).files(incident: row.incident)
            )
        }
        let files = try await present(stored)
        let lines = Dictionary(
            try await CitedLines.read(entries.map(\.citation), from: files).map { ($0.citation, $0) },
            uniquingKeysWith: { $1 })
        let index = FileIndex(logs: stored, registers: [])
        return entries.map { entry in
            let place = index.view(entry.citation)
            let line = lines[entry.citation]
            return TimelineView(
                time: entry.time.description, source: entry.source.rawValue, event: entry.event.rawValue,
                file: place.file, line: place.line, offset: place.offset, text: OrNull(line?.masked),
                intact: OrNull(line?.isIntact))
        }
    }

    /// How complete each server's log is, minute by minute.
    public func coverage(_ incident: String, by actor: Actor) async throws -> [CoverageCell] {
        try actor.require(.readCases)
        let row = try await desk.database.read { try IncidentStore($0).find(incident) }
        return try await picture(row).picture.coverageReport
    }

    /// The lines of an incident's logs that could not be read, by file and line.
    public func quarantine(_ incident: String, by actor: Actor) async throws -> [QuarantineView] {
        try actor.require(.readCases)
        _ = try await desk.database.read { try IncidentStore($0).find(incident) }
        return try await desk.evidence.read { connection in
            try EvidenceStore(connection).quarantined(incident: incident).map { line in
                QuarantineView(
                    file: line.path, line: line.line, offset: line.offset, length: line.length,
                    reason: line.reason)
            }
        }
    }

    /// A case's evidence on paper: one print-ready page that can be checked without the database.
    ///
    /// - Throws: `.refused` before the first verification, `.badData` when a cited log is gone or was changed.
    public func packet(
        _ receipt: ReceiptNumber, _ language: Language, by actor: Actor, origin: String
    ) async throws -> String {
        try actor.require(.readCases)
        let (row, incident, verdict, registers) = try await desk.database.write { connection in
            let row = try RestoreDesk.find(receipt, connection)
            try StaffStore(connection).logAccess(
                by: actor, subject: row.receipt.description, what: "packet", origin: origin, reason: "print")
            return (
                row, try IncidentStore(connection).find(row.incident),
                try CaseStore(connection).verdicts(of: row.id).first,
                try RegisterStore(connection).files(incident: row.incident)
            )
        }
        guard let document = verdict?.document else {
            throw RedressError(
                .refused, "Case \(receipt) has no verdict yet. Run `redress case verify \(receipt)` first.")
        }
        let taken = try JSONDocument.read(Verdict.self, from: document)
        let stored = try await desk.evidence.read { try EvidenceStore($0).files(incident: row.incident) }
        let cited = taken.findings.flatMap(\.citations)
        let tags = Set(cited.map(\.fileTag))
        var files = try await present(stored.filter { tags.contains(UInt64(bitPattern: $0.tag)) })
        for register in registers where tags.contains(fileTag(register.sha256)) {
            guard var file = try? await LogFile.identify(path: register.path), file.sha256 == register.sha256
            else { continue }
            file.isRegister = true
            files.append(file)
        }
        guard tags.isSubset(of: Set(files.map(\.tag))) else {
            throw RedressError(
                .badData,
                "A cited log or register is not where it was read, or was changed. Put it back to print the packet."
            )
        }
        let packet = try EvidencePacket(
            receipt: receipt.description, incident: row.incident,
            window: IncidentWindow(source: "agency", from: incident.from, to: incident.to), verdict: taken,
            files: files, lines: try await CitedLines.read(cited, from: files))
        return try packet.html(language)
    }

    /// The log files that are still where they were read, with the bytes they had then.
    private func present(_ stored: [LogFileRow]) async throws -> [LogFile] {
        var files: [LogFile] = []
        for row in stored {
            if let file = try? await LogFile.identify(path: row.path), file.sha256 == row.sha256 {
                files.append(file)
            }
        }
        return files
    }

    /// Takes facts that were distilled elsewhere into an incident; sources already read are refused as a whole.
    ///
    /// - Throws: `.refused` when a log file in it was read here before: merging it would count its lines twice.
    public func ingestDistilled(_ path: String, incident: String, by actor: Actor) async throws
        -> IngestReport
    {
        try actor.require(.operate)
        _ = try await desk.database.read { try IncidentStore($0).find(incident) }
        let report = try await desk.evidence.write { connection in
            let (sources, facts) = try DistilledFile.read(path: path)
            return try Self.take(sources, facts, from: path, incident: incident, connection)
        }
        try await desk.database.write { connection in
            try AuditStore(connection).append(
                "evidence.ingest-distilled", subject: incident, by: actor,
                detail: ["files": "\(report.files)", "lines": "\(report.lines)"])
        }
        return report
    }

    private static func take(
        _ sources: [DistilledSource], _ facts: FactStream, from path: String, incident: String,
        _ connection: any Connection
    ) throws -> IngestReport {
        let store = EvidenceStore(connection)
        var report = IngestReport()
        let known = try sources.filter {
            try store.file(sha256: $0.sha256, incident: incident)?.isFinished == true
        }
        if known.count == sources.count {
            report.skippedFiles = sources.count
            return report
        }
        guard known.isEmpty else {
            throw RedressError(
                .refused,
                """
                \(path) holds \(known.count) log files that were read here before and \(sources.count - known.count) \
                that were not. Distil the new ones alone.
                """)
        }
        try put(facts, store, incident: incident)
        report.files = sources.count
        for source in sources {
            var row = LogFileRow(
                sha256: source.sha256, tag: Int64(bitPattern: fileTag(source.sha256)),
                log: source.kind.rawValue,
                path: path)
            row.take(source.progress)
            try store.upsert(row, incident: incident)
            try quarantine(source.quarantined, row.sha256, store, incident: incident)
            report.lines += row.lines
            report.parsed += row.parsed
            report.quarantined += row.quarantined
            report.bytes += row.bytes
        }
        return report
    }

    /// The key that joins an incident's log lines to people, as `distil` on another machine needs it.
    public func exportJoinKey(_ incident: String, by actor: Actor) async throws -> String {
        try actor.require(.operate)
        return try await desk.database.write { connection in
            let row = try IncidentStore(connection).find(incident)
            try AuditStore(connection).append("evidence.export-join-key", subject: incident, by: actor)
            return try desk.incidents.joinKeyText(row)
        }
    }
}
