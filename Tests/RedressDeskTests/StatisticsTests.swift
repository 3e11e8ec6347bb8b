import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("Weekly statistics")
struct StatisticsTests {
    private static let last = Week(containing: StatisticsHistories.start).advanced(
        by: StatisticsHistories.weeks)

    private func fixture() async throws -> DeskFixture {
        let fixture = try await DeskFixture()
        fixture.clock.now = StatisticsHistories.start.adding(minutes: 20 * 7 * 1440)
        return fixture
    }

    @Test(
        "The line, states, verdicts, outcomes and times equal a recount in plain SQL",
        arguments: 1...50 as ClosedRange<UInt64>)
    func equalsRecount(seed: UInt64) async throws {
        let fixture = try await fixture()
        var histories = StatisticsHistories(fixture, seed: seed)
        try await histories.add(Int.random(in: 5...60, using: &histories.dice))
        let first = Week(containing: StatisticsHistories.start)
        for _ in 0..<3 {
            let week = first.advanced(
                by: Int.random(in: 0...StatisticsHistories.weeks, using: &histories.dice))
            let report = try await fixture.desk.statistics.weekly(week, by: fixture.actor)
            try await compare(report, week, fixture, "seed \(seed), \(week)")
        }
    }

    private func compare(
        _ report: StatisticsReport, _ week: Week, _ fixture: DeskFixture, _ hint: String
    ) async throws {
        try await fixture.desk.database.read { connection in
            let recount = StatisticsRecount(connection: connection, week: week)
            let line = try recount.line()
            for row in report.rows where row.measure == "received" {
                let found = StatisticsMeasure.line.map { measure in
                    report.rows.first {
                        $0.measure == measure && $0.level == row.level && $0.item == row.item
                    }?
                    .numerator.value
                }
                let expected = line["\(row.level)/\(row.item)"] ?? Array(repeating: 0, count: 8)
                #expect(found == expected, "\(hint), \(row.level) \(row.item)")
            }
            #expect(
                Set(line.keys).isSubset(
                    of: report.rows.filter { $0.measure == "received" }.map { "\($0.level)/\($0.item)" }),
                "\(hint): no place is left out")
            let states = try recount.states()
            #expect(Self.known(report.states) == states, "\(hint)")
            var verdicts = Self.known(report.verdicts)
            verdicts["none-yet"] = nil
            let counted = try recount.verdicts()
            #expect(verdicts == counted, "\(hint)")
            let outcomes = try recount.outcomes()
            #expect(Self.known(report.outcomes) == outcomes, "\(hint)")
            let overdue = try recount.overdue()
            #expect(Self.row(report, "overdue")?.numerator.value == overdue, "\(hint)")
            let minutes = try recount.restorationMinutes()
            #expect(Self.row(report, "restoration_median")?.denominator.value == minutes.count, "\(hint)")
            guard !minutes.isEmpty else {
                #expect(Self.row(report, "restoration_median")?.value == OrNull(nil))
                return
            }
            let middle = (minutes[(minutes.count - 1) / 2] + minutes[minutes.count / 2]) / 2
            let ninth = minutes[(minutes.count * 9 + 9) / 10 - 1]
            #expect(
                abs((Self.row(report, "restoration_median")?.value.value ?? -1) - middle) <= 0.0501, "\(hint)"
            )
            #expect(
                abs((Self.row(report, "restoration_p90")?.value.value ?? -1) - ninth) <= 0.0501, "\(hint)")
        }
    }

    private static func known(_ counts: [String: OrNull<Int>]) -> [String: Int] {
        counts.compactMapValues { $0.value == 0 ? nil : $0.value }
    }

    private static func row(_ report: StatisticsReport, _ measure: String) -> StatisticsRow? {
        report.rows.first { $0.measure == measure && $0.level == "all" }
    }

    @Test(
        "At every level the line reconciles and the places add up to all cases",
        arguments: 1...12 as ClosedRange<UInt64>)
    func reconciles(seed: UInt64) async throws {
        let fixture = try await fixture()
        var histories = StatisticsHistories(fixture, seed: seed)
        try await histories.add(60)
        let week = Self.last.advanced(by: -Int.random(in: 0...6, using: &histories.dice))
        for kind in StatisticsPeriod.Kind.allCases {
            let report = try await fixture.desk.statistics.report(kind, week, by: fixture.actor)
            for level in StatisticsLevel.allCases.map(\.rawValue) {
                for item in Set(
                    report.rows.filter { $0.level == level && $0.measure == "received" }.map(\.item))
                {
                    let line = StatisticsMeasure.line.compactMap { measure in
                        report.rows.first { $0.measure == measure && $0.level == level && $0.item == item }?
                            .numerator.value
                    }
                    try #require(line.count == 8)
                    #expect(
                        line[0] + line[1] + line[2] + line[3] - line[4] - line[5] - line[6] == line[7],
                        "seed \(seed), \(kind), \(level) \(item): \(line)")
                }
                for measure in StatisticsMeasure.line where level != "all" {
                    let parts = report.rows.filter { $0.measure == measure && $0.level == level }
                    let sum = parts.reduce(0) { $0 + ($1.numerator.value ?? 0) }
                    #expect(
                        sum == report.totals[measure]?.value, "seed \(seed), \(kind), \(measure) by \(level)")
                }
            }
        }
    }

    @Test("The weeks of a month add up to the month")
    func monthsAreWeeks() async throws {
        let fixture = try await fixture()
        var histories = StatisticsHistories(fixture, seed: 7)
        try await histories.add(80)
        let month = StatisticsPeriod(monthOf: try Week("2021-W29"))
        #expect("\(month.first) to \(month.last)" == "2021-W26 to 2021-W30")
        let report = try await fixture.desk.statistics.report(.month, try Week("2021-W29"), by: fixture.actor)
        var sums: [String: Int] = [:]
        for number in 26...30 {
            let week = try await fixture.desk.statistics.weekly(
                Week(year: 2021, number: number), by: fixture.actor)
            for flow in ["received", "processed", "reopened"] {
                sums[flow, default: 0] += week.totals[flow]?.value ?? 0
            }
        }
        for (flow, sum) in sums { #expect(report.totals[flow]?.value == sum, "\(flow)") }
    }

    @Test(
        "A past week has the same digits after whatever came later", arguments: 1...8 as ClosedRange<UInt64>)
    func asOf(seed: UInt64) async throws {
        let fixture = try await fixture()
        var histories = StatisticsHistories(fixture, seed: seed)
        try await histories.add(50)
        let week = Self.last.advanced(by: -2)
        let before = try await fixture.desk.statistics.weekly(week, by: fixture.actor)
        fixture.clock.advance(minutes: 60)
        let later = Self.last.next.start
        try await histories.add(20, prefix: "later", from: later, weeks: 2)
        try await fixture.desk.database.write { connection in
            // Whatever can still happen to the old cases happens: told, extended, moved to another centre.
            let ids: [String] = try connection.all("SELECT id FROM grievance_case WHERE id LIKE 'c%'") {
                try $0[0]
            }
            for id in ids {
                try connection.run(
                    """
                    INSERT INTO contact (id, case_id, channel, subject, actor, at)
                    VALUES ($1, $2, 'call', 'late', 'test', $3)
                    """, ["late-\(id)".stored, id.stored, later.stored])
                try connection.run(
                    """
                    INSERT INTO case_due (case_id, seq, due_at, at)
                    SELECT $1, max(seq) + 1, max(due_at) + 864000000, $2 FROM case_due WHERE case_id = $3
                    """, [id.stored, later.stored, id.stored])
            }
            try connection.run("UPDATE grievance_case SET site = 'C999', state = 'closed', due_at = 0")
        }
        // Rows of the past reach the tables late here, so the tallies look at everything once more.
        try await fixture.desk.statistics.rebuild(by: fixture.actor)
        let after = try await fixture.desk.statistics.weekly(week, by: fixture.actor)
        let places = { (report: StatisticsReport) in
            report.rows.filter { $0.numerator.value != 0 || $0.value.value != 0 || $0.last.value != 0 }
        }
        #expect(places(after) == places(before), "seed \(seed)")
        #expect(after.trend == before.trend, "seed \(seed)")
    }

    @Test("What the tallies say is what the journal says, and check notices when it is not")
    func driftIsFound() async throws {
        let fixture = try await fixture()
        var histories = StatisticsHistories(fixture, seed: 3)
        try await histories.add(30)
        _ = try await fixture.desk.statistics.weekly(Self.last, by: fixture.actor)
        func faults() async throws -> [String] {
            try await fixture.desk.check.run(by: fixture.actor).violations.filter {
                $0.contains("tally") || $0.contains("counted")
            }
        }
        #expect(try await faults() == [])
        try await fixture.desk.database.write { connection in
            try connection.run("UPDATE statistic_week SET amount = amount + 1 WHERE key = 1")
            try connection.run("DELETE FROM case_move WHERE case_id = 'c1' AND seq > 1")
        }
        let found = try await faults()
        #expect(found.contains { $0.contains("the tally") && $0.contains("rebuild") })
        #expect(found.contains { $0.contains("case c1 is counted otherwise") })
        try await fixture.desk.statistics.rebuild(by: fixture.actor)
        #expect(try await faults() == [])
    }

    @Test(
        "A journal that grows is folded in piece by piece to what one count of it all gives",
        arguments: 1...6 as ClosedRange<UInt64>)
    func foldsInPieces(seed: UInt64) async throws {
        let fixture = try await DeskFixture()
        fixture.clock.now = StatisticsHistories.start
        try await fixture.allot(2)
        let receipt = try await fixture.addPerson(1)
        _ = try await fixture.desk.statistics.weekly(nil, by: fixture.actor)
        fixture.clock.advance(minutes: 30)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        _ = try await fixture.desk.statistics.weekly(nil, by: fixture.actor)
        fixture.clock.advance(minutes: 3 * 1440)
        var histories = StatisticsHistories(fixture, seed: seed)
        try await histories.add(20, from: fixture.clock.now, weeks: 1)
        let grown = try await fixture.desk.statistics.weekly(nil, by: fixture.actor)
        try await fixture.desk.statistics.rebuild(by: fixture.actor)
        #expect(
            try await fixture.desk.statistics.weekly(nil, by: fixture.actor).rows == grown.rows,
            "seed \(seed)")
        #expect(Self.row(grown, "pool_used")?.numerator.value == 1)
        #expect(grown.headline.backOnOriginal.value ?? 0 >= 1)
    }

    @Test("A result counts as processed on the day the person was told, not on the day of the decision")
    func processedWhenTold() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        let decided = try await fixture.desk.statistics.weekly(nil, by: fixture.actor)
        #expect(decided.totals["processed"]?.value == 0 && decided.totals["closing"]?.value == 1)
        #expect(decided.outcomes["original-slot"]?.value == 1)
        let thisWeek = Week(containing: fixture.clock.now)
        fixture.clock.advance(minutes: 7 * 1440)
        let toldAt = fixture.clock.now
        try await fixture.desk.database.write { connection in
            try connection.run(
                "UPDATE outbox SET state = 'sent', delivered_at = $1 WHERE event LIKE 'restored/%'",
                [toldAt.stored])
        }
        let told = try await fixture.desk.statistics.weekly(nil, by: fixture.actor)
        #expect(told.totals["opening"]?.value == 1 && told.totals["processed"]?.value == 1)
        #expect(told.totals["closing"]?.value == 0)
        let again = try await fixture.desk.statistics.weekly(thisWeek, by: fixture.actor)
        #expect(again.totals["processed"]?.value == 0 && again.totals["closing"]?.value == 1)
    }

    @Test("What nobody records is null, which is not zero")
    func nullIsNotZero() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(1)
        let report = try await fixture.desk.statistics.weekly(nil, by: fixture.actor)
        for measure in [
            "satisfaction", "abandoned_calls", "received_by_gender", "keywords", "first_answer_median",
        ] {
            #expect(Self.row(report, measure)?.value == OrNull(nil), "\(measure)")
        }
        #expect(Self.row(report, "reopened")?.value == OrNull(0))
        #expect(
            report.rows.contains {
                $0.measure == "received_by_age" && $0.item == "50s" && $0.numerator.value == 1
            })
        let json = try report.json()
        #expect(json.contains("\"value\" : null"))
    }

    @Test("Only those whose role may read statistics read them")
    func needsPermission() async throws {
        let fixture = try await DeskFixture()
        let admin = Actor(name: "a", role: .admin)
        await #expect(throws: RedressError.self) { try await fixture.desk.statistics.weekly(nil, by: admin) }
        await #expect(throws: RedressError.self) {
            try await fixture.desk.statistics.rebuild(by: Actor(name: "b", role: .analyst))
        }
    }
}
