/// Logs in: each file read once, distilled into facts, every line accounted for.
import Foundation
public import RedressCore
public import RedressEvidence
import RedressStore

/// What reading log files came to; lines = parsed + quarantined.
public struct IngestReport: Sendable, Codable, Equatable {
    /// Lines read now.
    public var lines = 0
    /// Lines that made sense.
    public var parsed = 0
    /// Lines set aside, with their place and reason.
    public var quarantined = 0
    /// Bytes read, after decompression.
    public var bytes = 0
    /// Files read now.
    public var files = 0
    /// Files that had been read before.
    public var skippedFiles = 0

    /// An empty report.
    public init() {}

    /// Adds the report of another file.
    public mutating func add(_ other: IngestReport) {
        lines += other.lines
        parsed += other.parsed
        quarantined += other.quarantined
        bytes += other.bytes
        files += other.files
        skippedFiles += other.skippedFiles
    }
}

/// Reads logs and serves the facts distilled from them.
public struct EvidenceDesk: Sendable {
    let desk: Desk

    /// Reads one log file into the evidence of an incident; a file already read is only noted where it is now,
    /// an interrupted one resumed.
    ///
    /// What a file says comes into the evidence whole or not at all: nobody is judged by half a log.
    /// - Parameters:
    ///   - runs: the folder where facts wait while the file is read (`Installation.runs`).
    ///   - progress: told after each block how far the file was read, in decompressed bytes.
    public func ingest(
        _ path: String, log: LogKind, incident: String, mapping: Mapping? = nil, runs: String,
        by actor: Actor,
        progress: (_ bytes: Int, _ lines: Int) -> Void = { _, _ in }
    ) async throws -> IngestReport {
        try actor.require(.operate)
        let joinKey = try desk.incidents.joinKey(
            try await desk.database.read { try IncidentStore($0).find(incident) })
        let file = try await LogFile.identify(path: path)
        let stored = try await desk.evidence.read {
            try EvidenceStore($0).file(sha256: file.sha256, incident: incident)
        }
        let ingest = LogIngest(file: file, kind: log, mapping: mapping, joinKey: joinKey)
        var report = IngestReport()
        let path = URL(fileURLWithPath: path).standardizedFileURL.path
        if var stored, stored.isFinished {
            report.skippedFiles = 1
            ingest.forget(in: runs)
            let isThere = (try? await LogFile.identify(path: stored.path))?.sha256 == file.sha256
            if !isThere {
                // The file was moved, or distilled elsewhere: its lines are shown from where it is now.
                stored.path = path
                let moved = stored
                try await desk.evidence.write { try EvidenceStore($0).upsert(moved, incident: incident) }
            }
            return report
        }
        let read = try await ingest.run(in: runs, told: progress)
        var row = LogFileRow(
            sha256: file.sha256, tag: Int64(bitPattern: file.tag), log: log.rawValue, path: path)
        row.take(read.progress)
        let written = row
        try await desk.evidence.write { connection in
            let store = EvidenceStore(connection)
            try Self.put(read.facts(), store, incident: incident)
            try read.eachQuarantined {
                try Self.quarantine($0, written.sha256, store, incident: incident)
            }
            try store.upsert(written, incident: incident)
        }
        try await desk.database.write { connection in
            try AuditStore(connection).append(
                "evidence.ingest", subject: incident, by: actor,
                detail: [
                    "log": log.rawValue, "sha256": file.sha256, "lines": "\(read.progress.lines)",
                    "quarantined": "\(read.progress.quarantined)",
                ])
        }
        read.remove()
        report.files = 1
        // An earlier, interrupted run had handed over nothing of it.
        report.lines = read.progress.lines
        report.parsed = read.progress.parsed
        report.quarantined = read.progress.quarantined
        report.bytes = read.progress.bytes
        return report
    }

    /// Facts and their bytes handed to the store together: few enough that their copies weigh little.
    private static let putTogether = (facts: 8192, bytes: 2 << 20)

    static func put(_ facts: FactStream, _ store: EvidenceStore, incident: String) throws {
        while case let part = try facts.next(putTogether.facts, bytes: putTogether.bytes), !part.isEmpty {
            let rows = part.map {
                (kind: Int($0.key.kind.rawValue), hash: $0.key.hash.bytes, payload: $0.payload)
            }
            try store.put(rows, incident: incident) { try Fact.merge($0, $1) }
        }
    }

    static func quarantine(
        _ lines: [QuarantinedLine], _ sha256: String, _ store: EvidenceStore, incident: String
    ) throws {
        let rows = lines.map {
            (line: $0.line, offset: $0.offset, length: $0.length, reason: $0.reason.rawValue)
        }
        try store.quarantine(rows, sha256: sha256, incident: incident)
    }
}

extension LogFileRow {
    mutating func take(_ progress: IngestProgress) {
        lines = progress.lines
        parsed = progress.parsed
        quarantined = progress.quarantined
        bytes = progress.bytes
        offset = progress.offset
        isFinished = progress.finished
    }
}

extension Desk {
    /// Logs and the facts distilled from them.
    public var evidenceDesk: EvidenceDesk { EvidenceDesk(desk: self) }

    /// What the registers hold of the people of these cases, in the order of the cases.
    func records(of cases: [Case], incident: String) async throws -> [PersonRecord] {
        try await database.read { connection in
            let register = RegisterStore(connection)
            let isMany = cases.count > 50
            let bookings =
                isMany ? Dictionary(grouping: try register.bookings(incident: incident), by: \.person) : [:]
            let revocations =
                isMany
                ? Dictionary(grouping: try register.revocations(incident: incident), by: \.person) : [:]
            return try cases.map { row in
                let person = try register.person(row.person, incident: incident)
                return PersonRecord(
                    person: row.person,
                    phone: try person?.phoneSealed.map {
                        try keys.open($0, for: PersonalData.phone(row.person, incident))
                    }
                        ?? register.revocationPhone(row.booking, incident: incident).map {
                            try keys.open($0, for: PersonalData.revocationPhone(row.booking, incident))
                        },
                    birthYear: try person?.birthDateSealed.flatMap {
                        Int(try keys.open($0, for: PersonalData.birthDate(row.person, incident)).prefix(4))
                    },
                    bookings: try
                        (isMany
                        ? bookings[row.person] ?? [] : register.bookings(of: row.person, incident: incident))
                        .compactMap(RegisterBooking.init),
                    revocations: try
                        (isMany
                        ? revocations[row.person] ?? []
                        : register.revocations(of: row.person, incident: incident))
                        .map(RevocationRow.init),
                    claimed: row.booking)
            }
        }
    }
}

/// The places personal data is sealed for; a sealed value opens only in its own.
enum PersonalData {
    static func name(_ person: String, _ incident: String) -> String { "person.name/\(incident)/\(person)" }
    static func phone(_ person: String, _ incident: String) -> String { "person.phone/\(incident)/\(person)" }
    static func birthDate(_ person: String, _ incident: String) -> String {
        "person.birth/\(incident)/\(person)"
    }
    static func revocationPhone(_ booking: String, _ incident: String) -> String {
        "revocation.phone/\(incident)/\(booking)"
    }
    static func revocationText(_ booking: String, _ incident: String) -> String {
        "revocation.text/\(incident)/\(booking)"
    }
    static func oneTimeSecret(_ staff: String) -> String { "staff.totp/\(staff)" }
}

/// The evidence store as the rules read it.
struct StoredFacts: FactSource {
    let store: EvidenceStore
    let incident: String

    init(_ store: EvidenceStore, incident: String) {
        self.store = store
        self.incident = incident
    }

    func each(_ keys: [FactKey], _ body: (_ key: FactKey, _ payload: [UInt8]) throws -> Void) throws {
        var rest = keys[...]
        while let kind = rest.first?.kind {
            let asked = rest.prefix { $0.kind == kind }
            rest = rest[asked.endIndex...]
            try store.each(
                kind: Int(kind.rawValue), hashes: asked.map(\.hash.bytes), incident: incident
            ) { place, payload in try body(asked[asked.startIndex + place], payload) }
        }
    }

    func facts(of kind: FactKind, limit: Int?) throws -> [Fact] {
        var found: [Fact] = []
        try store.each(kind: Int(kind.rawValue), incident: incident, limit: limit) { bytes, payload in
            found.append(Fact(key: FactKey(kind: kind, hash: try Self.hash(bytes)), payload: payload))
        }
        return found
    }

    private static func hash(_ bytes: [UInt8]) throws -> JoinHash {
        guard let hash = JoinHash(bytes: bytes) else {
            throw RedressError(.fault, "A fact's key does not read. Run `redress check`.")
        }
        return hash
    }
}

extension Citation {
    /// The line of a register file that a row came from.
    init(_ origin: RowOrigin) {
        self.init(
            fileTag: RedressDesk.fileTag(origin.sha256), line: origin.line, offset: origin.offset,
            length: origin.length, lineHash: origin.fingerprint)
    }
}

extension RegisterBooking {
    /// A register row as the rules read it; nil for the bookings that redress itself ended.
    init?(_ booking: Booking) {
        // What redress restored was revoked, and what it moved out stood: the rules judge the register's own word.
        let status: Status? =
            switch booking.status {
            case .confirmed: booking.changedHere ? .revoked : .confirmed
            case .movedOut: .confirmed
            default: Status(rawValue: booking.status.rawValue)
            }
        guard let status, booking.origin != nil else { return nil }
        self.init(
            booking: booking.booking, site: booking.slot.site, vaccine: booking.slot.vaccine,
            dose: booking.dose, date: booking.slot.date, slot: booking.slot.time, bookedAt: booking.bookedAt,
            status: status, citation: booking.origin.map(Citation.init))
    }
}

extension RevocationRow {
    /// A row of a list of revocations as the rules read it.
    init(_ row: Revocation) {
        self.init(
            booking: row.booking, revokedAt: row.revokedAt, batch: row.batch, citation: Citation(row.origin))
    }
}
