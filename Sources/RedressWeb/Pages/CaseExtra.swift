/// What one showing of the caller's page adds to the case: what was typed, what was asked to be shown in clear.
import RedressCore
import RedressDesk

/// What a form brought that was not carried out, or asked for.
struct CaseExtra {
    /// The person in clear, once, for a reason.
    var unmasked: PersonCard?
    /// What was typed into a step.
    var typed = ""
    /// What was typed into the note, or a saved answer filled in.
    var note = ""
    /// What was typed into the contact.
    var contact: PageForm?
}

/// How long an offer stands.
struct OfferClock {
    var until: String
    var said: String

    init(_ offer: LiveOffer, _ page: PageWriter) {
        until = offer.until
        said = SpokenTime.moment(offer.until, page.language)
    }
}

/// A notice of the case, with where it stands.
struct NoticeLine {
    var id: String
    var receipt: String
    var event: String
    var state: Badge
    var when: String
    var why: String?
    var attempts: Int
    var canCancel: Bool
    var canRetry: Bool
    var canCorrect: Bool

    init(_ view: NoticeView, _ page: PageWriter) {
        id = view.id
        receipt = view.case
        event = page.text("notice.\(view.event)")
        let isDelivered = view.deliveredAt.value != nil
        state =
            isDelivered
            ? Badge(kind: "good", text: page.text("outbox.delivered")) : page.badge("outbox", view.state)
        let at = view.deliveredAt.value ?? view.sentAt.value ?? view.createdAt
        when = SpokenTime.moment(at, page.language)
        why = view.why.value
        attempts = view.attempts
        let canWork = page.may(.workCases)
        canCancel = canWork && view.state == "waiting"
        canRetry = canWork && ["failed", "cancelled"].contains(view.state)
        canCorrect = canWork && view.sentAt.value != nil
    }
}

/// A step that moves somebody's seat, read aloud before it is done.
struct ConfirmModel {
    var receipt: String
    var act: String
    var version: Int
    var key: String
    var title: String
    var say: String
    var effects: [String]

    init?(_ act: CaseAct, _ facts: CaseFacts, _ page: PageWriter, key: String) {
        let view = facts.detail.summary
        guard
            let step = CaseActionModel.all(facts, page, key: key, typed: "").first(where: {
                $0.act == act.rawValue
            })
        else { return nil }
        receipt = view.receipt
        self.act = act.rawValue
        version = view.version
        self.key = key
        title = step.title
        effects = step.effects
        let held = facts.held.first
        let later = held.map {
            SpokenTime.seat(date: $0.date, slot: $0.slot, page.language) + " "
                + (facts.sites[$0.site] ?? $0.site)
        }
        let lost = view.lostSeat(page) + " " + (view.site.value.map { facts.sites[$0] ?? $0 } ?? "")
        let seat = facts.offer.map { facts.said($0.seat, page) } ?? lost
        let word = "confirm.\(act.rawValue)" + (later == nil ? ".only" : ".swap")
        say = page.text(word, ["seat": seat, "later": later ?? ""])
    }
}
