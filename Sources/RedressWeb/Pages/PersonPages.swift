/// Around a case: how the person is reached and by whom, what else is theirs, files, notices, and the clock.
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore
import RedressDesk
import RedressEvidence

/// `/staff/cases/RECEIPT/person` and `/staff/cases/RECEIPT/notices`, with what can be done there.
struct PersonPages {
    let desk: Desk
    let templates: PageTemplates

    func add(to staff: RouterGroup<WebContext>) {
        let cases = staff.group("cases/{receipt}")
        cases.get("person") { request, context in
            try await person(try context.receipt(), PageWriter(request, context, templates))
        }
        cases.get("notices") { request, context in
            try await notices(try context.receipt(), PageWriter(request, context, templates))
        }
        for name in Self.acts {
            cases.post(RouterPath("person/\(name)")) { request, context in
                try await act(name, request, context)
            }
        }
        cases.post("notices/{notice}/{act}") { request, context in try await notice(request, context) }
        cases.post("files") { request, context in try await attach(request, context) }
        cases.post("files/{file}") { request, context in try await file(request, context) }
    }

    private static let acts = [
        "prefer", "number", "approve-number", "represent", "end-mandate", "merge", "link", "transfer",
        "extend",
    ]

    private func person(
        _ receipt: ReceiptNumber, _ page: PageWriter, typed: PageForm? = nil
    ) async throws -> Response {
        let actor = try page.requireActor()
        let view = try await desk.cases.show(receipt, by: actor, origin: "page").summary
        let model = PersonModel(
            view, reach: try await desk.reach.preferences(of: receipt, by: actor),
            mandates: try await desk.reach.representatives(of: receipt, by: actor, origin: "page"),
            files: try await desk.attachments.list(of: receipt, by: actor, origin: "page"),
            related: try await desk.timelines.related(to: receipt, by: actor, origin: "page"), page, typed)
        return try page.page(
            "person", title: "\(page.text("personTitle")) \(receipt)", model,
            status: page.error == nil ? .ok : .conflict)
    }

    private func act(_ name: String, _ request: Request, _ context: WebContext) async throws -> Response {
        let receipt = try context.receipt()
        let form = try await PageForm.read(request, context)
        let actor = try context.requireActor()
        do {
            switch name {
            case "prefer", "number", "approve-number", "represent", "end-mandate":
                try await reach(name, receipt, form, actor)
            default: try await lead(name, receipt, form, actor)
            }
            return seeOther("/staff/cases/\(receipt)/person?done=\(name)")
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            return try await person(receipt, page, typed: form)
        }
    }

    private func reach(
        _ name: String, _ receipt: ReceiptNumber, _ form: PageForm, _ actor: Actor
    ) async throws {
        let version = Int(form["version"])
        switch name {
        case "prefer":
            try await desk.reach.prefer(
                PreferredChannel(rawValue: form["channel"]), NoticeLanguage(rawValue: form["language"]),
                for: receipt, version: version, by: actor)
        case "number":
            let facts = ["fact_date", "fact_time", "fact_site", "fact_booking"].compactMap {
                form.optional($0)
            }
            _ = try await desk.reach.askNumber(
                form["number"], for: receipt, facts: facts, version: version, by: actor)
        case "approve-number":
            _ = try await desk.reach.approveNumber(for: receipt, version: version, by: actor)
        case "represent":
            guard let scope = RepresentativeScope(rawValue: form["scope"]),
                let proof = MandateProof(rawValue: form["proof"]),
                let notices = Addressee(rawValue: form["notices_to"]), let until = CivilDate(form["until"])
            else {
                throw RedressError(.badData, "A mandate needs what it is for, its proof and its last day.")
            }
            _ = try await desk.reach.addRepresentative(
                NewRepresentative(
                    name: form["name"], phone: form["phone"], relation: form["relation"], scope: scope,
                    proof: proof, noticesTo: notices, until: until), for: receipt, by: actor)
        default: try await desk.reach.endRepresentative(form["mandate"], for: receipt, by: actor)
        }
    }

    private func lead(
        _ name: String, _ receipt: ReceiptNumber, _ form: PageForm, _ actor: Actor
    ) async throws {
        let version = Int(form["version"])
        switch name {
        case "merge":
            _ = try await desk.lifecycle.merge(
                receipt, into: try ReceiptNumber(form["other"]), version: version, by: actor)
        case "link":
            _ = try await desk.lifecycle.link(
                receipt, with: try ReceiptNumber(form["other"]), reason: form["reason"], version: version,
                by: actor)
        case "transfer":
            _ = try await desk.lifecycle.transfer(
                receipt, to: form["agency"], reason: form["reason"], version: version, by: actor)
        default:
            _ = try await desk.lifecycle.extend(
                receipt, reason: form["reason"], withConsent: form["consent"] == "yes", version: version,
                by: actor)
        }
    }

    private func notices(_ receipt: ReceiptNumber, _ page: PageWriter) async throws -> Response {
        let actor = try page.requireActor()
        let lines = try await desk.notices.list(of: receipt, by: actor).map { NoticeLine($0, page) }
        return try page.page(
            "notices", title: "\(page.text("notices")) \(receipt)",
            NoticesModel(receipt: receipt.description, lines: lines, hasLines: !lines.isEmpty),
            status: page.error == nil ? .ok : .conflict)
    }

    private func notice(_ request: Request, _ context: WebContext) async throws -> Response {
        let receipt = try context.receipt()
        let (id, name) = (try context.parameters.require("notice"), try context.parameters.require("act"))
        let actor = try context.requireActor()
        let form = try await PageForm.read(request, context)
        do {
            guard try await desk.notices.list(of: receipt, by: actor).contains(where: { $0.id == id }) else {
                throw RedressError(.notFound, "There is no such notice of this case.")
            }
            switch name {
            case "cancel": _ = try await desk.notices.cancel(id, reason: form["reason"], by: actor)
            case "retry": _ = try await desk.notices.retry(id, by: actor)
            case "correct": _ = try await desk.notices.correct(id, text: form["text"], by: actor)
            default: throw RedressError(.notFound, "There is no such step.")
            }
            return seeOther("/staff/cases/\(receipt)/notices?done=\(name)")
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            return try await notices(receipt, page)
        }
    }

    /// Takes a file that came by post, at the counter or with a call.
    private func attach(_ request: Request, _ context: WebContext) async throws -> Response {
        let receipt = try context.receipt()
        let form = try await PageForm.read(request, context)
        do {
            let file = form.file("file") ?? PageForm.File(name: "", bytes: [])
            _ = try await desk.attachments.add(
                file.bytes, name: file.name, to: receipt, by: try context.requireActor())
            return seeOther("/staff/cases/\(receipt)/person?done=file")
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            return try await person(receipt, page)
        }
    }

    /// A file, to be saved and never shown inline, for a reason that is recorded.
    private func file(_ request: Request, _ context: WebContext) async throws -> Response {
        let receipt = try context.receipt()
        let id = try context.parameters.require("file")
        let actor = try context.requireActor()
        let form = try await PageForm.read(request, context)
        do {
            let files = try await desk.attachments.list(of: receipt, by: actor, origin: "page")
            guard files.contains(where: { $0.id == id }) else {
                throw RedressError(.notFound, "There is no attachment \(id).")
            }
            let (view, bytes) = try await desk.attachments.download(
                id, reason: form["reason"], by: actor, origin: "page")
            let ending = view.type.split(separator: "/").last.map(String.init) ?? "bin"
            return Response(
                status: .ok,
                headers: [
                    .contentType: "application/octet-stream", .cacheControl: "no-store",
                    .xContentTypeOptions: "nosniff",
                    .contentDisposition: "attachment; filename=\"\(receipt)-\(id.suffix(6)).\(ending)\"",
                ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            return try await person(receipt, page)
        }
    }
}
