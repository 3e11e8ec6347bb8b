/// Citizens sign in: any number is sent a code, then the birth date is asked; only both together tell anything.
import FoundationEssentials
public import RedressCore
import RedressStore

/// What is answered to everybody who asks for a code.
public struct CodeRequest: Sendable, Codable {
    /// The request that the code is bound to.
    public var request: String
    /// When the code dies, RFC 3339.
    public var expiresAt: String
    /// When another one may be asked for, RFC 3339.
    public var nextAt: String
}

/// Signs citizens in.
public struct CitizenSignInDesk: Sendable {
    let desk: Desk

    static let codeMinutes = 3
    static let codeTries = 5
    static let codesPerDay = 5
    static let resendSeconds: Int64 = 60
    static let birthDateTries = 5
    /// Budgets an hour: codes asked for from one address, to numbers of one exchange, and in all.
    static let hourlyPerAddress = 60
    static let hourlyPerPrefix = 200
    static let hourlyInAll = 20_000
    private static let dayMinutes = 24 * 60

    /// Sends a code to a number, whoever it belongs to; nobody is looked up, so that nothing can be told.
    ///
    /// The message is queued in the transaction of the code, and leaves by the way of all notices.
    ///
    /// - Throws: `.badData` when it is no mobile number; `.tryAgain` with `retry_after_s` when asked too often.
    public func requestCode(
        _ phone: String, address: String, language: NoticeLanguage = .korean
    ) async throws -> CodeRequest {
        let number = try PhoneNumber(phone)
        guard number.isMobile else {
            throw RedressError(
                .badData, "A code can be sent to a mobile number (010-…) only. Without one, please call us.")
        }
        let code = Self.makeCode()
        return try await desk.database.write { connection in
            let id = Identifier.make(at: connection.now)
            let phoneIndex = desk.keys.index(number.digits, kind: "code-phone")
            let store = OneTimeCodeStore(connection)
            let earlier = try store.times(
                of: phoneIndex, since: connection.now.adding(minutes: -Self.dayMinutes))
            try Self.requirePatience(earlier, now: connection.now)
            try spendBudgets(number, address, connection)
            try store.endOthers(of: phoneIndex)
            let expiresAt = connection.now.adding(minutes: Self.codeMinutes)
            try store.insert(
                OneTimeCodeRow(
                    id: id, phoneIndex: phoneIndex, codeHash: codeHash(id, code), createdAt: connection.now,
                    expiresAt: expiresAt))
            try desk.notices.queue(code: code, of: id, to: number, language, connection)
            return CodeRequest(
                request: id, expiresAt: expiresAt.description,
                nextAt: connection.now.adding(milliseconds: Self.pause(after: earlier.count + 1)).description)
        }
    }

    /// Begins a session with a code; nothing is told in it until the birth date was given.
    ///
    /// - Throws: `.notAllowed` when the code is wrong, used or dead, or was tried five times.
    public func confirm(
        _ request: String, code: String, address: String, replacing old: String? = nil
    ) async throws -> NewSession {
        let digits = code.filter { $0 != " " && $0 != "-" }
        let begun: NewSession? = try await desk.database.write { connection in
            let store = OneTimeCodeStore(connection)
            guard let row = try store.take(request, tries: Self.codeTries), connection.now >= row.createdAt
            else { return nil }
            let candidates = desk.keys.indexes("\(request)/\(digits)", kind: "one-time-code")
            guard candidates.contains(where: { isSameSecret($0, row.codeHash) }) else { return nil }
            try store.use(request)
            return try desk.sessions.begin(
                phoneIndex: row.phoneIndex, address: address, replacing: old, connection)
        }
        guard let begun else {
            throw RedressError(
                .notAllowed,
                "The code is wrong, was used, or is older than \(Self.codeMinutes) minutes. Ask for a new one.",
                details: ["sign_in": "failed"])
        }
        return begun
    }

    /// Opens a session with the birth date: the cases and bookings of whoever has this number and was born then.
    ///
    /// The phone is given once more, because only its keyed hash is kept with the session.
    ///
    /// - Returns: a session with a fresh secret, because it may do more than the one before.
    /// - Throws: `.notFound` when nobody is both; `.tryAgain` after five tries a day: then a call helps.
    public func giveBirthDate(
        _ birthDate: CivilDate, phone: String, secret: String, address: String
    ) async throws -> NewSession {
        let number = try PhoneNumber(phone)
        let hash = SessionDesk.hash(secret)
        let index = desk.keys.indexes(number.digits, kind: "code-phone")
        let opened: NewSession? = try await desk.database.write { connection in
            guard let found = try desk.sessions.live(hash, connection), found.session.awaitsBirthDate,
                let phoneIndex = found.row.phoneIndex, index.contains(phoneIndex)
            else { throw Self.noSession }
            try SignInLimits(connection, desk.keys).spend(
                "birth-date", number.digits, most: Self.birthDateTries, minutes: Self.dayMinutes,
                or: "The birth date was tried five times. Please call us: we can help you on the phone.")
            let people = try people(number, birthDate, connection)
            guard !people.isEmpty else { return nil }
            let log = StaffStore(connection)
            for person in people.sorted() {
                try log.logAccess(
                    by: found.session.actor, subject: person, what: "sign-in", origin: "citizen",
                    reason: "own data")
            }
            return try desk.sessions.begin(
                phoneIndex: phoneIndex, people: people, address: address, replacing: secret, connection)
        }
        guard let opened else {
            throw RedressError(
                .notFound,
                "No booking was found for this number and birth date. If your number changed, please call us.",
                details: ["searched": "phone number and birth date"])
        }
        return opened
    }

    static let noSession = RedressError(
        .notAllowed, "The session has ended. Ask for a new code.", details: ["sign_in": "failed"])

    /// Six digits, every one of a million equally likely.
    private static func makeCode() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = String(Int.random(in: 0..<1_000_000, using: &generator))
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// How long one waits after so many codes in a day: a minute, doubling.
    private static func pause(after count: Int) -> Int64 {
        resendSeconds * 1000 << Int64(min(max(count, 1) - 1, 10))
    }

    private static func requirePatience(_ earlier: [Instant], now: Instant) throws {
        guard earlier.count < codesPerDay else {
            throw RedressError(
                .tryAgain, "Five codes were sent to this number today. Try again tomorrow, or call us.",
                details: ["retry_after_s": "\(dayMinutes * 60)"])
        }
        guard let last = earlier.first else { return }
        let next = last.adding(milliseconds: pause(after: earlier.count))
        guard now >= next else { throw SignInLimits.wait(next, from: now) }
    }

    private func spendBudgets(
        _ number: PhoneNumber, _ address: String, _ connection: any Connection
    ) throws {
        let limits = SignInLimits(connection, desk.keys)
        let message = "Many codes are being asked for. Try again later, or call us."
        try limits.spend("codes-from", address, most: Self.hourlyPerAddress, minutes: 60, or: message)
        try limits.spend(
            "codes-prefix", String(number.digits.prefix(7)), most: Self.hourlyPerPrefix, minutes: 60,
            or: message)
        try limits.spend("codes", "all", most: Self.hourlyInAll, minutes: 60, or: message)
    }

    private func codeHash(_ request: String, _ code: String) -> [UInt8] {
        desk.keys.index("\(request)/\(code)", kind: "one-time-code")
    }

    /// Whoever has this number now and was born then; a number that was changed since leads nowhere.
    private func people(
        _ number: PhoneNumber, _ birthDate: CivilDate, _ connection: any Connection
    ) throws -> Set<String> {
        let indexing = PersonIndexing(connection, desk)
        let found = try indexing.people(phone: number).filter { who in
            let known = try indexing.known(who)
            return known.phone == number && known.birthDate == birthDate
        }
        return Set(found.map { "\($0.incident)/\($0.person)" })
    }
}

extension Desk {
    /// Citizens signing in.
    public var citizens: CitizenSignInDesk { CitizenSignInDesk(desk: self) }
}
