/// How texts leave: the gateway's protocol, and the default one, a file of JSON lines that people can read.
import Foundation
import Glibc
public import RedressCore

/// One text message on its way.
public struct OutgoingNotice: Sendable, Codable, Equatable {
    /// The message id, the same however often it is sent: a gateway tells each id once.
    public var id: String
    /// The number it goes to, national digits or `+` and digits.
    public var to: String
    /// Who is named as its sender.
    public var sender: String
    /// `short` or `long`, as carriers count it.
    public var kind: NoticeText.Kind
    /// Its length in bytes of CP949.
    public var bytes: Int
    /// The text.
    public var text: String

    /// Makes a message of its parts.
    public init(id: String, to: String, sender: String, text: NoticeText) {
        self.id = id
        self.to = to
        self.sender = sender
        kind = text.kind
        bytes = text.bytes
        self.text = text.text
    }
}

/// What a gateway says of a message.
public enum NoticeAnswer: Sendable, Equatable {
    /// It has it, now or since an earlier time; a delivery receipt may follow.
    case accepted
    /// It will never carry it; with the gateway's reason.
    case refused(String)
}

/// A way for texts to leave.
public protocol NoticeGateway: Sendable {
    /// Hands a message over. Throwing means that nobody knows whether it was taken: the same id is sent again.
    func send(_ notice: OutgoingNotice) async throws -> NoticeAnswer
}

/// Writes each message once into a file of JSON lines; several processes may write to the same file.
///
/// What a killed process left half-written is cut off, and ids that are in the file are not written again.
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
        if descriptor < 0 { descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else { throw failure() }
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

    /// Reads what others wrote since, and cuts off a line that was never finished.
    private func catchUp() throws {
        let end = Int(lseek(descriptor, 0, SEEK_END))
        guard end > readTo else { return }
        var bytes = [UInt8](repeating: 0, count: end - readTo)
        let from = readTo
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, from)
        }
        guard count == bytes.count else { throw failure() }
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
