/// Incidents, and bulk restoration with its preview.
import Hummingbird
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

/// Everything under `/staff/incidents` and `/staff/plan`.
struct CapacityPages {
    let desk: Desk
    let templates: PageTemplates

    func add(to staff: RouterGroup<WebContext>) {
        staff.get("incidents") { request, context in
            let page = PageWriter(request, context, templates)
            let rows = try await desk.incidents.list(by: try context.requireActor())
            return try page.page(
                "incidents", title: page.text("incidents"),
                IncidentsModel(incidents: rows.map { .init($0, page) }))
        }
        staff.get("incidents/{id}") { request, context in try await incident(request, context) }
        staff.post("incidents/{id}/sweep") { request, context in
            let (id, actor) = (try context.parameters.require("id"), try context.requireActor())
            try actor.require(.decideCases)
            _ = try await desk.incidents.sweep(id, by: actor)
            return seeOther("/staff/incidents/\(id)?done=sweep")
        }
        staff.post("plan/{id}") { _, context in
            let (id, actor) = (try context.parameters.require("id"), try context.requireActor())
            try actor.require(.manageCapacity)
            let plan = try await desk.plans.plan(id, by: actor)
            return seeOther("/staff/plan/\(id)/\(plan.digest)")
        }
        staff.get("plan/{id}/{digest}") { request, context in try await plan(request, context) }
        staff.post("plan/{id}/apply") { request, context in try await apply(request, context) }
    }

    /// A plan as it was shown; whoever is the second person it waits for may apply it here.
    private func plan(_ request: Request, _ context: WebContext) async throws -> Response {
        let page = PageWriter(request, context, templates)
        let (id, actor) = (try context.parameters.require("id"), try context.requireActor())
        try actor.require(.manageCapacity)
        let plan = try await desk.plans.shown(
            try context.parameters.require("digest"), incident: id, by: actor)
        let waiting = try await desk.plans.waiting(id, by: actor)
        let isSecond = waiting?.plan.digest == plan.digest && waiting?.madeBy != actor.name
        let sites = try await desk.incidents.siteNames(id, by: actor)
        return try page.page(
            "plan", title: page.text("plan"), PlanModel(plan, canApply: isSecond, sites, page))
    }

    private func apply(_ request: Request, _ context: WebContext) async throws -> Response {
        var page = PageWriter(request, context, templates)
        let (id, actor) = (try context.parameters.require("id"), try context.requireActor())
        try actor.require(.applyPlan)
        try context.requireRecentSignIn()
        let form = try await PageForm.read(request, context)
        do {
            let report = try await desk.plans.apply(form["digest"], incident: id, by: actor)
            page.done = page.text(
                "applied",
                [
                    "s": "\(report.seated)", "h": "\(report.held)", "w": "\(report.waitlisted)",
                    "k": "\(report.skipped)", "f": "\(report.failed)",
                ])
        } catch let error as RedressError where error.code != .fault {
            page.error = error.message
        }
        return try await PoolPages(desk: desk, templates: templates).board(id, nil, 1, page)
    }

    private func incident(_ request: Request, _ context: WebContext) async throws -> Response {
        let page = PageWriter(request, context, templates)
        let (id, actor) = (try context.parameters.require("id"), try context.requireActor())
        guard let row = try await desk.incidents.list(by: actor).first(where: { $0.id == id }) else {
            throw RedressError(.notFound, "There is no incident \(id).")
        }
        let cells = try await desk.evidenceDesk.coverage(id, by: actor)
        let cases = try await desk.cases.list(incident: id, state: nil, by: actor)
        return try page.page("incident", title: row.name, IncidentModel(row, cells, cases, page))
    }
}
