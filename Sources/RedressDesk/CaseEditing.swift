/// The parts every edit of a case is made of: find at a version, count the clock, decide, tell, write down.
import RedressCore
import RedressStore

/// Edits cases inside a transaction.
struct CaseEditing {
    let connection: any Connection
    let desk: Desk

    init(_ connection: any Connection, _ desk: Desk) {
        self.connection = connection
        self.desk = desk
    }

    private var store: CaseStore { CaseStore(connection) }

    /// The case of a number, at the version the editor saw.
    ///
    /// - Throws: `.tryAgain` naming what was done since, when the case moved on; `.notFound` when there is none.
    func find(_ receipt: ReceiptNumber, version: Int? = nil) throws -> Case {
        let row = try RestoreDesk.find(receipt, connection)
        guard let version, version != row.version else { return row }
        let changes = try store.changes(of: row, since: version).map {
            "\($0.at) \($0.actor) \($0.action)"
        }
        throw RedressError(
            .tryAgain,
            """
            Case \(row.receipt) was changed since version \(version); it is at version \(row.version) now. \
            \(changes.isEmpty ? "" : "Done since: \(changes.joined(separator: "; ")). ")Look at it again.
            """,
            details: ["version": "\(row.version)", "changes": changes.joined(separator: "\n")])
    }

    /// Moves a case and audits it.
    func move(
        _ row: inout Case, to state: CaseState, _ action: String, reason: String, by actor: Actor,
        detail: [String: String] = [:]
    ) throws {
        let before = row.state
        try CaseMoving(connection).move(&row, to: state, by: actor, reason: reason)
        try audit(
            action, row, by: actor,
            detail: detail.merging(["from": before.rawValue, "to": state.rawValue]) { old, _ in old })
    }

    /// Writes an audit row about a case.
    func audit(_ action: String, _ row: Case, by actor: Actor, detail: [String: String] = [:]) throws {
        try AuditStore(connection).append(
            action, subject: row.receipt.description, by: actor, detail: detail)
    }

    /// Counts the due time again from start, pauses, extensions and the calendar as it is now.
    func recount(_ row: inout Case) throws {
        let clocks = ClockStore(connection)
        let calendar = try clocks.calendar(desk.calendar)
        let deadline = try calendar.due(
            received: row.clock.startedAt, days: row.clock.days, pauses: clocks.pauses(of: row.id),
            extensions: row.clock.extensions)
        row.dueAt = deadline.due
        row.dueTrace = deadline.trace.map(\.description)
        row.clock.calendar = calendar.version
    }

    /// Writes what the citizen is to be told; the same event of a case can be told again under another `mark`.
    func tell(_ row: Case, _ event: String, mark: String, _ values: [String: String]) throws {
        let id = Identifier.make(at: connection.now)
        try OutboxStore(connection).insert(
            OutboxRow(
                id: id, caseID: row.id, event: "\(event)/\(mark)", state: .waiting,
                valuesSealed: try desk.keys.seal(
                    try JSONDocument.line(values), for: PersonalData.notice(id)),
                createdAt: connection.now))
    }

    /// Writes a decision down, ends the objection it answers, and tells the citizen.
    func decide(
        _ row: Case, _ outcome: CaseState, reason: ReasonCode?, sentence: String, by actor: String,
        approvedBy: Actor?
    ) throws {
        let id = Identifier.make(at: connection.now)
        let store = DecisionStore(connection)
        try store.insert(
            DecisionRow(
                id: id, caseID: row.id, outcome: outcome, reason: reason,
                sentenceSealed: try desk.keys.seal(sentence, for: PersonalData.decision(id)), actor: actor,
                approvedBy: approvedBy?.name, at: connection.now))
        try store.decideObjection(
            row.id, upheld: outcome == .restored,
            by: approvedBy ?? Actor(name: actor, role: .supervisor))
        guard outcome != .restored else { return }
        try tell(
            row, outcome.rawValue, mark: id,
            [
                "sentence": sentence, "reason": reason?.korean ?? "",
                "object_within_days": "\(ObjectionPeriod.filingDays)",
            ])
    }

    /// Throws when this actor judged the case before the objection that is open now.
    func requireFreshEyes(_ actor: Actor, _ row: Case) throws {
        guard let filedAt = try DecisionStore(connection).openObjection(row.id) else { return }
        guard try !WorkStore(connection).hasHandled(actor.name, caseID: row.id, before: filedAt) else {
            throw RedressError(
                .notAllowed,
                """
                \(actor.name) handled case \(row.receipt) before the objection: somebody who did not must \
                decide it.
                """)
        }
    }

    /// Throws unless a representative's live mandate reaches to accepting an offer; the access log names both.
    func requireMandate(_ id: String, toAccept row: Case, by actor: Actor) throws {
        let mandate = try RepresentativeStore(connection).live(of: row.who).first { $0.id == id }
        guard let mandate else {
            throw RedressError(
                .refused,
                "Case \(row.receipt) has no live mandate \(id). See `redress contact represent \(row.receipt)`."
            )
        }
        guard mandate.scope == .accept else {
            throw RedressError(
                .notAllowed,
                "Mandate \(id) is to ask and be told, not to accept an offer: ask the person, or record a wider one."
            )
        }
        try StaffStore(connection).logAccess(
            by: actor, subject: row.receipt.description, what: "representative", origin: "desk",
            reason: "accepted by mandate \(id)")
        try audit("representative.accept", row, by: actor, detail: ["mandate": id])
    }

    /// Throws when somebody else gives a claim or seat up, or when the number the word came from is too new.
    func requireOwnWord(_ row: Case, _ mandate: String?) throws {
        guard mandate == nil else {
            throw RedressError(
                .notAllowed,
                "A representative cannot decline, withdraw or give a seat up for the person: ask the person.")
        }
        try requireSettledNumber(row)
    }

    /// Throws when the person's number was changed in the last 24 hours: nothing is given up on its word.
    private func requireSettledNumber(_ row: Case) throws {
        guard let changedAt = try PersonStore(connection).numberChangedAt(row.who),
            connection.now < changedAt.adding(minutes: 24 * 60)
        else { return }
        throw RedressError(
            .refused,
            "The person's number was changed at \(changedAt): nothing can be declined or withdrawn for 24 hours."
        )
    }
}
