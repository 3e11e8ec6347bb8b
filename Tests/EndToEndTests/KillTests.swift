import Foundation
import TestSupport
import Testing

@Suite("Killed in the middle of restoring people")
struct KillTests {
    private static func check(_ data: String, _ label: String) async throws {
        let check = try await BuiltBinary.run(["check", "--data-dir", data, "--format", "json"])
        let report = try check.json()
        #expect(check.status == 0, "\(label): \(check.errors)")
        #expect(report["ok"] as? Bool == true, "\(label): \(report["violations"] ?? "")")
    }

    @Test(
        "After kill -9 of apply at 50 random moments everything still holds, and the same apply goes on to its end"
    )
    func apply() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let planned = try await PlannedIncident.make(people: 300, seed: 7)
        let apply = ["apply", planned.incident, "--plan", planned.plan, "--format", "json"]
        var life = Lifetime(seed: seed)
        var round = 0
        while life.kills < 50 {
            round += 1
            let data = try planned.copy("copy-\(round)")
            var isDone = false
            while !isDone {
                let wait = life.next()
                let run = try await BuiltBinary.run(apply + ["--data-dir", data], killAfter: wait)
                life.note(run)
                // Whoever ends in a third way would be asked for ever.
                try #require([0, -9].contains(run.status), "seed \(seed), after \(wait) µs: \(run.errors)")
                isDone = run.status == 0
                try await Self.check(
                    data, "seed \(seed), round \(round), kill \(life.kills) after \(wait) µs")
            }
            let again = try await BuiltBinary.run(apply + ["--data-dir", data]).json()
            #expect(again["seated"] as? Int == 0, "seed \(seed): a second apply seats nobody twice")
            #expect(again["failed"] as? Int == 0)
            try FileManager.default.removeItem(atPath: data)
        }
    }

    @Test("After kill -9 of ingest at random moments the same ingest goes on, and every line counts once")
    func ingest() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let folder = try TemporaryFolder()
        _ = try await BuiltBinary.run([
            "simulate", folder.file("night"), "--people", "150", "--seed", "5", "--on", "2021-07-19",
        ])
        let log = folder.file("night") + "/queue.jsonl"
        func installation(_ name: String) async throws -> [String] {
            let place = ["--data-dir", folder.file(name)]
            _ = try await BuiltBinary.run(["init"] + place)
            let made = try await BuiltBinary.run(
                [
                    "incident", "new", "night", "--name", "night", "--from", "2021-07-19T20:30:00+09:00",
                    "--to", "2021-07-19T22:00:00+09:00",
                ] + place)
            #expect(made.status == 0, "\(made.errors)")
            return place
        }
        let command = ["ingest", log, "--log", "queue", "--incident", "night"]
        let whole = try await installation("whole")
        #expect(try await BuiltBinary.run(command + whole).status == 0)
        let coverage = ["evidence", "coverage", "night", "--format", "json"]
        let expected = try await BuiltBinary.run(coverage + whole).output
        #expect(expected.contains("wr-1"))
        var life = Lifetime(seed: seed)
        var round = 0
        while life.kills < 10 {
            round += 1
            let place = try await installation("killed-\(round)")
            while true {
                let wait = life.next()
                let run = try await BuiltBinary.run(command + place, killAfter: wait)
                life.note(run)
                if run.status == 0 { break }
                try #require(
                    run.status == -9, "seed \(seed), round \(round), after \(wait) µs: \(run.errors)")
            }
            let again = try await BuiltBinary.run(coverage + place).output
            #expect(again == expected, "seed \(seed), round \(round)")
        }
    }

    @Test("What `case restore` acknowledged before it was killed is there afterwards")
    func restore() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let planned = try await PlannedIncident.make(people: 200, seed: 11)
        let data = try planned.copy("restore")
        let place = ["--data-dir", data, "--format", "json"]
        let cases = try await BuiltBinary.run(["case", "list", "--incident", planned.incident] + place).rows()
        let verified = cases.filter { $0["verdict"] as? String == "verified" }
            .compactMap { $0["receipt"] as? String }
        #expect(!verified.isEmpty)
        var acknowledged: Set<String> = []
        var life = Lifetime(seed: seed)
        for receipt in verified {
            let run = try await BuiltBinary.run(
                ["case", "restore", receipt] + place, killAfter: life.next())
            life.note(run)
            if (try? run.json())?["done"] as? String == "seated" { acknowledged.insert(receipt) }
        }
        #expect(life.kills > 0 && !acknowledged.isEmpty, "seed \(seed)")
        try await Self.check(data, "seed \(seed)")
        let after = try await BuiltBinary.run(["case", "list", "--incident", planned.incident] + place).rows()
        for row in after where acknowledged.contains(row["receipt"] as? String ?? "") {
            #expect(
                row["state"] as? String == "restored",
                "seed \(seed): \(row["receipt"] ?? "") was acknowledged")
        }
    }
}

/// How long a process may live before it is killed: longer after one was, shorter after one ended by itself. So both go on
/// happening, at any moment of its work, however fast the machine is.
private struct Lifetime {
    private var longest = 500_000
    private var dice: Dice
    private(set) var kills = 0

    init(seed: UInt64) {
        dice = Dice(seed: seed)
    }

    /// Microseconds.
    mutating func next() -> Int { Int.random(in: 0...longest, using: &dice) }

    mutating func note(_ run: Run) {
        guard run.status == -9 else {
            longest = max(longest / 2, 1000)
            return
        }
        longest = min(longest * 5 / 4, 60_000_000)
        kills += 1
    }
}
