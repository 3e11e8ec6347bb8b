/// How often one may fail or ask, and how long one waits then: counters in the database, so that a restart forgives nothing.
import RedressCore
import RedressStore

/// Counts attempts before they are judged, so that attempts made at once are counted too.
struct SignInLimits {
    let connection: any Connection
    let keys: KeyRing

    /// Failures of one account from one address that cost nothing.
    static let freeFailures = 5
    /// Failures of one account from everywhere, after which only addresses it was used from are let through.
    static let freeFailuresAnywhere = 30
    /// Failures from one address, whosever account.
    static let freeFailuresOfAddress = 50
    private static let minutesRemembered = 24 * 60
    private static let longestBlockMinutes = 15
    /// Known addresses are remembered for this long.
    static let daysKnown = 30

    init(_ connection: any Connection, _ keys: KeyRing) {
        self.connection = connection
        self.keys = keys
    }

    /// The keyed hash an address, an account or a number is counted under.
    func key(_ kind: String, _ value: String) -> [UInt8] {
        keys.index(value, kind: "sign-in-\(kind)")
    }

    /// Counts an attempt at an account before it is judged.
    ///
    /// Nobody is locked out for ever: a block lasts a minute, then two, at most a quarter of an hour, and guesses from
    /// elsewhere never block an address that its owner signed in from before.
    ///
    /// - Throws: `.tryAgain` with `retry_after_s` while one of the counters blocks.
    func begin(account: String, address: String) throws {
        let store = SignInStore(connection)
        let known = try SessionStore(connection).knows(address: key("address", address), of: account)
        for (key, free) in counters(account, address, isKnown: known) {
            if let until = try store.blockedUntil(key) { throw Self.wait(until, from: connection.now) }
            let count = try store.count(
                key, endsAt: connection.now.adding(minutes: Self.minutesRemembered))
            if count >= free {
                let minutes = min(Self.longestBlockMinutes, 1 << min(count - free, 10))
                try store.block(key, until: connection.now.adding(minutes: minutes))
            }
        }
    }

    /// Starts the counters of an account again after it was proved; of the address, this attempt is taken back.
    func succeed(account: String, address: String) throws {
        let store = SignInStore(connection)
        let counters = counters(account, address, isKnown: false)
        for (key, _) in counters.dropLast() { try store.clear(key) }
        if let address = counters.last { try store.uncount(address.key) }
    }

    /// Counts one use of a budget that starts again after some minutes.
    ///
    /// - Throws: `.tryAgain` when the budget is spent.
    func spend(_ kind: String, _ value: String, most: Int, minutes: Int, or message: String) throws {
        let count = try SignInStore(connection).count(
            key(kind, value), endsAt: connection.now.adding(minutes: minutes))
        guard count <= most else {
            throw RedressError(.tryAgain, message, details: ["retry_after_s": "\(minutes * 60)"])
        }
    }

    static func wait(_ until: Instant, from now: Instant) -> RedressError {
        let seconds = max(1, (until.milliseconds - now.milliseconds + 999) / 1000)
        return RedressError(
            .tryAgain, "Too many attempts. Wait \(seconds) seconds and try again.",
            details: ["retry_after_s": "\(seconds)"])
    }

    private func counters(
        _ account: String, _ address: String, isKnown: Bool
    ) -> [(key: [UInt8], free: Int)] {
        let anywhere = (key: key("account", account), free: Self.freeFailuresAnywhere)
        return [(key: key("pair", "\(account)\n\(address)"), free: Self.freeFailures)]
            + (isKnown ? [] : [anywhere])
            + [(key: key("from", address), free: Self.freeFailuresOfAddress)]
    }
}
