/// The sections of the statistics: each says which tallies make its figures.
import RedressCore
import RedressStore

extension StatisticsSheet {
    mutating func flow() {
        let line: [(String, StatisticsCount, Use)] = [
            ("opening", .open, \.before), ("received", .received, \.within),
            ("reopened", .reopened, \.within),
            ("transferred_in", .transferredIn, \.within), ("processed", .processed, \.within),
            ("transferred_out", .transferredOut, \.within), ("merged", .merged, \.within),
            ("closing", .open, \.after),
        ]
        for (measure, count, use) in line {
            let sheet = self
            putLevels(measure) { .count(sheet.sum(count, use, level: $0, place: $1)) }
        }
    }

    /// How many times as many cases came in as in the four weeks before.
    mutating func surges(_ store: StatisticsStore) throws {
        let before = try store.amounts(period.first.advanced(by: -4), period.first.previous)
        let weeks = (period.last.firstDay.daysSinceEpoch - period.first.firstDay.daysSinceEpoch) / 7 + 1
        let sheet = self
        putLevels("surge") { level, place in
            let received = sheet.sum(.received, \.within, level: level, place: place)
            let usual = before[StatisticsKey(.received, "", level, place)]?.within ?? 0
            let times = usual > 0 ? Double(received * 4) / Double(usual * weeks) : nil
            return StatisticsFigure(
                numerator: received, denominator: usual, value: times.map(StatisticsFigure.rounded))
        }
    }

    mutating func headline() {
        let sheet = self
        putLevels("back_on_original") { level, place in
            .share(
                sheet.sum(.backOnOriginal, \.after, level: level, place: place),
                of: sheet.sum(.affected, \.after, level: level, place: place))
        }
        let affected = sum(.affected, \.after)
        put("not_reached", .share(sum(.unreached, \.after), of: affected))
        put(
            "not_answered",
            .share(sum(.state, \.after) { $0 == CaseState.offered.rawValue }, of: affected))
    }

    mutating func outcomes() {
        let seated = Remedy.allCases.map(\.rawValue).filter { $0 != Remedy.waitlist.rawValue }
        putKinds(
            "outcomes", .outcome, \.within,
            always: seated + ["waitlisted", "rejected", "withdrawn", "not-affected"])
        let sheet = self
        putLevels("restored") { level, place in
            .count(sheet.sum(.outcome, \.within, level: level, place: place, where: Self.isSeat))
        }
        putLevels("upheld") { level, place in
            let upheld = sheet.sum(.outcome, \.within, level: level, place: place, where: Self.isSeat)
            let others = sheet.sum(.outcome, \.within, level: level, place: place) {
                $0 == CaseState.rejected.rawValue || $0 == CaseState.notAffected.rawValue
            }
            return .share(upheld, of: upheld + others)
        }
    }

    /// Whether a decision gave a seat back; one without a known rung counts as well.
    static func isSeat(_ outcome: String) -> Bool {
        outcome == CaseState.restored.rawValue || Remedy(rawValue: outcome) != nil
    }

    mutating func states() {
        putKinds("cases_by_state", .state, \.after, always: CaseState.allCases.map(\.rawValue))
        put("open_by_age", .count(sum(.open, \.after)))
        // A week that is still running is looked at today.
        let end = min(period.last.lastDay, today).daysSinceEpoch
        for (name, days) in Self.ages {
            let count = sum(.openSince, \.after) { day in
                CivilDate(day).map { days.contains(end - $0.daysSinceEpoch) } ?? false
            }
            put("open_by_age", .count(count), level: "item", item: name)
        }
        let cases = sum(.state, \.after)
        put("cases_by_verdict", .count(cases))
        for verdict in kinds(.verdict, always: ["verified", "contradicted", "undetermined"]) {
            put(
                "cases_by_verdict", .count(sum(.verdict, \.after) { $0 == verdict }), level: "item",
                item: verdict)
        }
        put("cases_by_verdict", .count(cases - sum(.verdict, \.after)), level: "item", item: "none-yet")
    }

    /// Spelled out, because spreadsheets take `4-7` for a date and `31+` for a number.
    private static let ages: [(name: String, days: ClosedRange<Int>)] = [
        ("0 to 3 days", 0...3), ("4 to 7 days", 4...7), ("8 to 14 days", 8...14), ("15 to 30 days", 15...30),
        ("31 days or more", 31...Int.max),
    ]

    mutating func times(_ store: StatisticsStore) throws {
        let steps: [(String, StatisticsDuration)] = [
            ("first_answer", .firstAnswer), ("verdict", .verdict), ("restoration", .restoration),
        ]
        for (name, step) in steps {
            let (median, p90) = try StatisticsFigure.percentiles(of: step, period, store)
            put("\(name)_median", median)
            put("\(name)_p90", p90)
        }
    }

    mutating func clocks() {
        for (suffix, kind) in [("", "plain"), ("_extended", "extended")] {
            for clock in ["statutory", "target"] {
                let onTime = sum(.timeliness, \.within) { $0 == "\(clock) \(kind) on-time" }
                let late = sum(.timeliness, \.within) { $0 == "\(clock) \(kind) late" }
                put("on_time_\(clock)\(suffix)", .share(onTime, of: onTime + late))
            }
        }
        putKinds("overdue", .overdue, \.after, always: ["statutory", "target"])
        put("extended", .count(sum(.extended, \.within)))
        put("objected", .count(sum(.objected, \.within)))
        putKinds("objections_decided", .objection, \.within, always: ["upheld", "dismissed", "withdrawn"])
        let upheld = sum(.objection, \.within) { $0 == "upheld" }
        put("overturned", .share(upheld, of: upheld + sum(.objection, \.within) { $0 == "dismissed" }))
    }

    mutating func contacts(_ store: StatisticsStore) throws {
        let (from, to) = (period.first.start, period.last.end)
        let rows = try store.contacts(from: from, to: to)
        let all = rows.reduce(0) { $0 + $1.count }
        for (measure, name) in [
            ("contacts_by_channel", \(channel: String, subject: String, count: Int).channel),
            ("contacts_by_subject", \.subject),
        ] {
            put(measure, .count(all))
            let counts = rows.reduce(into: [String: Int]()) { $0[$1[keyPath: name], default: 0] += $1.count }
            for (item, count) in counts.sorted(by: { $0.key < $1.key }) {
                put(measure, .count(count), level: "item", item: item)
            }
        }
        let callers = try store.callers(from: from, to: to)
        put("repeat_callers", .share(callers.repeated, of: callers.all))
        let one = sum(.contactsNeeded, \.within) { $0 == "1" }
        put("one_contact", .share(one, of: one + sum(.contactsNeeded, \.within) { $0 == "more" }))
        // No telephone system reports calls here: not known, which is not none.
        put("abandoned_calls", StatisticsFigure(denominator: 0))
    }

    mutating func people() {
        putKinds("received_by_origin", .origin, \.within, always: CaseOrigin.allCases.map(\.rawValue))
        putKinds("received_by_age", .age, \.within) { $0.isEmpty ? "unknown" : $0 }
        put("received_by_gender", .count(nil))
        put("received_by_residence", .count(nil))
        putKinds("restored_by_age", .restoredAge, \.within) { $0.isEmpty ? "unknown" : $0 }
        put("restored_by_representative", .count(nil))
        put("satisfaction", StatisticsFigure(denominator: 0))
        put("keywords", .count(nil))
    }

    mutating func means() {
        putKinds("notices", .notice, \.within, always: ["delivered", "failed", "dropped"])
        let failed = sum(.notice, \.within) { $0 == "failed" }
        put("notices_failed", .share(failed, of: failed + sum(.notice, \.within) { $0 == "delivered" }))
        var balance = PoolBalance()
        for kind in PoolEntryKind.allCases {
            balance.apply(kind, seats: sum(.pool, \.after) { $0 == kind.rawValue })
        }
        put("pool_allotted", .count(balance.allotted - balance.released))
        put("pool_used", .count(balance.seated))
        put("pool_left", .count(balance.allotted - balance.released - balance.seated))
    }
}
