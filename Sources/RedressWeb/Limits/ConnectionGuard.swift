/// Stands at each connection: every phase of a request has its time and its size, and who takes more is answered and let go.
import Glibc
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import RedressDesk

/// Told by `HeadMeter` for each piece that came in, after it was parsed.
struct BytesCame: Sendable {
    let count: Int
}

/// Counts what comes in before it is parsed, so that a head that never ends is seen.
final class HeadMeter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
        context.fireUserInboundEventTriggered(BytesCame(count: count))
    }
}

/// Bounds one connection. Lives on the connection's event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What is being read.
    private enum Reading {
        /// Nothing has come since the last request.
        case idle
        /// A part of a request's head has come.
        case head
        /// The head is here, the body is not.
        case body
        /// A refusal was written; what still comes is thrown away for a moment so that the client can read it.
        case nothingMore
    }

    /// What is being answered.
    private enum Answering {
        case nothing
        /// A request is here whole, its answer has not begun.
        case working
        /// The answer is being taken by the client.
        case sending
    }

    private let limits: ServerLimits
    private let registry: ConnectionRegistry
    private var reading = Reading.idle
    private var readingSince = NIODeadline.now()
    private var bodyBytes: Int64 = 0
    private var headBytes = 0
    private var sawHead = false
    private var answering = Answering.nothing
    private var answeringSince = NIODeadline.now()
    /// What was written on this connection, taken or not, in bytes.
    private var sentBytes: Int64 = 0
    /// What of it was written before the answer that is under way.
    private var sentBefore: Int64 = 0
    /// What the client had taken of it when that was last looked at.
    private var takenBytes: Int64 = 0
    /// How long the client may still take nothing; what it takes adds to it, at `leastBytesPerSecond`.
    private var patienceMilliseconds: Int64
    private var lookedAt = NIODeadline.now()
    /// Requests that were handed on and not answered yet.
    private var unanswered = 0
    private var tick: Scheduled<Void>?

    private static let leavingMilliseconds: Int64 = 2000

    init(limits: ServerLimits, registry: ConnectionRegistry) {
        self.limits = limits
        self.registry = registry
        patienceMilliseconds = limits.bodyMilliseconds
    }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) {
        registry.add(context.channel)
        schedule(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        tick?.cancel()
        registry.remove(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        tick?.cancel()
        registry.remove(context.channel)
        context.fireChannelInactive()
    }

    private func read(_ next: Reading) {
        reading = next
        readingSince = .now()
        bodyBytes = 0
    }

    private func answer(_ next: Answering, _ context: ChannelHandlerContext) {
        answering = next
        answeringSince = .now()
        sentBefore = sentBytes
        registry.note(context.channel, isWaiting: next != .working)
    }

    private func schedule(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let shortest = min(
            limits.headMilliseconds, limits.bodyMilliseconds, limits.answerMilliseconds,
            limits.idleMilliseconds)
        tick = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(min(500, shortest / 4 + 1)))
        {
            let context = bound.value
            self.look(context)
            if context.channel.isActive { self.schedule(context) }
        }
    }

    private func look(_ context: ChannelHandlerContext) {
        let read = (NIODeadline.now() - readingSince).nanoseconds / 1_000_000
        let answered = (NIODeadline.now() - answeringSince).nanoseconds / 1_000_000
        wait(context)
        switch (reading, answering) {
        case (.nothingMore, _):
            if read > Self.leavingMilliseconds { context.close(promise: nil) }
        case (_, .sending):
            let isStuck = answered > limits.answerMilliseconds + allowance(sentBytes - sentBefore)
            if patienceMilliseconds < 0 || isStuck { drop(context) }
        case (_, .working):
            if answered > limits.answerMilliseconds {
                refuse(.serviceUnavailable, "This takes too long. Ask again with the same key.", context)
            }
        case (.idle, .nothing):
            if read > limits.idleMilliseconds { context.close(promise: nil) }
        case (.head, .nothing):
            if read > limits.headMilliseconds {
                refuse(.requestTimeout, "The request did not come whole in time.", context)
            }
        case (.body, .nothing):
            if read > limits.bodyMilliseconds + allowance(bodyBytes) {
                refuse(.requestTimeout, "The body did not come whole in time.", context)
            }
        }
    }

    /// Counts down while there is something that the client could take, whatever answer it is a part of.
    private func wait(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        let waited = (now - lookedAt).nanoseconds / 1_000_000
        lookedAt = now
        let options = context.channel.syncOptions
        let left = Int64((try? options?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0)
        let taken = max(takenBytes, sentBytes - left)
        defer { takenBytes = taken }
        patienceMilliseconds =
            left == 0
            ? limits.bodyMilliseconds
            : min(limits.bodyMilliseconds, patienceMilliseconds - waited + allowance(taken - takenBytes))
    }

    /// The time that so many bytes may take more.
    private func allowance(_ bytes: Int64) -> Int64 {
        bytes * 1000 / max(1, limits.leastBytesPerSecond)
    }

    /// Ends a connection at once; what the client did not take is not kept for it by the system either.
    private func drop(_ context: ChannelHandlerContext) {
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        context.close(promise: nil)
    }

    // MARK: What comes in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard reading != .nothingMore else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            headBytes = 0
            sawHead = true
            let length = head.headerFields[.contentLength].flatMap(Int64.init) ?? 0
            guard length <= Int64(limits.bodyBytes) else { return refuseBody(context) }
            guard (head.path ?? "").utf8.count <= limits.pathBytes else {
                return refuse(.uriTooLong, "An address may have \(limits.pathBytes) bytes.", context)
            }
            unanswered += 1
            read(.body)
            if unanswered == 1, head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body(let buffer):
            bodyBytes += Int64(buffer.readableBytes)
            guard bodyBytes <= Int64(limits.bodyBytes) else { return refuseBody(context) }
        case .end:
            read(.idle)
            if unanswered > 0, answering == .nothing { answer(.working, context) }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard reading == .nothingMore else { return context.fireChannelReadComplete() }
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let came as BytesCame: count(came.count, context)
        case ChannelEvent.inputClosed where reading == .nothingMore: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    private func count(_ bytes: Int, _ context: ChannelHandlerContext) {
        defer { sawHead = false }
        // What follows a head in the same piece is its body, or a next head that is counted when more of it comes.
        guard !sawHead, reading == .idle || reading == .head else { return }
        if reading == .idle { read(.head) }
        headBytes += bytes
        if headBytes > 2 * limits.headBytes {
            refuse(.requestHeaderFieldsTooLarge, "The request's head is too large.", context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard reading != .nothingMore else { return }
        if case .headerOverflow = error {
            refuse(.requestHeaderFieldsTooLarge, "The request's headers are too large.", context)
        } else {
            refuse(.badRequest, "This is not HTTP as it should be.", context)
        }
    }

    // MARK: What goes out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard reading != .nothingMore else {
            // The client was told already; whoever still writes is not to hurry the end of the connection.
            promise?.succeed()
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.status.kind != .informational { answer(.sending, context) }
            context.write(data, promise: promise)
        case .body(let buffer):
            sentBytes += Int64(buffer.readableBytes)
            context.write(data, promise: promise)
        case .end:
            let written = promise ?? context.eventLoop.makePromise()
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            written.futureResult.assumeIsolated().whenComplete { _ in self.answered(bound.value) }
            context.write(data, promise: written)
        }
    }

    private func answered(_ context: ChannelHandlerContext) {
        unanswered -= 1
        guard reading != .nothingMore else { return }
        let isNextWhole = unanswered > (reading == .body ? 1 : 0)
        answer(isNextWhole ? .working : .nothing, context)
        if reading != .body { readingSince = .now() }
    }

    private func refuseBody(_ context: ChannelHandlerContext) {
        refuse(.contentTooLarge, "A body may have at most \(limits.bodyBytes) bytes.", context)
    }

    /// Answers in the place of the application where nothing else is being answered, and ends the connection.
    private func refuse(_ status: HTTPResponse.Status, _ why: String, _ context: ChannelHandlerContext) {
        let isCurrent = unanswered == 0 || (unanswered == 1 && (reading == .body || answering == .working))
        let mayAnswer = answering != .sending && isCurrent
        // What the application refused before its body was all there has its answer: it gets no second one.
        let isAnswered = reading == .body && unanswered == 0
        read(.nothingMore)
        guard !isAnswered else { return leave(context) }
        guard mayAnswer else { return context.close(promise: nil) }
        let problem = Problem(
            type: "urn:redress:problem:http-\(status.code)", title: status.reasonPhrase, status: status.code,
            detail: why)
        let body = ByteBuffer(string: (try? JSONDocument.line(problem)) ?? "{}")
        var fields: HTTPFields = [
            .contentType: "application/problem+json", .cacheControl: "no-store", .connection: "close",
            .contentLength: String(body.readableBytes),
        ]
        if status == .serviceUnavailable { fields[.retryAfter] = "10" }
        context.write(
            wrapOutboundOut(.head(HTTPResponse(status: status, headerFields: fields))), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        leave(context)
    }

    /// Says no more, and goes on taking what comes for a moment so that the client can read what was said.
    private func leave(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        context.read()
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}

@available(*, unavailable)
extension HeadMeter: Sendable {}
