/// What members of the staff do with their own account: see and end sessions and tokens, change what they prove with.
import FoundationEssentials
public import RedressCore
import RedressStore

/// One's own account.
public struct AccountView: Sendable {
    /// A session of one's own.
    public struct SessionView: Sendable {
        /// What it is ended by.
        public var id: String
        /// When it began.
        public var since: Instant
        /// When it was last used, to within half a minute.
        public var seenAt: Instant
        /// Whether it is the one that asks.
        public var isThis: Bool
    }

    /// A token of one's own; the token itself is kept nowhere.
    public struct TokenView: Sendable {
        /// What it is ended by.
        public var id: String
        /// When it was made.
        public var since: Instant
        /// When it dies.
        public var expiresAt: Instant
        /// What it is limited to; empty for all its owner may do.
        public var scope: [Permission]
    }

    /// Live sessions, the newest first.
    public var sessions: [SessionView]
    /// Live tokens, the newest first.
    public var tokens: [TokenView]
    /// How many recovery codes are left.
    public var recoveryCodes: Int
}

/// A new authenticator that does not count until a code of it was given.
public struct PendingAuthenticator: Sendable {
    /// The secret, to be typed into an app.
    public var oneTimeSecret: String
    /// The same as an address that apps read from a QR code.
    public var oneTimeAddress: String
    /// The secret sealed for this session, to be handed back with the first code.
    public var sealed: String
}

/// One's own account.
public struct AccountDesk: Sendable {
    let desk: Desk

    /// Sessions, tokens and what is left of the recovery codes.
    public func show(_ secret: String) async throws -> AccountView {
        let hash = SessionDesk.hash(secret)
        return try await desk.database.read { connection in
            let name = try owner(hash, connection).name
            return AccountView(
                sessions: try SessionStore(connection).all(of: name).filter {
                    try desk.sessions.live($0.hash, connection) != nil
                }.map {
                    .init(
                        id: Self.id($0.hash), since: $0.createdAt, seenAt: $0.seenAt, isThis: $0.hash == hash)
                },
                tokens: try StaffStore(connection).tokens(of: name).map {
                    .init(
                        id: Self.id($0.hash), since: $0.createdAt, expiresAt: $0.expiresAt,
                        scope: $0.scope.sorted { $0.rawValue < $1.rawValue })
                }, recoveryCodes: try SignInStore(connection).recoveryCodes(of: name))
        }
    }

    /// Ends one of one's own sessions; another's id ends nothing.
    public func endSession(_ id: String, by secret: String) async throws {
        try await change(secret, "session.end") { actor, connection in
            let store = SessionStore(connection)
            guard let row = try store.all(of: actor.name).first(where: { Self.id($0.hash) == id }) else {
                throw RedressError(.notFound, "That session has ended already.")
            }
            try store.end(row.hash)
        }
    }

    /// Ends one's own sessions but the one that asks.
    public func endOtherSessions(by secret: String) async throws {
        try await change(secret, "session.end") { actor, connection in
            try SessionStore(connection).endOthers(of: actor.name, but: SessionDesk.hash(secret))
        }
    }

    /// Ends one of one's own tokens; another's id ends nothing.
    public func endToken(_ id: String, by secret: String) async throws {
        try await change(secret, "token.end") { actor, connection in
            let store = StaffStore(connection)
            guard let row = try store.tokens(of: actor.name).first(where: { Self.id($0.hash) == id }) else {
                throw RedressError(.notFound, "That token has ended already.")
            }
            try store.endToken(row.hash)
        }
    }

    /// Makes ten new recovery codes, told this once; the earlier ones die.
    ///
    /// - Throws: `.notAllowed` with `reauthenticate` when the last proof is older than five minutes.
    public func renewRecoveryCodes(by secret: String) async throws -> [String] {
        let codes = RecoveryCode.make()
        try await change(secret, "staff.recovery", wantsProof: true) { actor, connection in
            let hashes = codes.compactMap { RecoveryCode.hash($0, of: actor.name, desk.keys)?.first }
            try SignInStore(connection).setRecoveryCodes(hashes, of: actor.name)
        }
        return codes
    }

    /// Makes a new authenticator; the one there is counts until the first code of the new one was given.
    ///
    /// - Throws: `.notAllowed` with `reauthenticate` when the last proof is older than five minutes.
    public func beginAuthenticator(by secret: String) async throws -> PendingAuthenticator {
        let hash = SessionDesk.hash(secret)
        let name = try await desk.database.read { connection in
            let session = try owner(hash, connection, wantsProof: true)
            return session.name
        }
        let fresh = OneTimePassword.make()
        let sealed = try desk.keys.seal(fresh.secret, for: PersonalData.pendingOneTimeSecret(name, hash))
        return PendingAuthenticator(
            oneTimeSecret: fresh.text, oneTimeAddress: fresh.address(of: name),
            sealed: Data(sealed).base64EncodedString())
    }

    /// Puts a new authenticator in the place of the old with the first code of it; every other session ends.
    ///
    /// - Throws: `.badData` with `code` when the code is not the new app's.
    public func setAuthenticator(_ sealed: String, code: String, by secret: String) async throws {
        let hash = SessionDesk.hash(secret)
        try await change(secret, "staff.totp", wantsProof: true) { actor, connection in
            guard let bytes = Data(base64Encoded: sealed),
                let fresh = try? desk.keys.bytes(
                    [UInt8](bytes), for: PersonalData.pendingOneTimeSecret(actor.name, hash))
            else {
                throw RedressError(.badData, "This authenticator was begun in another session. Begin again.")
            }
            guard
                let step = OneTimePassword(secret: fresh).step(
                    of: code.filter { $0 != " " }, at: connection.now)
            else {
                throw RedressError(
                    .badData, "That is not the code the new app shows now. Try the next one.",
                    details: ["code": "wrong"])
            }
            try SignInStore(connection).setOneTimeSecret(
                try desk.keys.seal(fresh, for: PersonalData.oneTimeSecret(actor.name)), step: step,
                of: actor.name)
            try SessionStore(connection).endOthers(of: actor.name, but: hash)
        }
    }

    private func change(
        _ secret: String, _ action: String, wantsProof: Bool = false,
        _ body: @escaping @Sendable (Actor, any Connection) throws -> Void
    ) async throws {
        let hash = SessionDesk.hash(secret)
        try await desk.database.write { connection in
            let actor = try owner(hash, connection, wantsProof: wantsProof)
            try body(actor, connection)
            try AuditStore(connection).append(action, subject: actor.name, by: actor)
        }
    }

    /// The member of the staff whose live session this is.
    private func owner(
        _ hash: [UInt8], _ connection: any Connection, wantsProof: Bool = false
    ) throws -> Actor {
        guard let session = try desk.sessions.live(hash, connection)?.session, session.actor.role != .citizen
        else { throw SignInDesk.refusal }
        if wantsProof { try session.requireRecent() }
        return session.actor
    }

    /// What a session or token is named by: the beginning of its hash, which nobody can sign in with.
    private static func id(_ hash: [UInt8]) -> String {
        hash.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension PersonalData {
    static func pendingOneTimeSecret(_ staff: String, _ session: [UInt8]) -> String {
        "staff.totp-next/\(staff)/\(Data(session).base64EncodedString())"
    }
}

extension Desk {
    /// One's own account.
    public var account: AccountDesk { AccountDesk(desk: self) }
}
