/// Processes that race for seats and are killed at random, for as long as one likes: nothing oversold, nothing lost.
import Foundation
import RedressCore
import RedressDesk
import RedressStore

#if Postgres
    import RedressPostgres
#endif

struct CapacityRace {
    private let arguments: Arguments
    private let open: OpenDatabase
    private static let claimants = 64
    private static let tasks = 16

    init(arguments: [String]) throws {
        self.arguments = Arguments(arguments)
        open = try self.arguments.text("database-url").map(Self.server) ?? CapacityTown.open
    }

    /// Towns one after another, each of so many rounds: 64 people who lost the 10 seats of one slot, for whom every
    /// process asks at the same time.
    func run() async throws {
        if let folder = arguments.text("work-in") {
            return try await work(folder)
        }
        var total = Tally()
        for _ in 0..<arguments.number("towns", 1) { total.add(try await lead()) }
        print("in all: \(total)")
        guard total.isSound else { exit(1) }
    }

    private static func server(_ address: String) throws -> OpenDatabase {
        #if Postgres
            return { _, schema, create in try PostgresDatabase(url: address, schema: schema, create: create) }
        #else
            throw RedressError(.usage, "Build with `--traits Postgres` to race on a server.")
        #endif
    }

    /// Makes a town, lets processes race, kills some, and checks everything.
    private func lead() async throws -> Tally {
        let folder = try arguments.freshFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (rounds, seats) = (arguments.number("rounds", 100), arguments.number("seats", 10))
        let processes = arguments.number("processes", 4)
        var town = try await CapacityTown(folder: folder + "/town", open: open)
        try await town.addPeople(
            rounds * Self.claimants, holdingLater: false, claimsPerSlot: Self.claimants, seatsPerSlot: seats)
        try await town.desk.close()
        var generator = SystemRandomNumberGenerator()
        var running: [Process] = []
        for number in 0..<processes { running.append(try start(folder, number)) }
        var kills = 0
        while kills < arguments.number("kills", 20) {
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...400, using: &generator)))
            let live = running.indices.filter { running[$0].isRunning }
            guard let victim = live.randomElement(using: &generator) else { break }
            kill(running[victim].processIdentifier, SIGKILL)
            running[victim].waitUntilExit()
            running[victim] = try start(folder, victim)
            kills += 1
        }
        for process in running {
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw RedressError(.fault, "A racing process ended with \(process.terminationStatus).")
            }
        }
        let tally = try await judge(folder, rounds: rounds, kills: kills)
        print(tally)
        return tally
    }

    private func start(_ folder: String, _ number: Int) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["capacity-race", "--work-in", folder, "--worker", "\(number)"]
        if let address = arguments.text("database-url") {
            process.arguments?.append(contentsOf: ["--database-url", address])
        }
        try process.run()
        return process
    }

    /// One process: 16 tasks ask for every case, round by round and in an order of their own within one, and write
    /// down what was answered.
    private func work(_ folder: String) async throws {
        let path = folder + "/answers-\(arguments.number("worker", 0))"
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        let desk = try Installation(folder: folder + "/town").open(open: open)
        let actor = Actor(name: "operator:race", role: .operator)
        let cases = try await desk.cases.list(incident: CapacityTown.incident, by: actor)
        let receipts = try cases.filter { $0.state != "restored" }.map { try ReceiptNumber($0.receipt) }
            .sorted { $0.counter < $1.counter }
        var order: [ReceiptNumber] = []
        for start in stride(from: 0, to: receipts.count, by: Self.claimants) {
            order += receipts[start..<min(start + Self.claimants, receipts.count)].shuffled()
        }
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try log.seekToEnd()
        let answers = AnswerLog(log)
        _ = try await CapacityTown.measure(order, workers: Self.tasks) { receipt in
            do {
                let outcome = try await desk.restoration.restore(receipt, key: "race-\(receipt)", by: actor)
                await answers.append(outcome.done == "seated" ? "\(receipt)." : "-.")
            } catch let error as RedressError where error.code == .refused {
                await answers.append("-.")
            } catch let error as RedressError where error.code == .tryAgain {
                await answers.append("?.")
            }
        }
        try await desk.close()
    }

    private func judge(_ folder: String, rounds: Int, kills: Int) async throws -> Tally {
        let desk = try Installation(folder: folder + "/town").open(open: open)
        let actor = Actor(name: "operator:race", role: .operator)
        let cases = try await desk.cases.list(incident: CapacityTown.incident, by: actor)
        let restored = Set(cases.filter { $0.state == "restored" }.map(\.receipt))
        var tally = Tally(rounds: rounds, people: cases.count, kills: kills)
        var acknowledged: Set<Substring> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where name.hasPrefix("answers-") {
            let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            // The last line may be cut off by a kill: only whole lines were acknowledged.
            for line in text.split(separator: "\n") where line.hasSuffix(".") {
                tally.requests += 1
                if line.first?.isNumber == true { acknowledged.insert(line.dropLast()) }
            }
        }
        let status = try await desk.pool.status(incident: CapacityTown.incident, by: actor)
        tally.seats = restored.count
        tally.acknowledged = acknowledged.count
        tally.lost = acknowledged.count { !restored.contains(String($0)) }
        tally.oversold = status.reduce(0) { $0 + max(0, $1.held + $1.seated - $1.allotted) }
        tally.unsold = status.reduce(0) { $0 + $1.reserved }
        let check = try await desk.check.run(by: actor)
        tally.violations = check.violations.count
        try await desk.close()
        return tally
    }
}

/// What came of a race.
private struct Tally: CustomStringConvertible {
    var rounds = 0
    var people = 0
    var kills = 0
    var requests = 0
    var seats = 0
    var acknowledged = 0
    var lost = 0
    var oversold = 0
    var unsold = 0
    var violations = 0

    var isSound: Bool { (lost, oversold, unsold, violations) == (0, 0, 0, 0) && seats > 0 }

    mutating func add(_ other: Tally) {
        rounds += other.rounds
        people += other.people
        kills += other.kills
        requests += other.requests
        seats += other.seats
        acknowledged += other.acknowledged
        lost += other.lost
        oversold += other.oversold
        unsold += other.unsold
        violations += other.violations
    }

    var description: String {
        """
        \(rounds) rounds, \(people) people, \(requests) answered requests, \(kills) kills: \(seats) seats given, \
        \(acknowledged) acknowledged, lost \(lost), oversold \(oversold), left free \(unsold), \
        violations \(violations)
        """
    }
}

/// The client's own list of what it was told.
private actor AnswerLog {
    private let file: FileHandle

    init(_ file: FileHandle) {
        self.file = file
    }

    func append(_ line: String) {
        try? file.write(contentsOf: Data((line + "\n").utf8))
    }
}
