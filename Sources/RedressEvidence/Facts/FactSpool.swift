/// Where the facts of a log wait while it is read: what does not fit in memory is laid down in sorted runs, and with each how far the log was read.

import FoundationEssentials
import Glibc
import RedressCore
import SystemPackage

/// A folder of runs, one log's. Whoever reads the same log after a kill goes on from the last part laid down.
struct FactSpool: Sendable {
    /// What was laid down together.
    struct Part: Codable, Sendable {
        var progress: IngestProgress
        /// Lines set aside since the part before.
        var quarantined: [QuarantinedLine]
        /// The runs that hold the facts of this part and of all before it.
        var runs: [Run]
    }

    /// A file of facts in the folder, as long as it was when it was whole.
    struct Run: Codable, Sendable {
        var name: String
        var bytes: Int64
    }

    let folder: String
    private let mostRuns: Int
    private let lock: SpoolLock
    private(set) var parts = 0
    private(set) var last: Part?

    /// Opens the folder, or makes it, for this process alone.
    ///
    /// - Throws: `tryAgain` when another process still reads the same log after the limits' patience, `unavailable` when the
    ///   folder cannot be used.
    init(folder: String, limits: IngestLimits) throws {
        self.folder = folder
        mostRuns = limits.mostRuns
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw FactRunWriter.failure(folder, error)
        }
        lock = try SpoolLock(folder, patience: limits.patience)
        while let bytes = try? Data(contentsOf: URL(filePath: partPath(parts))),
            let part = try? JSONDecoder().decode(Part.self, from: bytes)
        {
            last = part
            parts += 1
        }
        // What a part names was on the disk before it. Where it is not there any more, the log is read from its start.
        if let held = last, !held.runs.allSatisfy({ (try? bytes(of: $0.name)) == $0.bytes }) {
            last = nil
            parts = 0
        }
        // Nor is anything believed that stands behind a gap.
        removeParts(from: parts)
        last?.quarantined = []
    }

    /// Removes the folder and all that waits there.
    func remove() {
        removeParts(from: 0)
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Removes what later parts say, the last first: whatever is left after a kill is a beginning.
    private func removeParts(from first: Int) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let found = names.filter { $0.hasSuffix(".json") }.compactMap { Int($0.dropLast(5)) }
        for part in found.filter({ $0 >= first }).sorted(by: >) {
            try? FileManager.default.removeItem(atPath: partPath(part))
        }
    }

    /// The name of a run of the part that comes next.
    func run(_ number: Int) -> String { "\(parts)-\(number).run" }

    /// Where a run is.
    func path(_ run: String) -> String { folder + "/" + run }

    private func bytes(of run: String) throws -> Int64 {
        let descriptor = try openForReading(path(run))
        defer { try? descriptor.close() }
        return try descriptor.seek(offset: 0, from: .end)
    }

    /// Lays a part down once its runs are on the disk.
    mutating func add(_ runs: [String], quarantined: [QuarantinedLine], progress: IngestProgress) throws {
        // A worker that found nothing wrote nothing.
        var all =
            try (last?.runs ?? [])
            + runs.map { Run(name: $0, bytes: try bytes(of: $0)) }.filter { $0.bytes > 0 }
        var old: [Run] = []
        if all.count > mostRuns {
            let one = "\(parts)-all.run"
            var writer = try FactRunWriter(path: path(one))
            let stream = try FactStream(all.map { try FactRunReader(path: path($0.name), of: all.count) })
            while let fact = try stream.next() { try writer.append(fact.key, fact.payload) }
            try writer.finish()
            old = all
            all = [Run(name: one, bytes: try bytes(of: one))]
        }
        let part = Part(progress: progress, quarantined: quarantined, runs: all)
        do {
            try JSONEncoder().encode(part).write(to: URL(filePath: partPath(parts)), options: .atomic)
        } catch {
            throw FactRunWriter.failure(partPath(parts), error)
        }
        for run in old { try? FileManager.default.removeItem(atPath: path(run.name)) }
        last = Part(progress: progress, quarantined: [], runs: all)
        parts += 1
    }

    /// The lines that were set aside with a part.
    func quarantined(_ part: Int) throws -> [QuarantinedLine] {
        try JSONDecoder().decode(Part.self, from: Data(contentsOf: URL(filePath: partPath(part)))).quarantined
    }

    private func partPath(_ part: Int) -> String { "\(folder)/\(part).json" }
}

/// Held while a process reads a log; the system lets go of it when the process ends, however it ends.
private final class SpoolLock: Sendable {
    private let descriptor: FileDescriptor

    /// - Parameter patience: how long it is waited for: who was killed a moment ago may not be gone yet.
    init(_ folder: String, patience: Duration) throws {
        let path = folder + "/lock"
        do {
            descriptor = try FileDescriptor.open(
                FilePath(path), .readWrite, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
        } catch {
            throw FactRunWriter.failure(path, error)
        }
        let deadline = ContinuousClock.now + patience
        while flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw FactRunWriter.failure(path, Errno(rawValue: errno))
            }
            guard ContinuousClock.now < deadline else {
                throw RedressError(
                    .tryAgain,
                    "This log is being read by another process at the moment. Wait until that is done.")
            }
            usleep(20_000)
        }
    }

    deinit {
        // Let go of for good: a child that is being started holds a copy until it is another program.
        _ = flock(descriptor.rawValue, LOCK_UN)
        try? descriptor.close()
    }
}

/// A log that was read to its end, its facts waiting to be taken into a store or a file.
public struct SpooledLog: Sendable {
    /// How far it had been read by an earlier, interrupted run.
    public let before: IngestProgress
    /// Where reading ended.
    public let progress: IngestProgress
    let spool: FactSpool

    init(_ spool: FactSpool, before: IngestProgress, progress: IngestProgress) {
        self.spool = spool
        self.before = before
        self.progress = progress
    }

    /// Its facts in order of their keys, each key once.
    public func facts() throws -> FactStream { try Self.facts(of: [self]) }

    /// The facts of several logs, what more than one of them know merged.
    public static func facts(of logs: [SpooledLog]) throws -> FactStream {
        let runs = logs.flatMap { log in (log.spool.last?.runs ?? []).map { log.spool.path($0.name) } }
        return try FactStream(runs.map { try FactRunReader(path: $0, of: runs.count) })
    }

    /// Hands over the lines that were set aside, part by part.
    public func eachQuarantined(_ body: ([QuarantinedLine]) throws -> Void) throws {
        for part in 0..<spool.parts { try body(try spool.quarantined(part)) }
    }

    /// Removes what waits; to be done once it was taken.
    public func remove() {
        spool.remove()
    }
}
