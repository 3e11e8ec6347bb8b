/// The citizen's pages, phone first: what happened, who is asking, what they want, and what becomes of it.
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore
import RedressDesk
import RedressEvidence

/// Everything a citizen sees.
struct CitizenPages {
    let desk: Desk
    let templates: PageTemplates

    private struct Start {
        var sentence: String
        var isSignedIn: Bool
    }

    private struct Check {
        var fields: CitizenFields
        var isChecked = false
        var isValid = false
        var text = ""
    }

    func add(to router: Router<WebContext>) {
        PageTemplates.citizenStyle.add(to: router)
        PageTemplates.citizenScript.add(to: router)
        let pages = router.group("")
            .add(middleware: CitizenPageMiddleware(desk: desk, templates: templates))
            .add(middleware: IdentityMiddleware(desk: desk, cookie: .citizen))
        pages.get("/") { request, context in try await start(request, context) }
        pages.get("check") { request, context in
            let page = writer(request, context)
            return try page.page("citizen-check", title: page.text("check"), Check(fields: CitizenFields()))
        }
        pages.post("check") { request, context in try await check(request, context) }
        let own = pages.group("my")
        own.get { _, context in
            seeOther((try? context.requireCitizen()) == nil ? "/my/phone?to=follow" : "/my/cases")
        }
        own.post("stay") { request, context in try await stay(request, context) }
        own.post("end") { request, context in try await end(request, context) }
        own.get("**") { _, _ -> Response in throw RedressError(.notFound, "There is no such page.") }
        CitizenSignInPages(desk: desk, templates: templates).add(to: own)
        CitizenAskPages(desk: desk, templates: templates).add(to: own)
        CitizenCasePages(desk: desk, templates: templates).add(to: own)
    }

    private func writer(_ request: Request, _ context: WebContext) -> CitizenWriter {
        CitizenWriter(request, context, desk, templates)
    }

    private func start(_ request: Request, _ context: WebContext) async throws -> Response {
        let page = writer(request, context)
        let incident = try await desk.own.latestIncident()
        let sentence =
            incident.map { incident in
                page.text(
                    "start.what",
                    [
                        "date": SpokenTime.date(incident.from.date, page.language),
                        "from": SpokenTime.time(incident.from.timeOfDay, page.language),
                        "to": SpokenTime.time(incident.to.timeOfDay, page.language),
                    ])
            } ?? page.text("start.whatever")
        return try page.page(
            "citizen-start", title: page.text("start.title"),
            Start(sentence: sentence, isSignedIn: context.actor?.role == .citizen))
    }

    private func check(_ request: Request, _ context: WebContext) async throws -> Response {
        let page = writer(request, context)
        let form = try await PageForm.read(request, context)
        var model = Check(fields: CitizenFields(v: ["code": form["code"]]))
        guard !form["code"].isEmpty else {
            model.fields.e["code"] = page.text("wrong.checkEmpty")
            return try page.page(
                "citizen-check", title: page.text("check"), model, wrong: model.fields,
                status: .unprocessableContent)
        }
        let kind = try await desk.confirmations.check(form["code"], address: context.address)
        model.isChecked = true
        model.isValid = kind != nil
        model.text = page.text(kind.map { "check.\($0.rawValue)" } ?? "check.invalid")
        return try page.page("citizen-check", title: page.text("check"), model)
    }

    /// Keeps the session alive, for finding it counts as a use of it, and says for how many seconds.
    private func stay(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        _ = try context.requireCitizen(form, keeping: [])
        let left = try writer(request, context).secondsLeft(context.requireSession().session)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "\(left)")))
    }

    private func end(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        if let secret = context.sessionSecret {
            try context.requireCSRF(form["csrf"])
            try await desk.sessions.end(secret)
        }
        var response = seeOther("/?note=out")
        for clearing in [SessionCookie.citizen.clearing, CitizenWriter.clearing] {
            response.headers.append(HTTPField(name: .setCookie, value: clearing))
        }
        return response
    }
}
