/// Sessions: begun at sign-in with a fresh secret, found by its hash, ended by idleness, age, sign-out or disabling.
import Crypto
import FoundationEssentials
public import RedressCore
import RedressStore

/// A session as whoever holds its cookie has it.
public struct Session: Sendable, Equatable {
    /// Whose it is: staff, or a citizen with the people they proved to be.
    public var actor: Actor
    /// Whether a citizen has still to give the birth date; until then nothing is told.
    public var awaitsBirthDate: Bool
    /// When its owner last proved who they are; sensitive acts want that to be recent.
    public var provedAt: Instant
    /// When it ends however busy it is.
    public var endsAt: Instant
    /// What every form and every changing request must carry besides the cookie.
    public var csrf: String
    /// When it was looked at.
    var readAt: Instant

    /// How long a proof counts as recent, in minutes.
    public static let recentMinutes = 5

    /// Throws unless the owner had proved who they are in the last five minutes when the session was found.
    ///
    /// - Throws: `.notAllowed` with `reauthenticate` in its details.
    public func requireRecent() throws {
        guard readAt <= provedAt.adding(minutes: Self.recentMinutes) else {
            throw RedressError(
                .notAllowed, "This needs your password and one-time password once more.",
                details: ["reauthenticate": "true"])
        }
    }
}

/// A session that has just begun; the secret is told this once.
public struct NewSession: Sendable {
    /// What the cookie holds: 256 random bits.
    public var secret: String
    /// The session.
    public var session: Session
}

/// Begins, finds and ends sessions.
public struct SessionDesk: Sendable {
    let desk: Desk

    /// Idle and absolute ends, in minutes (OWASP ASVS 5.0 V7.3).
    static let staffIdleMinutes = 10
    static let staffMostMinutes = 8 * 60
    static let citizenIdleMinutes = 5
    static let citizenMostMinutes = 30
    /// A use is written down at most this often, in milliseconds.
    static let touchMilliseconds: Int64 = 20_000

    /// Whose live session a secret belongs to; nil when there is none.
    public func find(_ secret: String) async throws -> Session? {
        let hash = Self.hash(secret)
        let found = try await desk.database.read(.brief) { try live(hash, $0) }
        guard let found else { return nil }
        if found.now.milliseconds - found.row.seenAt.milliseconds >= Self.touchMilliseconds {
            let seenAt = found.row.seenAt
            try await desk.database.write { try SessionStore($0).touch(hash, seenBefore: seenAt) }
        }
        return found.session
    }

    /// Ends a session; one that is not there is as good as ended.
    public func end(_ secret: String) async throws {
        let hash = Self.hash(secret)
        try await desk.database.write { connection in
            let found = try live(hash, connection)
            guard try SessionStore(connection).end(hash), let found else { return }
            try AuditStore(connection).append(
                "session.end", subject: found.row.staff ?? "citizen", by: found.session.actor)
        }
    }

    /// Forgets what ended: codes after a day, sessions after the days that addresses are remembered.
    public func tidy() async throws {
        try await desk.database.write { connection in
            try SessionStore(connection).forget(
                endedBefore: connection.now.adding(minutes: -SignInLimits.daysKnown * 24 * 60))
            try OneTimeCodeStore(connection).forget(before: connection.now.adding(minutes: -25 * 60))
            try SignInStore(connection).forgetEnded()
        }
    }

    /// Begins a session inside a transaction; the one that was held before ends, so that none can be fixed.
    func begin(
        staff: String? = nil, phoneIndex: [UInt8]? = nil, people: Set<String> = [], address: String,
        replacing old: String?, _ connection: any Connection
    ) throws -> NewSession {
        let secret = Self.randomText()
        let minutes = staff == nil ? Self.citizenMostMinutes : Self.staffMostMinutes
        let store = SessionStore(connection)
        if let old { try store.end(Self.hash(old)) }
        let hash = Self.hash(secret)
        try store.insert(
            SessionRow(
                hash: hash, staff: staff, phoneIndex: phoneIndex, people: people,
                addressIndex: SignInLimits(connection, desk.keys).key("address", address),
                createdAt: connection.now, seenAt: connection.now, provedAt: connection.now,
                endsAt: connection.now.adding(minutes: minutes)))
        guard let found = try live(hash, connection) else {
            throw RedressError(.fault, "A session that was just begun is not there.")
        }
        return NewSession(secret: secret, session: found.session)
    }

    /// The live session of a hash with the time it was read at.
    func live(
        _ hash: [UInt8], _ connection: any Connection
    ) throws -> (session: Session, row: SessionRow, now: Instant)? {
        guard let row = try SessionStore(connection).find(hash) else { return nil }
        let idle = row.staff == nil ? Self.citizenIdleMinutes : Self.staffIdleMinutes
        // A clock that was set back must not let a session live longer.
        guard connection.now < row.seenAt.adding(minutes: idle), connection.now >= row.createdAt else {
            return nil
        }
        let actor: Actor
        if let staff = row.staff {
            guard let role = try StaffStore(connection).role(of: staff) else { return nil }
            actor = Actor(name: staff, role: role)
        } else {
            actor = Actor(name: "citizen", role: .citizen, people: row.people)
        }
        return (
            Session(
                actor: actor, awaitsBirthDate: row.staff == nil && row.people.isEmpty, provedAt: row.provedAt,
                endsAt: row.endsAt, csrf: csrf(hash), readAt: connection.now), row, connection.now
        )
    }

    /// 256 random bits as text that fits into a header (RFC 4648 base64url without padding).
    static func randomText() -> String { text(randomBytes(32)) }

    /// Bytes as base64url.
    static func text(_ bytes: Data) -> String {
        bytes.base64EncodedString().map { ["+": "-", "/": "_", "=": ""][$0] ?? String($0) }.joined()
    }

    /// The bytes of base64url; nil when it is none.
    static func bytes(_ text: String) -> [UInt8]? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)).map {
            [UInt8]($0)
        }
    }

    static func hash(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }

    private func csrf(_ hash: [UInt8]) -> String {
        desk.keys.index(Data(hash).base64EncodedString(), kind: "csrf")
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension Desk {
    /// Sessions.
    public var sessions: SessionDesk { SessionDesk(desk: self) }
}
