/// Releases the weekly statistics beside the HTTP service, every Monday at 08:00 in Seoul and after any downtime.
public import Logging
import RedressCore
public import RedressDesk
public import ServiceLifecycle

/// Runs the releases that are due, then waits.
public struct StatisticsService: Service {
    private let release: StatisticsRelease
    private let clock: WallClock
    private let logger: Logger
    /// The longest sleep: a machine that was suspended, or whose clock was set, is back on time within it.
    private static let longestSleepMilliseconds: Int64 = 60_000

    /// Releases what is due for `release`.
    public init(release: StatisticsRelease, logger: Logger) {
        self.release = release
        clock = .system
        self.logger = logger
    }

    /// Runs until the service is told to stop.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var nextAt = Instant(milliseconds: 0)
            while !Task.isCancelled {
                let now = clock.now()
                // A release that failed is tried again at the next turn; the pages are served meanwhile.
                if now >= nextAt, await releaseDue() { nextAt = StatisticsRelease.next(after: now) }
                let left = nextAt.milliseconds - clock.now().milliseconds
                let wait = left > 0 ? min(left, Self.longestSleepMilliseconds) : Self.longestSleepMilliseconds
                try? await Task.sleep(for: .milliseconds(wait))
            }
        }
    }

    private func releaseDue() async -> Bool {
        do {
            for week in try await release.run(by: .system) {
                logger.notice("the statistics of \(week) are released")
            }
            return true
        } catch {
            logger.error("the weekly statistics could not be released: \(error)")
            return false
        }
    }
}
