/// Named members of the staff, their tokens, and the log of who looked at whose data.
public import RedressCore

extension Role: Storable {}

/// One member of the staff.
public struct StaffRow: Sendable {
    /// The name they act under.
    public var name: String
    /// What they are.
    public var role: Role
    /// The team whose list they share; nil when none.
    public var team: String?
    /// Whether they may act no more.
    public var isDisabled: Bool
}

/// One token as stored.
public struct TokenRow: Sendable {
    /// SHA-256 of the token.
    public var hash: [UInt8]
    /// When it was made.
    public var createdAt: Instant
    /// When it dies.
    public var expiresAt: Instant
    /// What it is limited to; empty for all its owner may do.
    public var scope: Set<Permission>
}

/// Reads and writes staff, tokens and the access log.
public struct StaffStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds a member of the staff; false when the name is taken.
    public func insert(name: String, role: Role, team: String? = nil) throws -> Bool {
        try connection.run(
            """
            INSERT INTO staff (name, role, disabled, created_at, team) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (name) DO NOTHING
            """, [name.stored, role.stored, false.stored, connection.now.stored, team.stored]) == 1
    }

    /// Every member of the staff, by name.
    public func all() throws -> [StaffRow] {
        try connection.all("SELECT name, role, team, disabled FROM staff ORDER BY name") {
            StaffRow(name: try $0[0], role: try $0[1], team: try $0[2], isDisabled: try $0[3])
        }
    }

    /// Disables a member of the staff, whose tokens die with it, or enables them again; false when unknown.
    public func setDisabled(_ name: String, _ isDisabled: Bool) throws -> Bool {
        try connection.run(
            "UPDATE staff SET disabled = $1 WHERE name = $2", [isDisabled.stored, name.stored]) == 1
    }

    /// The role of a member of the staff who is not disabled.
    public func role(of name: String) throws -> Role? {
        try connection.first(
            "SELECT role FROM staff WHERE name = $1 AND NOT disabled", [name.stored]
        ) { try $0[0] }
    }

    /// Gives a member of the staff another role; false when unknown.
    public func setRole(_ role: Role, of name: String) throws -> Bool {
        try connection.run("UPDATE staff SET role = $1 WHERE name = $2", [role.stored, name.stored]) == 1
    }

    /// Keeps the hash of a new token with what it is limited to (empty: everything its owner may do).
    public func insert(
        tokenHash: [UInt8], of name: String, scope: Set<Permission> = [], expiresAt: Instant
    ) throws {
        try connection.run(
            """
            INSERT INTO staff_token (hash, staff, created_at, expires_at, scope) VALUES ($1, $2, $3, $4, $5)
            """,
            [
                tokenHash.stored, name.stored, connection.now.stored, expiresAt.stored,
                scope.map(\.rawValue).sorted().joined(separator: " ").stored,
            ])
    }

    /// Ends every token of a member of the staff; returns how many.
    public func endTokens(of name: String) throws -> Int {
        try connection.run(
            "DELETE FROM staff_token WHERE staff = $1 AND expires_at > $2",
            [name.stored, connection.now.stored])
    }

    /// The live tokens of a member of the staff, the newest first.
    public func tokens(of name: String) throws -> [TokenRow] {
        try connection.all(
            """
            SELECT hash, created_at, expires_at, scope FROM staff_token WHERE staff = $1 AND expires_at > $2
            ORDER BY created_at DESC, hash
            """, [name.stored, connection.now.stored]
        ) { row in
            TokenRow(
                hash: try row[0], createdAt: try row[1], expiresAt: try row[2],
                scope: Self.scope(try row[3]) ?? [])
        }
    }

    /// Ends one token.
    public func endToken(_ hash: [UInt8]) throws {
        try connection.run("DELETE FROM staff_token WHERE hash = $1", [hash.stored])
    }

    /// What a stored scope says; nil when it limits nothing.
    private static func scope(_ text: String) -> Set<Permission>? {
        text.isEmpty ? nil : Set(text.split(separator: " ").compactMap { Permission(rawValue: String($0)) })
    }

    /// Whose live token this is the hash of.
    public func actor(tokenHash: [UInt8]) throws -> Actor? {
        try connection.first(
            """
            SELECT staff.name, staff.role, scope FROM staff_token JOIN staff ON staff.name = staff_token.staff
            WHERE hash = $1 AND expires_at > $2 AND NOT disabled
            """, [tokenHash.stored, connection.now.stored]
        ) { Actor(name: try $0[0], role: try $0[1], scope: Self.scope(try $0[2])) }
    }

    /// Records that somebody looked at somebody's data.
    public func logAccess(
        by actor: Actor, subject: String, what: String, origin: String, reason: String
    ) throws {
        let seq = try CounterStore(connection).next("access_log")
        try connection.send(
            """
            INSERT INTO access_log (seq, at, actor, subject, what, origin, reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                seq.stored, connection.now.stored, actor.name.stored, subject.stored, what.stored,
                origin.stored, reason.stored,
            ])
    }
}
