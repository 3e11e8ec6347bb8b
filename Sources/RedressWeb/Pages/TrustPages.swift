/// The statistics, the audit trail and the access log.
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

/// Everything under `/staff/statistics` and `/staff/audit`.
struct TrustPages {
    let desk: Desk
    let templates: PageTemplates

    func add(to staff: RouterGroup<WebContext>) {
        staff.get("statistics") { request, context in try await statistics(nil, request, context) }
        staff.get("statistics/{week}") { request, context in
            let name = try context.parameters.require("week")
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            let week = try Self.week(parts[0])
            guard parts.count > 1 else { return try await statistics(week, request, context) }
            return try await file(parts[1], week, context)
        }
        staff.get("statistics/{week}/public") { _, context in
            let week = try Self.week(try context.parameters.require("week"))
            let report = try await desk.statistics.weekly(
                week, edition: .public, by: try context.requireActor())
            return PageWriter.response(report.page, style: "'unsafe-inline'")
        }
        staff.get("audit") { request, context in try await audit("", request, context) }
        staff.post("audit") { request, context in
            try await audit(try await PageForm.read(request, context)["subject"], request, context)
        }
    }

    private static func week(_ text: String) throws -> Week {
        try Week(text)
    }

    private func statistics(_ week: Week?, _ request: Request, _ context: WebContext) async throws -> Response
    {
        let page = PageWriter(request, context, templates)
        let report = try await desk.statistics.weekly(week, by: try context.requireActor())
        let shown = try Self.week(report.week)
        let model = StatisticsModel(
            week: report.week,
            label: page.language == .ko ? shown.koreanLabel : shown.englishLabel,
            before: Week(containing: shown.firstDay.adding(days: -1)).description,
            after: Week(containing: shown.firstDay.adding(days: 7)).description, content: report.content)
        return try page.page("statistics", title: page.text("statistics"), model)
    }

    private func file(_ kind: String, _ week: Week, _ context: WebContext) async throws -> Response {
        try context.requireRecentSignIn()
        let report = try await desk.statistics.weekly(week, by: try context.requireActor())
        let found: (type: String, text: String)? =
            switch kind {
            case "csv": ("text/csv; charset=utf-8", report.csv)
            case "json": ("application/json; charset=utf-8", try report.json())
            default: nil
            }
        guard let found else { throw RedressError(.notFound, "There is no such file of the statistics.") }
        return Response(
            status: .ok,
            headers: [
                .contentType: found.type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                .contentDisposition: "attachment; filename=\"statistics-\(week).\(kind)\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: found.text)))
    }

    private func audit(_ subject: String, _ request: Request, _ context: WebContext) async throws -> Response
    {
        let page = PageWriter(request, context, templates)
        let actor = try context.requireActor()
        let report = try await desk.audit.verify(by: actor)
        let rows = try await desk.audit.show(100, subject: subject.isEmpty ? nil : subject, by: actor)
        let looks =
            subject.isEmpty ? [] : try await desk.accesses.looks(at: subject, limit: 100, by: actor)
        let today = (rows.first?.at ?? Instant(milliseconds: 0)).date.parts
        let month = try await desk.accesses.month(today.year, today.month, by: actor)
        return try page.page(
            "audit", title: page.text("audit"), AuditModel(subject, report, rows, looks, month, page))
    }
}

/// A week's figures.
struct StatisticsModel {
    var week: String
    var label: String
    var before: String
    var after: String?
    var content: String
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
        _ subject: String, _ report: AuditReport, _ rows: [AuditRow], _ looks: [AccessView],
        _ month: [AccessSummary], _ page: PageWriter
    ) {
        self.subject = subject
        chain = Badge(
            kind: report.ok ? "good" : "bad", text: page.text(report.ok ? "whole" : "chainBroken"))
        chainWords =
            report.ok
            ? page.text("chainWhole", ["n": "\(report.rows)"]) : report.faults.joined(separator: "; ")
        hasLooks = !looks.isEmpty
        self.looks = looks.map {
            Row(
                when: SpokenTime.moment($0.at, page.language), who: $0.actor, what: $0.what,
                subject: $0.subject,
                why: $0.reason)
        }
        self.rows = rows.map {
            Row(
                when: SpokenTime.moment($0.at, page.language), who: $0.actor, what: $0.action,
                subject: $0.subject, why: $0.detail.replacing("\n", with: ", "))
        }
        self.month = month
    }
}
