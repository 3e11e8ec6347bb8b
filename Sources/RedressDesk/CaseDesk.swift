/// Cases as agents use them: open, list, show, verify.
public import RedressCore
import RedressEvidence
import RedressStore

/// A case in a list.
public struct CaseView: Sendable, Codable {
    /// The public number.
    public var receipt: String
    /// The incident.
    public var incident: String
    /// The booking that was lost.
    public var booking: String
    /// The person, by the register's id.
    public var person: String
    /// How it began: `applied`, `dictated` or `found`.
    public var origin: String
    /// Where it stands.
    public var state: String
    /// What the logs add up to; null before the first verification.
    public var verdict: OrNull<String>
    /// The lost slot's site; null while no source names it.
    public var site: OrNull<String>
    /// The vaccine.
    public var vaccine: OrNull<String>
    /// The lost date.
    public var date: OrNull<String>
    /// The lost time.
    public var slot: OrNull<String>
    /// The seat the person got back; null while there is none.
    public var restored: OrNull<SeatView>
    /// The rung of the remedy ladder that seat stands on.
    public var rung: OrNull<String>
    /// The earliest time of the original attempt that any source allows, RFC 3339.
    public var attemptedAt: OrNull<String>
    /// When the case was received, RFC 3339.
    public var receivedAt: String
    /// When its answer is due, RFC 3339.
    public var dueAt: String
    /// `statutory` for cases applied for, `internal` for those the sweep found: the same period as our own target.
    public var clock: String
    /// The time the person was told first; a holiday declared later moves `dueAt` and not this.
    public var promisedAt: String
    /// What comes first, the due time or the lost appointment, RFC 3339.
    public var firstDeadline: String
    /// Whether the due time has passed while the case is open.
    public var overdue: Bool
    /// Who works on it; null while nobody does.
    public var assignee: OrNull<String>
    /// The version an edit must name.
    public var version: Int

    init(_ row: Case, now: Instant) {
        receipt = row.receipt.description
        incident = row.incident
        booking = row.booking
        person = row.person
        origin = row.origin.rawValue
        state = row.state.rawValue
        verdict = OrNull(row.verdict)
        site = OrNull(row.slot?.site)
        vaccine = OrNull(row.slot?.vaccine)
        date = OrNull(row.slot?.date.description)
        slot = OrNull(row.slot?.time.description)
        restored = OrNull(row.restored.map { SeatView($0.slot) })
        rung = OrNull(row.restored?.rung.rawValue)
        attemptedAt = OrNull(row.attemptedAt?.description)
        receivedAt = row.receivedAt.description
        dueAt = row.dueAt.description
        clock = row.isStatutory ? "statutory" : "internal"
        promisedAt = row.clock.promisedAt.description
        firstDeadline = row.firstDeadline.description
        overdue = row.isOverdue(at: now)
        assignee = OrNull(row.assignee)
        version = row.version
    }
}

/// A line of a log or register that a finding rests on.
public struct CitationView: Sendable, Codable, Equatable {
    /// The file's path when it was read.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The byte offset of the line's first byte, in the decompressed bytes.
    public var offset: Int
    /// SHA-256 of the file on disk, in hex.
    public var sha256: String
}

/// What one rule says of one person.
public struct FindingView: Sendable, Codable, Equatable {
    /// The rule.
    public var rule: String
    /// `supports`, `contradicts`, `missing` or `not-applicable`.
    public var outcome: String
    /// The independent source it rests on.
    public var source: String
    /// A sentence to read aloud, in English.
    public var text: String
    /// The same sentence in Korean.
    public var textKo: String
    /// The lines it rests on.
    public var citations: [CitationView]
}

/// A case with everything that is known of it.
public struct CaseDetail: Sendable, Encodable {
    /// What lists show.
    public var summary: CaseView
    /// What each rule says.
    public var findings: [FindingView]
    /// The verdict's digest over evidence, rules and policy; null before the first verification.
    public var digest: OrNull<String>
    /// What lies under the newest verdict that is not under the one before it: `logs`, `rules`, `policy`.
    public var changedBy: [String]
    /// The rules that say otherwise than in the verdict before, and why.
    public var changes: [ChangeView]
    /// The other published windows under which the verdict would be another.
    public var sensitivity: [SensitivityView]
    /// Where the case has been.
    public var moves: [MoveView]
    /// How the due time was counted.
    public var dueTrace: [String]

    /// One move.
    public struct MoveView: Sendable, Codable {
        /// The state it left; null for the opening.
        public var from: OrNull<String>
        /// The state it reached.
        public var to: String
        /// Who moved it.
        public var actor: String
        /// Why.
        public var reason: String
        /// When, RFC 3339.
        public var at: String
    }

    private enum Keys: String, CodingKey {
        case findings
        case digest
        case changedBy
        case changes
        case sensitivity
        case moves
        case dueTrace
    }

    /// Writes the summary's fields and the others side by side.
    public func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(findings, forKey: .findings)
        try container.encode(digest, forKey: .digest)
        try container.encode(changedBy, forKey: .changedBy)
        try container.encode(changes, forKey: .changes)
        try container.encode(sensitivity, forKey: .sensitivity)
        try container.encode(moves, forKey: .moves)
        try container.encode(dueTrace, forKey: .dueTrace)
    }
}

/// Works cases.
public struct CaseDesk: Sendable {
    let desk: Desk

    /// Opens the case of a booking, or finds the one there is.
    ///
    /// - Parameter booking: the number of the revoked booking.
    public func open(
        booking: String, incident: String, origin: CaseOrigin, channel: Channel, by actor: Actor
    ) async throws -> (case: CaseView, isNew: Bool) {
        try actor.require(.workCases)
        return try await desk.database.write { connection in
            _ = try IncidentStore(connection).find(incident)
            let register = RegisterStore(connection)
            let person =
                try register.booking(booking, incident: incident)?.person
                ?? register.revocation(booking, incident: incident)?.person
            guard let person else {
                throw RedressError(
                    .notFound, "No register and no revocation list of \(incident) has a booking \(booking).")
            }
            let opening = try CaseOpening(connection, desk).open(
                Claim(person: person, booking: booking), incident: incident, origin: origin, channel: channel,
                by: actor)
            return (CaseView(opening.row, now: connection.now), opening.isNew)
        }
    }

    /// Every case of an incident (of every incident when nil), by receipt number.
    public func list(incident: String?, state: CaseState? = nil, by actor: Actor) async throws -> [CaseView] {
        try actor.require(.readCases)
        return try await desk.list("case-list", of: incident ?? "all incidents", by: actor) { connection in
            if let incident { _ = try IncidentStore(connection).find(incident) }
            let store = CaseStore(connection)
            let rows = try incident.map { try store.all(incident: $0) } ?? store.all()
            return rows.filter { state == nil || $0.state == state }
                .map { CaseView($0, now: connection.now) }
        }
    }

    /// One case with its findings and its way so far; the look is recorded.
    public func show(_ receipt: ReceiptNumber, by actor: Actor, origin: String) async throws -> CaseDetail {
        try actor.require(.readCases)
        try await desk.pool.sweep()
        let found = try await desk.database.write { connection in
            let row = try RestoreDesk.find(receipt, connection)
            try StaffStore(connection).logAccess(
                by: actor, subject: row.receipt.description, what: "case", origin: origin, reason: "show")
            let store = CaseStore(connection)
            return (
                row: row, verdicts: try store.verdicts(of: row.id), moves: try store.moves(of: row.id),
                registers: try RegisterStore(connection).files(incident: row.incident), now: connection.now
            )
        }
        let logs = try await desk.evidence.read { try EvidenceStore($0).files(incident: found.row.incident) }
        let files = FileIndex(logs: logs, registers: found.registers)
        let verdicts = try found.verdicts.prefix(2).map {
            try JSONDocument.read(Verdict.self, from: $0.document)
        }
        let verdict = verdicts.first
        let changed = VerdictChanges(verdict, since: verdicts.dropFirst().first, files)
        return CaseDetail(
            summary: CaseView(found.row, now: found.now),
            findings: (verdict?.findings ?? []).map { FindingView($0, files) },
            digest: OrNull(verdict?.digest), changedBy: changed.because, changes: changed.changes,
            sensitivity: (verdict?.sensitivity ?? []).map {
                SensitivityView(source: $0.windowSource, verdict: $0.outcome.rawValue)
            },
            moves: found.moves.map {
                CaseDetail.MoveView(
                    from: OrNull($0.from?.rawValue), to: $0.to.rawValue, actor: $0.actor, reason: $0.reason,
                    at: $0.at.description)
            },
            dueTrace: found.row.dueTrace)
    }

    /// Reads the logs for one case again and records the verdict.
    public func verify(_ receipt: ReceiptNumber, by actor: Actor) async throws -> CaseView {
        try actor.require(.workCases)
        let row = try await desk.database.read { try RestoreDesk.find(receipt, $0) }
        guard [.received, .verifying, .inReview, .waitlisted].contains(row.state) else {
            throw RedressError(
                .refused, "Case \(receipt) is \(row.state.rawValue): its verdict is not taken again.")
        }
        try await verify([row], incident: row.incident, by: actor)
        return try await desk.database.read { connection in
            CaseView(try RestoreDesk.find(receipt, connection), now: connection.now)
        }
    }

    /// The cases of an incident that no verdict settles yet.
    func undecided(_ incident: String) async throws -> [Case] {
        try await desk.database.read { connection in
            try CaseStore(connection).all(incident: incident)
                .filter { [.received, .verifying, .inReview].contains($0.state) }
        }
    }

    /// Takes the verdicts of many cases and records those that are new.
    func verify(
        _ cases: [Case], incident: String, by actor: Actor,
        progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws {
        let records = try await desk.records(of: cases, incident: incident)
        var done = 0
        try await desk.evidenceDesk.verdicts(for: records, incident: incident, by: actor) {
            stretch, verdicts in
            for start in stride(from: stretch.lowerBound, to: stretch.upperBound, by: 50) {
                let part = start..<min(start + 50, stretch.upperBound)
                try await desk.database.write { connection in
                    for index in part {
                        try record(
                            verdicts[index - stretch.lowerBound], of: cases[index].id, by: actor, connection)
                    }
                }
                done += part.count
                progress(done, cases.count)
            }
        }
    }

    private func record(_ verdict: Verdict, of id: String, by actor: Actor, _ connection: any Connection)
        throws
    {
        let store = CaseStore(connection)
        guard var row = try store.find(id: id), row.verdictDigest != verdict.digest else { return }
        let moving = CaseMoving(connection)
        let before = row.verdict
        row.verdict = verdict.outcome.rawValue
        row.verdictDigest = verdict.digest
        row.attemptedAt = verdict.attemptedAt
        row.pattern = verdict.findings.map { "\($0.rule.rawValue)=\($0.outcome.rawValue)" }
            .joined(separator: " ")
        if row.slot == nil { row.slot = verdict.seat?.wholeSlot }
        try store.append(
            CaseVerdictRow(
                outcome: verdict.outcome.rawValue, digest: verdict.digest,
                document: try JSONDocument.stored(verdict), at: connection.now), to: row.id)
        if row.state == .waitlisted {
            try store.update(&row)
        } else {
            if row.state != .verifying {
                try moving.move(&row, to: .verifying, by: actor, reason: "the logs are read")
            }
            if verdict.outcome != .verified {
                try moving.move(&row, to: .inReview, by: actor, reason: verdict.outcome.rawValue)
            } else {
                try store.update(&row)
            }
        }
        try AuditStore(connection).append(
            "case.verify", subject: row.receipt.description, by: actor,
            detail: [
                "verdict": verdict.outcome.rawValue, "before": before ?? "none", "digest": verdict.digest,
                "rule_set": verdict.ruleSet, "policy": verdict.policyDigest,
            ])
    }
}

extension Desk {
    /// Cases.
    public var cases: CaseDesk { CaseDesk(desk: self) }
}

extension ClaimedSeat {
    /// The slot, when every part of it is known.
    fileprivate var wholeSlot: Slot? {
        guard let date, let slot, !site.isEmpty, !vaccine.isEmpty else { return nil }
        return Slot(site: site, vaccine: vaccine, date: date, time: slot)
    }
}

/// Finds a cited file's path and digest by the tag that citations carry.
struct FileIndex {
    private var files: [UInt64: (path: String, sha256: String)] = [:]

    init(logs: [LogFileRow], registers: [RegisterFile]) {
        for file in logs { files[UInt64(bitPattern: file.tag)] = (file.path, file.sha256) }
        for file in registers { files[fileTag(file.sha256)] = (file.path, file.sha256) }
    }

    func view(_ citation: Citation) -> CitationView {
        let file = files[citation.fileTag] ?? ("unknown", "")
        return CitationView(
            file: file.path, line: citation.line, offset: citation.offset, sha256: file.sha256)
    }
}

/// The first eight bytes of a SHA-256 in hex: how citations name a file.
func fileTag(_ sha256: String) -> UInt64 {
    UInt64(sha256.prefix(16), radix: 16) ?? 0
}

extension FindingView {
    init(_ finding: Finding, _ files: FileIndex) {
        rule = finding.rule.rawValue
        outcome = finding.outcome.rawValue
        source = finding.source.rawValue
        text = finding.text(.en)
        textKo = finding.text(.ko)
        citations = finding.citations.map(files.view)
    }
}
