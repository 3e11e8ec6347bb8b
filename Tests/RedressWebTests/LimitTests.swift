import Foundation
import RedressDesk
import RedressWeb
import TestSupport
import Testing

@Suite("The limits of the service, over real sockets", .serialized, .enabled(if: isAlone, aloneHint))
struct LimitTests {
    /// Limits so short that a test sees them.
    private static var short: ServerLimits {
        var limits = ServerLimits()
        limits.headMilliseconds = 500
        limits.bodyMilliseconds = 500
        limits.idleMilliseconds = 500
        limits.bodyBytes = 300_000
        limits.leastBytesPerSecond = 4 << 20
        return limits
    }
    private static let get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    private static let post = "POST /api/v1/codes HTTP/1.1\r\nHost: localhost\r\n"

    @Test(
        "A head that is too large in one line, in all, in number or in its address is refused and ends the connection"
    )
    func heads() async throws {
        let fixture = try await DeskFixture()
        try await withServer(fixture.desk, ServerLimits()) { port in
            let long = String(repeating: "x", count: 9000)
            let some = String(repeating: "x", count: 6000)
            let many = (0..<70).map { "X-\($0): y\r\n" }.joined()
            for (head, status) in [
                (Self.get + "X: \(long)\r\n\r\n", 431),
                (Self.get + "A: \(some)\r\nB: \(some)\r\nC: \(some)\r\n\r\n", 431),
                (Self.get + many + "\r\n", 431),
                ("GET /\(some) HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
                ("GET /" + String(repeating: long, count: 30), 431),
                ("nonsense\r\n\r\n", 400),
            ] {
                let heard = try await SocketClient.talk(port, [head])
                #expect(heard.statuses == [status] && heard.isClosed, "\(head.prefix(60)): \(heard.text)")
                #expect(heard.text.contains("application/problem+json"))
            }
            #expect(try await SocketClient.ask(port, "/healthz").statuses == [200])
        }
    }

    @Test(
        "A body of five gigabytes is refused before it is read, and an endless one as soon as it is too large"
    )
    func bodies() async throws {
        let fixture = try await DeskFixture()
        try await withServer(fixture.desk, Self.short) { port in
            let declared = try await SocketClient.talk(
                port, [Self.post + "Content-Length: 5368709120\r\n\r\n"])
            #expect(declared.statuses == [413] && declared.isClosed, "\(declared.text)")
            let piece = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
            let endless = try await SocketClient.talk(
                port,
                [Self.post + "Transfer-Encoding: chunked\r\n\r\n"] + Array(repeating: piece, count: 5))
            #expect(endless.statuses == [413] && endless.isClosed, "\(endless.text)")
            // The route takes less than the connection, and answers while the rest is still coming: nothing is said twice.
            let answered = try await SocketClient.talk(
                port,
                [Self.post + "Transfer-Encoding: chunked\r\n\r\n"] + Array(repeating: piece, count: 5),
                pause: .milliseconds(100))
            #expect(answered.statuses == [413] && answered.isClosed, "\(answered.text)")
            let expected = try await SocketClient.talk(
                port,
                [Self.post + "Connection: close\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", "{}"],
                pause: .milliseconds(50))
            #expect(expected.statuses == [100, 400], "\(expected.text)")
        }
    }

    @Test("Who sends a head or a body drop by drop is told 408 and let go, and others are served meanwhile")
    func slowSenders() async throws {
        let fixture = try await DeskFixture()
        try await withServer(fixture.desk, Self.short) { port in
            let drops = (0..<200).map { "X-\($0): y\r\n" }
            async let head = SocketClient.talk(port, [Self.get] + drops, pause: .milliseconds(50))
            async let body = SocketClient.talk(
                port,
                [Self.post + "Content-Length: 1000\r\n\r\n"] + Array(repeating: "x", count: 200),
                pause: .milliseconds(50))
            #expect(try await SocketClient.ask(port, "/healthz").statuses == [200])
            for heard in try await [head, body] {
                #expect(heard.statuses == [408] && heard.isClosed, "\(heard.text)")
            }
        }
    }

    @Test("A connection that asks nothing is closed without a word; one that goes on asking is kept")
    func idle() async throws {
        let fixture = try await DeskFixture()
        try await withServer(fixture.desk, Self.short) { port in
            let silent = try await SocketClient.talk(port, [""])
            #expect(silent.text.isEmpty && silent.isClosed)
            let busy = try await SocketClient.talk(
                port, Array(repeating: Self.get + "\r\n", count: 8), pause: .milliseconds(150))
            #expect(busy.statuses == Array(repeating: 200, count: 8), "\(busy.text)")
            #expect(busy.isClosed)
        }
    }

    @Test("Who does not take the answers is let go before they were all sent")
    func slowReader() async throws {
        let fixture = try await DeskFixture()
        try await withServer(fixture.desk, Self.short) { port in
            let request = "GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let heard = try await SocketClient.talk(
                port, Array(repeating: request, count: 400), silentFor: .seconds(4))
            #expect(heard.isClosed)
            #expect(heard.statuses.count < 400)
        }
    }

    @Test("A flood of silent connections costs the oldest of them, not those who ask")
    func flood() async throws {
        let fixture = try await DeskFixture()
        var limits = ServerLimits()
        limits.connections = 8
        try await withServer(fixture.desk, limits) { port in
            try await withThrowingTaskGroup(of: Heard.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await SocketClient.talk(port, [Self.get], listenFor: .seconds(3))
                    }
                }
                // The flood stands before anybody asks: who has asked nothing yet may be the one that waits longest.
                try await Task.sleep(for: .milliseconds(700))
                for _ in 0..<10 {
                    #expect(try await SocketClient.ask(port, "/healthz").statuses == [200])
                }
                var closed = 0
                for try await heard in group where heard.isClosed { closed += 1 }
                #expect(closed >= 32)
            }
        }
    }

    @Test(
        "Who asks too often is told how long to wait: by address, and by session from any address; probes never"
    )
    func rates() async throws {
        let fixture = try await DeskFixture()
        var limits = ServerLimits()
        limits.addressRate = .init(perSecond: 0.01, burst: 3)
        limits.sessionRate = .init(perSecond: 0.01, burst: 2)
        try await withServer(fixture.desk, limits, proxies: try TrustedProxies("127.0.0.1")) { port in
            func ask(from address: String, _ more: String...) async throws -> Heard {
                try await SocketClient.ask(
                    port, "/openapi.yaml", ["X-Forwarded-For: \(address)"] + more)
            }
            for status in [200, 200, 200, 429] {
                let heard = try await ask(from: "192.0.2.1")
                #expect(heard.statuses == [status])
                #expect(heard.text.contains("Retry-After: ") == (status == 429))
            }
            #expect(try await ask(from: "192.0.2.2").statuses == [200], "another address is another matter")
            for (address, status) in [("192.0.2.3", 200), ("192.0.2.4", 200), ("192.0.2.5", 429)] {
                let heard = try await ask(from: address, "Authorization: Bearer rdr_one")
                #expect(heard.statuses == [status], "\(address): \(heard.text.prefix(200))")
            }
            for _ in 0..<6 {
                #expect(
                    try await SocketClient.ask(port, "/healthz", ["X-Forwarded-For: 192.0.2.1"]).statuses == [
                        200
                    ])
            }
        }
        try await withServer(fixture.desk, limits) { port in
            var statuses: [Int] = []
            for number in 0..<5 {
                statuses += try await SocketClient.ask(
                    port, "/openapi.yaml", ["X-Forwarded-For: 192.0.2.\(number)"]
                ).statuses
            }
            #expect(statuses == [200, 200, 200, 429, 429], "nobody's word counts who is not listed")
        }
    }
}
