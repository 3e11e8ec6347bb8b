/// What the caller's page is made of, read through the desks; every look is recorded there.
import RedressCore
import RedressDesk
import RedressStore

/// Everything known of a case and its person.
struct CaseFacts {
    var detail: CaseDetail
    var person: FoundPerson?
    var timeline: [RedressDesk.TimelineEntry]
    var offers: OfferList?
    var sites: [String: String]
    var contacts: OpenContacts
    var notices: [NoticeView]
    var answers: [String]
    var reach: ReachView
    var offer: LiveOffer?
    var request: ApprovalView?
    var similar: SimilarCases?

    static func read(_ receipt: ReceiptNumber, _ desk: Desk, by actor: Actor) async throws -> CaseFacts {
        // All at once: what is written of these looks is one commit, and the page waits for the slowest, not for the sum.
        async let detail = desk.cases.show(receipt, by: actor, origin: "page")
        async let found = desk.lookups.find(.receipt(receipt.description), by: actor, origin: "page")
        async let timeline = desk.timelines.timeline(of: receipt, by: actor, origin: "page")
        async let contacts = desk.contacts.open(with: receipt, by: actor)
        async let notices = desk.notices.list(of: receipt, by: actor)
        async let answers = desk.notes.answers(by: actor)
        async let reach = desk.reach.preferences(of: receipt, by: actor)
        let view = try await detail.summary
        var facts = CaseFacts(
            detail: try await detail, person: try await found.people.first, timeline: try await timeline,
            sites: try await desk.incidents.siteNames(view.incident, by: actor),
            contacts: try await contacts, notices: try await notices, answers: try await answers.map(\.name),
            reach: try await reach)
        let isEntitled = ["verifying", "waitlisted", "in-review"].contains(view.state)
        if isEntitled, view.date.value != nil, actor.role.permissions.contains(.workCases) {
            facts.offers = try await desk.offers.list(receipt, by: actor)
        }
        if view.state == CaseState.offered.rawValue {
            facts.offer = try await desk.offers.live(receipt, by: actor)
        }
        if view.state == CaseState.awaitingApproval.rawValue {
            facts.request = try await desk.reviews.waiting(receipt, by: actor)
            facts.similar = try await desk.reviews.similar(receipt, by: actor, origin: "page")
        }
        return facts
    }

    /// What the person holds now beside the lost booking.
    var held: [FoundBooking] {
        (person?.bookings ?? []).filter { $0.status == "confirmed" }
    }

    /// A seat as people say it, with its centre.
    func said(_ seat: SeatView, _ page: PageWriter) -> String {
        SpokenTime.seat(seat, page.language) + " " + (sites[seat.site] ?? seat.site)
    }

    /// Whether the logs or two people say that the claim is good.
    var isEntitled: Bool {
        detail.summary.verdict.value == "verified" || detail.summary.state == "waitlisted"
    }
}
