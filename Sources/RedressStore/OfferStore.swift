/// Offers of a seat that wait for the person's answer, and the recorded answers themselves.
public import RedressCore

/// One seat offered to one person.
public struct OfferRow: Sendable {
    /// Where an offer stands.
    public enum State: String, Sendable, CaseIterable, Storable {
        case live
        case accepted
        case declined
        case lapsed
    }

    /// Made by the application.
    public var id: String
    /// The case it is for.
    public var caseID: String
    /// The rung of the remedy ladder it stands on.
    public var rung: Remedy
    /// The id of the offered slot.
    public var slotID: String
    /// The hold that keeps the seat.
    public var holdID: String
    /// Where it stands.
    public var state: State
    /// When it was made.
    public var offeredAt: Instant
    /// Until when it can be accepted.
    public var expiresAt: Instant

    /// Makes an offer.
    public init(
        id: String, caseID: String, rung: Remedy, slotID: String, holdID: String, state: State,
        offeredAt: Instant, expiresAt: Instant
    ) {
        self.id = id
        self.caseID = caseID
        self.rung = rung
        self.slotID = slotID
        self.holdID = holdID
        self.state = state
        self.offeredAt = offeredAt
        self.expiresAt = expiresAt
    }
}

/// Reads and writes offers and contacts.
public struct OfferStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds an offer; the schema refuses a second live one of the same case.
    public func insert(_ row: OfferRow) throws {
        try connection.run(
            """
            INSERT INTO offer (id, case_id, rung, slot_id, hold_id, state, offered_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                row.id.stored, row.caseID.stored, row.rung.stored, row.slotID.stored, row.holdID.stored,
                row.state.stored, row.offeredAt.stored, row.expiresAt.stored,
            ])
    }

    /// The one live offer of a case.
    public func live(_ caseID: String) throws -> OfferRow? {
        try connection.first(
            """
            SELECT id, case_id, rung, slot_id, hold_id, state, offered_at, expires_at FROM offer
            WHERE case_id = $1 AND state = 'live'
            """, [caseID.stored]
        ) {
            OfferRow(
                id: try $0[0], caseID: try $0[1], rung: try $0[2], slotID: try $0[3], holdID: try $0[4],
                state: try $0[5], offeredAt: try $0[6], expiresAt: try $0[7])
        }
    }

    /// Ends a live offer; false when it was not live any more.
    public func end(_ id: String, as state: OfferRow.State) throws -> Bool {
        try connection.run(
            "UPDATE offer SET state = $1 WHERE id = $2 AND state = 'live'", [state.stored, id.stored]) == 1
    }

    /// Records a contact: what was said, through which channel, and who took it down.
    public func record(
        contact subject: String, caseID: String, channel: Channel, noteSealed: [UInt8]?, actor: Actor
    ) throws {
        try connection.run(
            """
            INSERT INTO contact (id, case_id, channel, subject, note_sealed, actor, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                Identifier.make(at: connection.now).stored, caseID.stored, channel.stored, subject.stored,
                noteSealed.stored, actor.name.stored, connection.now.stored,
            ])
    }
}
