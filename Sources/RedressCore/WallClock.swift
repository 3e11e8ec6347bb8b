/// Where the time comes from, so that tests and drills can say what time it is.
import FoundationEssentials

/// A source of the present instant.
public struct WallClock: Sendable {
    /// The present instant.
    public let now: @Sendable () -> Instant

    /// Makes a clock of a function.
    public init(now: @escaping @Sendable () -> Instant) {
        self.now = now
    }

    /// The machine's clock.
    public static let system = WallClock {
        Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    /// A clock that stands still.
    public static func fixed(at instant: Instant) -> WallClock {
        WallClock { instant }
    }
}
