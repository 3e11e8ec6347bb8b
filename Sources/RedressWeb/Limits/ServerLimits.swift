/// What the service takes from anybody before it says no: sizes, times, connections and rates, all in one place.

/// The limits of one server. Times are in milliseconds so that tests can make them short.
public struct ServerLimits: Sendable {
    /// Open connections; one more closes the one that has waited longest without a request.
    public var connections = 4096
    /// One header line, in bytes.
    public var headFieldBytes = 8192
    /// The request line with all headers, in bytes.
    public var headBytes = 16_384
    /// The address a request names, in bytes.
    public var pathBytes = 4096
    /// The number of header lines.
    public var headFields = 64
    /// The largest body that any route takes, in bytes; routes set less for themselves.
    public var bodyBytes = 16 << 20
    /// From the first byte of a request to the end of its headers.
    public var headMilliseconds: Int64 = 10_000
    /// From the headers to the end of the body, large ones get more, at `leastBytesPerSecond`; and how long a client may
    /// take nothing of an answer, or less than that.
    public var bodyMilliseconds: Int64 = 10_000
    /// A client slower than this over a whole body or answer is let go.
    public var leastBytesPerSecond: Int64 = 65_536
    /// From the end of a request to the first byte of its answer.
    public var answerMilliseconds: Int64 = 120_000
    /// A connection without a request.
    public var idleMilliseconds: Int64 = 10_000
    /// From the signal to stop to the end, whatever is under way.
    public var drainSeconds: Int64 = 10
    /// Requests a second of one address, and how many may come at once; 0 a second is no limit.
    public var addressRate = Rate(perSecond: 300, burst: 3000)
    /// Requests a second of one session or token, and how many may come at once; 0 a second is no limit.
    public var sessionRate = Rate(perSecond: 50, burst: 500)

    /// The limits a server has when nothing else was set.
    public init() {}

    /// How often something may happen.
    public struct Rate: Sendable, Equatable {
        /// So many a second in the long run; 0 is no limit.
        public var perSecond: Double
        /// So many at once.
        public var burst: Double

        /// Names a rate.
        public init(perSecond: Double, burst: Double) {
            self.perSecond = perSecond
            self.burst = burst
        }
    }
}
