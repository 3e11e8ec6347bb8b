/// A gateway that takes every message and keeps it, for tests that read what was texted.
public import RedressDesk
import Synchronization

/// Keeps each message id once.
public final class KeptNotices: NoticeGateway {
    private let kept = Mutex<[OutgoingNotice]>([])

    /// Has no message yet.
    public init() {}

    /// Every message, in the order they came.
    public var all: [OutgoingNotice] { kept.withLock { $0 } }

    /// Keeps a message.
    public func send(_ notice: OutgoingNotice) async throws -> NoticeAnswer {
        kept.withLock { kept in
            if !kept.contains(where: { $0.id == notice.id }) { kept.append(notice) }
        }
        return .accepted
    }
}
