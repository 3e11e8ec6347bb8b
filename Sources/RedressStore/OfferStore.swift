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
    /// When it reached the person: a delivery receipt, or a call in which it was read out.
    public var deliveredAt: Instant?

    /// Makes an offer.
    public init(
        id: String, caseID: String, rung: Remedy, slotID: String, holdID: String, state: State,
        offeredAt: Instant, expiresAt: Instant, deliveredAt: Instant? = nil
    ) {
        self.id = id
        self.caseID = caseID
        self.rung = rung
        self.slotID = slotID
        self.holdID = holdID
        self.state = state
        self.offeredAt = offeredAt
        self.expiresAt = expiresAt
        self.deliveredAt = deliveredAt
    }
}

/// A call that must be made before an offer lapses.
public struct OfferCallRow: Sendable {
    /// Made by the application.
    public var id: String
    /// The case whose person is called.
    public var caseID: String
    /// The hold that would lapse.
    public var holdID: String
    /// What the call is for.
    public var reason: String
    /// By when.
    public var dueAt: Instant

    /// Makes a task.
    public init(id: String, caseID: String, holdID: String, reason: String, dueAt: Instant) {
        self.id = id
        self.caseID = caseID
        self.holdID = holdID
        self.reason = reason
        self.dueAt = dueAt
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
        try connection.send(
            """
            INSERT INTO offer (id, case_id, rung, slot_id, hold_id, state, offered_at, expires_at,
                delivered_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                row.id.stored, row.caseID.stored, row.rung.stored, row.slotID.stored, row.holdID.stored,
                row.state.stored, row.offeredAt.stored, row.expiresAt.stored, row.deliveredAt.stored,
            ])
    }

    /// The one live offer of a case.
    public func live(_ caseID: String) throws -> OfferRow? {
        try connection.first(
            """
            SELECT id, case_id, rung, slot_id, hold_id, state, offered_at, expires_at, delivered_at FROM offer
            WHERE case_id = $1 AND state = 'live'
            """, [caseID.stored]
        ) {
            OfferRow(
                id: try $0[0], caseID: try $0[1], rung: try $0[2], slotID: try $0[3], holdID: try $0[4],
                state: try $0[5], offeredAt: try $0[6], expiresAt: try $0[7], deliveredAt: try $0[8])
        }
    }

    /// Moves the end of a live offer and of the hold behind it, and keeps when it reached the person.
    public func run(_ offer: OfferRow, until expiresAt: Instant, deliveredAt: Instant?) throws {
        try connection.run(
            "UPDATE offer SET expires_at = $1, delivered_at = $2 WHERE id = $3 AND state = 'live'",
            [expiresAt.stored, deliveredAt.stored, offer.id.stored])
        try connection.run(
            "UPDATE pool_hold SET expires_at = $1 WHERE id = $2 AND state = 'live'",
            [expiresAt.stored, offer.holdID.stored])
    }

    /// A yes that was taken back within the time to undo counts as a no from now on.
    public func takeBack(holdID: String) throws {
        try connection.run(
            "UPDATE offer SET state = 'declined' WHERE hold_id = $1 AND state = 'accepted'",
            [holdID.stored])
    }

    /// Adds the task of calling somebody, once a hold and reason.
    public func insert(_ row: OfferCallRow) throws {
        try connection.send(
            """
            INSERT INTO offer_call (id, case_id, hold_id, reason, due_at, state, made_at)
            VALUES ($1, $2, $3, $4, $5, 'open', $6) ON CONFLICT (hold_id, reason) DO NOTHING
            """,
            [
                row.id.stored, row.caseID.stored, row.holdID.stored, row.reason.stored, row.dueAt.stored,
                connection.now.stored,
            ])
    }

    /// Ends the calls about a hold that is settled.
    public func endCalls(holdID: String) throws {
        try connection.send(
            "UPDATE offer_call SET state = 'done' WHERE hold_id = $1 AND state = 'open'", [holdID.stored])
    }

    /// Calls to be made, the most urgent first, with the receipt number of their case.
    public func calls(incident: String) throws -> [(row: OfferCallRow, receipt: String)] {
        try connection.all(
            """
            SELECT t.id, t.case_id, t.hold_id, t.reason, t.due_at, c.receipt
            FROM offer_call AS t JOIN grievance_case AS c ON c.id = t.case_id
            WHERE c.incident = $1 AND t.state = 'open' ORDER BY t.due_at, t.id
            """, [incident.stored]
        ) {
            let row = OfferCallRow(
                id: try $0[0], caseID: try $0[1], holdID: try $0[2], reason: try $0[3], dueAt: try $0[4])
            return (row: row, receipt: try $0[5])
        }
    }

    /// Ends a live offer.
    public func end(_ id: String, as state: OfferRow.State) throws {
        try connection.send(
            "UPDATE offer SET state = $1 WHERE id = $2 AND state = 'live'", [state.stored, id.stored])
    }

    /// Whether the case has a declined offer of this slot.
    public func isDeclined(_ caseID: String, slotID: String) throws -> Bool {
        try connection.count(
            "SELECT count(*) FROM offer WHERE case_id = $1 AND slot_id = $2 AND state = 'declined'",
            [caseID.stored, slotID.stored]) > 0
    }

    /// Every case of an incident and slot with a declined offer there, as `case/slot`.
    public func declined(incident: String) throws -> Set<String> {
        Set(
            try connection.all(
                """
                SELECT o.case_id, o.slot_id FROM offer AS o JOIN pool_slot AS s ON s.id = o.slot_id
                WHERE s.incident = $1 AND o.state = 'declined'
                """, [incident.stored]
            ) { "\(try $0[0] as String)/\(try $0[1] as String)" })
    }

    /// Records a contact: what was said, through which channel, and who took it down.
    public func record(
        contact subject: String, caseID: String, channel: Channel, noteSealed: [UInt8]?, actor: Actor
    ) throws {
        try connection.send(
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
