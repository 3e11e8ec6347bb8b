/// How often somebody may ask, in memory that does not grow with the number of those who ask.
import Synchronization

/// Counts by the leaky bucket; a key costs 16 bytes, and only so many keys are remembered.
final class RateLimiter: Sendable {
    /// For each key the time at which its bucket will be empty, in milliseconds.
    private struct State {
        var recent: [Int: Int64] = [:]
        var earlier: [Int: Int64] = [:]
    }

    private let interval: Double
    private let tolerance: Double
    private let mostKeys: Int
    private let state = Mutex(State())

    /// Limits to `rate`; nil where there is no limit.
    init?(_ rate: ServerLimits.Rate, mostKeys: Int = 32_768) {
        guard rate.perSecond > 0 else { return nil }
        interval = 1000 / rate.perSecond
        tolerance = interval * max(0, rate.burst - 1)
        self.mostKeys = mostKeys
    }

    /// How many keys are remembered.
    var keys: Int { state.withLock { $0.recent.count + $0.earlier.count } }

    /// Counts one request of `key`; nil when it may pass, else the milliseconds to wait.
    func take(_ key: String, at now: Int64) -> Int64? {
        let key = key.hashValue
        return state.withLock { state in
            let empty = max(Double(now), Double(state.recent[key] ?? state.earlier[key] ?? now))
            let wait = empty - Double(now) - tolerance
            guard wait <= 0 else { return Int64(wait.rounded(.up)) }
            if state.recent.count >= mostKeys / 2, state.recent[key] == nil {
                // Whoever has not come for a while has an empty bucket anyway.
                state.earlier = state.recent.filter { $0.value > now }
                state.recent = [:]
            }
            state.earlier[key] = nil
            state.recent[key] = Int64((empty + interval).rounded(.up))
            return nil
        }
    }
}
