/// The caller's page and everything that can be done from it.
import Hummingbird
import NIOCore
import RedressCore
import RedressDesk
import RedressEvidence

/// Everything under `/staff/cases`.
struct CasePages {
    let desk: Desk
    let templates: PageTemplates

    func add(to staff: RouterGroup<WebContext>) {
        let cases = staff.group("cases")
        cases.post { request, context in
            let form = try await PageForm.read(request, context)
            let opened = try await desk.cases.open(
                booking: form["booking"], incident: form["incident"], origin: .dictated, channel: .call,
                by: try context.requireActor())
            return seeOther("/staff/cases/\(opened.case.receipt)?done=open")
        }
        cases.get("{receipt}") { request, context in
            try await show(try context.receipt(), PageWriter(request, context, templates))
        }
        cases.get("{receipt}/evidence") { request, context in try await lines(request, context) }
        cases.get("{receipt}/packet") { request, context in
            let html = try await desk.evidenceDesk.packet(
                try context.receipt(), PageLanguage.of(request), by: try context.requireActor(),
                origin: "page")
            return PageWriter.response(html, style: "'unsafe-inline'")
        }
        cases.get("{receipt}/decision") { _, context in try await decision(context, large: false) }
        cases.get("{receipt}/decision-large") { _, context in try await decision(context, large: true) }
        cases.get("{receipt}/confirm/{act}") { request, context in try await confirm(request, context) }
        cases.post("{receipt}/unmask") { request, context in try await unmask(request, context) }
        cases.post("{receipt}/{act}") { request, context in try await act(request, context) }
    }

    func show(
        _ receipt: ReceiptNumber, _ page: PageWriter, _ extra: CaseExtra = CaseExtra(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let facts = try await CaseFacts.read(receipt, desk, by: try page.requireActor())
        let model = CaseModel(facts, page, extra)
        return try page.page(
            "case", title: "\(page.text("case")) \(receipt)", model, status: status)
    }

    /// Reads the swap aloud before a seat is moved.
    private func confirm(_ request: Request, _ context: WebContext) async throws -> Response {
        let receipt = try context.receipt()
        let page = PageWriter(request, context, templates)
        let facts = try await CaseFacts.read(receipt, desk, by: try context.requireActor())
        guard let act = CaseAct(rawValue: try context.parameters.require("act")), act.isConfirmed,
            let model = ConfirmModel(act, facts, page, key: CaseModel.freshKey())
        else { return seeOther("/staff/cases/\(receipt)") }
        return try page.page("confirm", title: model.title, model)
    }

    private func act(_ request: Request, _ context: WebContext) async throws -> Response {
        let receipt = try context.receipt()
        let name = try context.parameters.require("act")
        let form = try await PageForm.read(request, context)
        let actor = try context.requireActor()
        do {
            switch name {
            case "answer":
                let text = try await desk.notes.fill(form["answer"], for: receipt, by: actor)
                return try await show(
                    receipt, PageWriter(request, context, templates), CaseExtra(note: text))
            case "note":
                _ = try await desk.notes.add(
                    form["text"], isShown: form["shown"] == "yes", to: receipt,
                    version: Int(form["version"]), by: actor)
            case "choose":
                _ = try await desk.offers.choose(
                    Int(form["choice"]) ?? 0, for: receipt,
                    key: form.optional("key").map { "page-choose-\($0)" }, by: actor)
            default:
                guard let act = CaseAct(rawValue: name) else {
                    throw RedressError(.notFound, "There is no such step.")
                }
                try await CaseActing(desk: desk, receipt: receipt, form: form, actor: actor).perform(act)
            }
            return seeOther("/staff/cases/\(receipt)?done=\(name)")
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            let status: HTTPResponse.Status = error.code == .notAllowed ? .forbidden : .conflict
            let extra = CaseExtra(
                typed: name == "note" ? "" : form["text"], note: name == "note" ? form["text"] : "")
            return try await show(receipt, page, extra, status: status)
        }
    }

    private func unmask(_ request: Request, _ context: WebContext) async throws -> Response {
        let receipt = try context.receipt()
        let actor = try context.requireActor()
        let form = try await PageForm.read(request, context)
        let view = try await desk.cases.show(receipt, by: actor, origin: "page").summary
        let card = try await desk.lookups.unmask(
            view.person, incident: view.incident, reason: form["reason"], by: actor, origin: "page")
        return try await show(
            receipt, PageWriter(request, context, templates), CaseExtra(unmasked: card))
    }

    private func decision(_ context: WebContext, large: Bool) async throws -> Response {
        let html = try await desk.decisions.document(
            of: try context.receipt(), largePrint: large, by: try context.requireActor(), origin: "page")
        return PageWriter.response(html, style: "'unsafe-inline'")
    }

    private func lines(_ request: Request, _ context: WebContext) async throws -> Response {
        let receipt = try context.receipt()
        let page = PageWriter(request, context, templates)
        let rows = try await desk.evidenceDesk.timeline(
            receipt, by: try context.requireActor(), origin: "page")
        return try page.page(
            "evidence", title: page.text("evidence"),
            EvidenceModel(receipt: receipt.description, rows: rows.map { EvidenceModel.Row($0, page) }))
    }
}

extension PageWriter {
    func requireActor() throws -> Actor {
        guard let actor else { throw Unauthorized() }
        return actor
    }
}

/// A person's evening, line by line.
struct EvidenceModel {
    struct Row {
        var when: String
        var source: String
        var event: String
        var place: String
        var text: String
        var isChanged: Bool

        init(_ view: TimelineView, _ page: PageWriter) {
            when = SpokenTime.moment(view.time, page.language)
            source = page.text("log.\(view.source)")
            event = page.word("moment", view.event)
            place = "\(view.file.split(separator: "/").last ?? ""):\(view.line)"
            text = view.text.value ?? "–"
            isChanged = view.intact.value == false
        }
    }

    var receipt: String
    var rows: [Row]
}
