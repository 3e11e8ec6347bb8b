/// Proves that the facts do not depend on how the logs were cut, ordered, repeated or read.

import FoundationEssentials
import Glibc
import RedressCore
import RedressEvidence
import TestSupport
import Testing

@Suite struct FactMergeTests {
    @Test(
        "Facts are the same bytes however the lines are split over files, and in whatever order they are read",
        arguments: [3, 17, 719] as [UInt64])
    func split(_ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let evening = Evening(people: 40) { $0 % 9 == 8 ? .airplane : .honest }
        let whole = try Workbench()
        try await whole.ingest(evening)
        let pieces = try Workbench()
        var parts: [(kind: LogKind, lines: [String])] = []
        for (kind, all) in [
            (LogKind.queue, evening.queue), (.booking, evening.booking), (.web, evening.web),
            (.sms, evening.sms),
        ] {
            var files: [[String]] = Array(repeating: [], count: 3)
            for line in all { files[Int(dice.next() % 3)].append(line) }
            for file in files { parts.append((kind, dice.shuffled(file))) }
        }
        for part in dice.shuffled(parts) {
            var limits = IngestLimits()
            limits.budgetBytes = 1 << 14
            limits.workers = Int(dice.next() % 3) + 1
            try await pieces.ingest(lines(part.lines), part.kind, limits: limits)
        }
        let one = try await whole.examiner()
        let two = try await pieces.examiner()
        for index in 0..<40 {
            let left = try one.verdict(for: evening.record(index))
            let right = try two.verdict(for: evening.record(index))
            #expect(left.digest == right.digest, "seed \(seed), person \(index)")
            #expect(left.findings.map(\.outcome) == right.findings.map(\.outcome), "seed \(seed)")
            #expect(left.findings.map(\.values) == right.findings.map(\.values), "seed \(seed)")
        }
    }

    @Test("Reading the same file again changes not one byte")
    func again() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 20)
        let file = try await LogFile.identify(path: bench.write(lines(evening.queue)))
        try await bench.ingest(file, .queue)
        let before = bench.store.all
        try await bench.ingest(file, .queue)
        #expect(bench.store.all == before)
    }

    @Test(
        "Merging is commutative, associative and idempotent on facts that overlap",
        arguments: [1, 2, 3] as [UInt64])
    func laws(_ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let evening = Evening(people: 25)
        var stores: [MemoryFacts] = []
        let bench = try Workbench()
        for _ in 0..<3 {
            let store = MemoryFacts()
            try await bench.ingest(
                lines(evening.queue.filter { _ in dice.next() % 3 > 0 }), .queue, into: store)
            try await bench.ingest(
                lines(evening.booking.filter { _ in dice.next() % 3 > 0 }), .booking, into: store)
            stores.append(store)
        }
        var compared = 0
        for (key, one) in stores[0].all {
            guard let two = stores[1].all[key], let three = stores[2].all[key] else { continue }
            let left = try Fact.merge(Fact.merge(one, two), three)
            let right = try Fact.merge(one, Fact.merge(three, two))
            #expect(left == right, "seed \(seed), \(key.kind)")
            #expect(try Fact.merge(left, two) == left, "seed \(seed), \(key.kind)")
            compared += 1
        }
        #expect(compared > 50)
    }

    @Test("A reading that is killed again and again goes on where it had laid runs down, to the same facts")
    func resume() async throws {
        let bench = try Workbench()
        let all = Self.inBlocks(Evening(people: 60).queue, 8)
        let (ingest, whole, full) = try await Self.inParts(all, bench)
        var laidDown: [Int] = []
        for kill in 2...12 {
            var read = 0
            do {
                let log = try await ingest.run(in: bench.runs) { _, _ in
                    read += 1
                    if read == kill { throw Killed() }
                }
                laidDown.append(log.before.offset)
                #expect(log.progress.lines == full.lines)
                #expect(log.progress.parsed == full.parsed)
                #expect(try Self.all(log.facts()) == whole.all)
            } catch is Killed {
                continue
            }
        }
        #expect(laidDown.first ?? 0 > 1 << 20, "the first to end had something to go on from")
        #expect(laidDown.last == all.count, "and who comes after it finds everything done")
    }

    @Test(
        "Of what was laid down and lost since nothing is believed: the log is read from its start",
        arguments: [0, 1])
    func lostRuns(_ left: Int) async throws {
        let bench = try Workbench()
        let all = Self.inBlocks(Evening(people: 20).queue, 5)
        let (ingest, whole, _) = try await Self.inParts(all, bench)
        await #expect(throws: Killed.self) {
            var read = 0
            _ = try await ingest.run(in: bench.runs) { _, _ in
                read += 1
                if read == 4 { throw Killed() }
            }
        }
        let folder = try #require(FileManager.default.contentsOfDirectory(atPath: bench.runs).first)
        let runs = try FileManager.default.contentsOfDirectory(atPath: bench.runs + "/" + folder)
            .filter { $0.hasSuffix(".run") }
        #expect(!runs.isEmpty)
        for run in runs {
            let path = "\(bench.runs)/\(folder)/\(run)"
            if left == 0 {
                try FileManager.default.removeItem(atPath: path)
            } else {
                try Data(Data(contentsOf: URL(filePath: path)).dropLast()).write(to: URL(filePath: path))
            }
        }
        let log = try await ingest.run(in: bench.runs)
        #expect(log.before.offset == 0)
        #expect(try Self.all(log.facts()) == whole.all)
    }

    private struct Killed: Error {}

    /// A log to be laid down part by part, and what it comes to when it is read in one go.
    private static func inParts(
        _ bytes: [UInt8], _ bench: Workbench, mostRuns: Int = 64
    ) async throws -> (ingest: LogIngest, whole: MemoryFacts, full: IngestProgress) {
        let file = try await LogFile.identify(path: bench.write(bytes))
        let whole = MemoryFacts()
        let full = try await whole.add(
            LogIngest(file: file, kind: .queue, joinKey: testKey), in: bench.folder + "/others")
        var limits = IngestLimits()
        limits.budgetBytes = 1
        limits.workers = 1
        limits.mostRuns = mostRuns
        return (LogIngest(file: file, kind: .queue, joinKey: testKey, limits: limits), whole, full)
    }

    private static func all(_ facts: FactStream) throws -> [FactKey: [UInt8]] {
        var found: [FactKey: [UInt8]] = [:]
        while let fact = try facts.next() { found[fact.key] = fact.payload }
        return found
    }

    /// Lines in as many parts, each longer than the mebibyte that is read at once: blank lines keep them apart.
    private static func inBlocks(_ all: [String], _ parts: Int) -> [UInt8] {
        let filler = [UInt8](repeating: 10, count: 1 << 20)
        var bytes: [UInt8] = []
        for part in 0..<parts {
            let (from, to) = (part * all.count / parts, (part + 1) * all.count / parts)
            bytes += lines(all[from..<to])
            bytes += filler
        }
        return bytes
    }

    @Test("Many runs become few before they are merged, and it is the same facts")
    func manyRuns() async throws {
        let bench = try Workbench()
        let all = Self.inBlocks(Evening(people: 60).queue, 16)
        let (ingest, whole, _) = try await Self.inParts(all, bench, mostRuns: 3)
        let parts = MemoryFacts()
        let progress = try await parts.add(ingest, in: bench.runs)
        #expect(progress.quarantined == 0)
        #expect(parts.all == whole.all)
    }

    @Test(
        "Many logs merged at once give what they give one after another, beyond what a fact may hold too",
        arguments: [21, 22] as [UInt64])
    func manyAtOnce(_ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let evening = Evening(people: 40)
        // One device shows more tickets than a fact of it holds.
        let many = (0..<400).map {
            #"{"ts":"2021-07-19T21:0\#($0 % 10):0\#($0 / 50).000+09:00","node":"wr-\#($0 % 3)","seq":\#(90_000 + $0 % 350),"#
                + #""op":"poll","rc":"wait","queue":"main","key":"M\#($0)","number":\#($0),"sid":"s-many","did":"d-many"}"#
        }
        let bench = try Workbench()
        let oneByOne = MemoryFacts()
        var logs: [SpooledLog] = []
        for number in 0..<5 {
            let part = (evening.queue + many).filter { _ in dice.next() % 2 == 0 }
            let file = try await LogFile.identify(path: bench.write(lines(part)))
            let ingest = LogIngest(file: file, kind: .queue, joinKey: testKey)
            try await oneByOne.add(ingest, in: bench.folder + "/others-\(number)")
            logs.append(try await ingest.run(in: bench.runs))
        }
        let found = try Self.all(SpooledLog.facts(of: logs))
        #expect(found == oneByOne.all, "seed \(seed)")
        #expect(found.values.contains { $0.count > 256 * 40 }, "some fact holds all it may")
    }

    @Test("A log that another process reads is not read at the same time")
    func locked() async throws {
        let bench = try Workbench()
        let file = try await LogFile.identify(path: bench.write(lines(Evening(people: 5).queue)))
        let ingest = LogIngest(file: file, kind: .queue, joinKey: testKey)
        let held = try await ingest.run(in: bench.runs)
        let error = await #expect(throws: RedressError.self) { _ = try await ingest.run(in: bench.runs) }
        #expect(error?.code == .tryAgain)
        withExtendedLifetime(held) {}
    }

    @Test("A log that another process lets go of in a moment is waited for")
    func lockedForAMoment() async throws {
        let bench = try Workbench()
        let file = try await LogFile.identify(path: bench.write(lines(Evening(people: 5).queue)))
        var patient = IngestLimits()
        patient.patience = .seconds(300)
        let ingest = LogIngest(file: file, kind: .queue, joinKey: testKey, limits: patient)
        let lines = try await ingest.run(in: bench.runs).progress.lines
        let runs = try #require(FileManager.default.contentsOfDirectory(atPath: bench.runs).first)
        let (lock, held) = ("\(bench.runs)/\(runs)/lock", bench.folder + "/held")
        let holder = try await Program.start(
            "sh", ["-c", #"exec 9>"$1"; flock 9; touch "$2"; sleep 0.3"#, "sh", lock, held])
        while !FileManager.default.fileExists(atPath: held) { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try await ingest.run(in: bench.runs).progress.lines == lines)
        #expect(try await holder.finish().status == 0)
    }

    @Test("A lock that is let go of is free, whoever still holds a copy of it")
    func copiedLock() async throws {
        let bench = try Workbench()
        let file = try await LogFile.identify(path: bench.write(lines(Evening(people: 5).queue)))
        var hurried = IngestLimits()
        hurried.patience = .zero
        let ingest = LogIngest(file: file, kind: .queue, joinKey: testKey, limits: hurried)
        var copy: Int32 = -1
        do {
            let held = try await ingest.run(in: bench.runs)
            let runs = try #require(FileManager.default.contentsOfDirectory(atPath: bench.runs).first)
            let lock = "\(bench.runs)/\(runs)/lock"
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?
                    .hasSuffix(lock) == true
            }
            // As a child that is being started has it.
            copy = dup(try #require(open.flatMap { Int32($0) }))
            withExtendedLifetime(held) {}
        }
        #expect(copy >= 0)
        _ = try await ingest.run(in: bench.runs)
        close(copy)
    }

    @Test("Logs distilled on two machines and merged give the facts of one, and a changed file is refused")
    func distilled() async throws {
        let evening = Evening(people: 20)
        let whole = try Workbench()
        try await whole.ingest(lines(evening.queue), .queue)
        let bench = try Workbench()
        let merged = MemoryFacts()
        var paths: [String] = []
        for half in [evening.queue.prefix(500), evening.queue.dropFirst(500)] {
            let file = try await LogFile.identify(path: bench.write(lines(half)))
            let log = try await LogIngest(file: file, kind: .queue, joinKey: testKey).run(in: bench.runs)
            let source = DistilledSource(
                sha256: file.sha256, kind: .queue, progress: log.progress, quarantined: [])
            let path = bench.folder + "/facts-\(paths.count)"
            let count = try DistilledFile.write(log.facts(), sources: [source], to: path)
            let read = try DistilledFile.read(path: path)
            #expect(read.sources == [source])
            var facts = 0
            while let fact = try read.facts.next() {
                facts += 1
                try merged.add(fact)
            }
            #expect(facts == count && count > 0)
            paths.append(path)
        }
        #expect(Set(merged.all.keys) == Set(whole.store.all.keys))
        let good = try Array(Data(contentsOf: URL(filePath: paths[0])))
        for place in [0, 20, good.count / 2, good.count - 1] {
            var bytes = good
            bytes[place] ^= 1
            try Data(bytes).write(to: URL(filePath: paths[0]))
            #expect(throws: RedressError.self) { _ = try DistilledFile.read(path: paths[0]) }
        }
        for length in [0, 10, 40, good.count - 1] {
            try Data(good.prefix(length)).write(to: URL(filePath: paths[0]))
            #expect(throws: RedressError.self) { _ = try DistilledFile.read(path: paths[0]) }
        }
    }

    @Test("A damaged payload is an error and never a crash", arguments: [5, 6] as [UInt64])
    func damaged(_ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let bench = try Workbench()
        try await bench.ingest(Evening(people: 10))
        for payload in bench.store.all.values {
            var bytes = payload
            for _ in 0..<3 {
                bytes[Int(dice.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: dice.next())
            }
            if dice.next() % 2 == 0 { bytes.removeLast(Int(dice.next() % UInt64(bytes.count))) }
            _ = try? Fact.merge(bytes, payload)
        }
    }
}

/// A small generator whose whole future follows from its seed (SplitMix64).
struct Dice {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
        var out = list
        for index in out.indices.dropFirst().reversed() {
            out.swapAt(index, Int(next() % UInt64(index + 1)))
        }
        return out
    }
}
