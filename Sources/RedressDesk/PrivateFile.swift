/// Files that only their owner may read: keys and secrets.
import Foundation
import Glibc
import RedressCore

enum PrivateFile {
    /// Makes a file with mode 0600, durably; refuses to replace one that is there.
    static func create(_ path: String, contents: [UInt8]) throws {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw RedressError(.unavailable, "\(path) cannot be made: \(systemReason()).")
        }
        defer { _ = close(descriptor) }
        try write(contents, to: descriptor, path)
    }

    /// Puts a file with mode 0600 in the place of the one that is there, whole or not at all.
    static func replace(_ path: String, contents: [UInt8]) throws {
        let fresh = path + ".new"
        try? FileManager.default.removeItem(atPath: fresh)
        try create(fresh, contents: contents)
        guard unsafe rename(fresh, path) == 0 else {
            throw RedressError(.unavailable, "\(path) cannot be replaced: \(systemReason()).")
        }
        let folder = unsafe open(
            URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { _ = close(folder) }
        guard fsync(folder) == 0 else {
            throw RedressError(.unavailable, "\(path) cannot be made durable: \(systemReason()).")
        }
    }

    /// Adds one line to a file (made with mode 0600 when it is not there), durably.
    static func append(_ line: String, to path: String) throws {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw RedressError(.unavailable, "\(path) cannot be written: \(systemReason()).")
        }
        defer { _ = close(descriptor) }
        try cutTornLine(descriptor, path)
        try write(Array((line + "\n").utf8), to: descriptor, path)
    }

    /// Cuts off what an append that was killed left behind: a last line without its end.
    private static func cutTornLine(_ descriptor: Int32, _ path: String) throws {
        let size = lseek(descriptor, 0, SEEK_END)
        var end = size
        var byte: UInt8 = 0
        while end > 0, unsafe pread(descriptor, &byte, 1, end - 1) == 1, byte != UInt8(ascii: "\n") {
            end -= 1
        }
        guard end < size else { return }
        guard ftruncate(descriptor, end) == 0 else {
            throw RedressError(.unavailable, "\(path) cannot be written: \(systemReason()).")
        }
    }

    /// Reads a file that nobody else may read.
    static func read(_ path: String) throws -> [UInt8] {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw RedressError(.unavailable, "\(path) is missing. Restore it from where its copy is kept.")
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        guard mode & 0o077 == 0 else {
            throw RedressError(
                .unavailable,
                "\(path) can be read by others (mode \(String(mode, radix: 8))). Run `chmod 600` on it.")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RedressError(.unavailable, "\(path) cannot be read.")
        }
        return [UInt8](data)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else {
                throw RedressError(.unavailable, "\(path) cannot be written: \(systemReason()).")
            }
            written += count
        }
        guard fsync(descriptor) == 0 else {
            throw RedressError(.unavailable, "\(path) cannot be made durable: \(systemReason()).")
        }
    }
}

/// What the system says went wrong in the last call.
func systemReason() -> String {
    unsafe String(cString: strerror(errno))
}
