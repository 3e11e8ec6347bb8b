/// A log file as it lies on disk, known by the SHA-256 of its bytes so that none is read twice.

import Crypto
import RedressCore
import SystemPackage

/// One log file: where it is, what it is, how it is packed.
public struct LogFile: Sendable, Hashable {
    /// How the bytes on disk hold the lines.
    public enum Encoding: String, Sendable, Codable {
        /// As they are.
        case plain
        /// RFC 1952.
        case gzip
        /// RFC 8878.
        case zstd
    }

    /// Path as given.
    public var path: String
    /// SHA-256 of the bytes on disk, as `sha256sum` prints it.
    public var sha256: String
    /// Bytes on disk.
    public var bytes: Int
    /// How the file is packed, told by its first bytes, not by its name.
    public var encoding: Encoding
    /// Whether the file is a register: of its rows only the cells that the rules read are ever shown.
    public var isRegister = false
    /// Fingerprint of the file's first bytes: a log that was rotated away since begins with others.
    var head: UInt64 = 0

    /// Bytes at the front that `head` covers at most.
    private static let headBytes = 1 << 16

    /// Makes a file's description from its parts.
    public init(path: String, sha256: String, bytes: Int, encoding: Encoding) {
        self.path = path
        self.sha256 = sha256
        self.bytes = bytes
        self.encoding = encoding
    }

    /// The first eight bytes of the SHA-256: how citations name the file.
    public var tag: UInt64 { UInt64(sha256.prefix(16), radix: 16) ?? 0 }

    /// Reads the whole file once and says what it is.
    ///
    /// - Throws: `notFound` when nothing is there, `badData` for a directory, `unavailable` when it cannot be read.
    public static func identify(path: String) async throws -> LogFile {
        let descriptor = try openForReading(path)
        defer { try? descriptor.close() }
        var digest = SHA256()
        var head: [UInt8] = []
        head.reserveCapacity(headBytes)
        var total = 0
        while true {
            let block = try readBlock(descriptor, limit: 1 << 20, path: path)
            if block.isEmpty { break }
            if head.count < headBytes { head += block.prefix(headBytes - head.count) }
            total += block.count
            digest.update(data: block)
            try Task.checkCancellation()
        }
        var file = LogFile(
            path: path, sha256: hexadecimal(digest.finalize()), bytes: total, encoding: encoding(of: head))
        file.head = lineFingerprint(head)
        return file
    }

    /// Opens the file that was identified, or says that another has taken its place.
    ///
    /// - Throws: `tryAgain` when the file was rotated or became shorter meanwhile.
    func open() throws -> FileDescriptor {
        let descriptor = try openForReading(path)
        do {
            let wanted = min(bytes, Self.headBytes)
            let found = unsafe try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                while count < wanted {
                    let rest = unsafe UnsafeMutableRawBufferPointer(
                        UnsafeMutableBufferPointer(rebasing: buffer[count..<wanted]))
                    let read = unsafe try descriptor.read(fromAbsoluteOffset: Int64(count), into: rest)
                    if read == 0 { break }
                    count += read
                }
            }
            if lineFingerprint(found) == head { return descriptor }
        } catch {
            try? descriptor.close()
            throw RedressError(.unavailable, "\(path) cannot be read: \(error).", details: ["path": path])
        }
        try? descriptor.close()
        throw RedressError(
            .tryAgain,
            "\(path) was rotated or cut while it was being read. Ingest the rotated files instead.",
            details: ["path": path])
    }

    private static func encoding(of head: [UInt8]) -> Encoding {
        if head.starts(with: [0x1F, 0x8B]) { return .gzip }
        if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
        return .plain
    }
}

/// Opens a file, with an error a person can act on.
func openForReading(_ path: String) throws -> FileDescriptor {
    do {
        return try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
    } catch Errno.noSuchFileOrDirectory {
        throw RedressError(
            .notFound, "There is no file \(path). Check the name and the folder.", details: ["path": path])
    } catch {
        throw RedressError(.unavailable, "\(path) cannot be opened: \(error).", details: ["path": path])
    }
}

/// Reads up to `limit` bytes; empty at the end of the file.
func readBlock(_ descriptor: FileDescriptor, limit: Int, path: String) throws -> [UInt8] {
    do {
        return unsafe try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = unsafe try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    } catch Errno.isDirectory {
        throw RedressError(
            .badData, "\(path) is a directory. Name the log files in it.", details: ["path": path])
    } catch {
        throw RedressError(.unavailable, "\(path) cannot be read: \(error).", details: ["path": path])
    }
}
