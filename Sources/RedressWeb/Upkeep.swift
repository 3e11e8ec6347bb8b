/// What time brings by itself, done beside the HTTP application: one service a task, each at its own pace.
import Logging
import RedressCore
import RedressDesk
import ServiceLifecycle

/// Does one task again and again until the service stops; a round that fails is said and tried again.
struct Upkeep: Service {
    let name: String
    let pause: Duration
    let logger: Logger
    let work: @Sendable () async throws -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await work()
                } catch {
                    logger.warning("\(name) failed and is tried again: \(error)")
                }
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Everything that a desk needs done while it is served.
    static func all(_ desk: Desk, _ logger: Logger) -> [any Service] {
        [
            // Lapses holds, closes pools, reconciles with the other booking system, gives freed seats on. Everything
            // that reads seats sweeps too: a round that fails costs nobody a seat.
            Upkeep(name: "the sweep of the pool", pause: .seconds(30), logger: logger) {
                for failure in try await desk.pool.tidy().failures { logger.warning("pool: \(failure)") }
            },
            // The head of the audit trail is signed outside the database each minute (design: trust).
            Upkeep(name: "the audit anchor", pause: .seconds(60), logger: logger) {
                try await desk.audit.anchorHead()
            },
            Upkeep(name: "forgetting ended sessions", pause: .seconds(600), logger: logger) {
                try await desk.sessions.tidy()
            },
            // The supervisor hears of a deadline before it bites, not after.
            Upkeep(name: "escalation", pause: .seconds(60), logger: logger) {
                let late = try await desk.work.escalate(by: .system)
                if !late.isEmpty { logger.notice("\(late.count) cases are about to be late") }
            },
        ]
    }
}
