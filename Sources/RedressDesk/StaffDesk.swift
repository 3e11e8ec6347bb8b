/// Named staff and the tokens they act with.
import FoundationEssentials
public import RedressCore
import RedressStore

/// A member of the staff in a list.
public struct StaffView: Sendable, Codable {
    /// The name they act under.
    public var name: String
    /// What they are.
    public var role: String
    /// The team whose list of work they share; null when none.
    public var team: OrNull<String>
    /// Whether they may act no more.
    public var isDisabled: Bool
}

/// One grant or its end, as the audit trail holds it.
public struct GrantView: Sendable, Codable {
    /// When, RFC 3339.
    public var at: String
    /// Who gave it.
    public var actor: String
    /// What was done, for example `staff.role`.
    public var action: String
    /// To whom.
    public var name: String
    /// The particulars.
    public var detail: String
}

/// Adds staff, makes tokens, and tells whose token it is.
public struct StaffDesk: Sendable {
    let desk: Desk
    /// How long a token lives.
    public static let tokenDays = 90

    /// Adds a member of the staff.
    ///
    /// - Throws: `.refused` when the name is taken or the role is none of the staff's.
    public func add(_ name: String, role: Role, team: String? = nil, by actor: Actor) async throws {
        try actor.require(.manageStaff)
        guard Role.ofStaff.contains(role) else {
            let roles = Role.ofStaff.map(\.rawValue).joined(separator: ", ")
            throw RedressError(.usage, "A member of the staff is one of: \(roles). Not \(role.rawValue).")
        }
        guard Self.isName(name) else {
            throw RedressError(.badData, "A staff name has 1 to 64 characters and no colon.")
        }
        try await desk.database.write { connection in
            guard try StaffStore(connection).insert(name: name, role: role, team: team) else {
                throw RedressError(.refused, "There is a member of the staff named \(name) already.")
            }
            try AuditStore(connection).append(
                "staff.add", subject: name, by: actor, detail: ["role": role.rawValue])
        }
    }

    /// Whether somebody may be called this.
    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.count) && !name.contains(":") && !name.contains(where: \.isNewline)
    }

    /// Every member of the staff, by name.
    public func list(by actor: Actor) async throws -> [StaffView] {
        try actor.require(.manageStaff)
        return try await desk.database.read { connection in
            try StaffStore(connection).all().map {
                StaffView(
                    name: $0.name, role: $0.role.rawValue, team: OrNull($0.team), isDisabled: $0.isDisabled)
            }
        }
    }

    /// Disables a member of the staff at once, or enables them again.
    public func setDisabled(_ name: String, _ isDisabled: Bool, by actor: Actor) async throws {
        try actor.require(.manageStaff)
        try await desk.database.write { connection in
            guard try StaffStore(connection).setDisabled(name, isDisabled) else {
                throw RedressError(.notFound, "There is no member of the staff named \(name).")
            }
            try SessionStore(connection).endAll(of: name)
            try AuditStore(connection).append(
                isDisabled ? "staff.disable" : "staff.enable", subject: name, by: actor)
        }
    }

    /// Gives a member of the staff another role; their sessions end, because a role is fixed at sign-in.
    public func setRole(_ name: String, _ role: Role, by actor: Actor) async throws {
        try actor.require(.manageStaff)
        guard Role.ofStaff.contains(role) else {
            let roles = Role.ofStaff.map(\.rawValue).joined(separator: ", ")
            throw RedressError(.usage, "A member of the staff is one of: \(roles). Not \(role.rawValue).")
        }
        try await desk.database.write { connection in
            guard let before = try StaffStore(connection).role(of: name),
                try StaffStore(connection).setRole(role, of: name)
            else { throw RedressError(.notFound, "There is no enabled member of the staff named \(name).") }
            try SessionStore(connection).endAll(of: name)
            try AuditStore(connection).append(
                "staff.role", subject: name, by: actor,
                detail: ["from": before.rawValue, "to": role.rawValue])
        }
    }

    /// Who was given what, by whom and when, the oldest first (kept for as long as the audit trail is).
    public func grants(by actor: Actor) async throws -> [GrantView] {
        try actor.require(.readAudit)
        return try await desk.database.read { connection in
            try AuditStore(connection).grants().map {
                GrantView(
                    at: $0.at.description, actor: $0.actor, action: $0.action, name: $0.subject,
                    detail: $0.detail)
            }
        }
    }

    /// Ends every live token of a member of the staff; returns how many there were.
    public func endTokens(of name: String, by actor: Actor) async throws -> Int {
        try actor.require(.manageStaff)
        return try await desk.database.write { connection in
            let count = try StaffStore(connection).endTokens(of: name)
            try AuditStore(connection).append(
                "token.end", subject: name, by: actor, detail: ["tokens": "\(count)"])
            return count
        }
    }

    /// Makes a token for a member of the staff; it is shown once and only its hash is kept.
    ///
    /// - Parameters:
    ///   - scope: what it is limited to; empty for everything its owner may do.
    ///   - days: how long it lives, 1 to 365.
    public func makeToken(
        for name: String, scope: Set<Permission> = [], days: Int = Self.tokenDays, by actor: Actor
    ) async throws -> String {
        try actor.require(.manageStaff)
        guard (1...365).contains(days) else {
            throw RedressError(.usage, "A token lives 1 to 365 days, not \(days).")
        }
        let token = "rdr_" + SessionDesk.randomText()
        try await desk.database.write { connection in
            guard try StaffStore(connection).role(of: name) != nil else {
                throw RedressError(
                    .notFound,
                    "There is no member of the staff named \(name). Add one with `redress staff add`.")
            }
            let expiresAt = connection.now.adding(minutes: days * 24 * 60)
            try StaffStore(connection).insert(
                tokenHash: SessionDesk.hash(token), of: name, scope: scope, expiresAt: expiresAt)
            try AuditStore(connection).append(
                "token.create", subject: name, by: actor,
                detail: [
                    "expires": "\(expiresAt)",
                    "scope": scope.map(\.rawValue).sorted().joined(separator: " "),
                ])
        }
        return token
    }

    /// Whose token it is; nil when it is unknown, has expired, or its owner is disabled.
    public func actor(token: String) async throws -> Actor? {
        try await desk.database.read(.brief) { try StaffStore($0).actor(tokenHash: SessionDesk.hash(token)) }
    }
}

extension Desk {
    /// The staff.
    public var staff: StaffDesk { StaffDesk(desk: self) }
}
