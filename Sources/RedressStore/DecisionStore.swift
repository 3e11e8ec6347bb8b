/// Decisions about cases: what was asked for, who approved it, what was decided, and who objects.
public import RedressCore

extension ReasonCode: Storable {}

/// Something that takes a second person.
public struct ApprovalRow: Sendable {
    /// What is to be approved.
    public enum Kind: String, Sendable, CaseIterable, Storable {
        case reject
        case override
        case changeNumber = "change-number"
    }

    /// Made by the application.
    public var id: String
    /// The case.
    public var caseID: String
    /// What is to be approved.
    public var kind: Kind
    /// The reason of a rejection.
    public var reason: ReasonCode?
    /// The sentence for the citizen (the new number for a change of number), sealed.
    public var sentenceSealed: [UInt8]
    /// Who asked.
    public var askedBy: String

    /// Makes a request.
    public init(
        id: String, caseID: String, kind: Kind, reason: ReasonCode?, sentenceSealed: [UInt8], askedBy: String
    ) {
        self.id = id
        self.caseID = caseID
        self.kind = kind
        self.reason = reason
        self.sentenceSealed = sentenceSealed
        self.askedBy = askedBy
    }
}

/// One decision that a citizen was told.
public struct DecisionRow: Sendable {
    /// Made by the application.
    public var id: String
    /// The case.
    public var caseID: String
    /// The state the case was brought into.
    public var outcome: CaseState
    /// The reason, where one must be given.
    public var reason: ReasonCode?
    /// The sentence for the citizen, sealed.
    public var sentenceSealed: [UInt8]
    /// Who decided.
    public var actor: String
    /// The second person, where one is needed.
    public var approvedBy: String?
    /// When.
    public var at: Instant

    /// Makes a decision.
    public init(
        id: String, caseID: String, outcome: CaseState, reason: ReasonCode?, sentenceSealed: [UInt8],
        actor: String, approvedBy: String?, at: Instant
    ) {
        self.id = id
        self.caseID = caseID
        self.outcome = outcome
        self.reason = reason
        self.sentenceSealed = sentenceSealed
        self.actor = actor
        self.approvedBy = approvedBy
        self.at = at
    }
}

/// How decided cases with the same findings ended.
public struct PatternOutcome: Sendable {
    /// What each rule says of these cases.
    public var pattern: String
    /// The state they ended in.
    public var outcome: CaseState
    /// Their receipt numbers' count.
    public var count: Int
}

/// Reads and writes approvals, decisions and objections.
public struct DecisionStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Asks for a second person; the schema refuses a second waiting request of the same kind.
    public func ask(_ row: ApprovalRow) throws {
        try connection.run(
            """
            INSERT INTO approval (id, case_id, kind, reason_code, sentence_sealed, asked_by, asked_at, state)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting')
            """,
            [
                row.id.stored, row.caseID.stored, row.kind.stored, row.reason.stored,
                row.sentenceSealed.stored, row.askedBy.stored, connection.now.stored,
            ])
    }

    /// The request that waits for a second person.
    public func waiting(_ caseID: String, kinds: Set<ApprovalRow.Kind>) throws -> ApprovalRow? {
        try connection.all(
            """
            SELECT id, case_id, kind, reason_code, sentence_sealed, asked_by FROM approval
            WHERE case_id = $1 AND state = 'waiting' ORDER BY asked_at
            """, [caseID.stored]
        ) {
            ApprovalRow(
                id: try $0[0], caseID: try $0[1], kind: try $0[2], reason: try $0[3],
                sentenceSealed: try $0[4], askedBy: try $0[5])
        }.first { kinds.contains($0.kind) }
    }

    /// Ends a waiting request; false when it was ended meanwhile.
    public func end(_ id: String, approved: Bool, by actor: Actor) throws -> Bool {
        try connection.run(
            """
            UPDATE approval SET state = $1, decided_by = $2, decided_at = $3
            WHERE id = $4 AND state = 'waiting'
            """,
            [
                (approved ? "approved" : "returned").stored, actor.name.stored, connection.now.stored,
                id.stored,
            ]) == 1
    }

    /// Writes down a decision.
    public func insert(_ row: DecisionRow) throws {
        try connection.run(
            """
            INSERT INTO decision (id, case_id, outcome, reason_code, sentence_sealed, actor, approved_by, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                row.id.stored, row.caseID.stored, row.outcome.stored, row.reason.stored,
                row.sentenceSealed.stored, row.actor.stored, row.approvedBy.stored, row.at.stored,
            ])
    }

    /// The decisions of a case, the newest first.
    public func decisions(of caseID: String) throws -> [DecisionRow] {
        try connection.all(
            """
            SELECT id, case_id, outcome, reason_code, sentence_sealed, actor, approved_by, at FROM decision
            WHERE case_id = $1 ORDER BY at DESC, id DESC
            """, [caseID.stored]
        ) {
            DecisionRow(
                id: try $0[0], caseID: try $0[1], outcome: try $0[2], reason: try $0[3],
                sentenceSealed: try $0[4], actor: try $0[5], approvedBy: try $0[6], at: try $0[7])
        }
    }

    /// Files an objection.
    public func object(
        id: String, caseID: String, channel: Channel, groundSealed: [UInt8], by actor: Actor
    ) throws {
        try connection.run(
            """
            INSERT INTO objection (id, case_id, channel, ground_sealed, actor, filed_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                id.stored, caseID.stored, channel.stored, groundSealed.stored, actor.name.stored,
                connection.now.stored,
            ])
    }

    /// When the objection that is not decided yet was filed; nil when there is none.
    public func openObjection(_ caseID: String) throws -> Instant? {
        try connection.first(
            "SELECT filed_at FROM objection WHERE case_id = $1 AND outcome IS NULL", [caseID.stored]
        ) { try $0[0] }
    }

    /// Decides the open objection of a case, if there is one: `upheld` (인용) or `dismissed` (기각).
    public func decideObjection(_ caseID: String, upheld: Bool, by actor: Actor) throws {
        try connection.run(
            """
            UPDATE objection SET outcome = $1, decided_by = $2, decided_at = $3
            WHERE case_id = $4 AND outcome IS NULL
            """,
            [
                (upheld ? "upheld" : "dismissed").stored, actor.name.stored, connection.now.stored,
                caseID.stored,
            ])
    }

    /// How decided cases ended, by pattern of findings; only of `pattern` when it is named.
    ///
    /// A case that was closed, or waits for the seat it was granted, ended as it was decided.
    public func outcomes(pattern: String?) throws -> [PatternOutcome] {
        try connection.all(
            """
            SELECT pattern, outcome, count(*) FROM (\(Self.ended)) AS ended
            WHERE outcome IS NOT NULL AND (pattern = $1 OR $2)
            GROUP BY pattern, outcome ORDER BY pattern, outcome
            """, [pattern.stored, (pattern == nil).stored]
        ) { PatternOutcome(pattern: try $0[0], outcome: try $0[1], count: try $0[2]) }
    }

    /// Receipt numbers of the decided cases with a pattern, the newest first.
    public func decided(pattern: String, outcome: CaseState, limit: Int) throws -> [String] {
        try connection.all(
            """
            SELECT receipt FROM (\(Self.ended)) AS ended WHERE pattern = $1 AND outcome = $2
            ORDER BY received_at DESC, id DESC LIMIT $3
            """, [pattern.stored, outcome.stored, limit.stored]
        ) { try $0[0] }
    }

    /// Every case with a pattern, with what the last decision said; those restored without one were verified.
    private static let ended: SQL = """
        SELECT c.id, c.receipt, c.received_at, c.pattern, COALESCE(
            (SELECT d.outcome FROM decision AS d WHERE d.case_id = c.id ORDER BY d.at DESC, d.id DESC LIMIT 1),
            CASE WHEN EXISTS (SELECT 1 FROM case_move AS m WHERE m.case_id = c.id AND m.to_state = 'restored')
                THEN 'restored' END) AS outcome
        FROM grievance_case AS c WHERE c.pattern IS NOT NULL
        """
}
