/// A desk served on loopback, eight connections to it, and how long each answer took.
import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import RedressCore
import RedressDesk
import RedressWeb
import Synchronization

/// What the benchmarks through HTTP share.
struct ServedDesk {
    static let connections = 8
    let base: String
    private let client: HTTPClient
    private let server: Task<Void, any Error>
    private let ended: Ended

    /// Whether the server stopped, which it does by itself only when a signal tells it to or it fails.
    private final class Ended: Sendable {
        let flag = Mutex(false)
    }

    /// Serves a desk while `body` asks it; an error of `body` comes out as it is, not as a client left open.
    static func serve(_ desk: Desk, _ body: (ServedDesk) async throws -> Void) async throws {
        let served = try await start(desk)
        do {
            try await body(served)
        } catch {
            let isStopped = served.ended.flag.withLock { $0 }
            try? await served.stop()
            guard isStopped else { throw error }
            throw RedressError(
                .fault, "The server stopped while it was asked: a signal told it to, or it failed. \(error)")
        }
        try await served.stop()
    }

    private static func start(_ desk: Desk) async throws -> ServedDesk {
        let port = Int.random(in: 20_000..<32_000)
        let ended = Ended()
        let server = Task {
            defer { ended.flag.withLock { $0 = true } }
            var settings = ServerSettings()
            settings.port = port
            // One token asks as fast as it can: what is measured is the answer, not its limit.
            settings.limits.sessionRate.perSecond = 0
            settings.limits.addressRate.perSecond = 0
            try await RedressWeb.serve(
                desk: desk, settings: settings,
                logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        }
        var settings = HTTPClient.Configuration()
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // Shorter than the server's own: a request never meets a connection that is just being closed for idleness.
        settings.connectionPool.idleTimeout = .seconds(5)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        let base = "http://127.0.0.1:\(port)"
        for _ in 0..<500 {
            let answer = try? await client.execute(
                HTTPClientRequest(url: base + "/readyz"), timeout: .seconds(5))
            if answer?.status == .ok { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        return ServedDesk(base: base, client: client, server: server, ended: ended)
    }

    private func stop() async throws {
        try await client.shutdown()
        server.cancel()
        _ = try? await server.value
    }

    /// Milliseconds of every request, sorted; eight at a time.
    ///
    /// - Parameter word: what every answer must hold: an empty one would make the figures a lie.
    func times(
        _ requests: Int, holding word: String?,
        _ make: @escaping @Sendable (Int) throws -> HTTPClientRequest
    ) async throws -> [Double] {
        let each = requests / Self.connections
        return try await withThrowingTaskGroup(of: [Double].self) { group in
            for connection in 0..<Self.connections {
                group.addTask {
                    var times: [Double] = []
                    for number in 0..<each {
                        let request = try make(connection * each + number)
                        let started = ContinuousClock.now
                        try await send(request, holding: word)
                        let spent = (ContinuousClock.now - started).components
                        times.append(Double(spent.seconds) * 1000 + Double(spent.attoseconds) / 1e15)
                    }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted()
        }
    }

    private func send(_ request: HTTPClientRequest, holding word: String?) async throws {
        let body = try await text(request)
        guard word.map(body.contains) ?? true else {
            throw RedressError(.fault, "The server answered without \(word ?? ""): \(body)")
        }
    }

    /// The body of an answer that is as it should be.
    func text(_ request: HTTPClientRequest) async throws -> String {
        let answer = try await client.execute(request, timeout: .seconds(30))
        let body = String(buffer: try await answer.body.collect(upTo: 1 << 20))
        guard answer.status == .ok else {
            throw RedressError(.fault, "The server answered \(answer.status): \(body)")
        }
        return body
    }

    /// Times in words, beside their limit.
    static func said(_ times: [Double], limit: Int) -> String {
        let p99 = times[min(times.count - 1, times.count * 99 / 100)]
        return "median \(rounded(times[times.count / 2])), p99 \(rounded(p99)) (limit \(limit))"
    }

    static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
