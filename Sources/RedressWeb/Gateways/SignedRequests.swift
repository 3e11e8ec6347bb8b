/// Signed requests to another system: HMAC-SHA256 over method, path, time, key and body; TLS but on loopback.
import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import RedressCore

/// Sends requests that prove who sent them, under keys that make a repetition harmless.
struct SignedRequests: Sendable {
    /// What a system answered.
    struct Answer: Sendable {
        var status: Int
        var body: Data
    }

    private let base: String
    private let path: String
    private let secret: SymmetricKey
    private let timeout: Duration

    /// One for the whole program, which verifies certificates (the library's default, held by a test). As many connections as a worker sends at once; a redirection is no answer.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
    /// Longest answer that is read, in bytes.
    private static let largestAnswer = 65_536
    /// Shortest secret that is taken, in bytes.
    static let shortestSecret = 32

    /// Names the system.
    ///
    /// - Parameters:
    ///   - base: its address without a slash at the end, `https://` except on loopback.
    ///   - what: the system's name for errors.
    init(base: String, secret: [UInt8], timeout: Duration, what: String) throws {
        guard let address = URL(string: base), let host = address.host,
            address.scheme == "https" || ["127.0.0.1", "localhost", "::1"].contains(host)
        else { throw RedressError(.usage, "\(what)'s address must be https://…, except on loopback.") }
        guard secret.count >= Self.shortestSecret else {
            throw RedressError(.usage, "\(what)'s shared secret must have 32 bytes or more.")
        }
        self.base = base
        path = address.path
        self.secret = SymmetricKey(data: secret)
        self.timeout = timeout
    }

    /// Sends one request; throws when there is no whole answer in time.
    func send(_ method: String, _ subpath: String, key: String, body: [UInt8]) async throws -> Answer {
        var request = HTTPClientRequest(url: base + subpath)
        request.method = .init(rawValue: method)
        let timestamp = String(Int(Date().timeIntervalSince1970))
        request.headers.add(name: "Idempotency-Key", value: key)
        request.headers.add(name: "Redress-Timestamp", value: timestamp)
        request.headers.add(
            name: "Redress-Signature",
            value: Signature.hex(method, path + subpath, timestamp, key, body, secret))
        if !body.isEmpty {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let asked = request
        // The client's own time-out ends with the head of an answer; this one bounds its body too.
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask {
                let response = try await Self.client.execute(asked, deadline: .distantFuture)
                let bytes = try await response.body.collect(upTo: Self.largestAnswer)
                return Answer(status: Int(response.status.code), body: Data(buffer: bytes))
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw RedressError(.unavailable, "There was no answer within \(timeout).")
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }
}

/// The signature both directions use.
enum Signature {
    /// The HMAC-SHA256, in hex, of `method\npath\ntimestamp\nkey\nbody`.
    static func hex(
        _ method: String, _ path: String, _ timestamp: String, _ key: String, _ body: [UInt8],
        _ secret: SymmetricKey
    ) -> String {
        HMAC<SHA256>.authenticationCode(for: signed(method, path, timestamp, key, body), using: secret)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Whether a signature is the right one, in a time that does not tell how much of it is.
    static func isValid(
        _ hex: String, _ method: String, _ path: String, _ timestamp: String, _ key: String,
        _ body: [UInt8], _ secret: SymmetricKey
    ) -> Bool {
        let digits = Array(hex.utf8)
        guard digits.count == 64, hex.allSatisfy(\.isHexDigit) else { return false }
        let bytes = stride(from: 0, to: 64, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
        }
        return HMAC<SHA256>.isValidAuthenticationCode(
            bytes, authenticating: signed(method, path, timestamp, key, body), using: secret)
    }

    private static func signed(
        _ method: String, _ path: String, _ timestamp: String, _ key: String, _ body: [UInt8]
    ) -> [UInt8] {
        Array("\(method)\n\(path)\n\(timestamp)\n\(key)\n".utf8) + body
    }
}
