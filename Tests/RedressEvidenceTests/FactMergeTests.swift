/// Proves that the facts do not depend on how the logs were cut, ordered, repeated or read.

import FoundationEssentials
import RedressCore
import RedressEvidence
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
            let kind = key.kind
            let left = try FactMerge.merge(kind, FactMerge.merge(kind, one, two), three)
            let right = try FactMerge.merge(kind, one, FactMerge.merge(kind, three, two))
            #expect(left == right, "seed \(seed), \(kind)")
            #expect(try FactMerge.merge(kind, left, two) == left, "seed \(seed), \(kind)")
            compared += 1
        }
        #expect(compared > 50)
    }

    @Test("A run that is killed goes on where it had committed, to the same facts")
    func resume() async throws {
        let evening = Evening(people: 60)
        let whole = try Workbench()
        let bytes = lines(evening.queue)
        let full = try await whole.ingest(bytes, .queue)
        let halted = try Workbench()
        let file = try await LogFile.identify(path: halted.write(bytes))
        var committed: IngestProgress?
        var limits = IngestLimits()
        limits.budgetBytes = 1
        struct Killed: Error {}
        let big = Array(repeating: bytes, count: 1).flatMap { $0 }
        #expect(big.count == file.bytes)
        await #expect(throws: Killed.self) {
            _ = try await LogIngest(file: file, kind: .queue, joinKey: testKey, limits: limits).run { batch in
                try halted.store.add(batch)
                committed = batch.progress
                throw Killed()
            }
        }
        let last = try await LogIngest(file: file, kind: .queue, joinKey: testKey)
            .run(resumingAt: committed) { try halted.store.add($0) }
        #expect(last.lines == full.lines)
        #expect(last.parsed == full.parsed)
        #expect(halted.store.all == whole.store.all)
    }

    @Test("Logs distilled on two machines and merged give the facts of one, and a changed file is refused")
    func distilled() async throws {
        let evening = Evening(people: 20)
        let whole = try Workbench()
        try await whole.ingest(lines(evening.queue), .queue)
        let bench = try Workbench()
        var paths: [String] = []
        for half in [evening.queue.prefix(500), evening.queue.dropFirst(500)] {
            let batch = try LogIngest.batch(of: lines(half), kind: .queue, joinKey: testKey)
            let source = DistilledSource(
                sha256: "00", kind: .queue, progress: batch.progress, quarantined: batch.quarantined)
            let path = bench.folder + "/facts-\(paths.count)"
            try DistilledFile.write(batch.facts, sources: [source], to: path)
            #expect(try DistilledFile.read(path: path).sources == [source])
            paths.append(path)
        }
        let merged = try DistilledFile.merge(
            DistilledFile.read(path: paths[0]).facts, DistilledFile.read(path: paths[1]).facts)
        #expect(Set(merged.map(\.key)) == Set(whole.store.all.keys))
        var bytes = try Array(Data(contentsOf: URL(filePath: paths[0])))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: paths[0]))
        #expect(throws: RedressError.self) { _ = try DistilledFile.read(path: paths[0]) }
    }

    @Test("A damaged payload is an error and never a crash", arguments: [5, 6] as [UInt64])
    func damaged(_ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let bench = try Workbench()
        try await bench.ingest(Evening(people: 10))
        for (key, payload) in bench.store.all {
            var bytes = payload
            for _ in 0..<3 {
                bytes[Int(dice.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: dice.next())
            }
            if dice.next() % 2 == 0 { bytes.removeLast(Int(dice.next() % UInt64(bytes.count))) }
            _ = try? FactMerge.merge(key.kind, bytes, payload)
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
