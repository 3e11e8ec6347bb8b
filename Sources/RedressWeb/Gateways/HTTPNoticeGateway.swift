/// A text message gateway over HTTP: signed messages under stable ids, and "not known" whenever the answer is not certain.
import Foundation
import RedressCore
public import RedressDesk

/// Hands messages to a gateway: `POST {base}/messages` with the message as JSON.
///
/// 200, 201, 202 and 409 (had it before): taken. 400 and 422: refused for good. Both only when the answer is JSON with
/// the message's `id`: an answer that belongs to another message, because one was answered twice, settles nothing.
/// Everything else, and no answer in time, is unknown, and the same id is sent again. Each request carries `Idempotency-Key` (the message id),
/// `Redress-Timestamp` and `Redress-Signature`, the HMAC-SHA256 of `method\npath\ntimestamp\nkey\nbody`.
public struct HTTPNoticeGateway: NoticeGateway {
    private let requests: SignedRequests

    /// Names the gateway.
    ///
    /// - Parameters:
    ///   - base: its address without a slash at the end, `https://` except on loopback.
    ///   - secret: the shared secret, 32 bytes or more.
    ///   - timeout: how long an answer may take.
    public init(base: String, secret: [UInt8], timeout: Duration) throws {
        requests = try SignedRequests(
            base: base, secret: secret, timeout: timeout, what: "The notice gateway")
    }

    /// Hands a message over; throws when nobody knows whether it was taken.
    public func send(_ notice: OutgoingNotice) async throws -> NoticeAnswer {
        let body = Array(try JSONDocument.line(notice).utf8)
        let answer = try await requests.send("POST", "/messages", key: notice.id, body: body)
        let named = try? JSONDecoder().decode(Named.self, from: answer.body)
        switch named?.id == notice.id ? answer.status : 0 {
        case 200, 201, 202, 409: return .accepted
        case 400, 422: return .refused("the gateway refused it (\(answer.status))")
        default:
            throw RedressError(
                .unavailable,
                "The notice gateway answered \(answer.status): whether it took the message is unknown.")
        }
    }

    private struct Named: Decodable {
        var id: String
    }
}
