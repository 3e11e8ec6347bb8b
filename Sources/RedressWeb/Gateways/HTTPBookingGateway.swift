/// A booking system over HTTP: signed changes under stable keys, and "unknown" whenever the answer is not certain.
import Foundation
import RedressCore
public import RedressDesk

/// Asks another booking system for changes.
///
/// - `POST {base}/changes` with the change as JSON. 200 or 201: carried out; 409 or 422 with `{"code": …}`: refused
///   for good. Everything else, and no answer in time, is unknown.
/// - `GET {base}/changes/{key}`: 200 with `{"state": "done" | "refused", "code": …}`, or 404 for a key never seen.
///
/// Each request carries `Idempotency-Key`, `Redress-Timestamp` (seconds since 1970) and `Redress-Signature`: the
/// HMAC-SHA256, in hex, of `method\npath\ntimestamp\nkey\nbody` under the shared secret.
public struct HTTPBookingGateway: BookingGateway {
    /// Whether the system changes two bookings at once.
    public let changesAtomically: Bool
    private let requests: SignedRequests

    /// Names the system.
    ///
    /// - Parameters:
    ///   - base: its address without a slash at the end, `https://` except on loopback.
    ///   - secret: the shared secret, 32 bytes or more.
    ///   - timeout: how long an answer may take.
    public init(base: String, secret: [UInt8], changesAtomically: Bool, timeout: Duration) throws {
        requests = try SignedRequests(
            base: base, secret: secret, timeout: timeout, what: "The booking system")
        self.changesAtomically = changesAtomically
    }

    /// Asks for a change; throws when nobody knows what became of it.
    public func change(_ change: BookingChange) async throws -> BookingAnswer {
        let body = Array(try JSONDocument.line(change).utf8)
        let (status, answer) = try await send("POST", "/changes", key: change.key, body: body)
        switch status {
        case 200, 201: return .done
        case 409, 422: return .refused(answer.code ?? "status-\(status)")
        default: throw unknown(status)
        }
    }

    /// Asks what became of a change; throws when that is still not known.
    public func outcome(of key: String) async throws -> BookingAnswer {
        let (status, answer) = try await send("GET", "/changes/\(key)", key: key, body: [])
        switch (status, answer.state) {
        case (200, "done"): return .done
        case (200, "refused"): return .refused(answer.code ?? "refused")
        case (404, _): return .neverSeen
        default: throw unknown(status)
        }
    }

    private struct Answer: Decodable {
        var state: String?
        var code: String?
    }

    private func send(
        _ method: String, _ path: String, key: String, body: [UInt8]
    ) async throws -> (status: Int, answer: Answer) {
        let found = try await requests.send(method, path, key: key, body: body)
        let answer = try? JSONDecoder().decode(Answer.self, from: found.body)
        return (found.status, answer ?? Answer())
    }

    private func unknown(_ status: Int) -> RedressError {
        RedressError(
            .unavailable, "The booking system answered \(status): whether it did the change is unknown.")
    }
}
