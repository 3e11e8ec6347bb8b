/// Where the facts of a log wait while it is read: what does not fit in memory is laid down in sorted runs, and with each how far the log was read.

import FoundationEssentials
import Glibc
import RedressCore
import SystemPackage

/// A folder of runs, one log's. Whoever reads the same log after a kill goes on from the last part laid down.
struct FactSpool: Sendable {
    /// What was laid down together; a part that is there has all its runs.
    struct Part: Codable, Sendable {
        var progress: IngestProgress
        /// Lines set aside since the part before.
        var quarantined: [QuarantinedLine]
        /// The runs that hold the facts of this part and of all before it.
        var runs: [String]
    }

    let folder: String
    private let lock: SpoolLock
    private(set) var parts = 0
    private(set) var last: Part?

    /// More runs than this become one before the next part.
    private static let mostRuns = 64

    /// Opens the folder, or makes it, for this process alone.
    ///
    /// - Throws: `tryAgain` when another process reads the same log, `unavailable` when the folder cannot be used.
    init(folder: String) throws {
        self.folder = folder
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw FactRunWriter.failure(folder, error)
        }
        lock = try SpoolLock(folder)
        while let bytes = try? Data(contentsOf: URL(filePath: partPath(parts))),
            let part = try? JSONDecoder().decode(Part.self, from: bytes)
        {
            last = part
            parts += 1
        }
    }

    /// A file for a run of the part that comes next.
    func run(_ name: Int) -> String { "\(folder)/\(parts)-\(name).run" }

    /// Lays a part down once its runs are on the disk.
    mutating func add(_ runs: [String], quarantined: [QuarantinedLine], progress: IngestProgress) throws {
        var all = (last?.runs ?? []) + runs
        var old: [String] = []
        if all.count > Self.mostRuns {
            let one = "\(folder)/\(parts)-all.run"
            var writer = try FactRunWriter(path: one)
            let stream = try FactStream(all.map { try FactRunReader(path: $0) })
            while let fact = try stream.next() { try writer.append(fact.key, fact.payload) }
            try writer.finish()
            old = all
            all = [one]
        }
        let part = Part(progress: progress, quarantined: quarantined, runs: all)
        do {
            try JSONEncoder().encode(part).write(to: URL(filePath: partPath(parts)), options: .atomic)
        } catch {
            throw FactRunWriter.failure(partPath(parts), error)
        }
        for path in old { try? FileManager.default.removeItem(atPath: path) }
        last = part
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

    init(_ folder: String) throws {
        let path = folder + "/lock"
        do {
            descriptor = try FileDescriptor.open(
                FilePath(path), .readWrite, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
        } catch {
            throw FactRunWriter.failure(path, error)
        }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            throw RedressError(
                .tryAgain, "This log is being read by another process at the moment. Wait until that is done."
            )
        }
    }

    deinit { try? descriptor.close() }
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
        try FactStream(logs.flatMap { $0.spool.last?.runs ?? [] }.map { try FactRunReader(path: $0) })
    }

    /// Hands over the lines that were set aside, part by part.
    public func eachQuarantined(_ body: ([QuarantinedLine]) throws -> Void) throws {
        for part in 0..<spool.parts { try body(try spool.quarantined(part)) }
    }

    /// Removes what waits; to be done once it was taken.
    public func remove() {
        try? FileManager.default.removeItem(atPath: spool.folder)
    }
}
