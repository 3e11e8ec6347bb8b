/// A text message gateway on real sockets that is slow, fails, answers twice and loses answers, and counts what it told.
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import RedressDesk
import Synchronization

/// Takes messages over HTTP; tells each id once, whatever it answers.
public final class NoticeStub: Sendable {
    /// How it behaves towards one request.
    public enum Mood: Sendable {
        /// Takes the message and says so.
        case fine
        /// Takes it, and says so only after a while.
        case slow(milliseconds: Int64)
        /// Takes it, says so in the head of an answer whose body never comes.
        case stalls
        /// Takes nothing, answers this status.
        case fails(Int)
        /// Takes it, and answers twice on the same connection.
        case answersTwice
        /// Takes it and closes the connection without an answer.
        case losesAnswer
        /// Closes the connection; the message is not taken.
        case hangsUp
        /// Refuses the message for good.
        case refuses
    }

    private struct State {
        var mood: @Sendable (Int) -> Mood = { _ in .fine }
        var requests = 0
        var told: [OutgoingNotice] = []
        var times: [String: Int] = [:]
        var changed: Set<String> = []
        var badSignatures = 0
        var port = 0
        var isDown = false
        var server: (any Channel)?
        var connections: [ObjectIdentifier: any Channel] = [:]
        var onRequest: (@Sendable (Int) -> Void)?
    }

    private let state = Mutex(State())
    private let secret: SymmetricKey
    private let tls: NIOSSLContext?
    private let scheme: String

    /// Names the secret that messages must be signed with.
    ///
    /// - Parameter certificate: files of a certificate and its key, for TLS.
    public init(secret: [UInt8], certificate: (path: String, key: String)? = nil) throws {
        self.secret = SymmetricKey(data: secret)
        scheme = certificate == nil ? "http" : "https"
        tls = try certificate.map { files in
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: NIOSSLCertificate.fromPEMFile(files.path).map { .certificate($0) },
                    privateKey: .privateKey(NIOSSLPrivateKey(file: files.key, format: .pem))))
        }
    }

    /// Its address, once it was started.
    public var address: String { "\(scheme)://127.0.0.1:\(state.withLock(\.port))/texts" }

    /// Every message, in the order it was first told.
    public var told: [OutgoingNotice] { state.withLock(\.told) }
    /// Requests that came, signed or not.
    public var requests: Int { state.withLock(\.requests) }
    /// Requests without the right signature, or with an old one.
    public var badSignatures: Int { state.withLock(\.badSignatures) }
    /// Ids that came again with another text or number.
    public var changed: Set<String> { state.withLock(\.changed) }
    /// How often an id came.
    public func times(_ id: String) -> Int { state.withLock { $0.times[id] ?? 0 } }

    /// Behaves like this from now on; the function is given the number of the request, from 1.
    public func behave(_ mood: @escaping @Sendable (_ request: Int) -> Mood) {
        state.withLock { $0.mood = mood }
    }

    /// Calls this with the number of each request, from 1, before it is answered.
    public func onRequest(_ body: (@Sendable (_ request: Int) -> Void)?) {
        state.withLock { $0.onRequest = body }
    }

    /// Listens: on a port of the system's choice at first, on the same one after it was down.
    public func start() async throws {
        state.withLock { $0.isDown = false }
        let tls = tls
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                self.opened(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline(
                        withPipeliningAssistance: false, withErrorHandling: true)
                    try pipeline.addHandler(Exchange(self))
                }
            }
        let port = state.withLock(\.port)
        var server = try? await bootstrap.bind(host: "127.0.0.1", port: port).get()
        // A program that is being started beside holds a copy of the old socket until it is itself.
        for _ in 0..<1000 where server == nil {
            try await Task.sleep(for: .milliseconds(10))
            server = try? await bootstrap.bind(host: "127.0.0.1", port: port).get()
        }
        guard let server else { throw IOError(errnoCode: EADDRINUSE, reason: "bind") }
        state.withLock { state in
            state.server = server
            state.port = server.localAddress?.port ?? 0
        }
    }

    /// Goes down: nothing listens and every connection is closed.
    public func stop() async throws {
        let (server, connections) = state.withLock { state in
            defer { (state.isDown, state.server, state.connections) = (true, nil, [:]) }
            return (state.server, Array(state.connections.values))
        }
        try await server?.close().get()
        for connection in connections { try? await connection.close().get() }
    }

    private func opened(_ channel: any Channel) {
        let isDown = state.withLock { state in
            state.connections[ObjectIdentifier(channel)] = channel
            return state.isDown
        }
        // It was let in by the system while the server went down.
        if isDown { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.connections[ObjectIdentifier(channel)] = nil }
        }
    }

    /// Judges a request and counts what it tells.
    fileprivate func take(_ head: HTTPRequestHead, _ body: [UInt8]) -> (mood: Mood, id: String) {
        let (request, mood, hook) = state.withLock { state in
            state.requests += 1
            return (state.requests, state.mood(state.requests), state.onRequest)
        }
        hook?(request)
        guard head.uri == "/texts/messages", isSigned(head, body),
            let notice = try? JSONDecoder().decode(OutgoingNotice.self, from: Data(body)),
            notice.id == head.headers.first(name: "Idempotency-Key")
        else {
            state.withLock { $0.badSignatures += 1 }
            return (.fails(401), "")
        }
        switch mood {
        case .fails, .hangsUp, .refuses: break
        case .fine, .slow, .stalls, .answersTwice, .losesAnswer: tell(notice)
        }
        return (mood, notice.id)
    }

    private func tell(_ notice: OutgoingNotice) {
        state.withLock { state in
            state.times[notice.id, default: 0] += 1
            guard state.times[notice.id] == 1 else {
                if state.told.first(where: { $0.id == notice.id }) != notice {
                    state.changed.insert(notice.id)
                }
                return
            }
            state.told.append(notice)
        }
    }

    /// Worked out here from the written contract, not with the gateway's own code.
    private func isSigned(_ head: HTTPRequestHead, _ body: [UInt8]) -> Bool {
        guard let key = head.headers.first(name: "Idempotency-Key"),
            let time = head.headers.first(name: "Redress-Timestamp"), let seconds = Double(time),
            abs(Date().timeIntervalSince1970 - seconds) < 300
        else { return false }
        return head.headers.first(name: "Redress-Signature")
            == Self.signature("POST", head.uri, time, key, body, secret)
    }

    /// The headers that a gateway signs a callback with.
    public func headers(
        signing body: [UInt8], path: String, key: String, at seconds: Int64
    ) -> [String: String] {
        [
            "Idempotency-Key": key, "Redress-Timestamp": "\(seconds)",
            "Redress-Signature": Self.signature("POST", path, "\(seconds)", key, body, secret),
        ]
    }

    private static func signature(
        _ method: String, _ path: String, _ time: String, _ key: String, _ body: [UInt8],
        _ secret: SymmetricKey
    ) -> String {
        let text = Array("\(method)\n\(path)\n\(time)\n\(key)\n".utf8) + body
        return HMAC<SHA256>.authenticationCode(for: text, using: secret)
            .map { String(format: "%02x", $0) }.joined()
    }
}

/// One connection: collects a request, answers it as the mood says.
private final class Exchange: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let stub: NoticeStub
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ stub: NoticeStub) {
        self.stub = stub
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let bytes): body += bytes.readableBytesView
        case .end:
            guard let head else { return }
            answer(stub.take(head, body), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ taken: (mood: NoticeStub.Mood, id: String), _ context: ChannelHandlerContext) {
        switch taken.mood {
        case .fine: write(202, taken.id, context)
        case .answersTwice:
            write(202, taken.id, context)
            write(202, taken.id, context)
        case .fails(let status): write(status, taken.id, context)
        case .refuses: write(422, taken.id, context)
        case .losesAnswer, .hangsUp: context.close(promise: nil)
        case .slow(let milliseconds):
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) {
                self.write(202, taken.id, bound.value)
            }
        case .stalls:
            let head = HTTPResponseHead(
                version: .http1_1, status: .accepted, headers: ["Content-Length": "40"])
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
    }

    private func write(_ status: Int, _ id: String, _ context: ChannelHandlerContext) {
        let body = ByteBuffer(string: #"{"id":"\#(id)"}"#)
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "Content-Length": "\(body.readableBytes)",
        ]
        if (300..<400).contains(status) { headers.add(name: "Location", value: "/texts/messages") }
        let head = HTTPResponseHead(
            version: .http1_1, status: .init(statusCode: status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
