/// A human's decision: ask the person, reject with a reason, uphold against the logs; the second person approves.
public import RedressCore
import RedressStore

/// How decided cases with the same findings ended.
public struct SimilarCases: Sendable, Codable, Equatable {
    /// What each rule says of these cases.
    public var pattern: String
    /// How many ended in each way.
    public var outcomes: [String: Int]
    /// The latest receipt numbers of each way.
    public var receipts: [String: [String]]
}

/// Decided cases that ended otherwise than most with the same findings.
public struct Outlier: Sendable, Codable {
    /// What each rule says of these cases.
    public var pattern: String
    /// How most of them ended.
    public var usual: String
    /// How many did.
    public var usualCount: Int
    /// How the few ended.
    public var unusual: String
    /// Their receipt numbers.
    public var receipts: [String]
}

/// What waits for a second person.
public struct ApprovalView: Sendable, Codable, Equatable {
    /// `reject` or `override`.
    public var kind: String
    /// The reason; null for an override.
    public var reason: OrNull<String>
    /// What the citizen is to be told.
    public var sentence: String
    /// Who asked.
    public var askedBy: String
}

/// Decides cases in review.
public struct ReviewDesk: Sendable {
    let desk: Desk

    /// Asks the person for something only they can tell; the clock stands still until they answer.
    public func ask(
        _ receipt: ReceiptNumber, for text: String, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        let text = try FreeText(text, field: "The question").text
        return try await edit(receipt, version, by: actor) { editing, row in
            try editing.requireFreshEyes(actor, row)
            try ClockStore(editing.connection).pause(row.id)
            try editing.move(
                &row, to: .needsInformation, "case.ask", reason: "asked for information", by: actor)
            try editing.tell(row, "needs-information", mark: "\(row.version)", ["question": text])
        }
    }

    /// Writes the person's answer down, for staff or as the person gives it, and lets the clock run again.
    public func answered(
        _ receipt: ReceiptNumber, note: String, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        let text = try FreeText(note, field: "The answer").text
        return try await desk.editCaseOrOwn(receipt, version, by: actor) { editing, row in
            guard row.state == .needsInformation else {
                throw RedressError(.refused, "Case \(row.receipt) is not waiting for an answer.")
            }
            try ClockStore(editing.connection).resume(row.id)
            let id = Identifier.make(at: editing.connection.now)
            try NoteStore(editing.connection).insert(
                id: id, caseID: row.id, isShown: true,
                textSealed: try desk.keys.seal(text, for: PersonalData.note(id)), by: actor)
            try editing.recount(&row)
            try editing.move(&row, to: .inReview, "case.answered", reason: "the person answered", by: actor)
        }
    }

    /// Asks a second person to approve a rejection.
    ///
    /// - Parameters:
    ///   - reason: a reason that rejections have.
    ///   - sentence: what the citizen is told, in words they understand.
    public func reject(
        _ receipt: ReceiptNumber, reason: ReasonCode, sentence: String, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        guard reason.decision == .rejected else { throw Self.wrongReason(reason, .rejected) }
        return try await propose(
            .reject, receipt, reason: reason, sentence: sentence, version: version, by: actor)
    }

    /// Asks a second person to approve that the claim is good though the logs do not show it.
    public func override(
        _ receipt: ReceiptNumber, sentence: String, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        try await propose(.override, receipt, reason: nil, sentence: sentence, version: version, by: actor)
    }

    /// The second person agrees: the rejection stands, or the claim does and the case goes on to a seat.
    ///
    /// Who approves a rejection must have looked at how cases with the same findings ended.
    public func approve(
        _ receipt: ReceiptNumber, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        try actor.require(.decideCases)
        return try await edit(receipt, version, by: actor) { editing, row in
            let request = try secondPerson(actor, row, editing)
            guard try DecisionStore(editing.connection).end(request.id, approved: true, by: actor) else {
                throw RedressError.changed("The request was decided meanwhile. Look at it again.")
            }
            let sentence = try desk.keys.open(
                request.sentenceSealed, for: PersonalData.approval(request.id))
            let detail = ["asked_by": request.askedBy, "kind": request.kind.rawValue]
            if request.kind == .reject {
                try editing.move(
                    &row, to: .rejected, "case.reject", reason: request.reason?.rawValue ?? "", by: actor,
                    detail: detail.merging(["reason": request.reason?.rawValue ?? ""]) { old, _ in old })
                try editing.decide(
                    row, .rejected, reason: request.reason, sentence: sentence, by: request.askedBy,
                    approvedBy: actor)
            } else {
                row.isUpheld = true
                row.isWaiting = row.slot != nil
                try editing.move(
                    &row, to: .waitlisted, "case.override", reason: "upheld by two people", by: actor,
                    detail: detail)
                try editing.decide(
                    row, .restored, reason: nil, sentence: sentence, by: request.askedBy, approvedBy: actor)
            }
        }
    }

    /// What waits for a second person in a case; nil when nothing does.
    public func waiting(_ receipt: ReceiptNumber, by actor: Actor) async throws -> ApprovalView? {
        try actor.require(.readCases)
        return try await desk.list("approval", of: receipt.description, by: actor) { connection in
            let row = try RestoreDesk.find(receipt, connection)
            return try DecisionStore(connection).waiting(row.id, kinds: [.reject, .override]).map {
                ApprovalView(
                    kind: $0.kind.rawValue, reason: OrNull($0.reason?.rawValue),
                    sentence: try desk.keys.open(
                        $0.sentenceSealed, for: PersonalData.approval($0.id)), askedBy: $0.askedBy)
            }
        }
    }

    /// The second person does not agree: the case goes back to review.
    public func sendBack(
        _ receipt: ReceiptNumber, reason: String, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        try actor.require(.decideCases)
        let reason = try FreeText(reason, field: "The reason").text
        return try await edit(receipt, version, by: actor) { editing, row in
            let store = DecisionStore(editing.connection)
            guard let request = try store.waiting(row.id, kinds: [.reject, .override]) else {
                throw Self.nothingAsked(row)
            }
            _ = try store.end(request.id, approved: false, by: actor)
            let id = Identifier.make(at: editing.connection.now)
            try NoteStore(editing.connection).insert(
                id: id, caseID: row.id, isShown: false,
                textSealed: try desk.keys.seal(reason, for: PersonalData.note(id)), by: actor)
            try editing.move(
                &row, to: .inReview, "case.send-back", reason: "the second person did not agree", by: actor)
        }
    }

    /// A human finds that nothing was lost; the person may object. Silence is never such a finding.
    public func findNotAffected(
        _ receipt: ReceiptNumber, reason: ReasonCode, sentence: String, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        guard reason.decision == .notAffected else { throw Self.wrongReason(reason, .notAffected) }
        let sentence = try FreeText(sentence, field: "The sentence").text
        return try await edit(receipt, version, by: actor) { editing, row in
            try editing.requireFreshEyes(actor, row)
            // A claim can be good and yet have nothing to restore: another case of the person has it.
            if row.state == .verifying || row.state == .waitlisted {
                row.isWaiting = false
                try editing.move(
                    &row, to: .inReview, "case.review", reason: "a human looks at it", by: actor)
            }
            try editing.move(
                &row, to: .notAffected, "case.not-affected", reason: reason.rawValue, by: actor,
                detail: ["reason": reason.rawValue])
            try editing.decide(
                row, .notAffected, reason: reason, sentence: sentence, by: actor.name, approvedBy: nil)
        }
    }

    /// How decided cases with the same findings ended; that somebody looked is recorded.
    public func similar(_ receipt: ReceiptNumber, by actor: Actor, origin: String) async throws
        -> SimilarCases
    {
        try actor.require(.readCases)
        return try await desk.database.write { connection in
            let row = try RestoreDesk.find(receipt, connection)
            try StaffStore(connection).logAccess(
                by: actor, subject: row.receipt.description, what: "similar", origin: origin,
                reason: "equal treatment")
            var similar = SimilarCases(pattern: row.pattern ?? "", outcomes: [:], receipts: [:])
            guard let pattern = row.pattern else { return similar }
            let store = DecisionStore(connection)
            for outcome in try store.outcomes(pattern: pattern) {
                similar.outcomes[outcome.outcome.rawValue] = outcome.count
                similar.receipts[outcome.outcome.rawValue] = try store.decided(
                    pattern: pattern, outcome: outcome.outcome, limit: 5)
            }
            return similar
        }
    }

    /// Decided cases that ended otherwise than most with the same findings.
    public func outliers(by actor: Actor) async throws -> [Outlier] {
        try actor.require(.readAudit)
        return try await desk.list("outliers", of: "decided cases", by: actor) { connection in
            let store = DecisionStore(connection)
            let patterns = Dictionary(grouping: try store.outcomes(pattern: nil), by: \.pattern)
            return try patterns.sorted { $0.key < $1.key }.flatMap { pattern, outcomes -> [Outlier] in
                // Where two outcomes are as frequent, the name decides which is called usual.
                let ranked = outcomes.sorted {
                    ($1.count, $0.outcome.rawValue) < ($0.count, $1.outcome.rawValue)
                }
                guard let usual = ranked.first, ranked.count > 1 else { return [] }
                return try ranked.dropFirst().map { few in
                    Outlier(
                        pattern: pattern, usual: usual.outcome.rawValue, usualCount: usual.count,
                        unusual: few.outcome.rawValue,
                        receipts: try store.decided(pattern: pattern, outcome: few.outcome, limit: 100))
                }
            }
        }
    }

    private func propose(
        _ kind: ApprovalRow.Kind, _ receipt: ReceiptNumber, reason: ReasonCode?, sentence: String,
        version: Int?, by actor: Actor
    ) async throws -> CaseView {
        let sentence = try FreeText(sentence, field: "The sentence").text
        return try await edit(receipt, version, by: actor) { editing, row in
            try Self.requireMayDecide(actor, row, kind, editing)
            let id = Identifier.make(at: editing.connection.now)
            try editing.move(
                &row, to: .awaitingApproval, "case.propose", reason: kind.rawValue, by: actor,
                detail: ["kind": kind.rawValue, "reason": reason?.rawValue ?? ""])
            try DecisionStore(editing.connection).ask(
                ApprovalRow(
                    id: id, caseID: row.id, kind: kind, reason: reason,
                    sentenceSealed: try desk.keys.seal(sentence, for: PersonalData.approval(id)),
                    askedBy: actor.name))
        }
    }

    /// The waiting request, when this actor may approve it.
    private func secondPerson(_ actor: Actor, _ row: Case, _ editing: CaseEditing) throws -> ApprovalRow {
        let store = DecisionStore(editing.connection)
        guard let request = try store.waiting(row.id, kinds: [.reject, .override]) else {
            throw Self.nothingAsked(row)
        }
        guard request.askedBy != actor.name else {
            throw RedressError(
                .notAllowed, "\(actor.name) asked for this decision; a second person must approve it.")
        }
        try Self.requireMayDecide(actor, row, request.kind, editing)
        guard request.kind == .reject else { return request }
        let hasSeen = try AccessStore(editing.connection).hasLooked(
            actor.name, at: "similar", of: row.receipt.description, since: row.receivedAt)
        guard hasSeen else {
            throw RedressError(
                .refused,
                "Look first at how cases with the same findings ended: `redress case similar \(row.receipt)`."
            )
        }
        return request
    }

    /// Nobody decides about their own or a relative's case, nor overrides the verdict of one they opened by hand.
    private static func requireMayDecide(
        _ actor: Actor, _ row: Case, _ kind: ApprovalRow.Kind, _ editing: CaseEditing
    ) throws {
        try Impartiality.require(actor, on: row, editing.connection)
        if kind == .override { try Impartiality.requireNotOpener(actor, of: row, editing.connection) }
        try editing.requireFreshEyes(actor, row)
    }

    private func edit(
        _ receipt: ReceiptNumber, _ version: Int?, by actor: Actor,
        _ body: @escaping @Sendable (CaseEditing, inout Case) throws -> Void
    ) async throws -> CaseView {
        try await desk.editCase(receipt, version, by: actor, body)
    }

    private static func wrongReason(_ reason: ReasonCode, _ decision: CaseState) -> RedressError {
        let codes = ReasonCode.allCases.filter { $0.decision == decision }.map(\.rawValue)
        return RedressError(
            .usage,
            "\(reason.rawValue) is no reason for this decision. Give one of: "
                + "\(codes.joined(separator: ", ")).")
    }

    private static func nothingAsked(_ row: Case) -> RedressError {
        RedressError(.refused, "Nothing about case \(row.receipt) waits for a second person.")
    }
}

extension Desk {
    /// Decisions about cases in review.
    public var reviews: ReviewDesk { ReviewDesk(desk: self) }

    /// Edits one case in one transaction, at the version the editor saw.
    func editCase(
        _ receipt: ReceiptNumber, _ version: Int?, by actor: Actor,
        _ body: @escaping @Sendable (CaseEditing, inout Case) throws -> Void
    ) async throws -> CaseView {
        try actor.require(.workCases)
        return try await edit(receipt, version, by: actor, body)
    }

    /// Edits one case for staff, or for the person whose case it is.
    func editCaseOrOwn(
        _ receipt: ReceiptNumber, _ version: Int?, by actor: Actor,
        _ body: @escaping @Sendable (CaseEditing, inout Case) throws -> Void
    ) async throws -> CaseView {
        try RestoreDesk.requireMayAnswer(actor, receipt)
        return try await edit(receipt, version, by: actor, body)
    }

    /// Nobody edits their own case as staff, nor a declared relative's.
    private func edit(
        _ receipt: ReceiptNumber, _ version: Int?, by actor: Actor,
        _ body: @escaping @Sendable (CaseEditing, inout Case) throws -> Void
    ) async throws -> CaseView {
        try await database.write { connection in
            let editing = CaseEditing(connection, self)
            var row = try editing.find(receipt, version: version)
            try Impartiality.require(actor, on: row, connection)
            try body(editing, &row)
            return CaseView(row, now: connection.now)
        }
    }
}
