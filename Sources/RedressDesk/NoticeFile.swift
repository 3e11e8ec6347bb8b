/// The default gateway: a file of JSON lines that people can read, each message once, forgotten after a while.
import Foundation
import Glibc
public import RedressCore

/// Writes each message once into a file of JSON lines; several processes may write to the same file.
///
/// What a killed process left half-written is cut off, and ids that are in the file are not written again. Lines hold
/// numbers in clear, so that old ones are taken out: into a new file that replaces this one whole.
public final class FileNoticeGateway: NoticeGateway {
    private let file: NoticeFile

    /// Writes to the file at `path`, made with mode 0600 when it is not there.
    public init(path: String) {
        file = NoticeFile(path: path)
    }

    /// Appends the message, durably, unless its id is there.
    public func send(_ notice: OutgoingNotice) async throws -> NoticeAnswer {
        try await file.append(notice)
        return .accepted
    }

    /// Takes the lines of messages made before an instant out of the file; answers how many they were.
    @discardableResult
    public func forget(before instant: Instant) async throws -> Int {
        try await file.forget(before: instant)
    }
}

/// The file, read on from where this process last looked.
private actor NoticeFile {
    private struct Line: Decodable {
        var id: String
    }

    private let path: String
    private var descriptor: Int32 = -1
    private var ids: Set<String> = []
    private var readTo = 0

    init(path: String) {
        self.path = path
    }

    deinit {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    func append(_ notice: OutgoingNotice) throws {
        try lock(creating: true)
        defer { _ = flock(descriptor, LOCK_UN) }
        try catchUp()
        guard !ids.contains(notice.id) else { return }
        let line = Array((try JSONDocument.line(notice) + "\n").utf8)
        let written = unsafe line.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, readTo)
        }
        guard written == line.count, fdatasync(descriptor) == 0 else { throw failure() }
        readTo += line.count
        ids.insert(notice.id)
    }

    func forget(before instant: Instant) throws -> Int {
        guard unsafe access(path, F_OK) == 0 else { return 0 }
        try lock(creating: false)
        defer { _ = flock(descriptor, LOCK_UN) }
        try catchUp()
        let lines = try bytes(from: 0, to: readTo).split(separator: UInt8(ascii: "\n"))
        let kept = lines.filter { line in
            let read = try? JSONDecoder().decode(Line.self, from: Data(line))
            return read.flatMap { Identifier.instant(of: $0.id) }.map { $0 >= instant } ?? false
        }
        guard kept.count < lines.count else { return 0 }
        try PrivateFile.replace(
            path,
            contents: Array(kept.joined(separator: [UInt8(ascii: "\n")]))
                + (kept.isEmpty ? [] : [UInt8(ascii: "\n")]))
        return lines.count - kept.count
    }

    /// Has the file to itself; one that was replaced meanwhile is opened anew.
    private func lock(creating: Bool) throws {
        while true {
            if descriptor < 0 {
                descriptor = unsafe open(path, O_RDWR | O_CLOEXEC | (creating ? O_CREAT : 0), 0o600)
                (ids, readTo) = ([], 0)
            }
            guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else { throw failure() }
            var (mine, named) = (stat(), stat())
            if unsafe fstat(descriptor, &mine) == 0, unsafe stat(path, &named) == 0,
                mine.st_ino == named.st_ino
            {
                return
            }
            _ = Glibc.close(descriptor)
            descriptor = -1
        }
    }

    private func bytes(from start: Int, to end: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: end - start)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, start)
        }
        guard count == bytes.count else { throw failure() }
        return bytes
    }

    /// Reads what others wrote since, and cuts off a line that was never finished.
    private func catchUp() throws {
        let end = Int(lseek(descriptor, 0, SEEK_END))
        guard end > readTo else { return }
        let bytes = try self.bytes(from: readTo, to: end)
        let whole = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        for line in bytes[..<whole].split(separator: UInt8(ascii: "\n")) {
            if let read = try? JSONDecoder().decode(Line.self, from: Data(line)) { ids.insert(read.id) }
        }
        readTo += whole
        if readTo < end, ftruncate(descriptor, readTo) != 0 { throw failure() }
    }

    private func failure() -> RedressError {
        RedressError(
            .unavailable, "The file of notices \(path) cannot be written: check the disk and its rights.")
    }
}
