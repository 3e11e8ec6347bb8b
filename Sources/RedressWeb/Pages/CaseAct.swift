/// What may be done with a case now: read from the state table, with what each step will do.
import RedressCore
import RedressDesk

/// One step the page offers.
enum CaseAct: String, CaseIterable {
    case verify, restore, accept, decline, wait, ask, answered, override, reject
    case notAffected = "not-affected"
    case approve
    case sendBack = "send-back"
    case object
    case takeUp = "take-up"
    case withdraw, close, reopen, assign

    /// The state a step leads to, for the steps that are moves of their own.
    private var target: CaseState? {
        switch self {
        case .ask: .needsInformation
        case .answered: .inReview
        case .override, .reject: .awaitingApproval
        case .notAffected: .notAffected
        case .object: .objection
        case .takeUp: .inReview
        case .withdraw: .withdrawn
        case .close: .closed
        default: nil
        }
    }

    /// The states in which the step makes sense.
    private var states: Set<CaseState> {
        switch self {
        case .verify: [.received, .verifying, .inReview]
        case .restore: [.verifying, .inReview, .waitlisted]
        case .wait: [.verifying, .inReview]
        case .accept, .decline: [.offered]
        case .answered: [.needsInformation]
        case .approve, .sendBack: [.awaitingApproval]
        case .takeUp: [.objection]
        case .close: [.restored, .rejected, .notAffected, .withdrawn, .transferred]
        case .reopen: [.closed]
        case .assign: Set(CaseState.allCases.filter(\.isOpen))
        case .ask, .override, .reject, .notAffected: [.inReview]
        case .object: [.rejected, .notAffected]
        case .withdraw: Set(CaseState.allCases.filter { $0.isOpen && $0 != .objection })
        }
    }

    /// Whether the step may be offered to somebody of this role.
    func isOffered(_ state: CaseState, verdict: String?, _ actor: Actor) -> Bool {
        guard states.contains(state), actor.role.permissions.contains(.workCases) else { return false }
        if [.approve, .sendBack, .reopen].contains(self) {
            guard actor.role.permissions.contains(.decideCases) else { return false }
        }
        if [.restore, .wait].contains(self), state != .waitlisted {
            guard verdict == "verified" else { return false }
        }
        if self == .verify, verdict == "verified" { return false }
        guard let target else { return true }
        return state.moves.contains { $0.to == target && $0.roles.contains(actor.role) }
    }

    /// The word above what the step asks to be written; nil when it asks nothing.
    var textLabel: String? {
        switch self {
        case .ask: "text.question"
        case .answered, .withdraw, .object: "text.said"
        case .override, .reject, .notAffected: "text.sentence"
        case .sendBack, .reopen: "text.why"
        default: nil
        }
    }

    /// The reasons the step chooses from.
    var reasons: [ReasonCode] {
        switch self {
        case .reject: ReasonCode.allCases.filter { $0.decision == .rejected }
        case .notAffected: ReasonCode.allCases.filter { $0.decision == .notAffected }
        default: []
        }
    }

    /// The steps that stand first, at most three.
    var isFirst: Bool {
        switch self {
        case .restore, .accept, .decline, .answered, .approve, .sendBack, .takeUp, .verify, .close, .reopen:
            true
        default: false
        }
    }

    /// Whether the step moves a seat, so that what it swaps is read aloud first.
    var isConfirmed: Bool { self == .restore || self == .accept }
}
