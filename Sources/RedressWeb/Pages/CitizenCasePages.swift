/// A citizen follows a case: what the logs show, the offer, and everything they may do.
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk

/// Everything under `/my/cases`.
struct CitizenCasePages {
    let desk: Desk
    let templates: PageTemplates

    private struct Cases {
        struct Line {
            var href: String
            var when: String
            var state: Badge
            var receipt: String
        }

        var cases: [Line]
    }

    private struct Looks {
        struct Line {
            var when: String
            var who: String
            var what: String
        }

        var back: String
        var looks: [Line]
        var own: String
        var isCut: Bool
    }

    func add(to own: RouterGroup<WebContext>) {
        let cases = own.group("cases")
        cases.get { request, context in try await list(request, context) }
        cases.get("{place}") { request, context in
            let (story, place) = try await story(context)
            let page = CitizenWriter(request, context, desk, templates)
            let model = CitizenCaseModel(story, place, page)
            return try page.page("citizen-case", title: page.text("follow.title"), model)
        }
        cases.get("{place}/done") { request, context in
            let (story, place) = try await story(context)
            let page = CitizenWriter(request, context, desk, templates)
            let model = CitizenCaseModel(story, place, page)
            return try page.page("citizen-done", title: page.text("done.title"), model)
        }
        cases.get("{place}/confirmation") { request, context in
            try await confirmation(request, context, isLarge: false)
        }
        cases.get("{place}/confirmation-large") { request, context in
            try await confirmation(request, context, isLarge: true)
        }
        cases.get("{place}/decision") { _, context in try await decision(context, isLarge: false) }
        cases.get("{place}/decision-large") { _, context in try await decision(context, isLarge: true) }
        cases.get("{place}/looks") { request, context in try await looks(request, context) }
        CitizenActPages(desk: desk, templates: templates, pages: self).add(to: cases)
    }

    /// The case that stands at the place in the address.
    func story(_ context: WebContext) async throws -> (OwnStory, Int) {
        let actor = try context.requireCitizen()
        let place = Int(try context.parameters.require("place")) ?? 0
        guard let receipt = CitizenCases(try await desk.own.overview(by: actor)).receipt(at: place) else {
            throw RedressError(.notFound, "You have no such case.")
        }
        return (try await desk.own.story(of: receipt, by: actor), place)
    }

    private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.requireCitizen()
        let page = CitizenWriter(request, context, desk, templates)
        let records = try await desk.own.overview(by: actor)
        let places = CitizenCases(records)
        if places.count == 0 { return seeOther("/my/bookings?note=none") }
        if places.count == 1 { return seeOther("/my/cases/1") }
        let lines = records.flatMap(\.cases).map(\.summary).compactMap { view in
            places.path(of: view.receipt).map {
                Cases.Line(
                    href: $0, when: page.lost(view), state: page.badge("own.state", view.state),
                    receipt: view.receipt)
            }
        }
        return try page.page(
            "citizen-cases", title: page.text("cases.title"),
            Cases(cases: lines.sorted { $0.receipt < $1.receipt }))
    }

    private func confirmation(
        _ request: Request, _ context: WebContext, isLarge: Bool
    ) async throws -> Response {
        let (story, place) = try await story(context)
        var page = CitizenWriter(request, context, desk, templates)
        page.isLarge = isLarge
        let model = CitizenPaper(story, place, page, isLarge: isLarge)
        return try page.page("citizen-confirmation", title: model.title, model)
    }

    private func decision(_ context: WebContext, isLarge: Bool) async throws -> Response {
        let (story, _) = try await story(context)
        let html = try await desk.own.document(
            of: try ReceiptNumber(story.own.summary.receipt), largePrint: isLarge,
            by: try context.requireCitizen())
        return PageWriter.response(html, style: "'unsafe-inline'")
    }

    private func looks(_ request: Request, _ context: WebContext) async throws -> Response {
        let (story, place) = try await story(context)
        let page = CitizenWriter(request, context, desk, templates)
        let most = 100
        let looks = try await desk.own.looks(
            at: try ReceiptNumber(story.own.summary.receipt), by: try context.requireCitizen())
        // The person's own looks would hide everybody else's.
        let others = looks.filter { !$0.actor.hasPrefix("citizen") }
        let lines = others.prefix(most).map { look in
            Looks.Line(
                when: SpokenTime.moment(look.at, page.language), who: page.looker(look.actor),
                what: page.known("look", look.what))
        }
        return try page.page(
            "citizen-looks", title: page.text("looks.title"),
            Looks(
                back: "/my/cases/\(place)", looks: lines,
                own: page.text("looks.own", ["n": "\(looks.count - others.count)"]),
                isCut: others.count > most))
    }
}

extension CitizenWriter {
    /// The lost seat as people say it, or that nobody knows it yet.
    func lost(_ view: CaseView) -> String {
        guard let date = view.date.value, let slot = view.slot.value else { return text("seatUnknown") }
        return SpokenTime.seat(date: date, slot: slot, language)
    }

    /// Words for a value, or the general word of its kind.
    func known(_ kind: String, _ value: String) -> String {
        text(Words.table["\(kind).\(value)"] == nil ? "\(kind).other" : "\(kind).\(value)")
    }

    /// Who looked, as the person may know it: the system, or a member of the staff by name.
    func looker(_ actor: String) -> String {
        if actor == Actor.system.name { return text("looker.system") }
        if actor.hasPrefix("operator:") { return text("looker.operator") }
        return text("looker.staff", ["name": actor])
    }
}
