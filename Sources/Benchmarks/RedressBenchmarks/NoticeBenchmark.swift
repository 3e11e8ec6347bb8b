/// A notice to 100,000 people through the real outbox, worker and HTTP gateway, beside the stub's own limit by `wrk`.
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import RedressCore
import RedressDesk
import RedressWeb
import Subprocess
import Synchronization

struct NoticeBenchmark {
    private var folder = NSTemporaryDirectory() + "/redress-notices"
    private var people = 100_000
    private var workers = 2
    private static let secret = [UInt8](repeating: 3, count: 32)
    private static let (asks, agrees) = (
        Actor(name: "kim", role: .supervisor), Actor(name: "lee", role: .supervisor)
    )

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst(), let value = rest.popFirst() {
            switch name {
            case "--folder": folder = value
            case "--people": people = Int(value) ?? people
            case "--workers": workers = Int(value) ?? workers
            default: throw RedressError(.usage, "There is no option \(name).")
            }
        }
    }

    func run() async throws {
        let desk = try await LookupTown(people: people).open("\(folder)/\(people)")
        let stub = CountingStub()
        let port = try await stub.start()
        let limit = try await wrk(port)
        print("the stub's own limit (wrk, 32 connections, 10 s): \(limit) messages a second")
        stub.forget()
        let asked = try await desk.massNotices.ask(
            "복구를 시작했습니다. 기다려 주십시오.", incident: "town", states: [.received],
            perMinute: 1_000_000_000, by: Self.asks)
        _ = try await desk.massNotices.approve(asked.id, by: Self.agrees)
        let started = ContinuousClock.now
        let sent = try await send(desk, "http://127.0.0.1:\(port)")
        let spent = ContinuousClock.now - started
        let seconds =
            Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
        let rate = Double(sent) / seconds
        guard sent == people, stub.told == people else {
            throw RedressError(
                .fault, "Of \(people), \(sent) were settled as sent and \(stub.told) were told.")
        }
        print(
            """
            \(sent) notices queued, judged, sent and settled by \(workers) workers in \(rounded(seconds)) s: \
            \(rounded(rate)) a second, each told once; of the stub's limit: \(rounded(rate / limit))
            """)
        try await stub.stop()
        try await desk.close()
    }

    private func send(_ desk: Desk, _ base: String) async throws -> Int {
        var settings = NoticeSettings()
        settings.policy = try NoticePolicy(quiet: "none")
        // The town's numbers follow each other; those of a country do not.
        settings.policy.prefixBudget = people
        let gateway = try HTTPNoticeGateway(base: base, secret: Self.secret, timeout: .seconds(30))
        let chosen = settings
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<workers {
                group.addTask {
                    try await NoticeRunner(desk: desk, gateway: gateway, settings: chosen).drain().sent
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// What the stub takes of messages as large as ours, as `wrk` counts it.
    private func wrk(_ port: Int) async throws -> Double {
        let script = folder + "/message.lua"
        let body =
            #"{"bytes":120,"id":"\#(String(repeating: "0", count: 32))","kind":"long","sender":"질병관리청","#
            + #""text":"[질병관리청]복구를 시작했습니다. 기다려 주십시오. 접수2021-000001-0 문의1339","to":"01020000000"}"#
        try Data(
            """
            wrk.method = "POST"
            wrk.body = [[\(body)]]
            wrk.headers["Content-Type"] = "application/json"
            """.utf8
        ).write(to: URL(fileURLWithPath: script))
        let result = try await Subprocess.run(
            .name("wrk"),
            arguments: [
                "-t", "1", "-c", "32", "-d", "10", "-s", script, "http://127.0.0.1:\(port)/messages",
            ], output: .string(limit: 65_536), error: .string(limit: 65_536))
        let line = result.standardOutput.split(separator: "\n")
            .first { $0.hasPrefix("Requests/sec:") }
        guard let rate = line?.split(separator: " ").last.flatMap({ Double($0) }) else {
            throw RedressError(.unavailable, "wrk printed no rate: \(result.standardError)")
        }
        return rate
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}

/// A gateway that takes everything at once and counts the ids.
private final class CountingStub: Sendable {
    private let ids = Mutex<Set<String>>([])
    private let server = Mutex<(any NIOCore.Channel)?>(nil)

    var told: Int { ids.withLock(\.count) }

    func forget() { ids.withLock { $0 = [] } }

    func note(_ id: String) { _ = ids.withLock { $0.insert(id) } }

    func start() async throws -> Int {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Taking(self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        server.withLock { $0 = channel }
        return channel.localAddress?.port ?? 0
    }

    func stop() async throws { try await server.withLock { $0 }?.close().get() }
}

/// One connection: the id of each message is counted and answered.
private final class Taking: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let stub: CountingStub
    private var body = ByteBuffer()

    init(_ stub: CountingStub) {
        self.stub = stub
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: body.clear()
        case .body(var bytes): body.writeBuffer(&bytes)
        case .end:
            let text = String(buffer: body)
            let id =
                text.firstRange(of: "\"id\":\"").map { text[$0.upperBound...].prefix { $0 != "\"" } } ?? ""
            stub.note(String(id))
            let answer = ByteBuffer(string: "{\"id\":\"\(id)\"}")
            let head = HTTPResponseHead(
                version: .http1_1, status: .accepted, headers: ["Content-Length": "\(answer.readableBytes)"])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(answer))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
