/// The claims on one slot: who still may need a seat there, so that nobody is given what an earlier one needs.
public import RedressCore

/// One case that names a slot and may still need a seat there.
public struct ClaimRow: Sendable {
    /// The case.
    public var caseID: String
    /// The person.
    public var person: String
    /// The booking that was lost.
    public var booking: String
    /// Where the case stands.
    public var state: CaseState
    /// Whether the person waits for this slot.
    public var isWaiting: Bool
    /// The earliest time of the original attempt that any source allows.
    public var attemptedAt: Instant?
    /// Whether the verdict is verified, or two people upheld the claim against it.
    public var isEntitled: Bool
    /// Where the case has a live hold, if anywhere.
    public var heldSlot: String?
    /// How the case's last ended offer of this very slot ended.
    public var lastOffer: OfferRow.State?
}

/// Reads claims, and who is related to whom.
public struct ClaimStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Every open case that names the slot, and those seated elsewhere that wait for it.
    public func claims(on slot: Slot, incident: String) throws -> [ClaimRow] {
        try connection.all(
            """
            SELECT c.id, c.person, c.booking, c.state, c.waiting, c.attempted_at,
                c.verdict = 'verified' OR c.upheld,
                (SELECT h.slot_id FROM pool_hold AS h WHERE h.case_id = c.id AND h.state = 'live'),
                (SELECT o.state FROM offer AS o WHERE o.case_id = c.id AND o.slot_id = $1
                    AND o.state IN ('declined', 'lapsed') ORDER BY o.offered_at DESC, o.id DESC LIMIT 1)
            FROM grievance_case AS c
            WHERE c.incident = $2 AND c.site = $3 AND c.vaccine = $4 AND c.date = $5 AND c.slot = $6
                AND (c.state IN ('received', 'verifying', 'in-review', 'needs-information', 'offered',
                    'waitlisted', 'awaiting-approval', 'objection') OR c.state = 'restored' AND c.waiting)
            """,
            [
                PoolStore.id(of: slot, incident: incident).stored, incident.stored, slot.site.stored,
                slot.vaccine.stored, slot.date.stored, slot.time.stored,
            ]
        ) { row in
            ClaimRow(
                caseID: try row[0], person: try row[1], booking: try row[2], state: try row[3],
                isWaiting: try row[4], attemptedAt: try row[5],
                isEntitled: (try row[6] as Bool?) ?? false,
                heldSlot: try row[7], lastOffer: try row[8])
        }
    }

    /// Open cases that name the slot and whose seat there nobody holds yet: what a release must leave.
    public func uncovered(on slot: Slot, incident: String) throws -> Int {
        try connection.count(
            """
            SELECT count(*) FROM grievance_case AS c
            WHERE c.incident = $1 AND c.site = $2 AND c.vaccine = $3 AND c.date = $4 AND c.slot = $5
                AND c.state IN ('received', 'verifying', 'in-review', 'needs-information', 'offered',
                    'waitlisted', 'awaiting-approval', 'objection')
                AND NOT EXISTS (SELECT 1 FROM pool_hold AS h WHERE h.case_id = c.id AND h.state = 'live'
                    AND h.slot_id = $6)
            """,
            [
                incident.stored, slot.site.stored, slot.vaccine.stored, slot.date.stored,
                slot.time.stored, PoolStore.id(of: slot, incident: incident).stored,
            ])
    }

    /// The slots that somebody waits for while seats are reserved there.
    public func slotsWithWaiters() throws -> [PoolSlotRow] {
        let ids: [String] = try connection.all(
            """
            SELECT DISTINCT s.id FROM pool_slot AS s JOIN grievance_case AS c ON c.incident = s.incident
                AND c.site = s.site AND c.vaccine = s.vaccine AND c.date = s.date AND c.slot = s.slot
            WHERE (s.reserved > 0 OR s.held > 0) AND s.reserved > 0 AND c.waiting ORDER BY s.id
            """
        ) { try $0[0] }
        return try ids.compactMap { try PoolStore(connection).slot($0) }
    }

    /// Whether a member of the staff declared this person to be themselves or a relative.
    public func isRelated(_ staff: String, to person: String, incident: String) throws -> Bool {
        try connection.count(
            "SELECT count(*) FROM staff_relation WHERE incident = $1 AND person = $2 AND staff = $3",
            [incident.stored, person.stored, staff.stored]) > 0
    }

    /// Keeps that a member of the staff is this person (`self`) or a relative of theirs.
    public func declare(
        _ staff: String, is kind: RelationKind, to person: String, incident: String, by actor: Actor
    ) throws {
        try connection.run(
            """
            INSERT INTO staff_relation (incident, person, staff, kind, declared_by, declared_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (incident, person, staff) DO UPDATE SET kind = excluded.kind
            """,
            [
                incident.stored, person.stored, staff.stored, kind.stored, actor.name.stored,
                connection.now.stored,
            ])
    }
}

/// How a member of the staff is related to a person of the register.
public enum RelationKind: String, Sendable, CaseIterable, Storable {
    /// It is they themselves.
    case oneself = "self"
    /// A relative.
    case relative
}
