/// One timeline a case: calls, notes, evidence, moves, notices, decisions, files and views in the order they happened.
public import RedressCore
import RedressStore

/// One thing that happened.
public struct TimelineEntry: Sendable, Codable, Equatable {
    /// When, RFC 3339.
    public var at: String
    /// `move`, `contact`, `note`, `verdict`, `notice`, `decision`, `attachment` or `view`.
    public var kind: String
    /// Who; `redress` for what it does by itself.
    public var actor: String
    /// What, in a line.
    public var text: String
    /// Whether the citizen sees it.
    public var isShown: Bool
}

/// A case that has to do with another.
public struct RelatedCase: Sendable, Codable, Equatable {
    /// Its receipt number.
    public var receipt: String
    /// Why it is shown: `person`, `phone`, `name and birth date`, `booking`, or the reason of a link.
    public var why: [String]
}

/// Reads everything about a case.
public struct TimelineDesk: Sendable {
    let desk: Desk

    /// Everything that happened in a case, in order; the look is recorded.
    ///
    /// - Parameter forCitizen: only what the person may see of it, without staff names.
    public func timeline(
        of receipt: ReceiptNumber, forCitizen: Bool = false, by actor: Actor, origin: String
    ) async throws -> [TimelineEntry] {
        try actor.require(.readCases)
        return try await desk.database.write { connection in
            let row = try RestoreDesk.find(receipt, connection)
            try StaffStore(connection).logAccess(
                by: actor, subject: row.receipt.description, what: "timeline", origin: origin,
                reason: "timeline")
            var entries: [(at: Instant, entry: TimelineEntry)] = []
            try records(of: row, connection, into: &entries)
            try words(of: row, connection, into: &entries)
            let ordered = entries.enumerated()
                .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element.entry)
            guard forCitizen else { return ordered }
            return ordered.filter(\.isShown).map { entry in
                var entry = entry
                entry.actor = ""
                return entry
            }
        }
    }

    /// Cases of the same person, of those who share a number, a name with birth date or the booking, and linked ones.
    public func related(to receipt: ReceiptNumber, by actor: Actor, origin: String) async throws
        -> [RelatedCase]
    {
        try actor.require(.readCases)
        return try await desk.database.write { connection in
            let row = try RestoreDesk.find(receipt, connection)
            try StaffStore(connection).logAccess(
                by: actor, subject: row.receipt.description, what: "related", origin: origin,
                reason: "related cases")
            let found = try RelatedCases(connection, desk).find(row)
                .map { RelatedCase(receipt: $0.receipt.description, why: $0.why) }
            let linked = try NoteStore(connection).links(of: row.id)
                .map { RelatedCase(receipt: $0.receipt, why: ["linked: \($0.reason)"]) }
            let merged = try CaseStore(connection).mergedReceipts(into: row.id)
                .map { RelatedCase(receipt: $0, why: ["merged into this case"]) }
            return found.filter { entry in !merged.contains { $0.receipt == entry.receipt } } + linked
                + merged
        }
    }

    /// Moves, verdicts, notices, decisions and views.
    private func records(
        of row: Case, _ connection: any Connection, into entries: inout [(at: Instant, entry: TimelineEntry)]
    ) throws {
        func add(_ at: Instant, _ kind: String, _ actor: String, _ text: String, _ isShown: Bool) {
            entries.append(
                (
                    at,
                    TimelineEntry(
                        at: at.description, kind: kind, actor: actor, text: text, isShown: isShown)
                ))
        }
        for move in try CaseStore(connection).moves(of: row.id) {
            let from = move.from.map { "\($0.rawValue) → " } ?? ""
            add(move.at, "move", move.actor, "\(from)\(move.to.rawValue): \(move.reason)", true)
        }
        for verdict in try CaseStore(connection).verdicts(of: row.id) {
            add(verdict.at, "verdict", "redress", "\(verdict.outcome) (\(verdict.digest.prefix(12)))", true)
        }
        for notice in try OutboxStore(connection).notices(of: row.id) {
            let event = notice.event.prefix { $0 != "/" }
            add(notice.createdAt, "notice", "redress", "\(event): \(notice.state.rawValue)", true)
        }
        for decision in try DecisionStore(connection).decisions(of: row.id) {
            let sentence = try desk.keys.open(
                decision.sentenceSealed, for: PersonalData.decision(decision.id))
            add(
                decision.at, "decision",
                [decision.actor, decision.approvedBy].compactMap { $0 }
                    .joined(separator: " + "), "\(decision.outcome.rawValue): \(sentence)", true)
        }
        for look in try AccessStore(connection).looks(at: row.receipt.description, limit: 200) {
            add(look.at, "view", look.actor, "\(look.what) (\(look.reason))", true)
        }
    }

    /// Contacts, notes and attachments.
    private func words(
        of row: Case, _ connection: any Connection, into entries: inout [(at: Instant, entry: TimelineEntry)]
    ) throws {
        for note in try NoteStore(connection).notes(of: row.id) {
            entries.append(
                (
                    note.at,
                    TimelineEntry(
                        at: note.at.description, kind: "note", actor: note.actor,
                        text: try desk.keys.open(note.textSealed, for: PersonalData.note(note.id)),
                        isShown: note.isShown)
                ))
        }
        for contact in try ContactStore(connection).contacts(of: row.id) {
            let view = try ContactView(contact, receipt: row.receipt, desk.keys)
            let words = [
                view.subject == "contact" ? view.channel : "\(view.channel): \(view.subject)",
                view.speaker.value, view.wrapUp.value, view.note.value, view.promise.value.map { "→ \($0)" },
            ].compactMap { $0 }.joined(separator: ", ")
            entries.append(
                (
                    contact.at,
                    TimelineEntry(
                        at: contact.at.description, kind: "contact", actor: contact.actor, text: words,
                        isShown: false)
                ))
        }
        for file in try AttachmentStore(connection).attachments(of: row.id) {
            entries.append(
                (
                    file.at,
                    TimelineEntry(
                        at: file.at.description, kind: "attachment", actor: file.actor,
                        text: "\(file.type), \(file.size) bytes (\(file.id))", isShown: true)
                ))
        }
    }
}

extension Desk {
    /// Everything that happened in a case, and what has to do with it.
    public var timelines: TimelineDesk { TimelineDesk(desk: self) }
}
