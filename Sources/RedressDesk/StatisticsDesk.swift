/// Weekly complaint statistics: every figure of a period from the journal, and the tallies that make it quick.
public import RedressCore
import RedressStore

/// Counts weeks, months and all there was so far.
public struct StatisticsDesk: Sendable {
    let desk: Desk
    /// How far back a fold looks again: longer than any transaction takes and clocks differ.
    static let overlapMinutes = 10
    private static let batch = 500

    /// The statistics of a week; of the current one when nil.
    public func weekly(
        _ week: Week?, edition: StatisticsReport.Edition = .internal, by actor: Actor
    ) async throws -> StatisticsReport {
        try actor.require(.readStatistics)
        try await refresh()
        return try await desk.database.read { try Self.report(.week, week, edition, $0) }
    }

    /// How far behind the database a copy may be from which somebody is shown figures.
    public static let mostBehind = Duration.seconds(600)

    /// The statistics of the week, of its month, or of everything up to its end, as somebody looks at them: a copy of
    /// the database may answer, and the report then says as of when.
    public func report(
        _ kind: StatisticsPeriod.Kind, _ week: Week?, edition: StatisticsReport.Edition = .internal,
        by actor: Actor
    ) async throws -> StatisticsReport {
        try actor.require(.readStatistics)
        try await refresh()
        let found = try await desk.database.readCopy(behind: Self.mostBehind) {
            try Self.report(kind, week, edition, $0)
        }
        var report = found.value
        report.asOf = found.asOf?.description
        return report
    }

    private static func report(
        _ kind: StatisticsPeriod.Kind, _ week: Week?, _ edition: StatisticsReport.Edition,
        _ connection: any Connection
    ) throws -> StatisticsReport {
        let week = week ?? Week(containing: connection.now)
        let period =
            switch kind {
            case .week: StatisticsPeriod(week)
            case .month: StatisticsPeriod(monthOf: week)
            case .toDate:
                StatisticsPeriod(
                    from: try StatisticsStore(connection).firstWeek() ?? week, toDate: week)
            }
        return try StatisticsEditing(connection).report(period, edition)
    }

    /// Brings the tallies up to the journal.
    public func refresh() async throws {
        let (mark, now) = try await desk.database.read { connection in
            (try StatisticsTally(connection).mark("cases"), connection.now)
        }
        if let mark {
            let since = Instant(milliseconds: mark).adding(minutes: -Self.overlapMinutes)
            let ids = try await desk.database.read {
                try StatisticsJournal($0).cases(touchedSince: since)
            }
            try await fold(ids)
        } else {
            try await foldAll()
        }
        try await foldPool()
        // Moving the mark costs a commit: only when looking back to it begins to cost more.
        if mark.map({ now.milliseconds - $0 > Int64(Self.overlapMinutes) * 60_000 }) ?? true {
            try await desk.database.write {
                try StatisticsTally($0).setMark("cases", now.milliseconds)
            }
        }
    }

    /// Throws every tally away and counts the whole journal again.
    public func rebuild(by actor: Actor) async throws {
        try actor.require(.operate)
        try await desk.database.write { connection in
            try StatisticsTally(connection).clear()
            try AuditStore(connection).append("statistics.rebuild", subject: "statistics", by: actor)
        }
        try await refresh()
    }

    /// The tallies that a count of the whole journal does not bear out, in sentences; nothing is changed.
    func drift(_ connection: any Connection) throws -> [String] {
        let tally = StatisticsTally(connection)
        guard let mark = try tally.mark("cases") else { return [] }
        let journal = StatisticsJournal(connection)
        // What was written since the mark is folded in by the next report.
        let since = Instant(milliseconds: mark).adding(minutes: -Self.overlapMinutes)
        let touched = Set(try journal.cases(touchedSince: since))
        var violations: [String] = []
        var expected: [StatisticsWeekKey: Int] = [:]
        var last = ""
        while case let ids = try journal.cases(after: last, limit: Self.batch), let end = ids.last {
            for history in try journal.histories(from: ids[0], to: end) {
                if let fault = try tally.recount(history, into: &expected), !touched.contains(history.id) {
                    violations.append(fault)
                }
            }
            last = end
        }
        try tally.recountPool(into: &expected)
        let kept = try tally.all()
        for (key, amount) in expected.filter({ $0.value != 0 }) where kept[key] != amount {
            violations.append(
                "the tally \(key.text) is \(kept[key] ?? 0), its cases add up to \(amount): run `redress stats rebuild`"
            )
        }
        for (key, amount) in kept where expected[key] == nil {
            violations.append(
                "the tally \(key.text) is \(amount) and no case stands behind it: run `redress stats rebuild`"
            )
        }
        return violations.sorted()
    }

    private func fold(_ ids: [String]) async throws {
        for start in stride(from: 0, to: ids.count, by: Self.batch) {
            let part = ids[start..<min(start + Self.batch, ids.count)]
            try await desk.database.write { connection in
                let journal = StatisticsJournal(connection)
                try StatisticsTally(connection).fold(part.flatMap { try journal.histories(from: $0, to: $0) })
            }
        }
    }

    private func foldAll() async throws {
        var last = ""
        while true {
            let after = last
            let end = try await desk.database.write { connection -> String? in
                let journal = StatisticsJournal(connection)
                let ids = try journal.cases(after: after, limit: 4 * Self.batch)
                guard let first = ids.first, let end = ids.last else { return nil }
                try StatisticsTally(connection).fold(try journal.histories(from: first, to: end))
                return end
            }
            guard let end else { return }
            last = end
        }
    }

    private func foldPool() async throws {
        guard try await desk.database.read({ try StatisticsTally($0).isPoolBehind() }) else { return }
        while try await desk.database.write({ try StatisticsTally($0).foldPool(limit: 20_000) }) {}
    }
}

extension Desk {
    /// Statistics.
    public var statistics: StatisticsDesk { StatisticsDesk(desk: self) }
}
