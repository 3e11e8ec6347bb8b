/// Empties the outbox beside the HTTP service, and by itself in `notices run --stay`.
public import Logging
public import RedressDesk
public import ServiceLifecycle

/// One worker that goes on until it is told to stop; what was under way is written down first.
///
/// Codes have a loop of their own: a gateway that is slow with notices, or a pause because it is down, holds none up.
public struct NoticeService: Service {
    private let runner: NoticeRunner
    private let logger: Logger
    private static let idlePause = Duration.seconds(1)
    private static let codePause = Duration.milliseconds(200)
    private static let tidyPause = Duration.seconds(3_600)
    /// The longest pause while the gateway takes nothing, in seconds; with jitter, so that workers do not march.
    private static let longestPauseSeconds = 60.0

    /// Runs `runner`.
    public init(runner: NoticeRunner, logger: Logger) {
        self.runner = runner
        self.logger = logger
    }

    /// Runs until the service is told to stop.
    public func run() async throws {
        async let codes: Void = Upkeep(name: "sending codes", pause: Self.codePause, logger: logger) {
            _ = try await runner.sendCodes()
        }.run()
        async let tidying: Void = Upkeep(
            name: "forgetting old messages", pause: Self.tidyPause, logger: logger
        ) {
            try await runner.tidy()
        }.run()
        await cancelWhenGracefulShutdown { await sendFacts() }
        _ = try await (codes, tidying)
    }

    private func sendFacts() async {
        var downs = 0
        while !Task.isCancelled {
            var pause = Self.idlePause
            do {
                let turn = try await runner.sendFacts()
                downs = turn.isDown ? downs + 1 : 0
                if turn.failed > 0 { logger.warning("\(turn.failed) notices were given up") }
                if downs == 1 { logger.warning("the notice gateway does not answer") }
                if downs == 0, !turn.isIdle { continue }
            } catch {
                downs += 1
                logger.warning("notices could not be sent: \(error)")
            }
            if downs > 0 {
                let whole = min(Self.longestPauseSeconds, Double(1 << min(downs, 10)))
                pause = .seconds(Double.random(in: (whole / 2)...whole))
            }
            try? await Task.sleep(for: pause)
        }
    }
}
