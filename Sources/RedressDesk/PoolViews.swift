/// The pool's holds and journal as supervisors look at them.
public import RedressCore
import RedressStore

/// A live hold.
public struct HoldView: Sendable, Codable {
    /// The case it is for.
    public var receipt: String
    /// The slot's id.
    public var slot: String
    /// Since when, RFC 3339.
    public var heldAt: String
    /// Until when, RFC 3339.
    public var expiresAt: String
    /// Whether a call to the other booking system keeps it from lapsing.
    public var pinned: Bool
}

/// An entry of the journal.
public struct EntryView: Sendable, Codable {
    /// Its place.
    public var seq: Int
    /// When, RFC 3339.
    public var at: String
    /// What it does.
    public var kind: String
    /// How many seats.
    public var seats: Int
    /// The slot's id.
    public var slot: String
    /// The case it is for; null for seats that come and go.
    public var receipt: OrNull<String>
    /// The document or order that allows it; null where none is needed.
    public var authority: OrNull<String>
    /// Who did it.
    public var actor: String
}

extension PoolDesk {
    /// The live holds of an incident, the soonest to lapse first.
    public func holds(incident: String, by actor: Actor) async throws -> [HoldView] {
        try actor.require(.readCases)
        try await sweep()
        return try await desk.list("holds", of: incident, by: actor) { connection in
            _ = try IncidentStore(connection).find(incident)
            return try PoolStore(connection).liveHolds(incident: incident).map { hold in
                HoldView(
                    receipt: try CaseStore(connection).find(id: hold.caseID)?.receipt.description ?? "?",
                    slot: hold.slotID, heldAt: hold.heldAt.description,
                    expiresAt: hold.expiresAt.description, pinned: hold.isPinned)
            }
        }
    }

    /// The last entries of an incident's journal, or of one slot's, the newest first.
    public func journal(
        incident: String, slot: Slot? = nil, limit: Int = 50, by actor: Actor
    ) async throws -> [EntryView] {
        try actor.require(.readCases)
        guard (1...10_000).contains(limit) else {
            throw RedressError(.usage, "The journal shows 1 to 10000 entries at once, not \(limit).")
        }
        return try await desk.database.read { connection in
            _ = try IncidentStore(connection).find(incident)
            let id = slot.map { PoolStore.id(of: $0, incident: incident) }
            return try PoolStore(connection).journal(incident: incident, slotID: id, limit: limit).map {
                row in
                let receipt = try row.caseID.flatMap { try CaseStore(connection).find(id: $0)?.receipt }
                return EntryView(
                    seq: row.seq, at: row.at.description, kind: row.kind.rawValue, seats: row.seats,
                    slot: row.slotID, receipt: OrNull(receipt?.description),
                    authority: OrNull(row.authority), actor: row.actor)
            }
        }
    }
}
