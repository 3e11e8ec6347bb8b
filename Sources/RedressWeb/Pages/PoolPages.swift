/// The reserved pool: its board, one slot with its journal, seats in and out, and how many to reserve.
import Hummingbird
import RedressCore
import RedressDesk
import RedressEvidence

/// Everything under `/staff/pool`.
struct PoolPages {
    let desk: Desk
    let templates: PageTemplates

    func add(to staff: RouterGroup<WebContext>) {
        let pool = staff.group("pool/{id}")
        pool.get { request, context in
            try await board(try Self.id(context), nil, 1, PageWriter(request, context, templates))
        }
        pool.get("weeks/{week}/{page}") { request, context in
            try await board(
                try Self.id(context), try context.parameters.require("week"),
                Int(try context.parameters.require("page")) ?? 1, PageWriter(request, context, templates))
        }
        pool.get("slots/{slug}") { request, context in
            try await slot(
                try Self.id(context), try context.parameters.require("slug"),
                PageWriter(request, context, templates))
        }
        pool.post("slots/{slug}/{act}") { request, context in try await change(request, context) }
        pool.post("allot") { request, context in try await allot(request, context) }
        pool.post("requests/{request}/{act}") { request, context in try await decide(request, context) }
        pool.get("reserve") { request, context in
            try await reserve(try Self.id(context), "0.95", PageWriter(request, context, templates))
        }
        pool.post("reserve") { request, context in
            let chance = try await PageForm.read(request, context)["chance"]
            return try await reserve(
                try Self.id(context), chance, PageWriter(request, context, templates))
        }
    }

    private static func id(_ context: WebContext) throws -> String { try context.parameters.require("id") }

    /// The board, also as the answer to what was done or refused there.
    func board(
        _ id: String, _ week: String?, _ number: Int, _ page: PageWriter, typed: PageForm? = nil
    ) async throws -> Response {
        let actor = try page.requireActor()
        let rows = try await desk.pool.status(incident: id, by: actor)
        let sites = try await desk.incidents.siteNames(id, by: actor)
        let requests = try await desk.pool.requests(incident: id, by: actor)
        let plan = page.may(.manageCapacity) ? try await desk.plans.waiting(id, by: actor) : nil
        let board = PoolBoard(id, rows, sites, week: week, number: number, page)
        return try page.page(
            "pool", title: page.text("pool"), PoolModel(id, rows, sites, requests, plan, board, page, typed),
            status: page.error == nil ? .ok : .conflict)
    }

    private func find(_ id: String, _ slug: String, _ actor: Actor) async throws -> PoolStatus {
        let rows = try await desk.pool.status(incident: id, by: actor)
        guard let found = rows.first(where: { $0.slug == slug }) else {
            throw RedressError(.notFound, "There is no such slot in the pool.")
        }
        return found
    }

    private func slot(
        _ id: String, _ slug: String, _ page: PageWriter, typed: PageForm? = nil
    ) async throws -> Response {
        let actor = try page.requireActor()
        let status = try await find(id, slug, actor)
        let sites = try await desk.incidents.siteNames(id, by: actor)
        let journal = try await desk.pool.journal(
            incident: id, slot: try Slot(status), limit: 30, by: actor)
        let model = SlotModel(id, status, sites, journal, page, typed)
        return try page.page(
            "slot", title: model.when, model, status: page.error == nil ? .ok : .conflict)
    }

    private func change(_ request: Request, _ context: WebContext) async throws -> Response {
        try context.requireRecentSignIn()
        let (id, slug) = (try Self.id(context), try context.parameters.require("slug"))
        let actor = try context.requireActor()
        let form = try await PageForm.read(request, context)
        do {
            let slot = try Slot(try await find(id, slug, actor))
            let seats = Int(form["seats"]) ?? 0
            switch try context.parameters.require("act") {
            case "allot":
                let outcome = try await desk.pool.allot(
                    seats, to: slot, incident: id, authority: form["authority"], by: actor)
                let word = outcome.request.value == nil ? "allot" : "asked"
                return seeOther("/staff/pool/\(id)/slots/\(slug)?done=\(word)")
            case "release":
                try await desk.pool.release(seats, from: slot, incident: id, by: actor)
                return seeOther("/staff/pool/\(id)/slots/\(slug)?done=release")
            default: throw RedressError(.notFound, "There is no such step.")
            }
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            return try await self.slot(id, slug, page, typed: form)
        }
    }

    /// Seats for a slot that the pool may not have yet.
    private func allot(_ request: Request, _ context: WebContext) async throws -> Response {
        try context.requireRecentSignIn()
        let id = try Self.id(context)
        let actor = try context.requireActor()
        let form = try await PageForm.read(request, context)
        do {
            guard let date = CivilDate(form["date"]), let time = TimeOfDay(form["time"]) else {
                throw RedressError(.badData, "A slot needs its date and its time.")
            }
            let slot = Slot(site: form["site"], vaccine: form["vaccine"], date: date, time: time)
            let outcome = try await desk.pool.allot(
                Int(form["seats"]) ?? 0, to: slot, incident: id, authority: form["authority"], by: actor)
            return seeOther("/staff/pool/\(id)?done=\(outcome.request.value == nil ? "allot" : "asked")")
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            return try await board(id, nil, 1, page, typed: form)
        }
    }

    private func decide(_ request: Request, _ context: WebContext) async throws -> Response {
        try context.requireRecentSignIn()
        let (id, asked) = (try Self.id(context), try context.parameters.require("request"))
        let act = try context.parameters.require("act")
        do {
            _ = try await desk.pool.decide(
                asked, approve: act == "approve", by: try context.requireActor())
            return seeOther("/staff/pool/\(id)?done=\(act)")
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            return try await board(id, nil, 1, page)
        }
    }

    private func reserve(_ id: String, _ chance: String, _ before: PageWriter) async throws -> Response {
        let actor = try before.requireActor()
        var page = before
        var wanted = Double(chance) ?? -1
        if !(0...1).contains(wanted) {
            page.error = "A chance is a number from 0 to 1."
            wanted = 0.95
        }
        let advice = try await desk.reserve.advise(id, chance: wanted, by: actor)
        let sites = try await desk.incidents.siteNames(id, by: actor)
        return try page.page(
            "reserve", title: page.text("reserve"), ReserveModel(id, advice, sites, page),
            status: page.error == nil ? .ok : .badRequest)
    }
}

extension Slot {
    /// The slot that a row of the pool is about.
    init(_ status: PoolStatus) throws {
        guard let date = CivilDate(status.date), let time = TimeOfDay(status.slot) else {
            throw RedressError(.fault, "A slot of the pool does not read.")
        }
        self.init(site: status.site, vaccine: status.vaccine, date: date, time: time)
    }
}
