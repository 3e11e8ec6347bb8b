/// A citizen asks: which booking, how they want it back, or which one no register has.
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk

struct CitizenAskPages {
    let desk: Desk
    let templates: PageTemplates

    private struct Bookings {
        struct Lost {
            var value: String
            var when: String
            var site: String
            var isFirst: Bool
            /// Where its case is, when there is one.
            var href: String?
            var state: Badge?
        }

        struct Held {
            var when: String
            var site: String
        }

        var fields = CitizenFields()
        var csrf: String
        var name: String?
        var lost: [Lost]
        var hasChoice: Bool
        var held: [Held]
    }

    private struct Wish {
        struct Choice {
            var value: String
            var text: String
            var hint: String
            var isChosen: Bool
        }

        var csrf: String
        var when: String
        var site: String
        var held: [Bookings.Held]
        var choices: [Choice]
    }

    private struct Unlisted {
        var fields: CitizenFields
        var csrf: String
        var key: String
    }

    /// What a citizen may want, best first; waiting follows by itself.
    private static let wishes: [Remedy] = [.originalSlot, .sameDate, .nearbySite, .nearestDate]

    func add(to own: RouterGroup<WebContext>) {
        own.get("bookings") { request, context in
            let actor = try context.requireCitizen()
            return try await bookings(CitizenWriter(request, context, desk, templates), actor)
        }
        own.post("bookings") { request, context in try await choose(request, context) }
        own.get("wish") { request, context in
            let actor = try context.requireCitizen()
            return try await wish(CitizenWriter(request, context, desk, templates), actor)
        }
        own.post("wish") { request, context in try await ask(request, context) }
        own.get("not-listed") { request, context in
            _ = try context.requireCitizen()
            var page = CitizenWriter(request, context, desk, templates)
            let fields = CitizenFields(v: page.typed)
            page.forgetTyped()
            return try unlisted(page, fields)
        }
        own.post("not-listed") { request, context in try await claim(request, context) }
    }

    private func bookings(
        _ page: CitizenWriter, _ actor: Actor, wrong: String? = nil
    ) async throws -> Response {
        let records = try await desk.own.overview(by: actor)
        let places = CitizenCases(records)
        var model = Bookings(
            csrf: page.session?.csrf ?? "", name: records.compactMap(\.name.value).first, lost: [],
            hasChoice: false, held: [])
        for record in records {
            let sites = try await desk.own.siteNames(record.incident, by: actor)
            for booking in record.bookings {
                let when = SpokenTime.seat(date: booking.date, slot: booking.slot, page.language)
                let site = sites[booking.site] ?? booking.site
                if booking.status == BookingStatus.confirmed.rawValue {
                    model.held.append(Bookings.Held(when: when, site: site))
                }
                guard booking.status == BookingStatus.revoked.rawValue else { continue }
                let known = record.cases.first { $0.summary.booking == booking.booking }?.summary
                model.lost.append(
                    Bookings.Lost(
                        value: "\(record.incident)/\(booking.booking)", when: when, site: site,
                        isFirst: known == nil && !model.hasChoice,
                        href: known.flatMap { places.path(of: $0.receipt) },
                        state: known.map { page.badge("own.state", $0.state) }))
                if known == nil { model.hasChoice = true }
            }
        }
        if let wrong { model.fields.e["booking"] = wrong }
        return try page.page(
            "citizen-bookings", title: page.text("bookings.title"), model, wrong: model.fields,
            status: wrong == nil ? .ok : .unprocessableContent)
    }

    private func choose(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        let actor = try context.requireCitizen(form, keeping: [])
        var page = CitizenWriter(request, context, desk, templates)
        let parts = form["booking"].split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            return try await bookings(page, actor, wrong: page.text("wrong.booking"))
        }
        (page.way.incident, page.way.booking) = (parts[0], parts[1])
        return try page.on(to: "/my/wish")
    }

    private func wish(_ page: CitizenWriter, _ actor: Actor) async throws -> Response {
        let record = try await desk.own.overview(by: actor).first { $0.incident == page.way.incident }
        guard let record,
            let booking = record.bookings.first(where: { $0.booking == page.way.booking })
        else { return seeOther("/my/bookings") }
        let sites = try await desk.own.siteNames(record.incident, by: actor)
        let model = Wish(
            csrf: page.session?.csrf ?? "",
            when: SpokenTime.seat(date: booking.date, slot: booking.slot, page.language),
            site: sites[booking.site] ?? booking.site,
            held: record.bookings.filter { $0.status == BookingStatus.confirmed.rawValue }.map {
                Bookings.Held(
                    when: SpokenTime.seat(date: $0.date, slot: $0.slot, page.language),
                    site: sites[$0.site] ?? $0.site)
            },
            choices: Self.wishes.map {
                Wish.Choice(
                    value: $0.rawValue, text: page.text("wish.\($0.rawValue)"),
                    hint: page.text("wish.\($0.rawValue).hint"), isChosen: $0 == .originalSlot)
            })
        return try page.page("citizen-wish", title: page.text("wish.title"), model)
    }

    private func ask(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        let actor = try context.requireCitizen(form, keeping: [])
        let page = CitizenWriter(request, context, desk, templates)
        guard !page.way.booking.isEmpty, let remedy = Remedy(rawValue: form["wish"]),
            Self.wishes.contains(remedy)
        else { return seeOther("/my/bookings") }
        let asked = try await desk.own.ask(
            forBooking: page.way.booking, incident: page.way.incident, wanting: remedy, by: actor)
        return try await done(asked, actor, page)
    }

    /// On to the page that says what happens next.
    private func done(_ asked: OwnCase, _ actor: Actor, _ page: CitizenWriter) async throws -> Response {
        let places = CitizenCases(try await desk.own.overview(by: actor))
        return try page.on(to: (places.path(of: asked.summary.receipt) ?? "/my/cases") + "/done")
    }

    private func unlisted(
        _ page: CitizenWriter, _ fields: CitizenFields, key: String? = nil,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        try page.page(
            "citizen-unlisted", title: page.text("unlisted.title"),
            Unlisted(fields: fields, csrf: page.session?.csrf ?? "", key: key ?? CitizenCases.freshKey()),
            wrong: fields, status: status)
    }

    private func claim(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        let file = form.file("file")
        let names = ["when", "where", "text"]
        let actor = try context.requireCitizen(form, keeping: names)
        var page = CitizenWriter(request, context, desk, templates)
        var fields = CitizenFields(v: Dictionary(uniqueKeysWithValues: names.map { ($0, form[$0]) }))
        for name in ["when", "where"] where form[name].isEmpty {
            fields.e[name] = page.text("wrong.unlisted.\(name)")
        }
        if let file { fields.e["file"] = page.wrong(file: file.bytes) }
        guard fields.e.isEmpty else {
            return try unlisted(page, fields, key: form["key"], status: .unprocessableContent)
        }
        do {
            let words =
                "예약하신 때: \(form["when"])\n예약하신 곳: \(form["where"])"
                + (form["text"].isEmpty ? "" : "\n\(form["text"])")
            let claimed = try await desk.own.claim(unlisted: words, key: form["key"], by: actor)
            if let file {
                _ = try await desk.own.attach(
                    file.bytes, name: file.name, to: try ReceiptNumber(claimed.summary.receipt),
                    by: actor)
            }
            page.forgetTyped()
            return try await done(claimed, actor, page)
        } catch let error as RedressError where [.badData, .refused].contains(error.code) {
            fields.e["text"] = page.wrong(words: error)
            return try unlisted(page, fields, key: form["key"], status: .unprocessableContent)
        }
    }
}

/// Where each of a citizen's cases is: by its place in the order of receipt, so that no number stands in an address.
struct CitizenCases {
    private let receipts: [ReceiptNumber]

    init(_ records: [OwnRecord]) {
        receipts = records.flatMap(\.cases).compactMap { try? ReceiptNumber($0.summary.receipt) }.sorted()
    }

    var count: Int { receipts.count }

    func receipt(at place: Int) -> ReceiptNumber? {
        receipts.indices.contains(place - 1) ? receipts[place - 1] : nil
    }

    func path(of receipt: String) -> String? {
        receipts.firstIndex { $0.description == receipt }.map { "/my/cases/\($0 + 1)" }
    }

    /// Names one filled-in page, so that sending it twice does a thing once.
    static func freshKey() -> String {
        var random = SystemRandomNumberGenerator()
        return String(random.next(), radix: 36) + String(random.next(), radix: 36)
    }
}

extension CitizenWriter {
    /// Why a file is not taken; nil when it is.
    func wrong(file: [UInt8]) -> String? {
        guard file.count <= AttachmentBytes.largest else { return text("wrong.fileLarge") }
        return (try? AttachmentBytes(file)) == nil ? text("wrong.file") : nil
    }

    /// Why words are not taken.
    func wrong(words error: RedressError) -> String {
        if error.details["problem"] == "identity-number" { return text("wrong.identity") }
        return text(error.code == .badData ? "wrong.words" : "wrong.refused")
    }
}
