/// Facts in a file, so that logs can be distilled on many machines and merged into one store.

import Crypto
import FoundationEssentials
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

    /// Writes facts, which must be in order of their keys, each key once; what is at `path` is replaced.
    ///
    /// - Throws: `unavailable` when the file cannot be written.
    public static func write(_ facts: [Fact], sources: [DistilledSource], to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var bytes = first + Array(try encoder.encode(sources)) + [10]
        for fact in facts {
            bytes.append(fact.key.kind.rawValue)
            bytes.append(fact.key.hash)
            bytes.append(variable: UInt64(fact.payload.count))
            bytes += fact.payload
        }
        bytes += Array(SHA256.hash(data: bytes))
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw RedressError(.unavailable, "\(path) cannot be written: \(error).", details: ["path": path])
        }
    }

    /// Reads a file back.
    ///
    /// - Throws: `notFound`, or `badData` when the file is not of this form, cut or changed.
    public static func read(path: String) throws -> (sources: [DistilledSource], facts: [Fact]) {
        let bytes = try contents(path)
        let body = bytes.count - digestBytes
        guard body > first.count, bytes.starts(with: first) else {
            throw damaged(path, "it is no file of facts")
        }
        guard Array(SHA256.hash(data: bytes[..<body])) == Array(bytes[body...]) else {
            throw damaged(path, "it was cut or changed")
        }
        guard let end = bytes[first.count..<body].firstIndex(of: 10),
            let sources = try? JSONDecoder().decode(
                [DistilledSource].self, from: Data(bytes[first.count..<end]))
        else { throw damaged(path, "it does not say what it was made from") }
        var facts: [Fact] = []
        var index = end + 1
        let span = bytes.span.extracting(0..<body)
        while index < body {
            guard let kind = FactKind(rawValue: span[index]), index + 17 <= body else {
                throw damaged(path, "a fact is cut")
            }
            let hash = span.joinHash(at: index + 1)
            index += 17
            guard let length = span.variable(at: &index), length <= UInt64(body - index) else {
                throw damaged(path, "a fact is cut")
            }
            facts.append(
                Fact(key: FactKey(kind: kind, hash: hash), payload: span.copy(index..<(index + Int(length)))))
            index += Int(length)
        }
        guard zip(facts, facts.dropFirst()).allSatisfy({ $0.key < $1.key }) else {
            throw damaged(path, "its facts are out of order")
        }
        return (sources, facts)
    }

    /// Two lists of facts, each in order of its keys, as one; what both know is merged.
    public static func merge(_ left: [Fact], _ right: [Fact]) throws -> [Fact] {
        var out: [Fact] = []
        out.reserveCapacity(left.count + right.count)
        var one = 0
        var two = 0
        while one < left.count, two < right.count {
            if left[one].key == right[two].key {
                let payload = try FactMerge.merge(left[one].key.kind, left[one].payload, right[two].payload)
                out.append(Fact(key: left[one].key, payload: payload))
                one += 1
                two += 1
            } else if left[one].key < right[two].key {
                out.append(left[one])
                one += 1
            } else {
                out.append(right[two])
                two += 1
            }
        }
        out += left[one...]
        out += right[two...]
        return out
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        let descriptor = try openForReading(path)
        defer { try? descriptor.close() }
        var bytes: [UInt8] = []
        while true {
            let block = try readBlock(descriptor, limit: 1 << 20, path: path)
            if block.isEmpty { return bytes }
            bytes += block
        }
    }

    private static func damaged(_ path: String, _ why: String) -> RedressError {
        RedressError(
            .badData, "\(path) cannot be read: \(why). Distil the logs again.", details: ["path": path])
    }
}
