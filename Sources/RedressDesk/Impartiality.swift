/// Nobody acts on their own case or a relative's, and nobody overrides a verdict on a case they opened by hand.
public import RedressCore
public import RedressStore

enum Impartiality {
    /// Throws `.notAllowed` when `actor` declared this person to be themselves or a relative.
    static func require(_ actor: Actor, on row: Case, _ connection: any Connection) throws {
        guard
            try ClaimStore(connection).isRelated(actor.name, to: row.person, incident: row.incident) == false
        else {
            throw RedressError(
                .notAllowed,
                """
                You declared the person of case \(row.receipt) to be yourself or a relative. A colleague must \
                take this case.
                """, details: ["receipt": row.receipt.description])
        }
    }

    /// Throws `.notAllowed` when `actor` opened the case by hand.
    static func requireNotOpener(_ actor: Actor, of row: Case, _ connection: any Connection) throws {
        guard row.origin != .found else { return }
        guard try CaseStore(connection).moves(of: row.id).first?.actor != actor.name else {
            throw RedressError(
                .notAllowed,
                "You opened case \(row.receipt) by hand, so somebody else must override its verdict.")
        }
    }
}

/// Declares who on the staff is, or is related to, a person of the register.
public struct RelationDesk: Sendable {
    let desk: Desk

    /// Declares a relation; members of the staff declare their own, the operator anyone's.
    public func declare(
        _ staff: String, is kind: RelationKind, to person: String, incident: String, by actor: Actor
    ) async throws {
        guard actor.name == staff || actor.role == .operator || actor.role == .admin else {
            throw RedressError(.notAllowed, "You declare your own relatives; \(staff) must declare theirs.")
        }
        try await desk.database.write { connection in
            _ = try IncidentStore(connection).find(incident)
            guard try RegisterStore(connection).person(person, incident: incident) != nil else {
                throw RedressError(.notFound, "The register of \(incident) has no person \(person).")
            }
            try ClaimStore(connection).declare(staff, is: kind, to: person, incident: incident, by: actor)
            try AuditStore(connection).append(
                "relation.declare", subject: staff, by: actor,
                detail: ["incident": incident, "person": person, "kind": kind.rawValue])
        }
    }
}

extension Desk {
    /// Declared relations between staff and citizens.
    public var relations: RelationDesk { RelationDesk(desk: self) }
}
