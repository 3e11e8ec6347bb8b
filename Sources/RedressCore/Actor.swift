/// Who acts, and the one table of who may do what.

/// What somebody may do is decided by what they are.
public enum Role: String, Sendable, CaseIterable {
    /// A call-centre agent.
    case agent
    /// An agent's supervisor.
    case supervisor
    /// Publishes the statistics.
    case analyst
    /// Reads everything, changes nothing.
    case auditor
    /// Manages the staff.
    case admin
    /// Runs the machine, through the command line.
    case `operator`
    /// The person whose case it is.
    case citizen
    /// redress by itself.
    case system

    /// The roles that a named member of the staff can have.
    public static let ofStaff: [Role] = [.agent, .supervisor, .analyst, .auditor, .admin]
}

/// What can be asked of redress.
public enum Permission: String, Sendable, CaseIterable {
    case lookUp = "look-up"
    case readCases = "read-cases"
    case workCases = "work-cases"
    case decideCases = "decide-cases"
    case unmask
    case manageCapacity = "manage-capacity"
    case applyPlan = "apply-plan"
    case readStatistics = "read-statistics"
    case readAudit = "read-audit"
    case manageStaff = "manage-staff"
    case operate
}

extension Role {
    /// What this role may do; what is not listed is denied.
    public var permissions: Set<Permission> {
        switch self {
        case .agent: [.lookUp, .unmask, .readCases, .workCases, .readStatistics]
        case .supervisor:
            [
                .lookUp, .unmask, .readCases, .workCases, .decideCases, .manageCapacity, .applyPlan,
                .readStatistics, .readAudit,
            ]
        case .analyst: [.readStatistics]
        case .auditor: [.lookUp, .unmask, .readCases, .readStatistics, .readAudit]
        case .admin: [.manageStaff, .readAudit]
        case .operator: Set(Permission.allCases)
        case .system: [.readCases, .workCases, .readStatistics]
        case .citizen: []
        }
    }
}

/// Somebody, or something, that acts.
public struct Actor: Sendable, Equatable {
    /// `operator:<OS user>`, the staff member's name, `citizen:<receipt>` or `system`.
    public let name: String
    /// What they are.
    public let role: Role
    /// What a token was limited to; nil when everything the role may do.
    public let scope: Set<Permission>?
    /// The people a citizen signed in as, each `incident/person`; empty for everybody else.
    public let people: Set<String>

    /// Makes an actor.
    public init(
        name: String, role: Role, scope: Set<Permission>? = nil, people: Set<String> = []
    ) {
        self.name = name
        self.role = role
        self.scope = scope
        self.people = people
    }

    /// redress by itself: sweeps, expiry, promotion.
    public static let system = Actor(name: "system", role: .system)

    /// Throws `.notAllowed` unless this actor may do it; everything that is asked passes through here.
    public func require(_ permission: Permission) throws {
        guard role.permissions.contains(permission), scope?.contains(permission) ?? true else {
            throw RedressError(
                .notAllowed,
                "\(name) (\(role.rawValue)) may not \(permission.rawValue). Ask someone whose role may.",
                details: ["permission": permission.rawValue, "role": role.rawValue])
        }
    }
}
