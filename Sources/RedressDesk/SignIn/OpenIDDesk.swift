/// Staff sign in with the organisation's own account (OpenID Connect): what goes out, what must come back, who it is.
import FoundationEssentials
public import RedressCore
import RedressStore

/// One way to the provider and back; everything but the state stays with us, sealed in a cookie.
public struct OpenIDAttempt: Sendable, Codable {
    /// Binds the answer to this browser.
    public var state: String
    /// Binds the identity token to this attempt.
    public var nonce: String
    /// Proves to the provider that who fetches the token is who asked (PKCE, RFC 7636).
    public var verifier: String
    /// The page that was asked for.
    public var to: String
    /// Whether the provider must ask for a proof even of somebody it knows.
    public var provesAgain: Bool
    /// When it began, in milliseconds since 1970.
    public var startedAt: Int64
    /// The hash of the session that the new one replaces.
    var replaces: [UInt8]?
}

/// Who a provider says somebody is; everything in it was proven by its signature.
public struct OpenIDIdentity: Sendable {
    /// The provider.
    public var issuer: String
    /// Its name for the person, never given to anybody else.
    public var subject: String
    /// The name they act under here, when they come for the first time.
    public var name: String
    /// What the provider says they are; nil when it says nothing of it.
    public var role: Role?

    /// Takes down who somebody is.
    public init(issuer: String, subject: String, name: String, role: Role?) {
        self.issuer = issuer
        self.subject = subject
        self.name = name
        self.role = role
    }
}

/// Signs staff in whom a provider vouches for.
public struct OpenIDDesk: Sendable {
    let desk: Desk

    /// How long one may take at the provider, in minutes.
    public static let minutes = 10
    private static let place = "openid.attempt"
    private static let auditor = Actor(name: "openid", role: .system)

    /// Begins; what comes back is told apart by the state, and the rest lies sealed in the cookie.
    public func begin(
        to: String, provesAgain: Bool, replacing secret: String?
    ) async throws -> (attempt: OpenIDAttempt, cookie: String) {
        let now = try await desk.database.read { $0.now }
        let attempt = OpenIDAttempt(
            state: SessionDesk.randomText(), nonce: SessionDesk.randomText(),
            verifier: SessionDesk.randomText(), to: to, provesAgain: provesAgain,
            startedAt: now.milliseconds, replaces: secret.map(SessionDesk.hash))
        let sealed = try desk.keys.seal(try JSONDocument.stored(attempt), for: Self.place)
        return (attempt, SessionDesk.text(Data(sealed)))
    }

    /// The attempt that an answer belongs to; each counts once.
    ///
    /// - Returns: the attempt with the time of this answer.
    /// - Throws: `.notAllowed` when the state is another one's, was used, or is too old.
    public func resume(_ cookie: String, state: String) async throws -> (attempt: OpenIDAttempt, now: Instant)
    {
        guard let sealed = SessionDesk.bytes(cookie),
            let text = try? desk.keys.open(sealed, for: Self.place),
            let attempt = try? JSONDocument.read(OpenIDAttempt.self, from: text),
            isSameSecret(Array(attempt.state.utf8), Array(state.utf8))
        else { throw Self.refusal("state") }
        let now: Instant? = try await desk.database.write { connection in
            let age = connection.now.milliseconds - attempt.startedAt
            let uses = try SignInStore(connection).count(
                desk.keys.index(attempt.state, kind: "openid-state"),
                endsAt: connection.now.adding(minutes: Self.minutes))
            guard uses == 1, (0...Int64(Self.minutes) * 60_000).contains(age) else { return nil }
            return connection.now
        }
        guard let now else { throw Self.refusal("state") }
        return (attempt, now)
    }

    /// Begins a session for whoever the provider vouches for.
    ///
    /// Somebody who comes for the first time is who has their name here, or is added if that is wanted and the provider
    /// says what they are; from then on the provider's subject counts and the name does not. The role is the provider's
    /// to say where it says one.
    /// - Throws: `.notAllowed` when nobody here is meant, or they are disabled.
    public func signIn(
        _ identity: OpenIDIdentity, addingStaff: Bool, _ attempt: OpenIDAttempt, address: String
    ) async throws -> NewSession {
        try await desk.database.write { connection in
            let name = try person(identity, addingStaff: addingStaff, connection)
            let staff = StaffStore(connection)
            guard let role = try staff.role(of: name) else { throw Self.refusal("nobody") }
            if let said = identity.role, said != role {
                _ = try staff.setRole(said, of: name)
                try SessionStore(connection).endAll(of: name)
                try AuditStore(connection).append(
                    "staff.role", subject: name, by: Self.auditor,
                    detail: ["from": role.rawValue, "to": said.rawValue])
            }
            if let replaces = attempt.replaces { try SessionStore(connection).end(replaces) }
            try AuditStore(connection).append(
                "session.begin", subject: name, by: Actor(name: name, role: identity.role ?? role),
                detail: ["issuer": identity.issuer])
            return try desk.sessions.begin(staff: name, address: address, replacing: nil, connection)
        }
    }

    private func person(
        _ identity: OpenIDIdentity, addingStaff: Bool, _ connection: any Connection
    ) throws -> String {
        let store = IdentityStore(connection)
        if let known = try store.staff(issuer: identity.issuer, subject: identity.subject) { return known }
        let staff = StaffStore(connection)
        let name = identity.name
        if try staff.role(of: name) == nil {
            guard addingStaff, let role = identity.role, StaffDesk.isName(name),
                try staff.insert(name: name, role: role)
            else { throw Self.refusal("nobody") }
            try AuditStore(connection).append(
                "staff.add", subject: name, by: Self.auditor, detail: ["role": role.rawValue])
        }
        guard try store.link(issuer: identity.issuer, subject: identity.subject, to: name) else {
            throw Self.refusal("nobody")
        }
        try AuditStore(connection).append(
            "staff.link", subject: name, by: Self.auditor,
            detail: ["issuer": identity.issuer, "identity": identity.subject])
        return name
    }

    /// A refusal in words that tell nothing of the inside; `why` is for the page's choice of words.
    public static func refusal(_ why: String) -> RedressError {
        RedressError(
            .notAllowed, "The sign-in with your organisation's account did not succeed. Try again.",
            details: ["openid": why])
    }
}

extension Desk {
    /// Staff signing in with the organisation's own account.
    public var openID: OpenIDDesk { OpenIDDesk(desk: self) }
}
