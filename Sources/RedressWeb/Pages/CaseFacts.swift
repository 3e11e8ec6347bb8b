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
        let detail = try await desk.cases.show(receipt, by: actor, origin: "page")
        let view = detail.summary
        var facts = CaseFacts(
            detail: detail,
            person: try await desk.lookups.find(.receipt(receipt.description), by: actor, origin: "page")
                .people.first,
            timeline: try await desk.timelines.timeline(of: receipt, by: actor, origin: "page"),
            sites: try await desk.incidents.siteNames(view.incident, by: actor),
            contacts: try await desk.contacts.open(with: receipt, by: actor),
            notices: try await desk.notices.list(of: receipt, by: actor),
            answers: try await desk.notes.answers(by: actor).map(\.name),
            reach: try await desk.reach.preferences(of: receipt, by: actor))
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
