/// Staff sign in: invitation, password and one-time password, proving again before sensitive acts.
import Crypto
import FoundationEssentials
public import RedressCore
import RedressStore

/// What a member of the staff needs to begin; told once.
public struct Enrolment: Sendable, Codable {
    /// The name they sign in with.
    public var name: String
    /// The secret of the one-time passwords, to be typed into an authenticator app.
    public var oneTimeSecret: String
    /// The same as an address that apps read from a QR code.
    public var oneTimeAddress: String
    /// Ten codes for the day the phone is lost, each good once.
    public var recoveryCodes: [String]
}

/// What somebody claims to be, and from where.
public struct SignInAttempt: Sendable {
    /// The name.
    public var name: String
    /// The password.
    public var password: String
    /// Six digits of the authenticator app, or a recovery code.
    public var code: String
    /// The address of the client, as far as it can be trusted.
    public var address: String

    /// Makes an attempt.
    public init(name: String, password: String, code: String, address: String) {
        self.name = name
        self.password = password
        self.code = code
        self.address = address
    }
}

/// Signs staff in.
public struct SignInDesk: Sendable {
    let desk: Desk

    /// How long an invitation can be taken up, in hours.
    public static let invitationHours = 72

    /// Makes a one-use secret with which a member of the staff chooses a password; earlier ones die.
    public func invite(_ name: String, by actor: Actor) async throws -> String {
        try actor.require(.manageStaff)
        return try await desk.database.write { try invite(name, "staff.invite", by: actor, $0) }
    }

    /// Takes password, second factor, sessions and tokens away, and makes a new invitation.
    public func reset(_ name: String, by actor: Actor) async throws -> String {
        try actor.require(.manageStaff)
        return try await desk.database.write { connection in
            try SignInStore(connection).forgetCredential(of: name)
            try SessionStore(connection).endAll(of: name)
            _ = try StaffStore(connection).endTokens(of: name)
            return try invite(name, "staff.reset", by: actor, connection)
        }
    }

    /// Takes up an invitation: sets the password and makes second factor and recovery codes, told this once.
    ///
    /// - Throws: `.refused` when the invitation is unknown, used or too old; `.badData` when the password is weak.
    public func enrol(invitation: String, password: String, address: String) async throws -> Enrolment {
        let hash = SessionDesk.hash(invitation)
        let refusal = RedressError(
            .refused,
            "This invitation is not valid: it was used, is too old, or was mistyped. Ask for a new one.",
            details: ["invitation": "invalid"])
        let invited = try await desk.database.write { connection in
            try SignInLimits(connection, desk.keys).begin(account: "invitation", address: address)
            return try SignInStore(connection).invited(hash)
        }
        guard let name = invited else { throw refusal }
        try PasswordRule.require(password, of: name)
        let stored = try await PasswordQueue.shared.hash(password)
        let secret = OneTimePassword.make()
        let codes = RecoveryCode.make()
        let sealed = try desk.keys.seal(secret.secret, for: PersonalData.oneTimeSecret(name))
        let recovery = codes.compactMap { RecoveryCode.hash($0, of: name, desk.keys)?.first }
        try await desk.database.write { connection in
            let store = SignInStore(connection)
            guard try store.use(invitation: hash) else { throw refusal }
            try store.setCredential(
                CredentialRow(password: stored, totpSealed: sealed, totpStep: 0), of: name)
            try store.setRecoveryCodes(recovery, of: name)
            try SessionStore(connection).endAll(of: name)
            try SignInLimits(connection, desk.keys).succeed(account: "invitation", address: address)
            try AuditStore(connection).append(
                "staff.enrol", subject: name, by: try person(name, connection))
        }
        return Enrolment(
            name: name, oneTimeSecret: secret.text, oneTimeAddress: secret.address(of: name),
            recoveryCodes: codes)
    }

    /// Signs somebody in with password and one-time password (or a recovery code).
    ///
    /// Unknown name, wrong password and wrong code give the same words after the same work.
    ///
    /// - Parameter old: the session the browser held before, which ends.
    /// - Throws: `.notAllowed` when something is wrong; `.tryAgain` with `retry_after_s` after too many failures.
    public func signIn(_ attempt: SignInAttempt, replacing old: String? = nil) async throws -> NewSession {
        let name = try await prove(attempt)
        return try await desk.database.write { connection in
            let actor = try person(name, connection)
            try AuditStore(connection).append("session.begin", subject: name, by: actor)
            return try desk.sessions.begin(
                staff: name, address: attempt.address, replacing: old, connection)
        }
    }

    /// Proves once more who holds a session, for a sensitive act.
    public func reauthenticate(
        _ secret: String, password: String, code: String, address: String
    ) async throws -> Session {
        guard let session = try await desk.sessions.find(secret), session.actor.role != .citizen else {
            throw Self.refusal
        }
        _ = try await prove(
            SignInAttempt(name: session.actor.name, password: password, code: code, address: address))
        let hash = SessionDesk.hash(secret)
        let found = try await desk.database.write { connection in
            try SessionStore(connection).prove(hash)
            try AuditStore(connection).append(
                "session.prove", subject: session.actor.name, by: session.actor)
            return try desk.sessions.live(hash, connection)?.session
        }
        guard let found else { throw Self.refusal }
        return found
    }

    /// Changes the password; every session ends, this one too.
    public func changePassword(_ attempt: SignInAttempt, to password: String) async throws {
        let name = try await prove(attempt)
        try PasswordRule.require(password, of: name)
        let stored = try await PasswordQueue.shared.hash(password)
        try await desk.database.write { connection in
            try SignInStore(connection).setPassword(stored, of: name)
            try SessionStore(connection).endAll(of: name)
            try AuditStore(connection).append(
                "staff.password", subject: name, by: try person(name, connection))
        }
    }

    static let refusal = RedressError(
        .notAllowed, "Name, password or one-time password is wrong. Nothing more is said, on purpose.",
        details: ["sign_in": "failed"])

    /// Whose password and code these are.
    private func prove(_ attempt: SignInAttempt) async throws -> String {
        let name = attempt.name
        let credential = try await desk.database.write { connection in
            try SignInLimits(connection, desk.keys).begin(account: name, address: attempt.address)
            return try SignInStore(connection).credential(of: name)
        }
        let isPassword = try await PasswordQueue.shared.matches(attempt.password, credential?.password)
        let isProved = try await desk.database.write { connection in
            // The credential may have been changed, or its owner disabled, while the password was checked.
            guard isPassword, let credential,
                try SignInStore(connection).credential(of: name)?.password == credential.password,
                try useCode(attempt.code, of: name, credential, connection)
            else { return false }
            try SignInLimits(connection, desk.keys).succeed(account: name, address: attempt.address)
            return true
        }
        guard isProved else { throw Self.refusal }
        return name
    }

    /// Uses a code up: six digits of a step not used before, or a recovery code.
    private func useCode(
        _ text: String, of name: String, _ credential: CredentialRow, _ connection: any Connection
    ) throws -> Bool {
        let store = SignInStore(connection)
        let secret = OneTimePassword(
            secret: try desk.keys.bytes(credential.totpSealed, for: PersonalData.oneTimeSecret(name)))
        let digits = text.filter { $0 != " " }
        if digits.count == 6 {
            guard let step = secret.step(of: digits, at: connection.now) else { return false }
            return try store.use(step: step, of: name)
        }
        guard let hashes = RecoveryCode.hash(text, of: name, desk.keys) else { return false }
        guard try hashes.contains(where: { try store.use(recoveryCode: $0, of: name) }) else { return false }
        try AuditStore(connection).append(
            "staff.recovered", subject: name, by: try person(name, connection))
        return true
    }

    private func invite(
        _ name: String, _ action: String, by actor: Actor, _ connection: any Connection
    ) throws -> String {
        guard try StaffStore(connection).role(of: name) != nil else {
            throw RedressError(
                .notFound,
                "There is no enabled member of the staff named \(name). Add one with `redress staff add`.")
        }
        let secret = "rdi_" + Base32.text([UInt8](randomBytes(20)))
        let expiresAt = connection.now.adding(minutes: Self.invitationHours * 60)
        try SignInStore(connection).insert(
            invitation: SessionDesk.hash(secret), of: name, expiresAt: expiresAt)
        try AuditStore(connection).append(
            action, subject: name, by: actor, detail: ["expires": "\(expiresAt)"])
        return secret
    }

    func person(_ name: String, _ connection: any Connection) throws -> Actor {
        guard let role = try StaffStore(connection).role(of: name) else { throw Self.refusal }
        return Actor(name: name, role: role)
    }
}

extension Desk {
    /// Staff signing in.
    public var signIn: SignInDesk { SignInDesk(desk: self) }
}
