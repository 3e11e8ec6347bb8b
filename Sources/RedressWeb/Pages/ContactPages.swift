/// Calls, visits and messages as agents live them: the screen pop, the draft, who is calling, the end, the call back.
import Hummingbird
import NIOCore
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

/// Everything under `/staff/calls`, and the beginning of a contact on the caller's page.
struct ContactPages {
    let desk: Desk
    let templates: PageTemplates
    /// The rows of a list: what is due first.
    private static let mostShown = 100

    func add(to staff: RouterGroup<WebContext>) {
        let calls = staff.group("calls")
        calls.get { request, context in
            try await list(PageWriter(request, context, templates), try context.requireActor())
        }
        calls.post { request, context in
            let form = try await PageForm.read(request, context)
            let actor = try context.requireActor()
            return try await answering(request, context, orShow: { try await list($0, actor) }) {
                let begun = try await desk.contacts.begin(
                    channel: Channel(rawValue: form["channel"]) ?? .call, callID: form.optional("call"),
                    number: form.optional("number"), by: actor)
                return seeOther("/staff/calls/\(begun.id)")
            }
        }
        calls.post("told/{notice}") { request, context in
            let form = try await PageForm.read(request, context)
            let (notice, actor) = (try context.parameters.require("notice"), try context.requireActor())
            return try await answering(request, context, orShow: { try await list($0, actor) }) {
                try await desk.reach.endCallOut(notice, told: form["told"] == "yes", by: actor)
                return seeOther("/staff/calls?done=told")
            }
        }
        calls.get("{id}") { request, context in try await pop(request, context) }
        calls.post("{id}/{act}") { request, context in try await act(request, context) }
        staff.post("cases/{receipt}/contact") { request, context in try await begin(request, context) }
    }

    private func answering(
        _ request: Request, _ context: WebContext,
        orShow page: (PageWriter) async throws -> Response, _ work: () async throws -> Response
    ) async throws -> Response {
        do {
            return try await work()
        } catch let error as RedressError where error.code != .fault {
            var writer = PageWriter(request, context, templates)
            writer.error = error.message
            return try await page(writer)
        }
    }

    private func list(_ page: PageWriter, _ actor: Actor) async throws -> Response {
        var offers: [OfferCallView] = []
        for incident in try await desk.incidents.list(by: actor) {
            offers += try await desk.offers.calls(incident.id, by: actor)
        }
        let model = ContactListModel(
            offerCalls: offers.sorted { ($0.dueAt, $0.receipt) < ($1.dueAt, $1.receipt) }
                .prefix(Self.mostShown).map { OfferCallLine($0, page) },
            unfinished: try await desk.contacts.unfinished(by: actor).map { ContactLine($0, page) },
            callBacks: try await desk.contacts.callBacks(by: actor).map { ContactLine($0, page) },
            callOuts: try await desk.reach.callOuts(by: actor).map { CallOutLine($0, page) })
        let status: HTTPResponse.Status = page.error == nil ? .ok : .conflict
        return try page.page("calls", title: page.text("calls"), model, status: status)
    }

    /// The screen pop: a contact of a known case opens the caller's page, any other asks who it is.
    private func pop(_ request: Request, _ context: WebContext) async throws -> Response {
        let page = PageWriter(request, context, templates)
        let (id, actor) = (try context.parameters.require("id"), try context.requireActor())
        let contact = try await desk.contacts.show(id, by: actor, origin: "page")
        if let receipt = contact.receipt.value { return seeOther("/staff/cases/\(receipt)") }
        let people = try await desk.contacts.candidates(contact.id, by: actor, origin: "page")
        return try page.page(
            "call", title: page.text("call"),
            CallModel(
                contact: ContactForm(contact, isVerified: false, page),
                people: people.map { FoundModel.Person($0, page) }))
    }

    /// Begins a contact about a case; an agent who has one open there goes on with it.
    private func begin(_ request: Request, _ context: WebContext) async throws -> Response {
        let receipt = try context.receipt()
        let actor = try context.requireActor()
        let form = try await PageForm.read(request, context)
        let open = try await desk.contacts.open(with: receipt, by: actor).unfinished
        var id = open.first { $0.actor == actor.name && $0.state == ContactState.draft.rawValue }?.id
        if id == nil {
            let channel = Channel(rawValue: form["channel"]) ?? .call
            id = try await desk.contacts.begin(channel: channel, by: actor).id
        }
        var edit = ContactEdit()
        edit.receipt = receipt
        edit.note = form.optional("note")
        let saved = try await desk.contacts.save(id ?? "", edit, by: actor)
        return try Self.answer(saved, request, "/staff/cases/\(receipt)?done=contact")
    }

    private func act(_ request: Request, _ context: WebContext) async throws -> Response {
        let (id, name) = (try context.parameters.require("id"), try context.parameters.require("act"))
        let actor = try context.requireActor()
        let form = try await PageForm.read(request, context)
        do {
            let saved = try await perform(name, id, form, actor)
            let place = saved.receipt.value.map { "/staff/cases/\($0)" } ?? "/staff/calls/\(saved.id)"
            let isOver = ["end", "drop", "called-back"].contains(name) && saved.receipt.value == nil
            return try Self.answer(saved, request, (isOver ? "/staff/calls" : place) + "?done=\(name)")
        } catch let error as RedressError where error.code != .fault {
            if Self.isScript(request) { throw error }
            var page = PageWriter(request, context, templates)
            page.error = error.message
            let contact = try await desk.contacts.show(id, by: actor, origin: "page")
            guard let receipt = try contact.receipt.value.map({ try ReceiptNumber($0) }) else {
                return try page.page(
                    "call", title: page.text("call"),
                    CallModel(
                        contact: ContactForm(contact, isVerified: false, page, typed: form), people: []),
                    status: .conflict)
            }
            return try await CasePages(desk: desk, templates: templates)
                .show(receipt, page, CaseExtra(contact: form), status: .conflict)
        }
    }

    private func perform(
        _ name: String, _ id: String, _ form: PageForm, _ actor: Actor
    ) async throws -> ContactView {
        let contacts = desk.contacts
        switch name {
        case "save": return try await contacts.save(id, try Self.edit(form), by: actor)
        case "end":
            guard let wrapUp = WrapUp(rawValue: form["wrap_up"]) else {
                throw RedressError(.badData, "Choose how the contact ended.")
            }
            return try await contacts.end(id, as: wrapUp, try Self.edit(form), by: actor)
        case "drop": return try await contacts.end(id, as: .dropped, try Self.edit(form), by: actor)
        case "warn": return try await contacts.warn(id, by: actor)
        case "called-back": return try await contacts.calledBack(id, by: actor)
        case "verify": return try await verify(id, form, actor)
        default: throw RedressError(.notFound, "There is no such step.")
        }
    }

    /// Compares what the caller says with the register; what does not fit is said as a whole, never which.
    private func verify(_ id: String, _ form: PageForm, _ actor: Actor) async throws -> ContactView {
        guard let birthDate = try? SearchBox.readDate(form["birth"]) else {
            throw RedressError(.badData, "A date of birth is written 1967-03-01 or 19670301.")
        }
        let facts = ["fact_date", "fact_time", "fact_site", "fact_booking"].compactMap { form.optional($0) }
        let fits = try await desk.contacts.verify(
            id, as: try ReceiptNumber(form["receipt"]),
            StatedFacts(name: form["name"], birthDate: birthDate, bookingFacts: facts), by: actor,
            origin: "page")
        guard fits["verified"] == true else {
            throw RedressError(
                .refused, "What the caller said does not fit. Ask again; nothing is told before it does.")
        }
        return try await desk.contacts.show(id, by: actor, origin: "page")
    }

    private static func edit(_ form: PageForm) throws -> ContactEdit {
        var edit = ContactEdit()
        edit.version = Int(form["version"])
        edit.speaker = Speaker(rawValue: form["speaker"])
        edit.note = form.optional("note")
        edit.promise = form.optional("promise")
        edit.receipt = try form.optional("receipt").map { try ReceiptNumber($0) }
        if let day = form.optional("call_back_day") {
            guard let date = CivilDate(day), let time = TimeOfDay(form.optional("call_back_time") ?? "09:00")
            else { throw RedressError(.badData, "The call back needs a date and a time.") }
            edit.callBackAt = Instant(date, time)
        }
        return edit
    }

    private struct Saved: Encodable {
        var id: String
        var version: Int
    }

    /// A script that saves as one types is told the version; a browser is sent on.
    private static func answer(_ saved: ContactView, _ request: Request, _ place: String) throws -> Response {
        isScript(request) ? try json(Saved(id: saved.id, version: saved.version)) : seeOther(place)
    }

    private static func isScript(_ request: Request) -> Bool {
        request.headers[.accept] == "application/json"
    }
}
