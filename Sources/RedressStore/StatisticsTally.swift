/// Keeps the tallies in step with the journal: a case is folded again whenever something about it was written.
public import RedressCore

/// A tally of one week.
public struct StatisticsWeekKey: Hashable, Sendable {
    /// What is counted.
    public var key: StatisticsKey
    /// The week.
    public var week: Week

    /// For messages.
    public var text: String {
        [key.count.rawValue, key.detail, key.level.rawValue, key.place, "\(week)"]
            .filter { !$0.isEmpty }.joined(separator: "/")
    }
}

/// One case's changes, added up by week: what it contributes to the tallies at every level.
public struct StatisticsShare: Equatable, Sendable {
    struct Line: Hashable {
        var week: Week
        var count: StatisticsCount
        var detail: String
    }

    var lines: [Line: Int] = [:]
    /// How long its steps took: they ride along so that a share tells whether anything changed.
    var durations: [String] = []

    /// Adds up what a history changes.
    public init(_ history: StatisticsHistory) {
        for change in history.changes {
            lines[
                Line(week: Week(containing: change.at), count: change.count, detail: change.detail),
                default: 0] += change.amount
        }
        lines = lines.filter { $0.value != 0 }
        durations = history.durations.map { step, at, milliseconds in
            "\(Week(containing: at).firstDay.daysSinceEpoch)\t\(step.rawValue)\t\(milliseconds)"
        }
    }

    /// Reads what `text` wrote.
    ///
    /// - Throws: `.fault` when the text is not one that was written here.
    init(text: String) throws {
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            if cells.count == 3 {
                durations.append(String(line))
                continue
            }
            guard cells.count == 4, let day = Int(cells[0]), let amount = Int(cells[3]),
                let count = StatisticsCount(rawValue: String(cells[1]))
            else { throw RedressError(.fault, "A stored tally does not read. Run `redress stats rebuild`.") }
            lines[
                Line(
                    week: Week(containing: CivilDate(daysSinceEpoch: day)), count: count,
                    detail: String(cells[2]))] = amount
        }
    }

    /// The same on lines, sorted.
    var text: String {
        let changes = lines.map {
            "\($0.week.firstDay.daysSinceEpoch)\t\($0.count.rawValue)\t\($0.detail)\t\($1)"
        }
        return (changes.sorted() + durations).joined(separator: "\n")
    }

    /// Adds it, or takes it away, at every level.
    func add(
        to tallies: inout [StatisticsWeekKey: Int], places: [StatisticsLevel: String], times factor: Int = 1
    ) {
        for (line, amount) in lines {
            for level in line.count.levels {
                let key = StatisticsKey(line.count, line.detail, level, places[level] ?? "")
                tallies[StatisticsWeekKey(key: key, week: line.week), default: 0] += factor * amount
            }
        }
    }
}

/// Writes the tallies.
public struct StatisticsTally {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// How far a journal has been folded; nil when it never was.
    public func mark(_ name: String) throws -> Int64? {
        try connection.first("SELECT value FROM statistic_mark WHERE name = $1", [name.stored]) { try $0[0] }
    }

    /// Remembers how far a journal has been folded.
    public func setMark(_ name: String, _ value: Int64) throws {
        try connection.run(
            """
            INSERT INTO statistic_mark (name, value) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """, [name.stored, value.stored])
    }

    /// Folds cases in: what they contributed before is taken away, what they contribute now is added.
    public func fold(_ histories: [StatisticsHistory]) throws {
        var changed: [StatisticsWeekKey: Int] = [:]
        for history in histories {
            let share = StatisticsShare(history)
            let before = try stored(history.id)
            guard share.text != before else { continue }
            if let before {
                try StatisticsShare(text: before).add(to: &changed, places: history.places, times: -1)
            }
            share.add(to: &changed, places: history.places)
            try store(share, history)
        }
        try add(changed)
    }

    /// Folds in the pool's entries after the mark; returns whether there may be more.
    public func foldPool(limit: Int) throws -> Bool {
        var seq = Int(try mark("pool") ?? 0)
        var count = 0
        var changed: [StatisticsWeekKey: Int] = [:]
        try StatisticsJournal(connection).poolEntries(after: seq, limit: limit) { next, kind, seats, at in
            let key = StatisticsKey(.pool, kind, .all, "")
            changed[StatisticsWeekKey(key: key, week: Week(containing: at)), default: 0] += seats
            seq = next
            count += 1
        }
        guard count > 0 else { return false }
        try add(changed)
        try setMark("pool", Int64(seq))
        return count == limit
    }

    /// Adds up what a case was folded as; returns what is wrong when the journal now says something else.
    public func recount(
        _ history: StatisticsHistory, into expected: inout [StatisticsWeekKey: Int]
    ) throws -> String? {
        let now = StatisticsShare(history)
        guard let before = try stored(history.id) else {
            return now.lines.isEmpty ? nil : "case \(history.id) is missing from the statistics"
        }
        try StatisticsShare(text: before).add(to: &expected, places: history.places)
        return before == now.text ? nil : "case \(history.id) is counted otherwise than its journal says"
    }

    /// Adds up the pool's entries up to the mark.
    public func recountPool(into expected: inout [StatisticsWeekKey: Int]) throws {
        let end = Int(try mark("pool") ?? 0)
        try StatisticsJournal(connection).poolEntries(after: 0, limit: end) { seq, kind, seats, at in
            guard seq <= end else { return }
            let key = StatisticsKey(.pool, kind, .all, "")
            expected[StatisticsWeekKey(key: key, week: Week(containing: at)), default: 0] += seats
        }
    }

    /// Forgets every tally, so that the next fold begins from nothing.
    public func clear() throws {
        try connection.run("DELETE FROM statistic_week")
        try connection.run("DELETE FROM statistic_key")
        try connection.run("DELETE FROM statistic_case")
        try connection.run("DELETE FROM statistic_duration")
        try connection.run("DELETE FROM statistic_mark")
    }

    /// What a case contributed when it was last folded, as text; nil when it never was.
    public func stored(_ caseID: String) throws -> String? {
        try connection.first("SELECT changes FROM statistic_case WHERE case_id = $1", [caseID.stored]) {
            try $0[0]
        }
    }

    /// Whether the pool has entries that are not folded in yet.
    public func isPoolBehind() throws -> Bool {
        try connection.count("SELECT coalesce(max(seq), 0) FROM pool_entry") > Int(try mark("pool") ?? 0)
    }

    /// Every tally that is not nothing.
    public func all() throws -> [StatisticsWeekKey: Int] {
        var tallies: [StatisticsWeekKey: Int] = [:]
        try connection.each(
            """
            SELECT count, detail, level, place, week, amount FROM statistic_week
            JOIN statistic_key ON statistic_key.id = key WHERE amount <> 0
            """, []
        ) {
            let key = StatisticsKey(try $0[0], try $0[1], try $0[2], try $0[3])
            tallies[StatisticsWeekKey(key: key, week: try $0[4])] = try $0[5]
        }
        return tallies
    }

    private func store(_ share: StatisticsShare, _ history: StatisticsHistory) throws {
        try connection.run(
            """
            INSERT INTO statistic_case (case_id, changes) VALUES ($1, $2)
            ON CONFLICT (case_id) DO UPDATE SET changes = excluded.changes
            """, [history.id.stored, share.text.stored])
        try connection.run("DELETE FROM statistic_duration WHERE case_id = $1", [history.id.stored])
        for (step, at, milliseconds) in history.durations {
            try connection.run(
                """
                INSERT INTO statistic_duration (case_id, step, week, milliseconds) VALUES ($1, $2, $3, $4)
                """, [history.id.stored, step.stored, Week(containing: at).stored, milliseconds.stored])
        }
    }

    private func add(_ changed: [StatisticsWeekKey: Int]) throws {
        let changed = changed.filter { $0.value != 0 }
        guard !changed.isEmpty else { return }
        var ids: [StatisticsKey: Int64] = [:]
        for key in Set(changed.keys.map(\.key)) { ids[key] = try id(of: key) }
        for (tally, amount) in changed {
            try connection.run(
                """
                INSERT INTO statistic_week (key, week, amount) VALUES ($1, $2, $3)
                ON CONFLICT (key, week) DO UPDATE SET amount = statistic_week.amount + excluded.amount
                """, [ids[tally.key].stored, tally.week.stored, amount.stored])
        }
    }

    private func id(of key: StatisticsKey) throws -> Int64 {
        if let id = try find(key) { return id }
        try connection.run(
            """
            INSERT INTO statistic_key (id, count, detail, level, place)
            SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4 FROM statistic_key
            """, Self.names(key))
        guard let id = try find(key) else {
            throw RedressError(.fault, "A tally has no key. Run `redress check`.")
        }
        return id
    }

    private func find(_ key: StatisticsKey) throws -> Int64? {
        try connection.first(
            "SELECT id FROM statistic_key WHERE count = $1 AND detail = $2 AND level = $3 AND place = $4",
            Self.names(key)
        ) { try $0[0] }
    }

    private static func names(_ key: StatisticsKey) -> [Value] {
        [key.count.stored, key.detail.stored, key.level.stored, key.place.stored]
    }
}
