/// Does every half minute what time brings to the pool, beside the HTTP application.
import Logging
import RedressDesk
import ServiceLifecycle

/// Lapses holds, closes pools, reconciles with the other booking system and gives freed seats to those who wait.
struct PoolSweeper: Service {
    let desk: Desk
    let logger: Logger
    static let pause = Duration.seconds(30)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let report = try await desk.pool.tidy()
                    for failure in report.failures { logger.warning("pool: \(failure)") }
                } catch {
                    // Everything that reads seats sweeps too: a round that fails costs nobody a seat.
                    logger.warning("the pool was not swept: \(error)")
                }
                try? await Task.sleep(for: Self.pause)
            }
        }
    }
}
