/// A client that speaks to the service byte by byte over a real socket, as badly as a test wants.
import NIOCore
import NIOPosix

/// What came back on a connection, and whether the service ended it.
public struct Heard: Sendable {
    /// All of it.
    public var text: String
    /// Whether the service ended the connection.
    public var isClosed: Bool

    /// The statuses of all answers, in order.
    public var statuses: [Int] {
        text.split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
    }
}

/// Speaks to a port of this machine.
public enum SocketClient {
    /// Sends pieces with a pause before each but the first, and listens until the service closes or time is up.
    public static func talk(
        _ port: Int, _ pieces: [String], pause: Duration = .zero, silentFor silence: Duration = .zero,
        listenFor patience: Duration = .seconds(20)
    ) async throws -> Heard {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.socketOption(.so_rcvbuf), value: silence > .zero ? 4096 : 1 << 18)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(
                            backPressureStrategy: .init(lowWatermark: 1, highWatermark: 1)))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Heard?.self) { group in
                group.addTask {
                    for (number, piece) in pieces.enumerated() {
                        if number > 0 { try? await Task.sleep(for: pause) }
                        try? await outbound.write(ByteBuffer(string: piece))
                    }
                    return nil
                }
                group.addTask {
                    var heard = Heard(text: "", isClosed: false)
                    try? await Task.sleep(for: silence)
                    do {
                        for try await buffer in inbound { heard.text += String(buffer: buffer) }
                    } catch is CancellationError {
                        return heard
                    } catch {
                        // A connection that was reset is closed too.
                    }
                    heard.isClosed = !Task.isCancelled
                    return heard
                }
                group.addTask {
                    try? await Task.sleep(for: patience)
                    return Heard(text: "", isClosed: false)
                }
                defer { group.cancelAll() }
                while let heard = try await group.next() {
                    if let heard { return heard }
                }
                return Heard(text: "", isClosed: false)
            }
        }
    }

    /// One request and its answer, waited for as long as a machine that does much else may need.
    public static func ask(
        _ port: Int, _ path: String, _ headers: [String] = []
    ) async throws -> Heard {
        try await talk(
            port,
            [
                "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + headers.map { $0 + "\r\n" }.joined() + "\r\n"
            ], listenFor: .seconds(300))
    }
}
