/// Retention: forgets people whose cases all closed before a day, and leaves the audit trail provable.
public import RedressCore
import RedressStore

/// What a purge would forget, or forgot.
public struct PurgeReport: Sendable, Codable, Equatable {
    /// How many people.
    public var people: Int
    /// How many calls and messages besides, of which nobody learned who it was, or that came after.
    public var contacts = 0
    /// How many lines of the file that notices are written to.
    public var lines = 0
    /// Whether they are forgotten; false for a preview.
    public var isDone: Bool
}

/// How long people are kept.
public struct RetentionView: Sendable, Codable {
    /// The days after which the service forgets by itself; null when it never does.
    public var days: OrNull<Int>
    /// The day before which all is over by now; null when nothing is forgotten by itself.
    public var closedBefore: OrNull<String>
}

/// Forgets people.
public struct PurgeDesk: Sendable {
    let desk: Desk
    private static let batch = 200
    /// The fewest days that people are kept: notices, objections and the yearly report must have ended.
    public static let fewestDays = 365
    private static let mostDays = 36_500

    /// Forgets everybody whose cases all closed, and last moved, before a day; without `apply` it only counts.
    ///
    /// The audit trail holds nothing personal, so that nothing in it changes.
    ///
    /// - Parameter noticeFile: where notices are written while no gateway carries them; lines of before that day are
    ///   taken out, so that a text of a case still open may go too: it was told long ago.
    public func run(
        closedBefore date: CivilDate, apply: Bool, noticeFile: String? = nil, by actor: Actor
    ) async throws -> PurgeReport {
        try actor.require(.operate)
        guard apply else {
            let end = Instant(date, TimeOfDay(minutes: 0))
            let count = try await desk.database.read { try PurgeStore($0).people(endedBefore: end).count }
            return PurgeReport(people: count, isDone: false)
        }
        return try await forget(closedBefore: date, noticeFile: noticeFile, by: actor)
    }

    /// How long people are kept by the rule that the service follows.
    public func retention(by actor: Actor) async throws -> RetentionView {
        try actor.require(.operate)
        return try await desk.database.read { try Self.view(try PurgeStore($0).retentionDays(), $0) }
    }

    /// Sets after how many days the service forgets by itself; nil never.
    ///
    /// - Throws: `.refused` for less than a year.
    public func keep(days: Int?, by actor: Actor) async throws -> RetentionView {
        try actor.require(.operate)
        if let days, !(Self.fewestDays...Self.mostDays).contains(days) {
            throw RedressError(
                .refused,
                "People are kept \(Self.fewestDays) to \(Self.mostDays) days after their cases closed, not \(days)."
            )
        }
        return try await desk.database.write { connection in
            let store = PurgeStore(connection)
            let before = try store.retentionDays()
            try store.setRetention(days: days, by: actor)
            try AuditStore(connection).append(
                "retention.set", subject: "installation", by: actor,
                detail: [
                    "before": before.map { "\($0)" } ?? "never", "days": days.map { "\($0)" } ?? "never",
                ])
            return try Self.view(days, connection)
        }
    }

    /// Forgets, as redress by itself, what the rule says is over; nil when there is no rule.
    public func runDue(noticeFile: String?) async throws -> PurgeReport? {
        let view = try await desk.database.read { try Self.view(try PurgeStore($0).retentionDays(), $0) }
        guard let date = view.closedBefore.value.flatMap({ CivilDate($0) }) else { return nil }
        return try await forget(closedBefore: date, noticeFile: noticeFile, by: .system)
    }

    private static func view(_ days: Int?, _ connection: any Connection) throws -> RetentionView {
        let date = days.map { connection.now.date.adding(days: -$0) }
        return RetentionView(days: OrNull(days), closedBefore: OrNull(date?.description))
    }

    /// The people are found beside the writer, and forgotten in small transactions that look once more.
    private func forget(
        closedBefore date: CivilDate, noticeFile: String?, by actor: Actor
    ) async throws -> PurgeReport {
        let end = Instant(date, TimeOfDay(minutes: 0))
        var report = PurgeReport(people: 0, isDone: true)
        if let noticeFile { report.lines = try await FileNoticeGateway(path: noticeFile).forget(before: end) }
        let people = try await desk.database.read { try PurgeStore($0).people(endedBefore: end) }
        for start in stride(from: 0, to: people.count, by: Self.batch) {
            let batch = people[start..<min(start + Self.batch, people.count)]
            report.people += try await desk.database.write { connection in
                let store = PurgeStore(connection)
                let over = try batch.filter { try store.isOver($0, before: end) }
                for who in over { try forget(who, store) }
                guard !over.isEmpty else { return 0 }
                try AuditStore(connection).append(
                    "person.purge", subject: "installation", by: actor,
                    detail: ["people": "\(over.count)", "closed_before": date.description])
                return over.count
            }
        }
        report.contacts = try await desk.database.write { connection in
            let store = PurgeStore(connection)
            try store.forgetAnswers(before: end)
            let count = try store.forgetContacts(before: end)
            guard count > 0 else { return 0 }
            try AuditStore(connection).append(
                "contact.purge", subject: "installation", by: actor,
                detail: ["contacts": "\(count)", "before": date.description])
            return count
        }
        return report
    }

    private func forget(_ who: PersonKey, _ store: PurgeStore) throws {
        try store.forget(who) { words, id in
            switch words {
            case .notice: try desk.keys.seal("{}", for: PersonalData.notice(id))
            case .decision: try desk.keys.seal("", for: PersonalData.decision(id))
            case .approval: try desk.keys.seal("", for: PersonalData.approval(id))
            case .objection: try desk.keys.seal("", for: PersonalData.objection(id))
            }
        }
    }
}

extension Desk {
    /// Retention.
    public var purges: PurgeDesk { PurgeDesk(desk: self) }
}
