/// How texts leave: one message, and what a gateway is asked and answers.
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

    /// Forgets what it keeps itself of messages from before an instant; answers how many they were.
    @discardableResult
    func forget(before instant: Instant) async throws -> Int
}

extension NoticeGateway {
    /// Keeps nothing.
    public func forget(before instant: Instant) async throws -> Int { 0 }
}
