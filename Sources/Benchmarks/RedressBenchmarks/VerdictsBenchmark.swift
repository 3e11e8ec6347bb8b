/// Verdicts of many people on all cores, one person's verdict at its slowest, and the memory it takes.
import Foundation
import Glibc
import RedressCore
import RedressDesk
import RedressEvidence
import RedressSimulator

struct VerdictsBenchmark {
    private var folder = NSTemporaryDirectory() + "/redress-verdicts"
    private var people = 3000
    private var verdicts = 40_000

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst(), let value = rest.popFirst() {
            switch name {
            case "--folder": folder = value
            case "--people": people = Int(value) ?? people
            case "--verdicts": verdicts = Int(value) ?? verdicts
            default: throw RedressError(.usage, "There is no option \(name).")
            }
        }
    }

    func run() async throws {
        let evening = try await EvidenceEvening.make(people: people, in: folder)
        var lines = 0
        let reading = try await seconds { lines = try await evening.ingest() }
        print("read \(lines) lines in \(reading) s; peak memory so far \(Self.peakMebibytes) MiB")
        let records = evening.records(verdicts)
        let first = try await seconds { try await judge(Array(records.prefix(1)), evening) }
        print("the first verdict, with the picture of the evening: \(first) s")
        var rates: [Double] = []
        let before = Self.processorSeconds
        for _ in 0..<3 {
            let time = try await seconds { try await judge(records, evening) }
            rates.append(Double(records.count) / time)
        }
        let cost = (Self.processorSeconds - before) / Double(3 * records.count) * 1e6
        print(
            "bulk: \(rates.sorted()[1]) people a second (median of 3, \(records.count) each), \(cost) us of a core each"
        )
        var times: [Double] = []
        for record in records.prefix(2000) {
            times.append(try await seconds { try await judge([record], evening) })
        }
        times.sort()
        print(
            "one person's verdict: median \(times[times.count / 2] * 1000) ms, p99 \(times[times.count * 99 / 100] * 1000) ms"
        )
        print("peak memory \(Self.peakMebibytes) MiB")
        try await evening.desk.close()
    }

    private func judge(_ records: [PersonRecord], _ evening: EvidenceEvening) async throws {
        var count = 0
        try await evening.desk.evidenceDesk.verdicts(
            for: records, incident: evening.incident.id, by: EvidenceEvening.actor
        ) { _, verdicts in count += verdicts.count }
        guard count == records.count else {
            throw RedressError(.fault, "\(count) of \(records.count) people were judged.")
        }
    }

    /// The time this process has had of all cores.
    private static var processorSeconds: Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let times = [usage.ru_utime, usage.ru_stime]
        return times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    /// The most memory this process ever held.
    private static var peakMebibytes: Int {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss / 1024
    }
}
