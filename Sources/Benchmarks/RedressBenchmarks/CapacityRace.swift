/// Processes that race for seats and are killed at random, for as long as one likes: nothing oversold, nothing lost.
import Foundation
import RedressCore
import RedressDesk
import RedressStore

struct CapacityRace {
    private let arguments: Arguments
    private static let claimants = 64

    init(arguments: [String]) {
        self.arguments = Arguments(arguments)
    }

    func run() async throws {
        if let folder = arguments.text("work-in") {
            return try await work(folder)
        }
        try await lead()
    }

    /// Makes the rounds (64 people who lost 10 seats each), lets processes race, kills some, and checks everything.
    private func lead() async throws {
        let folder = try arguments.freshFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (rounds, seats) = (arguments.number("rounds", 100), arguments.number("seats", 10))
        let processes = arguments.number("processes", 4)
        var town = try await CapacityTown(folder: folder + "/town")
        // 64 people a round lie on 3.2 slots of 20, so that every round's slots are short of seats.
        try await town.addPeople(rounds * Self.claimants, holdingLater: false, seatsPerSlot: seats * 20 / 64)
        try await town.desk.close()
        var generator = SystemRandomNumberGenerator()
        var running: [Process] = []
        for number in 0..<processes { running.append(try start(folder, number)) }
        let kills = arguments.number("kills", 20)
        for number in 0..<kills {
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...400, using: &generator)))
            let victim = number % processes
            guard running[victim].isRunning else { continue }
            kill(running[victim].processIdentifier, SIGKILL)
            running[victim].waitUntilExit()
            running[victim] = try start(folder, victim)
        }
        for process in running { process.waitUntilExit() }
        try await report(folder, rounds, kills)
    }

    private func start(_ folder: String, _ number: Int) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["capacity-race", "--work-in", folder, "--worker", "\(number)"]
        try process.run()
        return process
    }

    /// One process: 16 tasks ask for every case in an order of their own, and write down what was acknowledged.
    private func work(_ folder: String) async throws {
        let path = folder + "/acknowledged-\(arguments.number("worker", 0))"
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        let desk = try Installation(folder: folder + "/town").open(open: CapacityTown.open)
        let actor = Actor(name: "operator:race", role: .operator)
        let cases = try await desk.cases.list(incident: CapacityTown.incident, by: actor)
        let receipts = try cases.filter { $0.state != "restored" }.map { try ReceiptNumber($0.receipt) }
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try log.seekToEnd()
        let acknowledged = AcknowledgedLog(log)
        _ = try await CapacityTown.measure(receipts.shuffled(), workers: 16) { receipt in
            do {
                let outcome = try await desk.restoration.restore(receipt, key: "race-\(receipt)", by: actor)
                if outcome.done == "seated" { await acknowledged.append(receipt) }
            } catch let error as RedressError where [.refused, .tryAgain].contains(error.code) {
                return
            }
        }
        try await desk.close()
    }

    private func report(_ folder: String, _ rounds: Int, _ kills: Int) async throws {
        let desk = try Installation(folder: folder + "/town").open(open: CapacityTown.open)
        let actor = Actor(name: "operator:race", role: .operator)
        let cases = try await desk.cases.list(incident: CapacityTown.incident, by: actor)
        let restored = Set(cases.filter { $0.state == "restored" }.map(\.receipt))
        var acknowledged: Set<String> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where name.hasPrefix("acknowledged") {
            let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            // The last line may be cut off by a kill: only whole lines were acknowledged.
            acknowledged.formUnion(
                text.split(separator: "\n").filter { $0.hasSuffix(".") }.map { String($0.dropLast()) })
        }
        let status = try await desk.pool.status(incident: CapacityTown.incident, by: actor)
        let oversold = status.reduce(0) { $0 + max(0, $1.held + $1.seated - $1.allotted) }
        let check = try await desk.check.run(by: actor)
        print(
            """
            \(rounds) rounds, \(cases.count) people, \(kills) kills: \(restored.count) seated, \
            \(acknowledged.count) acknowledged, lost \(acknowledged.subtracting(restored).count), \
            oversold \(oversold), violations \(check.violations.count)
            """)
        try await desk.close()
        guard oversold == 0, check.ok, acknowledged.isSubset(of: restored) else { exit(1) }
    }
}

/// The client's own list of what it was told.
private actor AcknowledgedLog {
    private let file: FileHandle

    init(_ file: FileHandle) {
        self.file = file
    }

    func append(_ receipt: ReceiptNumber) {
        try? file.write(contentsOf: Data("\(receipt).\n".utf8))
    }
}
