/// The built binary, many processes at once, some killed with SIGKILL: no seat is sold twice, no answer is lost.
import Foundation
import RedressCore
import TestSupport
import Testing

@Suite("Racing and dying processes", .serialized)
struct CapacityDrillTests {
    @Test("12 processes race for 4 seats: exactly the 4 earliest are seated and the check is silent")
    func race() async throws {
        let drill = try await CapacityDrill(people: 12, seats: 4)
        let exits = try await drill.restoreAll(killing: [])
        #expect(exits.filter { $0.value == 0 }.count == 4, "\(exits)")
        #expect(try await drill.restored().count == 4)
        #expect(try await drill.check() == [])
    }

    @Test(
        "Killed at any moment, no acknowledged seat is lost, and the same key again answers the same",
        arguments: 1...6)
    func kill(seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let drill = try await CapacityDrill(people: 8, seats: 8)
        let delays = (0..<8).map { _ in Int.random(in: 0...120, using: &dice) }
        let exits = try await drill.restoreAll(killing: delays)
        let acknowledged = Set(exits.filter { $0.value == 0 }.keys)
        let restored = try await drill.restored()
        #expect(acknowledged.isSubset(of: restored), "seed \(seed): an acknowledged seat is gone")
        #expect(try await drill.check() == [], "seed \(seed)")
        // Whoever was killed is asked for again under the same key: done once, or answered as before.
        let again = try await drill.restoreAll(killing: [])
        #expect(again.values.allSatisfy { $0 == 0 }, "seed \(seed): \(again)")
        #expect(try await drill.restored().count == 8)
        #expect(try await drill.check() == [], "seed \(seed)")
    }
}

/// An installation with verified people, made and driven through the command line alone.
private struct CapacityDrill {
    let folder: TemporaryFolder
    private let receipts: [String]
    private let place: [String]
    private static let incident = "drill"

    init(people: Int, seats: Int) async throws {
        folder = try TemporaryFolder()
        place = ["--data-dir", folder.file("data"), "--format", "json"]
        try await BuiltBinary.done(["init"] + place)
        let evening = Instant(WallClock.system.now().date.adding(days: -1), TimeOfDay(minutes: 20 * 60))
        try await BuiltBinary.done(
            [
                "incident", "new", Self.incident, "--name", "훈련", "--from", "\(evening)", "--to",
                "\(evening.adding(minutes: 90))",
            ] + place)
        let date = WallClock.system.now().date.adding(days: 30)
        let sites = try folder.write(
            "sites.csv",
            """
            site,name,province,municipality,latitude,longitude
            C001,강남관광정보센터,서울특별시,강남구,37.526829,127.027086
            """)
        let register = try folder.write(
            "register.csv",
            (["booking,person,name,phone,birth_date,site,vaccine,dose,date,slot,booked_at,status"]
                + (1...people).map {
                    "B\($0),p\($0),,,,C001,moderna,1,\(date),10:00,\(evening.adding(minutes: $0)),revoked"
                }).joined(separator: "\n"))
        let allotments = try folder.write(
            "allotments.csv",
            "site,vaccine,date,slot,seats,authority\nC001,moderna,\(date),10:00,\(seats),훈련-1")
        for (kind, path) in [("sites", sites), ("register", register), ("allotments", allotments)] {
            try await BuiltBinary.done(["load", kind, path, "--incident", Self.incident] + place)
        }
        try await BuiltBinary.done(["incident", "sweep", Self.incident] + place)
        receipts = try await BuiltBinary.run(["case", "list"] + place).rows()
            .compactMap { $0["receipt"] as? String }
        try await uphold()
    }

    /// Two supervisors uphold every claim, as people do where no logs are left.
    private func uphold() async throws {
        var tokens: [String: String] = [:]
        for name in ["kim", "lee"] {
            try await BuiltBinary.done(["staff", "add", name, "--role", "supervisor"] + place)
            tokens[name] =
                try await BuiltBinary.run(["token", "create", name] + place).json()["token"] as? String
        }
        for receipt in receipts {
            for (name, step) in [
                ("kim", ["override", receipt, "--sentence", "훈련"]), ("lee", ["approve", receipt]),
            ] {
                try await BuiltBinary.done(
                    ["case"] + step + ["--as", name] + place,
                    environment: ["REDRESS_TOKEN": tokens[name] ?? ""])
            }
        }
    }

    /// Asks for every case in a process of its own, all at once; kills the n-th after `killing[n]` milliseconds.
    func restoreAll(killing: [Int]) async throws -> [String: Int32] {
        try await withThrowingTaskGroup(of: (String, Int32).self) { group in
            for (index, receipt) in receipts.shuffled().enumerated() {
                group.addTask {
                    let program = try await BuiltBinary.start(
                        ["case", "restore", receipt, "--key", "drill-\(receipt)"] + place)
                    if index < killing.count {
                        try await Task.sleep(for: .milliseconds(killing[index]))
                        program.signal(SIGKILL)
                    }
                    return (receipt, try await program.finish().status)
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    func restored() async throws -> Set<String> {
        Set(
            try await BuiltBinary.run(["case", "list"] + place).rows()
                .filter { $0["state"] as? String == "restored" }.compactMap { $0["receipt"] as? String })
    }

    func check() async throws -> [String] {
        try #require(
            try await BuiltBinary.run(["check"] + place).json()["violations"] as? [String])
    }
}
