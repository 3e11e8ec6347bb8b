/// A connection as the service takes it: encrypted where there is a certificate, bounded, then HTTP/1.1.
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// Puts what stands in front of HTTP on each connection.
struct GuardedChannel: ServerChildChannel {
    private static let sendBufferBytes = 65_536

    private let base: HTTP1Channel
    private let certificates: Certificates?

    init(
        responder: @escaping HTTPChannelHandler.Responder, limits: ServerLimits, registry: ConnectionRegistry,
        certificates: Certificates?
    ) {
        base = HTTP1Channel(
            responder: responder,
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionGuard(limits: limits, registry: registry)],
                idleTimeout: nil,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headFieldBytes, maxHeaderListSize: limits.headBytes,
                    maxHeaderFieldCount: limits.headFields)))
        self.certificates = certificates
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.eventLoop.makeCompletedFuture {
            // Left to itself the system keeps megabytes for each client that does not read, until nobody's are sent.
            try channel.syncOptions?.setOption(
                .socketOption(.so_sndbuf), value: Self.sendBufferBytes)
            if let certificates {
                try channel.pipeline.syncOperations.addHandler(
                    NIOSSLServerHandler(context: certificates.context))
            }
            try channel.pipeline.syncOperations.addHandler(HeadMeter())
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

extension HTTPServerBuilder {
    /// Builds the server of `limits`.
    static func guarded(_ limits: ServerLimits, _ certificates: Certificates?) -> HTTPServerBuilder {
        let registry = ConnectionRegistry(most: limits.connections)
        return HTTPServerBuilder { responder in
            GuardedChannel(
                responder: responder, limits: limits, registry: registry, certificates: certificates)
        }
    }
}
