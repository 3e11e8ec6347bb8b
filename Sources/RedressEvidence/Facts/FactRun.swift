/// Facts in files, in order of their keys: written a buffer at a time, read back and merged as a stream.

import Glibc
import HeapModule
import RedressCore
import SystemPackage

/// The form of facts in a file: kind, hash, length, payload, one after the other.
enum FactRun {
    /// Bytes that are written or read at once.
    static let blockBytes = 1 << 18
    /// Longest payload; what is longer was not written here.
    static let longestPayload = 1 << 28
}

/// Writes facts to a file. A file that is not finished is no run.
struct FactRunWriter: ~Copyable {
    private let path: String
    private let descriptor: FileDescriptor
    private var block: [UInt8] = []
    /// Told of everything that is written.
    private let seen: ([UInt8]) -> Void

    /// Begins a file that only its owner reads, in the place of what was there.
    ///
    /// - Throws: `unavailable` when it cannot be made.
    init(path: String, seen: @escaping ([UInt8]) -> Void = { _ in }) throws {
        self.path = path
        self.seen = seen
        do {
            descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite])
        } catch {
            throw Self.failure(path, error)
        }
        block.reserveCapacity(FactRun.blockBytes + 4096)
    }

    deinit { try? descriptor.close() }

    /// Appends one fact; its key comes after those before it.
    mutating func append(_ key: FactKey, _ payload: [UInt8]) throws {
        block.append(key.kind.rawValue)
        block.append(key.hash)
        block.append(variable: UInt64(payload.count))
        block += payload
        if block.count >= FactRun.blockBytes { try flush() }
    }

    /// Appends bytes that are no fact.
    mutating func append(_ bytes: [UInt8]) { block += bytes }

    /// Writes what is left, and waits until it is on the disk.
    mutating func finish() throws {
        try flush()
        guard fdatasync(descriptor.rawValue) == 0 else { throw Self.failure(path, Errno(rawValue: errno)) }
    }

    private mutating func flush() throws {
        seen(block)
        do {
            _ = try descriptor.writeAll(block)
        } catch {
            throw Self.failure(path, error)
        }
        block.removeAll(keepingCapacity: true)
    }

    static func failure(_ path: String, _ error: any Error) -> RedressError {
        RedressError(
            .unavailable, "\(path) cannot be written: \(error). The disk may be full.",
            details: ["path": path])
    }
}

/// Reads the facts of a file one after the other.
final class FactRunReader {
    private let path: String
    private let descriptor: FileDescriptor
    private var left: Int
    private(set) var block: [UInt8] = []
    private var next = 0
    /// The fact it stands at.
    private(set) var key = FactKey(kind: .ticket, hash: .zero)
    /// Where in `block` that fact's payload is.
    private(set) var payload = 0..<0
    private var isFirst = true
    /// Bytes read at once: fewer where many files are read beside each other.
    private let blockBytes: Int

    /// Opens a file, whose facts are in `range` of its bytes: in all of them where none is named.
    ///
    /// - Parameter count: how many files are read beside each other.
    /// - Throws: `notFound`, or `unavailable` when it cannot be read.
    init(path: String, range: Range<Int>? = nil, of count: Int = 1) throws {
        self.path = path
        blockBytes = max(1 << 14, min(FactRun.blockBytes, (1 << 26) / max(1, count)))
        descriptor = try openForReading(path)
        do {
            let end = try descriptor.seek(offset: 0, from: .end)
            left = range?.count ?? Int(end)
            try descriptor.seek(offset: Int64(range?.lowerBound ?? 0), from: .start)
        } catch {
            try? descriptor.close()
            throw RedressError(.unavailable, "\(path) cannot be read: \(error).", details: ["path": path])
        }
    }

    deinit { try? descriptor.close() }

    /// Goes to the next fact; false at the end.
    ///
    /// - Throws: `badData` when the file is cut or its facts are out of order.
    func advance() throws -> Bool {
        while !parse() {
            if left == 0 {
                guard next == block.count else { throw damaged("a fact is cut") }
                return false
            }
            block.removeSubrange(0..<next)
            next = 0
            let more = try readBlock(descriptor, limit: min(left, blockBytes), path: path)
            guard !more.isEmpty else { throw damaged("it became shorter") }
            left -= more.count
            block += more
            guard block.count <= FactRun.longestPayload + FactRun.blockBytes else {
                throw damaged("a fact is longer than any")
            }
        }
        guard let kind = FactKind(rawValue: block[next]) else { throw damaged("a fact is of no known kind") }
        let found = FactKey(kind: kind, hash: block.span.joinHash(at: next + 1))
        guard isFirst || key < found else { throw damaged("its facts are out of order") }
        isFirst = false
        key = found
        next = payload.upperBound
        return true
    }

    /// Whether the next fact is whole in the block; says where its payload is.
    private func parse() -> Bool {
        let bytes = block
        let span = bytes.span
        var index = next + 17
        guard index < span.count, let length = span.variable(at: &index), length <= UInt64(span.count - index)
        else { return false }
        payload = index..<(index + Int(length))
        return true
    }

    private func damaged(_ why: String) -> RedressError {
        RedressError(
            .badData, "\(path) cannot be read: \(why). Distil the logs again.", details: ["path": path])
    }
}

/// The facts of several files in order of their keys, those of one key merged.
public final class FactStream {
    private struct Head: Comparable {
        var key: FactKey
        var reader: Int

        static func < (left: Head, right: Head) -> Bool {
            left.key == right.key ? left.reader < right.reader : left.key < right.key
        }
    }

    private let readers: [FactRunReader]
    private var heads: Heap<Head> = []
    private var block: [UInt8] = []
    private var parts: [Range<Int>] = []
    private var merge = FactMerge()

    init(_ readers: [FactRunReader]) throws {
        self.readers = readers
        for (place, reader) in readers.enumerated() where try reader.advance() {
            heads.insert(Head(key: reader.key, reader: place))
        }
    }

    /// The next fact; nil at the end.
    ///
    /// - Throws: `badData` when a file is damaged, `fault` when a payload is.
    public func next() throws -> Fact? {
        guard let key = heads.min?.key else { return nil }
        block.removeAll(keepingCapacity: true)
        parts.removeAll(keepingCapacity: true)
        while let head = heads.min, head.key == key {
            let reader = readers[head.reader]
            let start = block.count
            block += reader.block[reader.payload]
            parts.append(start..<block.count)
            if try reader.advance() {
                heads.replaceMin(with: Head(key: reader.key, reader: head.reader))
            } else {
                _ = heads.popMin()
            }
        }
        let bytes = block
        return Fact(key: key, payload: parts.count == 1 ? bytes : try merge.merge(bytes.span, parts))
    }

    /// The next facts, until there are so many or so many bytes of payload; none at the end.
    public func next(_ count: Int, bytes most: Int) throws -> [Fact] {
        var facts: [Fact] = []
        var bytes = 0
        while facts.count < count, bytes < most, let fact = try next() {
            bytes += fact.payload.count
            facts.append(fact)
        }
        return facts
    }
}
