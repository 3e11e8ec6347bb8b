/// What stands on the caller's page of our contacts with a person: promises first, then what was broken off.
public import RedressCore
import RedressStore

/// The contacts of a person that are not over yet.
public struct OpenContacts: Sendable {
    /// What was promised and not kept yet, the newest first.
    public var promises: [ContactView]
    /// Drafts and broken lines, the newest first.
    public var unfinished: [ContactView]
    /// Whether the caller of an unfinished contact of this actor was verified.
    public var isVerified: Bool
}

extension ContactDesk {
    /// The promises to a case's person and the contacts with them that nobody ended.
    ///
    /// The look at the case itself is recorded by whoever shows it.
    public func open(with receipt: ReceiptNumber, by actor: Actor) async throws -> OpenContacts {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            let row = try RestoreDesk.find(receipt, connection)
            let rows = try ContactStore(connection).contacts(of: row.who, limit: 20)
            let promises = rows.filter { $0.promiseSealed != nil && $0.calledBackAt == nil }
            let unfinished = rows.filter { $0.state != .ended }
            return OpenContacts(
                promises: try promises.map { try view($0, connection) },
                unfinished: try unfinished.map { try view($0, connection) },
                isVerified: unfinished.contains { $0.actor == actor.name && $0.verified != .none })
        }
    }

    /// Everyone whom the calling number of a contact may belong to, masked; empty when no number came with it.
    public func candidates(_ id: String, by actor: Actor, origin: String) async throws -> [FoundPerson] {
        try actor.require(.workCases)
        let digits = try await desk.database.read { connection in
            let row = try find(id, connection)
            return try row.numberSealed.map {
                try desk.keys.open($0, for: PersonalData.contactNumber(row.id))
            }
        }
        guard let digits else { return [] }
        return try await desk.lookups.find(.phone(digits), by: actor, origin: origin).people
    }
}
