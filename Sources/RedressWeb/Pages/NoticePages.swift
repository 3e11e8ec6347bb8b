/// What leaves the house: how far the outbox is behind, what failed, and notices to everyone of an incident.
import Hummingbird
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

/// `/staff/notices`.
struct NoticePages {
    let desk: Desk
    let templates: PageTemplates

    func add(to staff: RouterGroup<WebContext>) {
        staff.get("notices") { request, context in
            try await show(PageWriter(request, context, templates))
        }
        staff.post("notices") { request, context in try await ask(request, context) }
        staff.post("notices/{id}/{act}") { request, context in try await change(request, context) }
    }

    private func show(_ page: PageWriter, typed: PageForm? = nil) async throws -> Response {
        let actor = try page.requireActor()
        let model = OutboxModel(
            lag: try await desk.notices.lag(), failed: try await desk.notices.list(in: .failed, by: actor),
            mass: try await desk.massNotices.list(by: actor),
            incidents: try await desk.incidents.list(by: actor), page, typed)
        return try page.page(
            "outbox", title: page.text("notices"), model, status: page.error == nil ? .ok : .conflict)
    }

    private func ask(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        do {
            _ = try await desk.massNotices.ask(
                form["text"], incident: form["incident"],
                states: form.ticked("state").compactMap { CaseState(rawValue: $0) },
                perMinute: Int(form["pace"]) ?? 0, by: try context.requireActor())
            return seeOther("/staff/notices?done=asked")
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            return try await show(page, typed: form)
        }
    }

    private func change(_ request: Request, _ context: WebContext) async throws -> Response {
        let (id, act) = (try context.parameters.require("id"), try context.parameters.require("act"))
        let actor = try context.requireActor()
        do {
            switch act {
            case "approve": _ = try await desk.massNotices.approve(id, by: actor)
            case "stop": _ = try await desk.massNotices.stop(id, by: actor)
            default: throw RedressError(.notFound, "There is no such step.")
            }
            return seeOther("/staff/notices?done=\(act)")
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            return try await show(page)
        }
    }
}

/// The outbox and the notices to many.
struct OutboxModel {
    struct Mass {
        var id: String
        var incident: String
        var audience: String
        var preview: String
        var bytes: Int
        var people: Int
        var queued: Int
        var share: Int
        var state: Badge
        var askedBy: String
        var approvedBy: String?
        var canApprove: Bool
        var canStop: Bool
    }

    private static let mostFailed = 100

    var totals: [NamedFigure]
    var failed: [NoticeLine]
    var hasFailed: Bool
    var mass: [Mass]
    var hasMass: Bool
    var canAsk: Bool
    var incidents: [Choice]
    var states: [Choice]
    var text: String
    var pace: String

    init(
        lag: NoticeLag, failed: [NoticeView], mass: [MassNoticeView], incidents: [IncidentRow],
        _ page: PageWriter, _ typed: PageForm?
    ) {
        let minutes = lag.oldestSeconds / 60
        totals = [
            NamedFigure(name: page.text("outbox.waiting"), value: "\(lag.waiting)"),
            NamedFigure(name: page.text("outbox.failed"), value: "\(lag.failed)"),
            NamedFigure(name: page.text("oldestWaiting"), value: page.text("minutes", ["n": "\(minutes)"])),
        ]
        self.failed = failed.prefix(Self.mostFailed).map { NoticeLine($0, page) }
        hasFailed = !failed.isEmpty
        canAsk = page.may(.decideCases)
        self.mass = mass.map { view in
            Mass(
                id: view.id, incident: view.incident,
                audience: view.audience.map { page.text("state.\($0)") }.joined(separator: ", "),
                preview: view.preview, bytes: view.bytes, people: view.people, queued: view.queued,
                share: view.people == 0 ? 100 : min(100, view.queued * 100 / view.people),
                state: page.badge("mass", view.state), askedBy: view.askedBy,
                approvedBy: view.approvedBy.value,
                canApprove: page.may(.decideCases) && ["asked", "stopped"].contains(view.state)
                    && view.askedBy != page.actor?.name,
                canStop: page.may(.decideCases) && ["asked", "running"].contains(view.state))
        }
        hasMass = !mass.isEmpty
        self.incidents = incidents.map {
            Choice(value: $0.id, text: $0.name, isChosen: $0.id == typed?["incident"])
        }
        let chosen = Set(typed?.ticked("state") ?? [])
        states = CaseState.allCases.map {
            Choice(
                value: $0.rawValue, text: page.text("state.\($0.rawValue)"),
                isChosen: chosen.contains($0.rawValue))
        }
        text = typed?["text"] ?? ""
        pace = typed?.optional("pace") ?? "600"
    }
}
