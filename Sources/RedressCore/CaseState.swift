/// The states of a case and the one table of moves between them; `docs/case-states.md` is drawn from it.

/// Where a case stands.
public enum CaseState: String, Sendable, CaseIterable {
    case received
    case verifying
    case inReview = "in-review"
    case needsInformation = "needs-information"
    case offered
    case waitlisted
    case awaitingApproval = "awaiting-approval"
    case restored
    case rejected
    case objection
    case withdrawn
    case transferred
    case notAffected = "not-affected"
    case closed

    /// The word a Korean page shows.
    public var korean: String {
        switch self {
        case .received: "접수"
        case .verifying: "사실확인 중"
        case .inReview: "담당자 검토 중"
        case .needsInformation: "보완 요구"
        case .offered: "대체 예약 제안"
        case .waitlisted: "빈자리 대기"
        case .awaitingApproval: "승인 대기"
        case .restored: "복구 완료"
        case .rejected: "불수용"
        case .objection: "이의신청"
        case .withdrawn: "취하"
        case .transferred: "이송"
        case .notAffected: "해당 없음"
        case .closed: "처리 완료"
        }
    }

    /// Whether the person still waits for an outcome, so that a seat may not be taken from under the claim.
    public var isOpen: Bool {
        switch self {
        case .restored, .rejected, .withdrawn, .transferred, .notAffected, .closed: false
        default: true
        }
    }

    /// The moves that lead out of this state.
    public var moves: [CaseMove] {
        CaseMove.table.filter { $0.from == self }
    }

    /// The legal move to `state`.
    ///
    /// - Throws: `.refused` naming the legal moves and why this is none, `.notAllowed` when `role` may not make it.
    public func move(to state: CaseState, as role: Role) throws -> CaseMove {
        guard let move = moves.first(where: { $0.to == state }) else {
            let legal = moves.map(\.to.rawValue).joined(separator: ", ")
            throw RedressError(
                .refused,
                """
                A case that is \(rawValue) cannot become \(state.rawValue). \
                \(legal.isEmpty ? "Nothing follows it." : "It can become: \(legal).")
                """,
                details: ["from": rawValue, "to": state.rawValue, "legal": legal])
        }
        guard move.roles.contains(role) else {
            let allowed = move.roles.map(\.rawValue).sorted().joined(separator: ", ")
            throw RedressError(
                .notAllowed,
                "Moving a case from \(rawValue) to \(state.rawValue) is for: \(allowed). You are \(role.rawValue).",
                details: ["from": rawValue, "to": state.rawValue])
        }
        return move
    }
}

/// One legal move of a case.
public struct CaseMove: Sendable, Equatable {
    /// The state it leads out of.
    public let from: CaseState
    /// The state it leads to.
    public let to: CaseState
    /// Who may make it.
    public let roles: Set<Role>
    /// When it is made, for the document and for error messages.
    public let meaning: String

    /// Every legal move; anything else is refused.
    public static let table: [CaseMove] =
        intake + review + seats + endings

    private static let intake = [
        CaseMove(.received, .verifying, .anyone, "the logs are read for this person"),
        CaseMove(.verifying, .inReview, .working, "the logs do not settle it: a human decides"),
        CaseMove(.verifying, .restored, .working, "verified, and seated on the original slot"),
        CaseMove(.verifying, .offered, .working, "verified; a seat is held and waits for the person's yes"),
        CaseMove(.verifying, .waitlisted, .working, "verified; no seat to offer yet"),
    ]

    private static let review = [
        CaseMove(.inReview, .verifying, .working, "more logs arrived: read them again"),
        CaseMove(
            .inReview, .needsInformation, .staff, "something only the person can tell; pauses the clock"),
        CaseMove(.needsInformation, .inReview, .anyone, "the person answered, or the time to answer ended"),
        CaseMove(.inReview, .restored, .deciding, "a reviewer upholds the claim and a seat is free"),
        CaseMove(.inReview, .offered, .working, "a seat is held and waits for the person's yes"),
        CaseMove(.inReview, .waitlisted, .working, "the claim is good; no seat to offer yet"),
        CaseMove(.inReview, .awaitingApproval, .staff, "a rejection or an override asks for a second person"),
        CaseMove(.awaitingApproval, .inReview, .deciding, "the second person does not agree"),
        CaseMove(.awaitingApproval, .rejected, .deciding, "the second person approves the rejection"),
        CaseMove(.awaitingApproval, .restored, .deciding, "the second person approves the override"),
        CaseMove(
            .awaitingApproval, .offered, .deciding, "the override is approved; the person is asked first"),
        CaseMove(.awaitingApproval, .waitlisted, .deciding, "the override is approved; no seat is free yet"),
        CaseMove(.inReview, .notAffected, .staff, "a human finds that nothing was lost, with a reason"),
    ]

    private static let seats = [
        CaseMove(.offered, .restored, .anyone, "the person said yes and is seated"),
        CaseMove(.offered, .waitlisted, .anyone, "the person waits for the original slot instead"),
        CaseMove(.offered, .inReview, .anyone, "the offer was declined or lapsed"),
        CaseMove(.waitlisted, .offered, .working, "a freed seat is held for the person"),
        CaseMove(.waitlisted, .restored, .working, "a freed seat, and the person holds nothing"),
        CaseMove(.waitlisted, .inReview, .working, "the original date passed: down the ladder"),
        CaseMove(.restored, .offered, .working, "seated elsewhere, and the original slot came free"),
        CaseMove(.restored, .inReview, .deciding, "undone within the time for it, on the person's yes"),
    ]

    private static let endings: [CaseMove] =
        CaseState.allCases.filter { $0.isOpen && $0 != .objection }.map {
            CaseMove($0, .withdrawn, .speaking, "the person takes the claim back")
        }
        + CaseState.allCases.filter { $0.isOpen && $0 != .objection && $0 != .offered }.map {
            CaseMove($0, .transferred, .deciding, "another agency is in charge")
        }
        + CaseState.allCases
        .filter { $0.isOpen && ![.objection, .offered, .awaitingApproval].contains($0) }.map {
            CaseMove($0, .closed, .staff, "merged into an earlier case of the same person")
        }
        + [
            CaseMove(.rejected, .objection, .speaking, "the person objects: another reviewer"),
            CaseMove(.notAffected, .objection, .speaking, "the person objects: another reviewer"),
            CaseMove(.objection, .inReview, .deciding, "the objection is taken up"),
            CaseMove(.restored, .closed, .working, "the person was told and the seat stands"),
            CaseMove(.rejected, .closed, .working, "the time to object ended"),
            CaseMove(.notAffected, .closed, .working, "the time to object ended"),
            CaseMove(.withdrawn, .closed, .working, "the withdrawal was confirmed"),
            CaseMove(.transferred, .closed, .working, "the other agency took it over"),
            CaseMove(.closed, .inReview, .deciding, "reopened"),
        ]

    private init(_ from: CaseState, _ to: CaseState, _ roles: Set<Role>, _ meaning: String) {
        self.from = from
        self.to = to
        self.roles = roles
        self.meaning = meaning
    }
}

extension Set<Role> {
    /// People who decide about other people's cases.
    fileprivate static let deciding: Set<Role> = [.supervisor, .operator]
    /// Everyone on the staff who works on cases.
    fileprivate static let staff: Set<Role> = [.agent, .supervisor, .operator]
    /// The staff, and redress by itself.
    fileprivate static let working: Set<Role> = [.agent, .supervisor, .operator, .system]
    /// The person, and staff who write down what the person said.
    fileprivate static let speaking: Set<Role> = [.citizen, .agent, .supervisor, .operator]
    /// All of these.
    fileprivate static let anyone: Set<Role> = [.citizen, .agent, .supervisor, .operator, .system]
}

extension CaseState {
    /// The state table as a page: `docs/case-states.md` is exactly this text.
    public static var document: String {
        var lines = [
            "# Case states", "",
            "Drawn from the table in `Sources/RedressCore/CaseState.swift`; a test fails when the two part.",
            "",
            "| state | 한국어 | open | can become |", "| --- | --- | --- | --- |",
        ]
        for state in allCases {
            let next = state.moves.map(\.to.rawValue).joined(separator: ", ")
            lines.append(
                "| `\(state.rawValue)` | \(state.korean) | \(state.isOpen ? "yes" : "no") | \(next) |")
        }
        lines += ["", "## Moves", "", "| from | to | who | when |", "| --- | --- | --- | --- |"]
        for move in CaseMove.table {
            let roles = move.roles.map(\.rawValue).sorted().joined(separator: ", ")
            lines.append("| `\(move.from.rawValue)` | `\(move.to.rawValue)` | \(roles) | \(move.meaning) |")
        }
        lines += ["", "## Drawing", "", "```mermaid", "stateDiagram-v2", "    [*] --> received"]
        for move in CaseMove.table { lines.append("    \(move.from.rawValue) --> \(move.to.rawValue)") }
        return (lines + ["```", ""]).joined(separator: "\n")
    }
}
