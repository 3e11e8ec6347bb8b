/// Incidents of every size, seed and kind of loss, judged by the real path and held against their truth.
import Foundation
import RedressCore
import RedressDesk
import RedressSimulator

/// One line of the matrix: one condition over all its incidents.
struct ScoreRow: Encodable {
    var condition: String
    var incidents: Int
    var honest: Int
    var honestVerified: Int
    var honestContradicted: Int
    var honestUndetermined: Int
    var tricks: Int
    var tricksVerified: Int
    var tricksContradicted: Int
    var tricksUndetermined: Int

    init(_ condition: String) {
        self.condition = condition
        (incidents, honest, honestVerified, honestContradicted, honestUndetermined) = (0, 0, 0, 0, 0)
        (tricks, tricksVerified, tricksContradicted, tricksUndetermined) = (0, 0, 0, 0)
    }

    /// Counts people of one kind by their outcome.
    mutating func add(_ outcomes: [String: Int], areTricks: Bool) {
        incidents += 1
        let all = outcomes.values.reduce(0, +)
        if areTricks {
            tricks += all
            tricksVerified += outcomes["verified"] ?? 0
            tricksContradicted += outcomes["contradicted"] ?? 0
            tricksUndetermined += outcomes["undetermined"] ?? 0
        } else {
            honest += all
            honestVerified += outcomes["verified"] ?? 0
            honestContradicted += outcomes["contradicted"] ?? 0
            honestUndetermined += outcomes["undetermined"] ?? 0
        }
    }

    mutating func add(_ score: Score) {
        incidents += 1
        honestVerified += score.count(.honest, "verified")
        honestContradicted += score.count(.honest, "contradicted")
        honestUndetermined += score.count(.honest, "undetermined")
        honest += score.table[.honest]?.values.reduce(0, +) ?? 0
        tricksVerified += score.count(.trick, "verified")
        tricksContradicted += score.count(.trick, "contradicted")
        tricksUndetermined += score.count(.trick, "undetermined")
        tricks += score.table[.trick]?.values.reduce(0, +) ?? 0
    }
}

/// Runs the matrix.
struct ScoreMatrix {
    var sizes: [Int]
    var seeds: [UInt64]
    var evening: CivilDate

    private static let conditions: [(name: String, change: @Sendable (inout SimulationSettings) -> Void)] = [
        ("complete logs", { _ in }),
        ("5 % of lines lost", { $0.lose(0.05) }),
        ("20 % of lines lost", { $0.lose(0.2) }),
        ("50 % of lines lost", { $0.lose(0.5) }),
        ("a waiting-room log lost", { $0.lostNodes = ["wr-2"] }),
        ("an application log lost", { $0.lostNodes = ["app-1"] }),
        ("all waiting-room logs lost", { $0.lostNodes = ["wr-1", "wr-2", "wr-3", "wr-4"] }),
        (
            "clocks off by −10 to +20 min",
            { $0.nodeClocksMilliseconds = ["wr-1": -600_000, "wr-4": 1_200_000, "app-2": 300_000] }
        ),
        (
            "rotated and packed",
            { settings in
                settings.rotationMinutes = 20
                settings.compress = true
            }
        ),
    ]

    /// Adds an incident to the rows of the tricks and look-alikes in it.
    private static func count(_ score: Score, isComplete: Bool, in kinds: inout [String: ScoreRow]) {
        let when = isComplete ? "complete logs" : "all other conditions"
        for (trick, outcomes) in score.byTrick {
            let name = "trick \(trick.rawValue), \(when)"
            kinds[name, default: ScoreRow(name)].add(outcomes, areTricks: true)
        }
        for (lookAlike, outcomes) in score.byLookAlike {
            let name = "look-alike \(lookAlike.rawValue), \(when)"
            kinds[name, default: ScoreRow(name)].add(outcomes, areTricks: false)
        }
    }

    /// Makes, judges and scores every incident: a row a condition, then a row a trick and look-alike.
    func run() async throws -> [ScoreRow] {
        let total = Self.conditions.count * sizes.count * seeds.count
        var rows: [ScoreRow] = []
        var kinds: [String: ScoreRow] = [:]
        try await withProgress("scoring", .count("incidents"), total: total) { report in
            var done = 0
            for condition in Self.conditions {
                var row = ScoreRow(condition.name)
                for size in sizes {
                    for seed in seeds {
                        var settings = SimulationSettings.story(on: evening, people: size, seed: seed)
                        condition.change(&settings)
                        let score = try await judge(settings)
                        row.add(score)
                        Self.count(score, isComplete: rows.isEmpty, in: &kinds)
                        done += 1
                        report(done, total)
                    }
                }
                rows.append(row)
            }
        }
        return rows + kinds.values.sorted { $0.condition < $1.condition }
    }

    private func judge(_ settings: SimulationSettings) async throws -> Score {
        let folder = NSTemporaryDirectory() + "/redress-score-" + Identifier.make(at: WallClock.system.now())
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let desk = try await Installation(folder: folder + "/data").create(open: openDatabase)
        let incident = try await simulate(settings, into: folder + "/incident")
        let demo = Demo(desk: desk, folder: folder, actor: Options.operator)
        let outcomes = try await demo.verdicts(of: incident)
        try await desk.close()
        return Score(truth: incident.people, outcomes: outcomes)
    }

    /// The matrix as a table.
    static func table(_ rows: [ScoreRow]) -> Table {
        func share(_ part: Int, _ all: Int) -> String {
            guard all > 0 else { return "–" }
            let permille = (Double(part) * 10_000 / Double(all)).rounded() / 100
            return "\(part) (\(permille) %)"
        }
        return Table(
            [
                .init("condition"), .init("incidents", .right), .init("honest", .right),
                .init("verified", .right), .init("contradicted", .right), .init("undetermined", .right),
                .init("tricks", .right), .init("verified", .right), .init("contradicted", .right),
                .init("undetermined", .right),
            ],
            rows: rows.map { row in
                [
                    row.condition, "\(row.incidents)", "\(row.honest)", share(row.honestVerified, row.honest),
                    share(row.honestContradicted, row.honest), share(row.honestUndetermined, row.honest),
                    "\(row.tricks)", share(row.tricksVerified, row.tricks),
                    share(row.tricksContradicted, row.tricks), share(row.tricksUndetermined, row.tricks),
                ]
            })
    }
}
