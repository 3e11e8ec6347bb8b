/// The staff's lists of work and the one search box, and everything else under `/staff`.
import Hummingbird
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

/// Everything under `/staff`.
struct StaffRoutes {
    /// The rows of a list: a page of less than 100 KB, what is due first at the top.
    private static let mostShown = 100
    let desk: Desk
    let templates: PageTemplates
    var provider: OpenIDProvider?

    func add(to router: Router<WebContext>) {
        PageTemplates.style.add(to: router)
        PageTemplates.script.add(to: router)
        let pages = router.group("").add(middleware: PageMiddleware(templates: templates))
        SignInPages(desk: desk, templates: templates).add(to: pages)
        if let provider {
            OpenIDPages(desk: desk, templates: templates, provider: provider).add(to: pages)
        }
        let staff = pages.group("staff")
            .add(middleware: StaffSessionMiddleware(desk: desk, templates: templates))
        staff.get { request, context in try await home(.mine, request, context) }
        staff.get("lists/{list}") { request, context in
            guard let list = WorkList(rawValue: try context.parameters.require("list")) else {
                throw RedressError(.notFound, "There is no such list of work.")
            }
            return try await home(list, request, context)
        }
        staff.get("reviews") { request, context in try await home(.approvals, request, context) }
        staff.post("search") { request, context in try await search(request, context) }
        staff.post("next") { _, context in
            let next = try await desk.work.next(by: try context.requireActor())
            return seeOther(next.map { "/staff/cases/\($0.receipt)" } ?? "/staff")
        }
        CasePages(desk: desk, templates: templates).add(to: staff)
        PersonPages(desk: desk, templates: templates).add(to: staff)
        ContactPages(desk: desk, templates: templates).add(to: staff)
        BulkPages(desk: desk, templates: templates).add(to: staff)
        NoticePages(desk: desk, templates: templates).add(to: staff)
        CapacityPages(desk: desk, templates: templates).add(to: staff)
        PoolPages(desk: desk, templates: templates).add(to: staff)
        StatisticsPages(desk: desk, templates: templates).add(to: staff)
        AuditPages(desk: desk, templates: templates).add(to: staff)
        StaffAdminPages(desk: desk, templates: templates).add(to: staff)
        AccountPages(desk: desk, templates: templates).add(to: staff)
    }

    private func writer(_ request: Request, _ context: WebContext) -> PageWriter {
        PageWriter(request, context, templates)
    }

    private func home(_ list: WorkList, _ request: Request, _ context: WebContext) async throws -> Response {
        let page = writer(request, context)
        let actor = try context.requireActor()
        let cases = try await desk.work.list(list, by: actor)
        let isReview = request.uri.path == "/staff/reviews"
        let lists: [WorkList] = isReview ? [.approvals, .objections, .escalated] : WorkList.allCases
        let model = HomeModel(
            tabs: lists.map {
                PageShell.Link(
                    href: "/staff/lists/\($0.rawValue)", text: page.text("list.\($0.rawValue)"),
                    isHere: $0 == list)
            },
            name: page.text("list.\(list.rawValue)"), count: cases.count,
            list: list.rawValue, canWork: page.may(.workCases), canBulk: page.may(.decideCases),
            cap: WorkDesk.bulkCap, hasCases: !cases.isEmpty, isCut: cases.count > Self.mostShown,
            cases: cases.prefix(Self.mostShown).map { CaseLine($0, page) })
        return try page.page("home", title: page.text(isReview ? "reviews" : "work"), model)
    }

    private func search(_ request: Request, _ context: WebContext) async throws -> Response {
        var page = writer(request, context)
        let form = try await PageForm.read(request, context)
        do {
            let query = try SearchBox.query(form["q"], birthDate: form.optional("birth"))
            let report = try await desk.lookups.find(query, by: try context.requireActor(), origin: "page")
            if case .receipt = query, let person = report.people.first, report.people.count == 1,
                let receipt = person.cases.first(where: { $0.receipt == form["q"] })?.receipt
            {
                return seeOther("/staff/cases/\(receipt)")
            }
            return try page.page("found", title: page.text("found"), FoundModel(report, query, page))
        } catch let error as RedressError where [.badData, .usage, .notFound].contains(error.code) {
            page.error = error.message
            let empty = FoundModel(nil, nil, page)
            return try page.page("found", title: page.text("found"), empty, status: .badRequest)
        }
    }
}

/// A page that shows nothing of its own.
struct Empty {}

extension PageWriter {
    /// Writes for a request.
    init(_ request: Request, _ context: WebContext, _ templates: PageTemplates) {
        self.init(
            templates: templates, language: PageLanguage.of(request), actor: context.actor,
            path: request.uri.path, csrf: context.session?.csrf ?? "")
        if let act = request.uri.queryParameters["done"] {
            done = text(Words.table["done.\(act)"] == nil ? "done" : "done.\(act)")
        }
    }
}

/// A list of work with the search box above it.
struct HomeModel {
    var tabs: [PageShell.Link]
    var name: String
    var count: Int
    var list: String
    var canWork: Bool
    var canBulk: Bool
    var cap: Int
    var hasCases: Bool
    var isCut: Bool
    var cases: [CaseLine]
}

/// A case in a list.
struct CaseLine {
    var receipt: String
    var state: Badge
    var verdict: Badge?
    var lost: String
    var due: String
    var overdue: Bool
    var assignee: String

    init(_ view: CaseView, _ page: PageWriter) {
        receipt = view.receipt
        state = page.badge("state", view.state)
        verdict = view.verdict.value.map { page.badge("verdict", $0) }
        lost = view.lostSeat(page)
        due = SpokenTime.moment(view.dueAt, page.language)
        overdue = view.overdue
        assignee = view.assignee.value ?? ""
    }
}

extension CaseView {
    /// The lost seat as people say it, or the booking's number when no source names it.
    func lostSeat(_ page: PageWriter) -> String {
        guard let date = date.value, let slot = slot.value else { return booking }
        return SpokenTime.seat(date: date, slot: slot, page.language)
    }
}
