/// The audit trail and its check, the access log, and whether like cases were treated alike.
import Hummingbird
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore
import Synchronization

/// Everything under `/staff/audit`.
struct AuditPages {
    let desk: Desk
    let templates: PageTemplates
    private let checked = KeptCheck()

    init(desk: Desk, templates: PageTemplates) {
        self.desk = desk
        self.templates = templates
    }

    func add(to staff: RouterGroup<WebContext>) {
        staff.get("audit") { request, context in
            try await show("", PageWriter(request, context, templates))
        }
        staff.post("audit") { request, context in
            let subject = try await PageForm.read(request, context)["subject"]
            return try await show(subject, PageWriter(request, context, templates))
        }
        staff.post("audit/check") { request, context in
            let report = try await desk.audit.verify(by: try context.requireActor())
            checked.keep(report)
            return seeOther("/staff/audit?done=check")
        }
        staff.get("audit/treatment") { request, context in
            let page = PageWriter(request, context, templates)
            let outliers = try await desk.reviews.outliers(by: try context.requireActor())
            return try page.page(
                "treatment", title: page.text("treatment"), TreatmentModel(outliers, page))
        }
    }

    private func show(_ subject: String, _ page: PageWriter) async throws -> Response {
        let actor = try page.requireActor()
        let rows = try await desk.audit.show(100, subject: subject.isEmpty ? nil : subject, by: actor)
        let head = try await desk.audit.show(1, subject: nil, by: actor).first
        let looks =
            subject.isEmpty ? [] : try await desk.accesses.looks(at: subject, limit: 100, by: actor)
        let today = (head?.at ?? Instant(milliseconds: 0)).date.parts
        let month = try await desk.accesses.month(today.year, today.month, by: actor)
        return try page.page(
            "audit", title: page.text("audit"),
            AuditModel(subject, checked.last, head: head?.seq ?? 0, rows, looks, month, page))
    }
}

/// The last check of the whole chain: it reads every row, so it is made on request and kept until the next.
private final class KeptCheck: Sendable {
    private let report = Mutex<AuditReport?>(nil)

    var last: AuditReport? { report.withLock { $0 } }

    func keep(_ new: AuditReport) { report.withLock { $0 = new } }
}

/// The trail and who looked at what.
struct AuditModel {
    struct Row {
        var when: String
        var who: String
        var what: String
        var subject: String
        var why: String
    }

    var subject: String
    var chain: Badge
    var chainWords: String
    var hasLooks: Bool
    var looks: [Row]
    var rows: [Row]
    var month: [AccessSummary]

    init(
        _ subject: String, _ report: AuditReport?, head: Int, _ rows: [AuditRow], _ looks: [AccessView],
        _ month: [AccessSummary], _ page: PageWriter
    ) {
        self.subject = subject
        switch report {
        case let report? where report.ok:
            chain = Badge(kind: "good", text: page.text("whole"))
            let since = max(0, head - report.rows)
            chainWords = page.text("chainWhole", ["n": "\(report.rows)", "m": "\(since)"])
        case let report?:
            chain = Badge(kind: "bad", text: page.text("chainBroken"))
            chainWords = report.faults.joined(separator: "; ")
        case nil:
            chain = Badge(kind: "wait", text: page.text("notChecked"))
            chainWords = page.text("chainLong", ["n": "\(head)"])
        }
        hasLooks = !looks.isEmpty
        self.looks = looks.map {
            Row(
                when: SpokenTime.moment($0.at, page.language), who: $0.actor,
                what: page.word("look", $0.what),
                subject: $0.subject, why: $0.reason)
        }
        self.rows = rows.map {
            Row(
                when: SpokenTime.moment($0.at, page.language), who: $0.actor,
                what: page.word("event", $0.action),
                subject: $0.subject, why: $0.detail.replacing("\n", with: ", "))
        }
        self.month = month.map {
            var row = $0
            row.what = page.word("look", row.what)
            return row
        }
    }
}

/// Decided cases that ended otherwise than most with the same findings.
struct TreatmentModel {
    struct Row {
        var usual: String
        var usualCount: Int
        var unusual: String
        var receipts: [String]
        var pattern: String
    }

    var rows: [Row]

    init(_ outliers: [Outlier], _ page: PageWriter) {
        rows = outliers.prefix(100).map {
            Row(
                usual: page.word("state", $0.usual), usualCount: $0.usualCount,
                unusual: page.word("state", $0.unusual), receipts: Array($0.receipts.prefix(20)),
                pattern: $0.pattern)
        }
    }
}
