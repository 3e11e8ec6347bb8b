/// One step on the caller's page: what it is called, what it will do, what it asks for.
import RedressCore
import RedressDesk
import RedressEvidence

/// A form of one step.
struct CaseActionModel {
    struct Reason {
        var code: String
        var text: String
    }

    var act: String
    var receipt: String
    var version: Int
    var key: String
    var title: String
    var effects: [String]
    var isMain: Bool
    var isFirst: Bool
    var textLabel: String?
    var typed: String
    var hasReasons: Bool
    var reasons: [Reason]
    var isConfirmed: Bool

    /// Every step that is open to the reader now; the first of those that stand first is the main one.
    static func all(_ facts: CaseFacts, _ page: PageWriter, key: String, typed: String) -> [CaseActionModel] {
        guard let actor = page.actor, let state = CaseState(rawValue: facts.detail.summary.state) else {
            return []
        }
        let verdict = facts.detail.summary.verdict.value
        let isFull = facts.offers?.freeOnLost == 0
        let acts = CaseAct.allCases.filter {
            $0.isOffered(state, verdict: verdict, actor) && !($0 == .restore && isFull)
        }
        let main = acts.first(where: \.isFirst)
        return acts.map { act in
            CaseActionModel(
                act: act.rawValue, receipt: facts.detail.summary.receipt,
                version: facts.detail.summary.version, key: key, title: page.text("act.\(act.rawValue)"),
                effects: effects(of: act, facts, page), isMain: act == main, isFirst: act.isFirst,
                textLabel: act.textLabel.map { page.text($0) }, typed: typed,
                hasReasons: !act.reasons.isEmpty,
                reasons: act.reasons.map {
                    Reason(code: $0.rawValue, text: page.language == .ko ? $0.korean : $0.english)
                }, isConfirmed: act.isConfirmed)
        }
    }

    private static func effects(of act: CaseAct, _ facts: CaseFacts, _ page: PageWriter) -> [String] {
        let seat = facts.detail.summary.lostSeat(page)
        return switch act {
        case .restore:
            [
                page.text(facts.held.isEmpty ? "act.restore.seat" : "act.restore.hold", ["seat": seat]),
                page.text("act.tells"),
            ]
        case .override, .reject: [page.text("act.second.effect")]
        case .notAffected: [page.text("act.tells")]
        case .accept: [page.text("act.accept.effect"), page.text("act.tells")]
        default: [page.text("act.\(act.rawValue).effect")]
        }
    }
}
