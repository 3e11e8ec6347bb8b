/// Remembers the answer to a request under its idempotency key, so that the same request twice is done once.
import Crypto
import FoundationEssentials
public import RedressCore
import RedressStore

/// An idempotency key of one caller; two callers may choose the same.
public struct RequestKey: Sendable {
    /// What it is kept under: a hash of who and which.
    public let id: String

    /// Names a caller's key.
    public init(actor: Actor, key: String) {
        let text = "\(actor.role.rawValue)\n\(actor.name)\n\(key)"
        id = SHA256.hash(data: Array(text.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

/// A request that came with a key.
public struct RequestTicket: Sendable {
    /// The key.
    public let key: RequestKey
    /// SHA-256 of what was asked.
    public let request: [UInt8]
    /// Whether doing it again is harmless, because the desk itself does it once.
    public let isRepeatable: Bool

    /// Takes a request down.
    public init(key: RequestKey, request: [UInt8], isRepeatable: Bool) {
        self.key = key
        self.request = request
        self.isRepeatable = isRepeatable
    }
}

/// An answer that was given before.
public struct KeptAnswer: Sendable, Codable {
    /// Its HTTP status.
    public var status: Int
    /// Its media type.
    public var type: String
    /// The version of the case in it; nil when it is about no case.
    public var version: Int?
    /// Its text.
    public var body: String

    /// Keeps an answer.
    public init(status: Int, type: String, version: Int?, body: String) {
        self.status = status
        self.type = type
        self.version = version
        self.body = body
    }
}

/// Begins and ends requests under their keys.
public struct RequestKeyDesk: Sendable {
    let desk: Desk
    /// A request that has run longer than this is not running any more: the process died under it.
    static let abandonedMinutes = 2

    /// Begins a request, or gives the answer it got before.
    ///
    /// - Throws: `.badData` with `key` in the details when the key stands for another request; `.tryAgain` when the
    ///   request is under way, and `.refused` when it was cut off and nobody knows whether it was done.
    public func begin(_ ticket: RequestTicket) async throws -> KeptAnswer? {
        try await desk.database.write { connection in
            let store = RequestKeyStore(connection)
            guard let row = try store.find(ticket.key.id) else {
                try store.insert(ticket.key.id, request: ticket.request)
                return nil
            }
            guard row.request == ticket.request else {
                throw RedressError(
                    .badData,
                    "This Idempotency-Key was used for another request. Make a new key for a new request.",
                    details: ["key": "other-request"])
            }
            if let sealed = row.answerSealed {
                let text = try desk.keys.open(sealed, for: PersonalData.answer(ticket.key.id))
                return try JSONDocument.read(KeptAnswer.self, from: text)
            }
            guard row.startedAt.adding(minutes: Self.abandonedMinutes) < connection.now else {
                throw RedressError(
                    .tryAgain, "The same request is under way. Ask again in a moment.",
                    details: ["key": "in-flight"])
            }
            guard ticket.isRepeatable else {
                throw RedressError(
                    .refused,
                    """
                    This request was cut off, and whether it was done is not known. Look at what there is, then \
                    use a new key.
                    """, details: ["key": "unknown"])
            }
            try store.restart(ticket.key.id)
            return nil
        }
    }

    /// Keeps the answer.
    public func finish(_ ticket: RequestTicket, _ answer: KeptAnswer) async throws {
        let sealed = try desk.keys.seal(
            try JSONDocument.stored(answer), for: PersonalData.answer(ticket.key.id))
        try await desk.database.write { connection in
            try RequestKeyStore(connection).finish(ticket.key.id, answerSealed: sealed)
        }
    }

    /// Frees the key of a request that changed nothing.
    public func forget(_ ticket: RequestTicket) async throws {
        try await desk.database.write { connection in
            try RequestKeyStore(connection).delete(ticket.key.id)
        }
    }
}

extension PersonalData {
    static func answer(_ id: String) -> String { "request-key.answer/\(id)" }
}

extension Desk {
    /// Requests and their keys.
    public var requestKeys: RequestKeyDesk { RequestKeyDesk(desk: self) }
}
