/// The week's statistics: the page, the public edition, and the files.
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

/// Everything under `/staff/statistics`.
struct StatisticsPages {
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
        staff.get("statistics/{week}/public") { request, context in
            try await edition(.public, request, context)
        }
        staff.get("statistics/{week}/full") { request, context in
            try await edition(.internal, request, context)
        }
    }

    /// One edition as a document that prints, with every place.
    private func edition(
        _ edition: StatisticsReport.Edition, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        let week = try Self.week(try context.parameters.require("week"))
        let report = try await desk.statistics.weekly(
            week, edition: edition, by: try context.requireActor())
        return PageWriter.response(report.page(in: PageLanguage.of(request)), style: "'unsafe-inline'")
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
            after: Week(containing: shown.firstDay.adding(days: 7)).description,
            content: report.content(in: page.language, places: false))
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
}

/// A week's figures.
struct StatisticsModel {
    var week: String
    var label: String
    var before: String
    var after: String?
    var content: String
}
