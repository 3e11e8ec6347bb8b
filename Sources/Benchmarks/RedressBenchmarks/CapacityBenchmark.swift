/// Re-seats a second against the same statements issued raw from C on the same disk in the same run, durable both.
import Foundation
import RedressCore
import RedressDesk
import RedressStore

struct CapacityBenchmark {
    private let arguments: Arguments
    private static let workers = 16

    init(arguments: [String]) {
        self.arguments = Arguments(arguments)
    }

    /// Makes people with offers, then moves all of them: one by one, by 16 workers, and both by the peer.
    func run() async throws {
        let folder = try arguments.freshFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let count = arguments.number("cases", 3000)
        var town = try await CapacityTown(folder: folder + "/town")
        try await town.addPeople(count, holdingLater: true)
        let (desk, actor, receipts) = (town.desk, town.actor, town.receipts)
        _ = try await CapacityTown.measure(receipts, workers: 64) { receipt in
            _ = try await desk.restoration.restore(receipt, by: actor)
        }
        try await desk.close()
        for copy in ["one", "many", "trace", "peer-one", "peer-many"] {
            try FileManager.default.copyItem(atPath: folder + "/town", toPath: folder + "/" + copy)
        }
        let one = try await accept(receipts, in: folder + "/one", workers: 1)
        let many = try await accept(receipts, in: folder + "/many", workers: Self.workers)
        let trace = try await record(receipts, in: folder + "/trace", to: folder + "/trace.txt")
        let peer = try build(folder)
        let rawOne = try replay(peer, folder + "/peer-one", trace, group: 1)
        let rawMany = try replay(peer, folder + "/peer-many", trace, group: Self.workers)
        print("\(count) re-seats (a held seat, a later booking moved out), fsync before every answer")
        print("                        a second    p50 ms    p99 ms")
        for (name, row) in [
            ("redress, one by one", one), ("redress, 16 workers", many), ("C, one by one", rawOne),
            ("C, groups of 16", rawMany),
        ] {
            let name = name.padding(toLength: 20, withPad: " ", startingAt: 0)
            print("\(name) \(decimals(row.0)) \(decimals(row.1, 3)) \(decimals(row.2, 3))")
        }
        print("one by one, redress / C: \(decimals(one.0 / rawOne.0, 2))")
        print("16 workers / C one by one: \(decimals(many.0 / rawOne.0, 2)) (must be 3 or more)")
        print("16 workers / C in groups of 16: \(decimals(many.0 / rawMany.0, 2))")
    }

    private typealias Figures = (perSecond: Double, p50: Double, p99: Double)

    private func accept(_ receipts: [ReceiptNumber], in folder: String, workers: Int) async throws -> Figures
    {
        let desk = try Installation(folder: folder).open(open: CapacityTown.open)
        let measured = try await accept(receipts, desk, workers: workers)
        let report = try await desk.check.run(by: Actor(name: "operator:benchmark", role: .operator))
        guard report.ok else { throw RedressError(.fault, "The check found: \(report.violations.prefix(5))") }
        try await desk.close()
        return (measured.perSecond, measured.p50Milliseconds, measured.p99Milliseconds)
    }

    private func accept(_ receipts: [ReceiptNumber], _ desk: Desk, workers: Int) async throws -> Measured {
        let actor = Actor(name: "operator:benchmark", role: .operator)
        return try await CapacityTown.measure(receipts, workers: workers) { receipt in
            _ = try await desk.restoration.accept(
                receipt, HeardWord(.call), key: "accept-\(receipt)", by: actor)
        }
    }

    private func record(_ receipts: [ReceiptNumber], in folder: String, to path: String) async throws
        -> String
    {
        let desk = try Installation(folder: folder).open { path, schema, create in
            let database = try CapacityTown.open(path, schema, create)
            return schema.name == "desk" ? RecordingDatabase(database) : database
        }
        _ = try await accept(receipts, desk, workers: 1)
        let text = (desk.database as? RecordingDatabase)?.text ?? []
        try Data(text).write(to: URL(fileURLWithPath: path))
        try await desk.close()
        return path
    }

    private func build(_ folder: String) throws -> String {
        let source = folder + "/peer.c"
        try Data(PackageResources.CapacityPeer_c).write(to: URL(fileURLWithPath: source))
        try shell("/usr/bin/cc", ["-O2", "-o", folder + "/peer", source, "-lsqlite3"])
        return folder + "/peer"
    }

    private func replay(_ peer: String, _ folder: String, _ trace: String, group: Int) throws -> Figures {
        let text = try shell(peer, [Installation(folder: folder).database, trace, "\(group)"])
        let parts = text.split(separator: " ").compactMap {
            Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        guard parts.count == 4 else { throw RedressError(.fault, "The peer answered: \(text)") }
        return (parts[3] / parts[0], parts[1] / 1000, parts[2] / 1000)
    }

    @discardableResult
    private func shell(_ path: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw RedressError(.unavailable, "\(path) failed. Are cc and libsqlite3's headers installed?")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
