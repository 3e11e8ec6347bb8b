/// The Monday release: last week's statistics as files in the installation's folder, once a week, also after downtime.
import Foundation
public import RedressCore
import RedressStore

/// Writes weekly editions into a folder with an index.
public struct StatisticsRelease: Sendable {
    /// Mondays, in Seoul.
    public static let time = TimeOfDay(minutes: 8 * 60)

    private let desk: Desk
    private let folder: String

    /// Releases into `folder`.
    public init(desk: Desk, folder: String) {
        self.desk = desk
        self.folder = folder
    }

    /// The newest week whose release is due: it ended, and its Monday morning came.
    public static func newestDue(at now: Instant) -> Week {
        let current = Week(containing: now)
        let hour = Instant(current.firstDay, time)
        return now >= hour ? current.previous : current.previous.previous
    }

    /// When the next release is due.
    public static func next(after now: Instant) -> Instant {
        let hour = Instant(Week(containing: now).firstDay, time)
        return now < hour ? hour : Instant(Week(containing: now).next.firstDay, time)
    }

    /// Writes every release that is due and not there yet, the oldest first; returns their weeks.
    ///
    /// What was released is known from the files: a week whose index entry is missing is written again, whole.
    public func run(by actor: Actor) async throws -> [Week] {
        try actor.require(.readStatistics)
        try await desk.statistics.refresh()
        let (first, now) = try await desk.database.read { connection in
            (try StatisticsStore(connection).firstWeek(), connection.now)
        }
        guard let first else { return [] }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: NSNumber(value: 0o700)])
        var week = first
        var released: [Week] = []
        while week <= Self.newestDue(at: now) {
            if !isReleased(week) {
                try await release(week, by: actor)
                released.append(week)
            }
            week = week.next
        }
        if !released.isEmpty { try writeIndex() }
        return released
    }

    /// The page of a week's internal edition is written last: where it is, everything is.
    private func isReleased(_ week: Week) -> Bool {
        FileManager.default.fileExists(atPath: path(week, .internal, "html"))
    }

    private func release(_ week: Week, by actor: Actor) async throws {
        for edition in [StatisticsReport.Edition.public, .internal] {
            let report = try await desk.statistics.weekly(week, edition: edition, by: actor)
            try write(report.csv, to: path(week, edition, "csv"))
            try write(try report.json(), to: path(week, edition, "json"))
            try write(report.page, to: path(week, edition, "html"))
        }
        try await desk.database.write { connection in
            try AuditStore(connection).append("statistics.release", subject: week.description, by: actor)
        }
    }

    private func path(_ week: Week, _ edition: StatisticsReport.Edition, _ ending: String) -> String {
        "\(folder)/\(week)-\(edition.rawValue).\(ending)"
    }

    private func writeIndex() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix("-internal.html") }.sorted(by: >)
        let items = names.compactMap { name -> String? in
            guard let week = try? Week(name.prefix(8)) else { return nil }
            let links = ["internal", "public"].flatMap { edition in
                ["html", "csv", "json"].map { "<a href=\"\(week)-\(edition).\($0)\">\(edition) \($0)</a>" }
            }
            return "<li>\(week) (\(escaped(week.koreanLabel))): \(links.joined(separator: ", "))</li>"
        }
        try write(
            """
            <!doctype html>
            <html lang="ko"><head><meta charset="utf-8"><title>주간 민원 통계</title></head>
            <body><main><h1>주간 민원 통계</h1><ul>
            \(items.joined(separator: "\n"))
            </ul></main></body></html>

            """, to: folder + "/index.html")
    }

    /// A reader sees the old file or the new one, never a half.
    private func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            try FileManager.default.setAttributes(
                [.posixPermissions: NSNumber(value: 0o600)], ofItemAtPath: path)
        } catch {
            throw RedressError(
                .unavailable, "\(path) cannot be written. Check the folder's space and permissions.")
        }
    }
}
