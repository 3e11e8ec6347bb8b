/// The same act on many cases of a list: shown first, then done with the digest of what was shown.
import Hummingbird
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

/// `/staff/bulk`.
struct BulkPages {
    let desk: Desk
    let templates: PageTemplates

    func add(to staff: RouterGroup<WebContext>) {
        staff.post("bulk") { request, context in try await bulk(request, context) }
    }

    private func bulk(_ request: Request, _ context: WebContext) async throws -> Response {
        var page = PageWriter(request, context, templates)
        let form = try await PageForm.read(request, context)
        let actor = try context.requireActor()
        var model = BulkModel(form, page)
        var status = HTTPResponse.Status.ok
        do {
            let receipts = try form.ticked("case").map { try ReceiptNumber($0) }
            let confirm = form.optional("confirm")
            let report = try await desk.work.bulk(
                try Self.act(form), receipts, confirm: confirm, by: actor)
            if report.isDone { return seeOther("/staff/lists/\(model.list)?done=bulk") }
            model.digest = report.digest
            model.receipts = report.receipts
            if form["act"] == "notice" { model.preview = try preview(form["text"], page) }
        } catch let error as RedressError where error.code != .fault {
            page.error = error.message
            status = .conflict
        }
        model.count = model.receipts.count
        return try page.page("bulk", title: page.text("bulk"), model, status: status)
    }

    private static func act(_ form: PageForm) throws -> BulkAct {
        switch form["act"] {
        case "assign":
            guard let staff = form.optional("staff") else {
                throw RedressError(.badData, "Say who the cases go to.")
            }
            return .assign(staff)
        case "note": return .note(form["text"], isShown: form["shown"] == "yes")
        case "notice": return .notice(form["text"])
        default: throw RedressError(.badData, "Choose what is done with the cases.")
        }
    }

    /// The text as an invented person would read it.
    private func preview(_ text: String, _ page: PageWriter) throws -> BulkModel.Preview {
        let settings = NoticeSettings()
        let shown = try desk.notices.preview(
            .message, NoticeLanguage(page.language),
            [
                "sender": settings.sender, "contact": settings.contact, "name": "박○○",
                "receipt": "2021-000417-8", "text": text,
            ])
        return BulkModel.Preview(text: shown.text, bytes: shown.bytes)
    }
}

/// A bulk act before it is done.
struct BulkModel {
    struct Preview {
        var text: String
        var bytes: Int
    }

    var list: String
    var act: String
    var actName: String
    var staff: String
    var text: String
    var isShown: Bool
    var receipts: [String]
    var count = 0
    var cap = WorkDesk.bulkCap
    /// Who the cases go to, or what the note says; nil when the act is another.
    var to: String?
    var note: String?
    var digest: String?
    var preview: Preview?

    init(_ form: PageForm, _ page: PageWriter) {
        list = WorkList(rawValue: form["list"])?.rawValue ?? WorkList.mine.rawValue
        act = form["act"]
        actName = page.word("bulk", form["act"])
        staff = form["staff"]
        text = form["text"]
        isShown = form["shown"] == "yes"
        receipts = form.ticked("case")
        to = act == "assign" ? form.optional("staff") : nil
        note = act == "note" ? form.optional("text") : nil
    }
}
