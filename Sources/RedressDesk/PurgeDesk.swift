/// Retention: forgets people whose cases all closed before a day, and leaves the audit trail provable.
public import RedressCore
import RedressStore

/// What a purge would forget, or forgot.
public struct PurgeReport: Sendable, Codable, Equatable {
    /// How many people.
    public var people: Int
    /// Whether they are forgotten; false for a preview.
    public var isDone: Bool
}

/// Forgets people.
public struct PurgeDesk: Sendable {
    let desk: Desk
    private static let batch = 200

    /// Forgets everybody whose cases all closed, and last moved, before a day; without `apply` it only counts.
    ///
    /// The audit trail holds nothing personal, so that nothing in it changes.
    public func run(closedBefore date: CivilDate, apply: Bool, by actor: Actor) async throws -> PurgeReport {
        try actor.require(.operate)
        let end = Instant(date, TimeOfDay(minutes: 0))
        guard apply else {
            let count = try await desk.database.read { connection in
                try PurgeStore(connection).people(endedBefore: end, limit: Int(Int32.max)).count
            }
            return PurgeReport(people: count, isDone: false)
        }
        var report = PurgeReport(people: 0, isDone: true)
        while true {
            let count = try await desk.database.write { connection in
                let store = PurgeStore(connection)
                let people = try store.people(endedBefore: end, limit: Self.batch)
                for who in people {
                    try store.forget(who) { words, id in
                        switch words {
                        case .notice: try desk.keys.seal("{}", for: PersonalData.notice(id))
                        case .decision: try desk.keys.seal("", for: PersonalData.decision(id))
                        case .approval: try desk.keys.seal("", for: PersonalData.approval(id))
                        case .objection: try desk.keys.seal("", for: PersonalData.objection(id))
                        }
                    }
                }
                guard !people.isEmpty else { return 0 }
                try AuditStore(connection).append(
                    "person.purge", subject: "installation", by: actor,
                    detail: ["people": "\(people.count)", "closed_before": date.description])
                return people.count
            }
            guard count > 0 else { return report }
            report.people += count
        }
    }
}

extension Desk {
    /// Retention.
    public var purges: PurgeDesk { PurgeDesk(desk: self) }
}
