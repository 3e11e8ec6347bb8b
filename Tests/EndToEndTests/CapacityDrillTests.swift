/// The built binary, many processes at once, some killed with SIGKILL: no seat is sold twice, no answer is lost.
import Foundation
import RedressCore
import TestSupport
import Testing

@Suite("Racing and dying processes", .serialized)
struct CapacityDrillTests {
    @Test("12 processes race for 4 seats: exactly the 4 earliest are seated and the check is silent")
    func race() async throws {
        let drill = try CapacityDrill(people: 12, seats: 4)
        let exits = try drill.restoreAll(killing: [])
        #expect(exits.filter { $0.value == 0 }.count == 4, "\(exits)")
        #expect(try drill.restored().count == 4)
        #expect(try drill.check() == [])
    }

    @Test(
        "Killed at any moment, no acknowledged seat is lost, and the same key again answers the same",
        arguments: 1...6)
    func kill(seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let drill = try CapacityDrill(people: 8, seats: 8)
        let delays = (0..<8).map { _ in Int.random(in: 0...120, using: &dice) }
        let exits = try drill.restoreAll(killing: delays)
        let acknowledged = Set(exits.filter { $0.value == 0 }.keys)
        let restored = try drill.restored()
        #expect(acknowledged.isSubset(of: restored), "seed \(seed): an acknowledged seat is gone")
        #expect(try drill.check() == [], "seed \(seed)")
        // Whoever was killed is asked for again under the same key: done once, or answered as before.
        let again = try drill.restoreAll(killing: [])
        #expect(again.values.allSatisfy { $0 == 0 }, "seed \(seed): \(again)")
        #expect(try drill.restored().count == 8)
        #expect(try drill.check() == [], "seed \(seed)")
    }
}

/// An installation with verified people, made and driven through the command line alone.
private struct CapacityDrill {
    let folder: TemporaryFolder
    private let receipts: [String]
    private static let incident = "drill"

    init(people: Int, seats: Int) throws {
        folder = try TemporaryFolder()
        let data = folder.file("data")
        try Binary.run(["init", "--data-dir", data])
        let evening = Instant(WallClock.system.now().date.adding(days: -1), TimeOfDay(minutes: 20 * 60))
        try Binary.run([
            "incident", "new", Self.incident, "--name", "훈련", "--from", "\(evening)", "--to",
            "\(evening.adding(minutes: 90))", "--data-dir", data,
        ])
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
            try Binary.run(["load", kind, path, "--incident", Self.incident, "--data-dir", data])
        }
        try Binary.run(["incident", "sweep", Self.incident, "--data-dir", data])
        receipts = try Binary.cases(data).map(\.receipt)
        try Binary.uphold(receipts, data)
    }

    /// Asks for every case in a process of its own, all at once; kills the n-th after `killing[n]` milliseconds.
    func restoreAll(killing: [Int]) throws -> [String: Int32] {
        var processes: [(String, Process)] = []
        for receipt in receipts.shuffled() {
            processes.append(
                (
                    receipt,
                    try Binary.start([
                        "case", "restore", receipt, "--key", "drill-\(receipt)", "--data-dir",
                        folder.file("data"),
                    ])
                ))
        }
        let started = ContinuousClock.now
        for (index, delay) in killing.enumerated() {
            let left = Duration.milliseconds(delay) - (ContinuousClock.now - started)
            if left > .zero { usleep(UInt32(left.components.attoseconds / 1_000_000_000_000)) }
            if processes[index].1.isRunning { kill(processes[index].1.processIdentifier, SIGKILL) }
        }
        return Dictionary(
            processes.map { receipt, process in
                process.waitUntilExit()
                return (receipt, process.terminationReason == .exit ? process.terminationStatus : -1)
            }, uniquingKeysWith: { $1 })
    }

    func restored() throws -> Set<String> {
        Set(try Binary.cases(folder.file("data")).filter { $0.state == "restored" }.map(\.receipt))
    }

    func check() throws -> [String] {
        struct Report: Decodable {
            var violations: [String]
        }
        let data = try Binary.run(["check", "--data-dir", folder.file("data"), "--format", "json"])
        return try JSONDecoder().decode(Report.self, from: data).violations
    }
}
