/// What staff prove themselves with, and the counters that slow guessing down.
public import RedressCore

/// What a member of the staff signs in with.
public struct CredentialRow: Sendable {
    /// The scrypt hash with its parameters.
    public var password: String
    /// The secret of the one-time passwords, sealed.
    public var totpSealed: [UInt8]
    /// The last time step that was used; an earlier or equal one is a replay.
    public var totpStep: Int

    /// Makes a row.
    public init(password: String, totpSealed: [UInt8], totpStep: Int) {
        self.password = password
        self.totpSealed = totpSealed
        self.totpStep = totpStep
    }
}

/// Reads and writes credentials, invitations and counters.
public struct SignInStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// What an enabled member of the staff signs in with; nil when unknown, disabled or never enrolled.
    public func credential(of staff: String) throws -> CredentialRow? {
        try connection.first(
            """
            SELECT password, totp_sealed, totp_step FROM staff_credential
            JOIN staff ON staff.name = staff_credential.staff WHERE staff = $1 AND NOT disabled
            """, [staff.stored]
        ) { CredentialRow(password: try $0[0], totpSealed: try $0[1], totpStep: try $0[2]) }
    }

    /// Writes credentials in the place of those there are.
    public func setCredential(_ row: CredentialRow, of staff: String) throws {
        try connection.run("DELETE FROM staff_credential WHERE staff = $1", [staff.stored])
        try connection.run(
            """
            INSERT INTO staff_credential (staff, password, totp_sealed, totp_step, changed_at)
            VALUES ($1, $2, $3, $4, $5)
            """,
            [
                staff.stored, row.password.stored, row.totpSealed.stored, row.totpStep.stored,
                connection.now.stored,
            ])
    }

    /// Changes the password alone.
    public func setPassword(_ hash: String, of staff: String) throws {
        try connection.run(
            "UPDATE staff_credential SET password = $1, changed_at = $2 WHERE staff = $3",
            [hash.stored, connection.now.stored, staff.stored])
    }

    /// Changes the second factor alone; `step` is the one whose code proved it.
    public func setOneTimeSecret(_ sealed: [UInt8], step: Int, of staff: String) throws {
        try connection.run(
            "UPDATE staff_credential SET totp_sealed = $1, totp_step = $2, changed_at = $3 WHERE staff = $4",
            [sealed.stored, step.stored, connection.now.stored, staff.stored])
    }

    /// Uses a time step up; false when it, or a later one, was used before.
    public func use(step: Int, of staff: String) throws -> Bool {
        try connection.run(
            "UPDATE staff_credential SET totp_step = $1 WHERE staff = $2 AND totp_step < $3",
            [step.stored, staff.stored, step.stored]) == 1
    }

    /// Replaces the recovery codes.
    public func setRecoveryCodes(_ hashes: [[UInt8]], of staff: String) throws {
        try connection.run("DELETE FROM staff_recovery WHERE staff = $1", [staff.stored])
        for hash in hashes {
            try connection.run(
                "INSERT INTO staff_recovery (hash, staff) VALUES ($1, $2)", [hash.stored, staff.stored])
        }
    }

    /// How many recovery codes are left.
    public func recoveryCodes(of staff: String) throws -> Int {
        try connection.count("SELECT count(*) FROM staff_recovery WHERE staff = $1", [staff.stored])
    }

    /// Uses a recovery code up; false when it is none, or was used before.
    public func use(recoveryCode hash: [UInt8], of staff: String) throws -> Bool {
        try connection.run(
            "DELETE FROM staff_recovery WHERE hash = $1 AND staff = $2", [hash.stored, staff.stored]) == 1
    }

    /// Takes away what a member of the staff signs in with, invitations included.
    public func forgetCredential(of staff: String) throws {
        try connection.run("DELETE FROM staff_credential WHERE staff = $1", [staff.stored])
        try connection.run("DELETE FROM staff_recovery WHERE staff = $1", [staff.stored])
        try connection.run("DELETE FROM staff_invitation WHERE staff = $1", [staff.stored])
    }

    /// Keeps the hash of an invitation in the place of earlier ones.
    public func insert(invitation hash: [UInt8], of staff: String, expiresAt: Instant) throws {
        try connection.run("DELETE FROM staff_invitation WHERE staff = $1", [staff.stored])
        try connection.run(
            "INSERT INTO staff_invitation (hash, staff, expires_at) VALUES ($1, $2, $3)",
            [hash.stored, staff.stored, expiresAt.stored])
    }

    /// Whose live invitation this is the hash of.
    public func invited(_ hash: [UInt8]) throws -> String? {
        try connection.first(
            """
            SELECT staff FROM staff_invitation JOIN staff ON staff.name = staff_invitation.staff
            WHERE hash = $1 AND expires_at > $2 AND NOT disabled
            """, [hash.stored, connection.now.stored]
        ) { try $0[0] }
    }

    /// Uses an invitation up; false when somebody was faster.
    public func use(invitation hash: [UInt8]) throws -> Bool {
        try connection.run("DELETE FROM staff_invitation WHERE hash = $1", [hash.stored]) == 1
    }

    /// When a counter lets its owner try again; nil when at once.
    public func blockedUntil(_ key: [UInt8]) throws -> Instant? {
        try connection.first(
            "SELECT blocked_until FROM sign_in_count WHERE key = $1 AND blocked_until > $2",
            [key.stored, connection.now.stored]
        ) { try $0[0] }
    }

    /// Adds one to a counter, which starts again at its end; returns the new count.
    public func count(_ key: [UInt8], endsAt: Instant) throws -> Int {
        try connection.run(
            "DELETE FROM sign_in_count WHERE key = $1 AND ends_at <= $2",
            [key.stored, connection.now.stored])
        return try connection.first(
            """
            INSERT INTO sign_in_count (key, count, blocked_until, ends_at) VALUES ($1, 1, 0, $2)
            ON CONFLICT (key) DO UPDATE SET count = sign_in_count.count + 1 RETURNING count
            """, [key.stored, endsAt.stored]
        ) { try $0[0] } ?? 1
    }

    /// Blocks the owner of a counter for a while.
    public func block(_ key: [UInt8], until: Instant) throws {
        try connection.run(
            "UPDATE sign_in_count SET blocked_until = $1 WHERE key = $2", [until.stored, key.stored])
    }

    /// Takes one back from a counter, and its block.
    public func uncount(_ key: [UInt8]) throws {
        try connection.run(
            "UPDATE sign_in_count SET count = count - 1, blocked_until = 0 WHERE key = $1 AND count > 0",
            [key.stored])
    }

    /// Starts a counter again.
    public func clear(_ key: [UInt8]) throws {
        try connection.run("DELETE FROM sign_in_count WHERE key = $1", [key.stored])
    }

    /// Forgets counters and invitations that ended.
    public func forgetEnded() throws {
        try connection.run("DELETE FROM sign_in_count WHERE ends_at <= $1", [connection.now.stored])
        try connection.run("DELETE FROM staff_invitation WHERE expires_at <= $1", [connection.now.stored])
    }
}
