/// The reserved pool's journal and balances; capacity moves only by guarded updates whose row count is checked.
public import RedressCore

extension PoolEntryKind: Storable {}

/// Reads and writes the pool.
public struct PoolStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The id of a slot in an incident's pool.
    public static func id(of slot: Slot, incident: String) -> String {
        "\(incident)/\(slot.site)/\(slot.vaccine)/\(slot.date)/\(slot.time)"
    }

    /// Makes sure the slot has a balance and locks it until the transaction ends.
    ///
    /// Slots must be locked in ascending order, before anything about them is read.
    public func lock(_ slot: Slot, incident: String) throws {
        try connection.send(
            """
            INSERT INTO pool_slot (id, incident, site, vaccine, date, slot, allotted, released, reserved, held,
                seated, kept)
            VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, 0, 0, 0)
            ON CONFLICT (id) DO UPDATE SET allotted = pool_slot.allotted
            """,
            [
                Self.id(of: slot, incident: incident).stored, incident.stored, slot.site.stored,
                slot.vaccine.stored, slot.date.stored, slot.time.stored,
            ])
    }

    /// The name under which the journal's places are counted.
    static let journal = "pool_entry"

    /// Writes one entry at a place of the journal and moves the balance with it.
    ///
    /// - Parameter refusal: what is thrown when the account that it leaves is short.
    public func post(
        _ kind: PoolEntryKind, at seq: Int, seats: Int, slotID: String, holdID: String? = nil,
        caseID: String? = nil, authority: String? = nil, actor: String,
        or refusal: @escaping () -> RedressError
    ) throws {
        try move(kind, seats: seats, slotID: slotID, or: refusal)
        try connection.send(
            """
            INSERT INTO pool_entry (seq, slot_id, kind, seats, hold_id, case_id, authority, actor, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                seq.stored, slotID.stored, kind.stored, seats.stored, holdID.stored, caseID.stored,
                authority.stored, actor.stored, connection.now.stored,
            ])
    }

    /// The guarded update of one kind of entry: the balance moves only while the account it leaves has enough.
    private func move(
        _ kind: PoolEntryKind, seats: Int, slotID: String, or refusal: @escaping () -> RedressError
    ) throws {
        let sql: SQL =
            switch kind {
            case .allot:
                "UPDATE pool_slot SET allotted = allotted + $1, reserved = reserved + $2 WHERE $3 >= 0 AND id = $4"
            case .takeIn:
                "UPDATE pool_slot SET allotted = allotted + $1, kept = kept + $2 WHERE $3 >= 0 AND id = $4"
            case .hold:
                "UPDATE pool_slot SET reserved = reserved - $1, held = held + $2 WHERE reserved >= $3 AND id = $4"
            case .seat:
                "UPDATE pool_slot SET held = held - $1, seated = seated + $2 WHERE held >= $3 AND id = $4"
            case .expire, .void:
                "UPDATE pool_slot SET held = held - $1, reserved = reserved + $2 WHERE held >= $3 AND id = $4"
            case .vacate:
                "UPDATE pool_slot SET seated = seated - $1, reserved = reserved + $2 WHERE seated >= $3 AND id = $4"
            case .release:
                "UPDATE pool_slot SET reserved = reserved - $1, released = released + $2 WHERE reserved >= $3 AND id = $4"
            case .keepEndReserved:
                "UPDATE pool_slot SET kept = kept - $1, reserved = reserved + $2 WHERE kept >= $3 AND id = $4"
            case .keepEndOutside:
                "UPDATE pool_slot SET kept = kept - $1, released = released + $2 WHERE kept >= $3 AND id = $4"
            }
        try connection.send(
            sql, [seats.stored, seats.stored, seats.stored, slotID.stored], changing: 1, or: refusal)
    }

    /// Adds a live hold; the schema refuses a second one of the same case.
    public func insert(_ hold: HoldRow) throws {
        try connection.send(
            """
            INSERT INTO pool_hold (id, case_id, slot_id, state, held_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                hold.id.stored, hold.caseID.stored, hold.slotID.stored, hold.state.stored,
                hold.heldAt.stored, hold.expiresAt.stored,
            ])
    }

    /// Moves a hold from one state to another.
    ///
    /// - Parameter refusal: what is thrown when it was not in that state any more.
    public func change(
        hold id: String, from: HoldRow.State, to: HoldRow.State, or refusal: @escaping () -> RedressError
    ) throws {
        try connection.send(
            "UPDATE pool_hold SET state = $1 WHERE id = $2 AND state = \(from.literal)",
            [to.stored, id.stored], changing: 1, or: refusal)
    }

    /// The hold of a case that is in this state; live and seated are unique.
    public func hold(of caseID: String, in state: HoldRow.State) throws -> HoldRow? {
        try connection.first(
            "\(Self.holdColumns) WHERE case_id = $1 AND state = \(state.literal)", [caseID.stored],
            Self.holdRow)
    }

    /// The live holds of an incident, the soonest to expire first.
    public func liveHolds(incident: String) throws -> [HoldRow] {
        try connection.all(
            """
            \(Self.holdColumns) WHERE state = 'live' AND slot_id IN
                (SELECT id FROM pool_slot WHERE incident = $1)
            ORDER BY expires_at, id
            """, [incident.stored], Self.holdRow)
    }

    /// The live holds whose time has passed, those apart that a call to another system pins.
    public func expiredHolds() throws -> [HoldRow] {
        try connection.all(
            """
            \(Self.holdColumns) WHERE state = 'live' AND expires_at <= $1 AND NOT pinned
            ORDER BY expires_at, id
            """, [connection.now.stored], Self.holdRow)
    }

    /// The live holds on one slot, the soonest to expire first.
    public func liveHolds(slotID: String) throws -> [HoldRow] {
        try connection.all(
            "\(Self.holdColumns) WHERE slot_id = $1 AND state = 'live' ORDER BY expires_at, id",
            [slotID.stored], Self.holdRow)
    }

    /// The hold of this id.
    public func hold(_ id: String) throws -> HoldRow? {
        try connection.first("\(Self.holdColumns) WHERE id = $1", [id.stored], Self.holdRow)
    }

    /// The seat, held by another case, that this person has on a slot.
    public func seatOfAnotherCase(_ row: Case, on slotID: String) throws -> HoldRow? {
        try connection.first(
            """
            \(Self.holdColumns) WHERE slot_id = $1 AND state = 'seated' AND case_id <> $2 AND case_id IN
                (SELECT c.id FROM grievance_case AS c WHERE c.incident = $3 AND c.person = $4)
            """, [slotID.stored, row.id.stored, row.incident.stored, row.person.stored], Self.holdRow)
    }

    /// Pins a live hold while a call to the other system is outstanding, or lets it go again.
    public func pin(_ holdID: String, _ isPinned: Bool) throws {
        try connection.run(
            "UPDATE pool_hold SET pinned = $1 WHERE id = $2", [isPinned.stored, holdID.stored])
    }

    /// Keeps a later booking that was moved out, for the time in which the move can be undone.
    public func keep(_ row: KeptBookingRow) throws {
        try connection.send(
            """
            INSERT INTO kept_booking (id, case_id, incident, booking, slot_id, state, until)
            VALUES ($1, $2, $3, $4, $5, 'kept', $6)
            """,
            [
                row.id.stored, row.caseID.stored, row.incident.stored, row.booking.stored, row.slotID.stored,
                row.until.stored,
            ])
    }

    /// The kept bookings whose time to undo has passed.
    public func endedKeeps() throws -> [KeptBookingRow] {
        try connection.all(
            """
            SELECT id, case_id, incident, booking, slot_id, until FROM kept_booking
            WHERE state = 'kept' AND until <= $1 ORDER BY until, id
            """, [connection.now.stored]
        ) {
            KeptBookingRow(
                id: try $0[0], caseID: try $0[1], incident: try $0[2], booking: try $0[3], slotID: try $0[4],
                until: try $0[5])
        }
    }

    /// The booking that a case's move set aside and that can still be had back.
    public func kept(of caseID: String) throws -> KeptBookingRow? {
        try connection.first(
            """
            SELECT id, case_id, incident, booking, slot_id, until FROM kept_booking
            WHERE case_id = $1 AND state = 'kept' AND until > $2 ORDER BY until DESC
            """, [caseID.stored, connection.now.stored]
        ) {
            KeptBookingRow(
                id: try $0[0], caseID: try $0[1], incident: try $0[2], booking: try $0[3], slotID: try $0[4],
                until: try $0[5])
        }
    }

    /// Ends the keeping of a booking, because the time to undo passed; false when somebody else ended it.
    public func endKeep(_ id: String) throws -> Bool {
        try connection.run(
            "UPDATE kept_booking SET state = 'ended' WHERE id = $1 AND state = 'kept'", [id.stored]) == 1
    }

    /// Ends the keeping of a booking that is given back to its holder; false when it had ended.
    public func undoKeep(_ id: String) throws -> Bool {
        try connection.run(
            "UPDATE kept_booking SET state = 'undone' WHERE id = $1 AND state = 'kept'", [id.stored]) == 1
    }

    /// The slot on which a case has its live hold, with its balance.
    public func slot(heldBy caseID: String) throws -> PoolSlotRow? {
        try connection.first(
            "\(Self.slotColumns) WHERE id = (SELECT slot_id FROM pool_hold WHERE case_id = $1 AND state = 'live')",
            [caseID.stored], Self.slotRow)
    }

    /// The slot of this id with its balance.
    public func slot(_ id: String) throws -> PoolSlotRow? {
        try connection.first("\(Self.slotColumns) WHERE id = $1", [id.stored], Self.slotRow)
    }

    /// Every slot of an incident's pool, by time and site.
    public func slots(incident: String) throws -> [PoolSlotRow] {
        try connection.all(
            "\(Self.slotColumns) WHERE incident = $1 ORDER BY date, slot, site, vaccine",
            [incident.stored], Self.slotRow)
    }

    /// Slots of an incident up to a date that have seats reserved, or held by holds that nothing pins.
    public func openSlots(incident: String, until date: CivilDate) throws -> [PoolSlotRow] {
        try connection.all(
            """
            \(Self.slotColumns) WHERE incident = $1 AND date <= $2 AND (reserved > 0 OR held > 0)
                AND (reserved > 0 OR EXISTS (SELECT 1 FROM pool_hold AS h WHERE h.slot_id = pool_slot.id
                    AND h.state = 'live' AND NOT h.pinned))
            ORDER BY date, slot, site, vaccine
            """, [incident.stored, date.stored], Self.slotRow)
    }

    /// The last entries of a slot's journal (of the incident's when nil), the newest first.
    public func journal(incident: String, slotID: String?, limit: Int) throws -> [PoolEntryRow] {
        guard let slotID else {
            return try connection.all(
                """
                \(Self.entryColumns) WHERE slot_id IN (SELECT id FROM pool_slot WHERE incident = $1)
                ORDER BY seq DESC LIMIT $2
                """, [incident.stored, limit.stored], Self.entryRow)
        }
        return try connection.all(
            "\(Self.entryColumns) WHERE slot_id = $1 ORDER BY seq DESC LIMIT $2",
            [slotID.stored, limit.stored], Self.entryRow)
    }

    /// Hands over the journal of every slot, in order.
    public func eachEntry(_ body: (PoolEntryRow) throws -> Void) throws {
        try connection.each("\(Self.entryColumns) ORDER BY seq", []) { try body(try Self.entryRow($0)) }
    }

    private static let entryColumns: SQL = """
        SELECT seq, slot_id, kind, seats, hold_id, case_id, authority, actor, at FROM pool_entry
        """

    private static func entryRow(_ row: Row) throws -> PoolEntryRow {
        PoolEntryRow(
            seq: try row[0], slotID: try row[1], kind: try row[2], seats: try row[3], holdID: try row[4],
            caseID: try row[5], authority: try row[6], actor: try row[7], at: try row[8])
    }

    private static let slotColumns: SQL = """
        SELECT id, incident, site, vaccine, date, slot, allotted, released, reserved, held, seated, kept
        FROM pool_slot
        """

    private static func slotRow(_ row: Row) throws -> PoolSlotRow {
        PoolSlotRow(
            id: try row[0], incident: try row[1],
            slot: Slot(site: try row[2], vaccine: try row[3], date: try row[4], time: try row[5]),
            balance: PoolBalance(
                allotted: try row[6], released: try row[7], reserved: try row[8], held: try row[9],
                seated: try row[10], kept: try row[11]))
    }

    private static let holdColumns: SQL = """
        SELECT id, case_id, slot_id, state, held_at, expires_at, pinned FROM pool_hold
        """

    private static func holdRow(_ row: Row) throws -> HoldRow {
        HoldRow(
            id: try row[0], caseID: try row[1], slotID: try row[2], state: try row[3], heldAt: try row[4],
            expiresAt: try row[5], isPinned: try row[6])
    }
}

extension HoldRow.State {
    /// The state as part of a statement. As a parameter it would have SQLite plan the statement anew each time, to see
    /// whether the index of live holds, or of seats, may be used.
    fileprivate var literal: SQL {
        switch self {
        case .live: "'live'"
        case .seated: "'seated'"
        case .expired: "'expired'"
        case .void: "'void'"
        case .vacated: "'vacated'"
        }
    }
}
