/// Named staff and the tokens they act with.
import Crypto
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
        guard (1...64).contains(name.count), !name.contains(":"), !name.contains(where: \.isNewline) else {
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
            try AuditStore(connection).append(
                isDisabled ? "staff.disable" : "staff.enable", subject: name, by: actor)
        }
    }

    /// Makes a token for a member of the staff; it is shown once and only its hash is kept.
    public func makeToken(for name: String, by actor: Actor) async throws -> String {
        try actor.require(.manageStaff)
        let token =
            "rdr_"
            + randomBytes(32).base64EncodedString()
            .map { ["+": "-", "/": "_", "=": ""][$0] ?? String($0) }.joined()
        try await desk.database.write { connection in
            guard try StaffStore(connection).role(of: name) != nil else {
                throw RedressError(
                    .notFound,
                    "There is no member of the staff named \(name). Add one with `redress staff add`.")
            }
            let expiresAt = connection.now.adding(minutes: Self.tokenDays * 24 * 60)
            try StaffStore(connection).insert(tokenHash: Self.hash(token), of: name, expiresAt: expiresAt)
            try AuditStore(connection).append(
                "token.create", subject: name, by: actor, detail: ["expires": "\(expiresAt)"])
        }
        return token
    }

    /// Whose token it is; nil when it is unknown, has expired, or its owner is disabled.
    public func actor(token: String) async throws -> Actor? {
        try await desk.database.read { try StaffStore($0).actor(tokenHash: Self.hash(token)) }
    }

    private static func hash(_ token: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(token.utf8)))
    }
}

extension Desk {
    /// The staff.
    public var staff: StaffDesk { StaffDesk(desk: self) }
}
