/// Facts in a file, so that logs can be distilled on many machines and merged into one store.

import Crypto
import FoundationEssentials
import Glibc
import RedressCore
import SystemPackage

/// What a distilled file was made from: one entry a log file, so that a file read on two machines is seen.
public struct DistilledSource: Sendable, Hashable, Codable {
    /// SHA-256 of the log file's bytes.
    public var sha256: String
    /// Which log.
    public var kind: LogKind
    /// Lines read, understood and set aside.
    public var progress: IngestProgress
    /// The lines set aside.
    public var quarantined: [QuarantinedLine]

    /// Makes an entry from its parts.
    public init(sha256: String, kind: LogKind, progress: IngestProgress, quarantined: [QuarantinedLine]) {
        self.sha256 = sha256
        self.kind = kind
        self.progress = progress
        self.quarantined = quarantined
    }
}

/// A file of facts: a first line, the sources as one line of JSON, the facts in order of their keys, a SHA-256.
public enum DistilledFile {
    private static let first = Array("redress facts 1\n".utf8)
    private static let digestBytes = 32
    private static let longestHead = 1 << 30

    /// Writes facts as they come, in the place of what is at `path`; returns how many they were.
    ///
    /// - Throws: `unavailable` when the file cannot be written.
    public static func write(_ facts: FactStream, sources: [DistilledSource], to path: String) throws -> Int {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let digest = RunningDigest()
        let unfinished = path + ".part"
        // Gone already when the file has its name.
        defer { try? FileManager.default.removeItem(atPath: unfinished) }
        var writer = try FactRunWriter(path: unfinished, seen: digest.update)
        writer.append(first + Array(try encoder.encode(sources)) + [10])
        var count = 0
        while let fact = try facts.next() {
            try writer.append(fact.key, fact.payload)
            count += 1
        }
        try writer.finish()
        writer.append(digest.finish())
        try writer.finish()
        guard unsafe rename(unfinished, path) == 0 else {
            throw FactRunWriter.failure(path, Errno(rawValue: errno))
        }
        return count
    }

    /// Reads a file back: what it was made from, and its facts as a stream.
    ///
    /// - Throws: `notFound`, or `badData` when the file is not of this form, cut or changed.
    public static func read(path: String) throws -> (sources: [DistilledSource], facts: FactStream) {
        let descriptor = try openForReading(path)
        defer { try? descriptor.close() }
        var digest = SHA256()
        var head: [UInt8] = []
        var hasHead = false
        var tail: [UInt8] = []
        var total = 0
        while true {
            let block = try readBlock(descriptor, limit: 1 << 20, path: path)
            if block.isEmpty { break }
            total += block.count
            if !hasHead {
                guard head.count < longestHead else {
                    throw damaged(path, "it does not say what it was made from")
                }
                hasHead = block.dropFirst(max(0, first.count - head.count)).contains(10)
                head += block
            }
            // The last bytes are the digest itself, and not a part of what it covers.
            tail += block
            let covered = max(0, tail.count - digestBytes)
            digest.update(data: tail[..<covered])
            tail.removeSubrange(..<covered)
        }
        guard head.starts(with: first) else { throw damaged(path, "it is no file of facts") }
        guard tail.count == digestBytes, Array(digest.finalize()) == tail else {
            throw damaged(path, "it was cut or changed")
        }
        guard let end = head.dropFirst(first.count).firstIndex(of: 10),
            let sources = try? JSONDecoder().decode(
                [DistilledSource].self, from: Data(head[first.count..<end]))
        else { throw damaged(path, "it does not say what it was made from") }
        guard end < total - digestBytes else { throw damaged(path, "it was cut or changed") }
        let reader = try FactRunReader(path: path, range: (end + 1)..<(total - digestBytes))
        return (sources, try FactStream([reader]))
    }

    private static func damaged(_ path: String, _ why: String) -> RedressError {
        RedressError(
            .badData, "\(path) cannot be read: \(why). Distil the logs again.", details: ["path": path])
    }
}

/// A digest of what is written bit by bit.
private final class RunningDigest {
    private var digest = SHA256()

    func update(_ bytes: [UInt8]) { digest.update(data: bytes) }

    func finish() -> [UInt8] { Array(digest.finalize()) }
}
