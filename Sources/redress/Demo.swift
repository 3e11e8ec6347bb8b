/// The demo's steps: simulate, load, ingest, sweep, plan, apply, hear the answers, count.
import Foundation
import RedressCore
import RedressDesk
import RedressEvidence
import RedressSimulator

/// Everything the demo found out, as one document.
struct DemoReport: Encodable {
    struct Truth: Encodable {
        var honest: Int
        var tricks: Int
        var wronglyContradicted: Int
        var wronglyVerified: Int
    }

    struct Restored: Encodable {
        var originalSlot: Int
        var sameDate: Int
        var otherDate: Int
    }

    var incident: String
    var folder: String
    var affected: Int
    var verdicts: [String: Int]
    var truth: Truth
    var restored: Restored
    var offersOpen: Int
    var waitlisted: Int
    var inReview: Int
    var pool: PoolUse
    var oversold: Int
    var statistics: StatisticsReport
    var checkOk: Bool
    var auditOk: Bool
    var logLines: Int
    var quarantined: Int
    var steps: [Step]
    var seconds: Double

    struct PoolUse: Encodable {
        var slots: Int
        var allotted: Int
        var seated: Int
        var held: Int
        var kept: Int
        var reserved: Int
        var released: Int
    }

    struct Step: Encodable {
        var name: String
        var seconds: Double
    }
}

/// One affected person who is not on the original slot, and why.
struct LeftPerson {
    var receipt: String
    var verdict: String
    var state: String
    var reason: String
}

struct Demo {
    let desk: Desk
    let folder: String
    let actor: Actor
    private var steps: [DemoReport.Step] = []
    private(set) var left: [LeftPerson] = []

    init(desk: Desk, folder: String, actor: Actor) {
        self.desk = desk
        self.folder = folder
        self.actor = actor
    }

    /// The latest evening whose next-day 18:00, the end of rebooking, has passed.
    static func latestEvening(before now: Instant) -> CivilDate {
        let today = now.date
        let hasRebookingEnded = now >= Instant(today, TimeOfDay(minutes: 18 * 60))
        return today.adding(days: hasRebookingEnded ? -1 : -2)
    }

    /// Runs the whole story and returns what it came to.
    mutating func run(_ settings: SimulationSettings) async throws -> DemoReport {
        let started = ContinuousClock.now
        let incident = try await step("simulate the evening") { demo in
            try await simulate(settings, into: demo.folder + "/incident")
        }
        try await step("load the registers") { try await $0.load(incident) }
        let read = try await step("read the logs") { try await $0.ingest(incident) }
        let sweep = try await step("find and verify everyone affected") { demo in
            try await demo.desk.incidents.sweep(incident.id, by: demo.actor)
        }
        try await step("plan, allot and restore") { try await $0.restore(incident) }
        try await step("hear the answers") { try await $0.hearAnswers(incident) }
        let check = try await step("check everything") { try await $0.desk.check.run(by: $0.actor) }
        let audit = try await desk.audit.verify(by: actor)
        let cases = try await desk.cases.list(incident: incident.id, by: actor)
        left = reasons(cases, incident)
        var report = DemoReport(
            incident: incident.id, folder: folder, affected: sweep.affected, verdicts: sweep.verdicts,
            truth: truth(cases, incident), restored: restored(cases),
            offersOpen: cases.count { $0.state == "offered" },
            waitlisted: cases.count { $0.state == "waitlisted" },
            inReview: cases.count { $0.state == "in-review" },
            pool: try await poolUse(incident), oversold: 0,
            statistics: try await desk.statistics.weekly(nil, by: actor).withoutPlaces, checkOk: check.ok,
            auditOk: audit.ok,
            logLines: read.lines, quarantined: read.quarantined, steps: steps, seconds: 0)
        report.oversold = try await oversold(cases, incident)
        report.seconds = seconds(since: started)
        return report
    }

    /// Loads, ingests and sweeps an incident and returns each person's verdict, for scoring.
    func verdicts(of incident: SimulatedIncident) async throws -> [String: String] {
        try await load(incident)
        _ = try await ingest(incident)
        _ = try await desk.incidents.sweep(incident.id, by: actor)
        return Self.outcomes(try await desk.cases.list(incident: incident.id, by: actor))
    }

    private static func outcomes(_ cases: [CaseView]) -> [String: String] {
        Dictionary(
            cases.compactMap { row in row.verdict.value.map { (row.person, $0) } }, uniquingKeysWith: { $1 })
    }

    private mutating func step<T>(_ name: String, _ work: (Demo) async throws -> T) async throws -> T {
        let start = ContinuousClock.now
        let result = try await work(self)
        steps.append(DemoReport.Step(name: name, seconds: seconds(since: start)))
        return result
    }

    private func seconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = (ContinuousClock.now - start).components
        let milliseconds = Double(elapsed.seconds) * 1000 + Double(elapsed.attoseconds) / 1e15
        return milliseconds.rounded() / 1000
    }

    private func load(_ incident: SimulatedIncident) async throws {
        var new = NewIncident(id: incident.id, name: incident.name, from: incident.from, to: incident.to)
        new.passKeys = try readText(incident.passKeys)
        try await desk.incidents.create(new, by: actor)
        for (register, path) in [
            (Register.sites, incident.sites), (.register, incident.register),
            (.revocations, incident.revocations), (.allotments, incident.allotments),
        ] {
            let report = try await desk.registers.load(register, from: path, incident: incident.id, by: actor)
            if report.quarantined > 0, register != .allotments {
                throw RedressError(.fault, "The simulator made rows that do not load: \(report.warnings)")
            }
        }
    }

    private func ingest(_ incident: SimulatedIncident) async throws -> IngestReport {
        var total = IngestReport()
        let logs = [
            (LogKind.queue, incident.queueLogs), (.booking, incident.bookingLogs), (.web, incident.webLogs),
            (.sms, incident.smsLogs),
        ]
        for (log, paths) in logs {
            for path in paths {
                total.add(
                    try await desk.evidenceDesk.ingest(
                        path, log: log, incident: incident.id, runs: Installation(folder: folder).runs,
                        by: actor))
            }
        }
        return total
    }

    /// Shows the plan, allots what it says is lacking (or, when the seats are past, seats ahead), and applies.
    private func restore(_ incident: SimulatedIncident) async throws {
        let first = try await desk.plans.plan(incident.id, by: actor)
        for row in first.suggestedAllotments {
            try await allot(row.site, row.vaccine, row.date, row.slot, row.seats, incident)
        }
        if first.seats.isEmpty { try await allotAhead(first, incident) }
        let plan = try await desk.plans.plan(incident.id, by: actor)
        _ = try await desk.plans.apply(plan.digest, incident: incident.id, by: actor)
    }

    /// Seats three weeks ahead for half of those whose date has passed, so that the lower rungs show.
    private func allotAhead(_ plan: Plan, _ incident: SimulatedIncident) async throws {
        let vaccines = Dictionary(
            try await desk.cases.list(incident: incident.id, by: actor).map {
                ($0.receipt, $0.vaccine.value ?? "")
            },
            uniquingKeysWith: { $1 })
        let date = WallClock.system.now().date.adding(days: 21).description
        var seats: [String: Int] = [:]
        for row in plan.unmet where row.reason == "past" {
            guard let seat = row.seat.value, let vaccine = vaccines[row.receipt] else { continue }
            seats["\(seat.site)/\(vaccine)/\(seat.slot)", default: 0] += 1
        }
        for (key, count) in seats.sorted(by: { $0.key < $1.key }) {
            let parts = key.split(separator: "/").map(String.init)
            try await allot(parts[0], parts[1], date, parts[2], (count + 1) / 2, incident)
        }
    }

    private func allot(
        _ site: String, _ vaccine: String, _ date: String, _ time: String, _ seats: Int,
        _ incident: SimulatedIncident
    ) async throws {
        guard let date = CivilDate(date), let time = TimeOfDay(time) else {
            throw RedressError(.fault, "The plan suggests a slot that does not read.")
        }
        try await desk.pool.allot(
            seats, to: Slot(site: site, vaccine: vaccine, date: date, time: time), incident: incident.id,
            authority: "복구계획 추가배정 \(incident.id)", by: actor)
    }

    /// The people answer as the simulator says they would: yes, no, or not at all.
    private func hearAnswers(_ incident: SimulatedIncident) async throws {
        let answers = Dictionary(
            incident.people.map { ($0.person, $0.answer) }, uniquingKeysWith: { $1 })
        for row in try await desk.cases.list(incident: incident.id, state: .offered, by: actor) {
            let receipt = try ReceiptNumber(row.receipt)
            switch answers[row.person] ?? nil {
            case .yes:
                _ = try await desk.restoration.accept(receipt, HeardWord(.call), by: actor)
            case .no:
                _ = try await desk.restoration.decline(receipt, HeardWord(.call), by: actor)
            case .silent, nil: break
            }
        }
    }

    private func truth(_ cases: [CaseView], _ incident: SimulatedIncident) -> DemoReport.Truth {
        let score = Score(truth: incident.people, outcomes: Self.outcomes(cases))
        let affected = incident.people.filter(\.affected)
        return DemoReport.Truth(
            honest: affected.count { $0.expected == .innocent },
            tricks: affected.count { $0.expected == .jumper },
            wronglyContradicted: score.wronglyContradicted.count, wronglyVerified: score.wronglyVerified.count
        )
    }

    private func restored(_ cases: [CaseView]) -> DemoReport.Restored {
        let rungs = cases.compactMap { $0.restored.value == nil ? nil : $0.rung.value }
        return DemoReport.Restored(
            originalSlot: rungs.count { $0 == Remedy.originalSlot.rawValue },
            sameDate: rungs.count { $0 == Remedy.sameDate.rawValue || $0 == Remedy.nearbySite.rawValue },
            otherDate: rungs.count { $0 == Remedy.nearestDate.rawValue })
    }

    private func poolUse(_ incident: SimulatedIncident) async throws -> DemoReport.PoolUse {
        let slots = try await desk.pool.status(incident: incident.id, by: actor)
        func sum(_ figure: (PoolStatus) -> Int) -> Int { slots.reduce(0) { $0 + figure($1) } }
        return DemoReport.PoolUse(
            slots: slots.count, allotted: sum(\.allotted), seated: sum(\.seated), held: sum(\.held),
            kept: sum(\.kept), reserved: sum(\.reserved), released: sum(\.released))
    }

    /// People put back on a slot beyond the seats it was ever given, counted from the cases, not from the balances.
    private func oversold(_ cases: [CaseView], _ incident: SimulatedIncident) async throws -> Int {
        var taken: [String: Int] = [:]
        for row in cases {
            guard let seat = row.restored.value else { continue }
            taken["\(seat.site)/\(row.vaccine.value ?? "")/\(seat.date)/\(seat.slot)", default: 0] += 1
        }
        for row in try await desk.pool.status(incident: incident.id, by: actor) {
            taken["\(row.site)/\(row.vaccine)/\(row.date)/\(row.slot)", default: 0] -=
                row.allotted - row.released
        }
        return taken.values.reduce(0) { $0 + max(0, $1) }
    }

    private func reasons(_ cases: [CaseView], _ incident: SimulatedIncident) -> [LeftPerson] {
        let answers = Dictionary(
            incident.people.map { ($0.person, $0.answer) }, uniquingKeysWith: { $1 })
        return cases.filter { $0.rung.value != Remedy.originalSlot.rawValue }.map { row in
            let verdict = row.verdict.value ?? "none"
            let reason =
                switch (verdict, row.state) {
                case ("verified", "offered"): "offered, no answer yet: silence is never a withdrawal"
                case ("verified", "in-review"):
                    answers[row.person] == .no
                        ? "declined: keeps the later date" : "no seat to offer: a human decides"
                case ("verified", "waitlisted"): "waits for a seat"
                case ("verified", "restored"): "seated elsewhere (\(row.rung.value ?? "?"))"
                case ("contradicted", _): "signs of a bypass: a human reviews"
                case ("undetermined", _): "the logs cannot show it: a human decides"
                default: "\(verdict): a human decides"
                }
            return LeftPerson(receipt: row.receipt, verdict: verdict, state: row.state, reason: reason)
        }
    }
}
