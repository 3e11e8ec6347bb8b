/// Reads one log file into facts, in bounded memory.

import Crypto
import FoundationEssentials
import RedressCore

/// Bounds on what one file may cost.
public struct IngestLimits: Sendable, Hashable {
    /// Bytes of facts and tables held before they are laid down in runs.
    public var budgetBytes = 192 << 20
    /// Decompressed bytes at most (8 TiB).
    public var totalBytes = 8 << 40
    /// Decompressed bytes a compressed byte at most; a file beyond it is taken for a bomb.
    public var ratio = 400
    /// Runs that wait beside each other; more of them become one. Every part adds one a worker.
    public var mostRuns = max(64, 8 * ProcessInfo.processInfo.activeProcessorCount)
    /// How long a log that another process reads is waited for.
    public var patience = Duration.seconds(1)
    /// Workers that parse at the same time.
    public var workers = ProcessInfo.processInfo.activeProcessorCount

    /// The limits that ship.
    public init() {}
}

/// One file's ingestion.
public struct LogIngest: Sendable {
    let file: LogFile
    let kind: LogKind
    let mapping: Mapping?
    let joinKey: JoinKey
    let limits: IngestLimits

    /// Describes what to read; nothing is opened yet.
    public init(
        file: LogFile, kind: LogKind, mapping: Mapping? = nil, joinKey: JoinKey,
        limits: IngestLimits = IngestLimits()
    ) {
        self.file = file
        self.kind = kind
        self.mapping = mapping
        self.joinKey = joinKey
        self.limits = limits
    }

    /// Reads the file to its end, its facts into runs in a folder of its own under `folder`.
    ///
    /// A run that was killed goes on from the last runs it laid down.
    /// - Parameter told: told after each block where reading stands, in decompressed bytes and in lines.
    /// - Throws: `badData` when the file cannot be decoded at all or is beyond the limits, `tryAgain` when it
    ///   became shorter meanwhile or another process reads it; what `told` throws.
    public func run(
        in folder: String, told: (_ bytes: Int, _ lines: Int) throws -> Void = { _, _ in }
    ) async throws -> SpooledLog {
        let spool = try FactSpool(folder: "\(folder)/\(name)", limits: limits)
        let before = spool.last?.progress ?? IngestProgress()
        if before.finished { return SpooledLog(spool, before: before, progress: before) }
        let line = IngestLine(self, spool)
        do {
            let isWhole = try await LogBlocks(file: file, limits: limits).read { block in
                let place = try await line.feed(block)
                try told(place.bytes, place.lines)
            }
            return SpooledLog(
                try await line.finish(isWhole: isWhole), before: before, progress: await line.progress)
        } catch let error as RedressError where error.code == .badData {
            // No later run could go on from here.
            spool.remove()
            throw error
        }
    }

    /// Removes what a run laid down under `folder` and did not remove itself, when all of it was taken before.
    public func forget(in folder: String) {
        let path = "\(folder)/\(name)"
        guard FileManager.default.fileExists(atPath: path) else { return }
        try? FactSpool(folder: path, limits: limits).remove()
    }

    /// Names what comes of this file when it is read in this way.
    private var name: String {
        var digest = SHA256()
        let check = joinKey.hash(.place, Array("runs".utf8)).bytes
        digest.update(
            data: Array("runs 1 \(file.sha256) \(kind.rawValue) \(mapping?.sha256 ?? "")".utf8) + check)
        return String(hexadecimal(digest.finalize()).prefix(32))
    }
}

extension LogIngest {
    /// Distils bytes already in memory, as one file of their own; for fuzzing and for small pieces.
    public static func batch(
        of bytes: [UInt8], kind: LogKind, mapping: Mapping? = nil, joinKey: JoinKey, fileTag: UInt64 = 0
    ) throws -> IngestBatch {
        var distiller = Distiller(joinKey: joinKey, kind: kind, fileTag: fileTag, mapping: mapping)
        let chunk = LogChunk(bytes: bytes, range: 0..<bytes.count, offset: 0, firstLine: 1)
        let counts = distiller.read(chunk, isLast: true)
        var facts: [Fact] = []
        let quarantined = try distiller.drain { facts.append(Fact(key: $0, payload: $1)) }
        var progress = IngestProgress()
        progress.lines = counts.lines
        progress.quarantined = counts.quarantined
        progress.parsed = counts.lines - counts.quarantined
        progress.bytes = bytes.count
        progress.offset = bytes.count
        progress.finished = true
        return IngestBatch(facts: facts, quarantined: quarantined, progress: progress)
    }
}

/// Cuts blocks into chunks of whole lines, spreads them over the workers and collects what they found.
private actor IngestLine {
    private let workers: [IngestWorker]
    private var running: [Task<LineCounts, Never>?]
    private let limits: IngestLimits
    private let rowEnds: RowEnds?
    /// Which worker gets what comes next.
    private var turn = 0
    private(set) var progress: IngestProgress
    private var spool: FactSpool
    /// Decompressed bytes still to pass over: an earlier run has laid down what they say.
    private var skip: Int
    private var carry: [UInt8] = []
    /// Bytes of a line found too long, of which the rest is passed over.
    private var overlong: Int?
    private var lineNumber: Int
    private var offset: Int
    private var extra: [QuarantinedLine] = []
    private var sizes: [Int]

    init(_ ingest: LogIngest, _ spool: FactSpool) {
        let progress = spool.last?.progress ?? IngestProgress()
        self.spool = spool
        limits = ingest.limits
        rowEnds = RowEnds(ingest.mapping)
        workers = (0..<max(1, ingest.limits.workers)).map { _ in IngestWorker(ingest) }
        running = Array(repeating: nil, count: workers.count)
        sizes = Array(repeating: 0, count: workers.count)
        self.progress = progress
        skip = progress.offset
        offset = progress.offset
        lineNumber = progress.lines + 1
    }

    /// Takes the next block, and lays down what was found when it is much; says where reading stands.
    func feed(_ input: [UInt8]) async throws -> (bytes: Int, lines: Int) {
        try await take(input)
        // What the workers held after the last chunk each finished, about.
        if sizes.reduce(0, +) > limits.budgetBytes { try await layDown() }
        return (offset, lineNumber - 1)
    }

    /// All of a block goes to one worker: were the line that two blocks share a turn of its own, of two workers one would
    /// get every block.
    private func take(_ input: [UInt8]) async throws {
        defer { turn = (turn + 1) % workers.count }
        var block = input
        if skip > 0 {
            let passed = min(skip, block.count)
            block.removeFirst(passed)
            skip -= passed
            if block.isEmpty { return }
        }
        if let length = overlong {
            guard let end = block.firstIndex(of: 10) else {
                overlong = length + block.count
                return
            }
            endOverlong(length + end, terminator: 1)
            block.removeFirst(end + 1)
        }
        if let rowEnds {
            carry += block
            block = carry
            carry = []
            let whole = rowEnds.wholeRows(block)
            if whole > 0 {
                carry = Array(block[whole...])
                return await hand(block, 0..<whole, isLast: false)
            }
            if block.contains(10) {
                carry = block
                return
            }
        }
        guard let last = lastLineFeed(block) else {
            carry += block
            if carry.count > Distiller.longestLine {
                overlong = carry.count
                carry = []
            }
            return
        }
        var start = 0
        if !carry.isEmpty, let first = block.firstIndex(of: 10) {
            // Only the line that two blocks share is copied together.
            carry += block[...first]
            let line = carry
            carry = []
            await hand(line, 0..<line.count, isLast: false)
            start = first + 1
        }
        let rest = Array(block[(last + 1)...])
        if start <= last { await hand(block, start..<(last + 1), isLast: false) }
        carry = rest
    }

    /// Lays down everything read so far; the rest of a line in hand is read again after a restart.
    private func layDown() async throws {
        await settle()
        var runs: [String] = []
        var quarantined = extra
        extra = []
        let drains = workers.enumerated().map { place, worker in
            let run = spool.run(place)
            runs.append(run)
            let path = spool.path(run)
            return Task { try await worker.drain(to: path) }
        }
        for drain in drains { quarantined += try await drain.value }
        quarantined.sort { $0.line < $1.line }
        sizes = sizes.map { _ in 0 }
        progress.offset = offset
        progress.bytes = offset
        try spool.add(runs, quarantined: quarantined, progress: progress)
    }

    /// Lays down the rest. Only what is finished can be taken.
    func finish(isWhole: Bool) async throws -> FactSpool {
        if let length = overlong { endOverlong(length, terminator: 0) }
        if !carry.isEmpty {
            await hand(carry, 0..<carry.count, isLast: true)
            carry = []
        }
        await settle()
        if !isWhole { noteCut() }
        progress.finished = true
        try await layDown()
        return spool
    }

    private func hand(_ bytes: [UInt8], _ range: Range<Int>, isLast: Bool) async {
        let chunk = LogChunk(bytes: bytes, range: range, offset: offset, firstLine: lineNumber)
        offset += range.count
        lineNumber += countLineFeeds(bytes, range.lowerBound, range.upperBound) + (isLast ? 1 : 0)
        await settle(turn)
        let worker = workers[turn]
        running[turn] = Task { await worker.read(chunk, isLast: isLast) }
    }

    private func settle() async {
        for slot in running.indices { await settle(slot) }
    }

    private func settle(_ slot: Int) async {
        guard let task = running[slot] else { return }
        running[slot] = nil
        let counts = await task.value
        sizes[slot] = counts.size
        progress.lines += counts.lines
        progress.quarantined += counts.quarantined
        progress.parsed += counts.lines - counts.quarantined
    }

    private func endOverlong(_ length: Int, terminator: Int) {
        overlong = nil
        extra.append(
            QuarantinedLine(line: lineNumber, offset: offset, length: length, reason: .tooLong, position: 0))
        progress.lines += 1
        progress.quarantined += 1
        lineNumber += 1
        offset += length + terminator
    }

    /// The compressed stream broke off: whatever line came next is gone, and is counted.
    private func noteCut() {
        extra.append(
            QuarantinedLine(line: lineNumber, offset: offset, length: 0, reason: .cutOff, position: 0))
        progress.lines += 1
        progress.quarantined += 1
        lineNumber += 1
    }
}

private struct LineCounts: Sendable {
    var lines: Int
    var quarantined: Int
    var size: Int
}

/// One worker with its own tables.
private actor IngestWorker {
    private var distiller: Distiller

    init(_ ingest: LogIngest) {
        distiller = Distiller(
            joinKey: ingest.joinKey, kind: ingest.kind, fileTag: ingest.file.tag, mapping: ingest.mapping)
    }

    func read(_ chunk: LogChunk, isLast: Bool) -> LineCounts {
        let counts = distiller.read(chunk, isLast: isLast)
        return LineCounts(lines: counts.lines, quarantined: counts.quarantined, size: distiller.size)
    }

    func drain(to path: String) throws -> [QuarantinedLine] {
        var writer = try FactRunWriter(path: path)
        let quarantined = try distiller.drain { try writer.append($0, $1) }
        try writer.finish()
        return quarantined
    }
}
