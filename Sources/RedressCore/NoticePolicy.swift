/// When a notice may leave and how often: quiet hours, budgets, and the pauses between attempts.

/// The bounds that every notice is sent within.
public struct NoticePolicy: Sendable, Equatable {
    /// First minute of the day at which nothing leaves unless urgent, in Seoul.
    public var quietFrom = TimeOfDay(minutes: 21 * 60)
    /// First minute of the day at which notices leave again, in Seoul.
    public var quietUntil = TimeOfDay(minutes: 8 * 60)
    /// Notices in one clock hour, over everybody.
    public var hourBudget = 200_000
    /// Notices to one person in one day.
    public var personBudget = 12
    /// Notices in one clock hour to numbers that share all but their last four digits.
    public var prefixBudget = 2_000
    /// Attempts after which a notice that is a day old is given up.
    public var mostAttempts = 12
    /// How old a notice is before it is given up, in minutes: an outage of the gateway costs nobody a notice.
    public var keepTryingMinutes = 24 * 60
    /// How many days a gateway that keeps messages itself, the file, keeps them.
    public var keepDays = 30
    /// How long one worker has a notice to itself, in milliseconds.
    public var leaseMilliseconds: Int64 = 120_000
    /// How long one worker has a code to itself, in milliseconds: longer than a gateway takes, shorter than a code lives.
    public var codeLeaseMilliseconds: Int64 = 15_000
    /// How long a code waits that a gateway did not answer for, in milliseconds.
    public var codePauseMilliseconds: Int64 = 2_000
    /// How far ahead a seat is whose notice cannot wait for the morning, in minutes.
    public static let urgentMinutes = 24 * 60

    /// Takes the defaults.
    public init() {}

    /// Takes other quiet hours, written `21:00-08:00`, or `none`.
    public init(quiet hours: String) throws(RedressError) {
        guard hours != "none" else {
            quietUntil = quietFrom
            return
        }
        let times = hours.split(separator: "-", omittingEmptySubsequences: false).map { TimeOfDay($0) }
        guard times.count == 2, let from = times[0], let until = times[1] else {
            throw RedressError(.usage, "Quiet hours are written 21:00-08:00, or none; not `\(hours)`.")
        }
        quietFrom = from
        quietUntil = until
    }

    /// Whether only urgent notices leave now; quiet hours that begin when they end are none.
    public func isQuiet(at instant: Instant) -> Bool {
        let time = instant.timeOfDay
        return quietFrom <= quietUntil
            ? time >= quietFrom && time < quietUntil : time >= quietFrom || time < quietUntil
    }

    /// The least urgent notices that leave now.
    public func lowest(at instant: Instant) -> NoticePriority { isQuiet(at: instant) ? .urgent : .mass }

    /// How urgent a notice about a seat is.
    public static func priority(seatAt start: Instant, at now: Instant) -> NoticePriority {
        start > now && start < now.adding(minutes: urgentMinutes) ? .urgent : .fact
    }

    /// The longest pause before attempt `attempts + 1`, in milliseconds: five seconds, doubled, at most 15 minutes.
    public static func pauseMilliseconds(after attempts: Int) -> Int64 {
        min(900_000, 5_000 << Int64(min(max(0, attempts - 1), 10)))
    }

    /// A pause with jitter: between half of it and the whole.
    public static func pause(
        after attempts: Int, using dice: inout some RandomNumberGenerator
    ) -> Int64 {
        let whole = pauseMilliseconds(after: attempts)
        return Int64.random(in: (whole / 2)...whole, using: &dice)
    }

    /// Whether a notice is given up after this many attempts.
    public func isGivenUp(attempts: Int, createdAt: Instant, at now: Instant) -> Bool {
        attempts >= mostAttempts && now >= createdAt.adding(minutes: keepTryingMinutes)
    }
}

/// How urgent a notice is; smaller leaves first.
public enum NoticePriority: Int, Sendable, CaseIterable {
    /// A one-time code, which dies in minutes: leaves in quiet hours too.
    case code = 1
    /// What loses its use by the morning: leaves in quiet hours too.
    case urgent = 3
    /// What one case's facts bring.
    case fact = 5
    /// A notice to everyone of an incident.
    case mass = 9
}
