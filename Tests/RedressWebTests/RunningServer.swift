/// A server in the test's own process, on a port of its own.
import Logging
import RedressDesk
import RedressWeb
import Testing

extension ServerLimits {
    /// Those of a server whose clients share the machine with every other test.
    static var unhurried: ServerLimits {
        var limits = ServerLimits()
        (limits.headMilliseconds, limits.bodyMilliseconds) = (600_000, 600_000)
        (limits.answerMilliseconds, limits.idleMilliseconds) = (600_000, 600_000)
        return limits
    }
}

/// Serves a desk on a port of its own while `body` runs.
func withServer(
    _ desk: Desk, _ limits: ServerLimits = .unhurried, proxies: TrustedProxies = .none,
    _ body: (Int) async throws -> Void
) async throws {
    let (ports, told) = AsyncStream.makeStream(of: Int.self)
    var settings = ServerSettings()
    settings.port = 0
    settings.limits = limits
    settings.proxies = proxies
    settings.onRunning = { told.yield($0) }
    let made = settings
    let server = Task {
        defer { told.finish() }
        try await serve(
            desk: desk, settings: made, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
    defer { server.cancel() }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    try await body(port)
    server.cancel()
    _ = try? await server.value
}
