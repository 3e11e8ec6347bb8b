/// The sentence an agent reads out: apology, what can be done now, and the evidence only when asked.
import RedressDesk

/// Chooses the sentence.
enum ReadAloud {
    static func sentence(_ facts: CaseFacts, _ page: PageWriter) -> String {
        let view = facts.detail.summary
        let key =
            switch view.state {
            case "offered": facts.held.isEmpty ? "offered-only" : "offered"
            case "restored", "waitlisted", "needs-information", "rejected", "objection": view.state
            case "closed", "withdrawn", "transferred", "not-affected": "ended"
            default: byVerdict(facts)
            }
        let seat =
            facts.offer.map { facts.said($0.seat, page) }
            ?? view.restored.value.map { SpokenTime.seat($0, page.language) } ?? view.lostSeat(page)
        return page.text("say.\(key)", ["seat": seat])
    }

    private static func byVerdict(_ facts: CaseFacts) -> String {
        switch facts.detail.summary.verdict.value {
        case "verified": facts.offers?.freeOnLost == 0 ? "full" : "verified"
        case .some(let verdict): verdict
        case nil: "received"
        }
    }
}
