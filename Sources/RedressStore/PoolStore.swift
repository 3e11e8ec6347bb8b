/// The reserved pool's journal and balances; capacity moves only by guarded updates whose row count is checked.
public import RedressCore

/// A slot of the pool with its balance.
public struct PoolSlotRow: Sendable {
    /// The slot's id: incident and slot in one text.
    public var id: String
    /// The incident whose pool it is in.
    public var incident: String
    /// The seat's place and time.
    public var slot: Slot
    /// What its accounts hold.
    public var balance: PoolBalance
}

/// A seat promised to, or taken by, one case.
public struct HoldRow: Sendable, Equatable {
    /// Where a hold stands.
    public enum State: String, Sendable, CaseIterable, Storable {
        case live
        case seated
        case expired
        case void
        case vacated
    }

    /// Made by the application.
    public var id: String
    /// The case it is for.
    public var caseID: String
    /// The id of the slot.
    public var slotID: String
    /// Where it stands.
    public var state: State
    /// Since when.
    public var heldAt: Instant
    /// Until when, by the store's clock.
    public var expiresAt: Instant

    /// Makes a hold.
    public init(
        id: String, caseID: String, slotID: String, state: State, heldAt: Instant, expiresAt: Instant
    ) {
        self.id = id
        self.caseID = caseID
        self.slotID = slotID
        self.state = state
        self.heldAt = heldAt
        self.expiresAt = expiresAt
    }
}

/// One entry of the journal.
public struct PoolEntryRow: Sendable {
    /// Its place in the journal.
    public var seq: Int
    /// The slot whose accounts it moves.
    public var slotID: String
    /// What it does.
    public var kind: PoolEntryKind
    /// How many seats.
    public var seats: Int
    /// The hold it makes or resolves.
    public var holdID: String?
    /// The case it is for.
    public var caseID: String?
    /// The document or order that allows it.
    public var authority: String?
    /// Who did it.
    public var actor: String
    /// When.
    public var at: Instant
}

/// A later booking that was just given up, kept while the move can be undone.
public struct KeptBookingRow: Sendable {
    /// Made by the application.
    public var id: String
    /// The case whose re-seat moved it out.
    public var caseID: String
    /// The incident of the booking.
    public var incident: String
    /// The booking's number.
    public var booking: String
    /// The id of its slot.
    public var slotID: String
    /// Until when it can be undone.
    public var until: Instant

    /// Makes a row.
    public init(
        id: String, caseID: String, incident: String, booking: String, slotID: String, until: Instant
    ) {
        self.id = id
        self.caseID = caseID
        self.incident = incident
        self.booking = booking
        self.slotID = slotID
        self.until = until
    }
}

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
        try connection.run(
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

    /// Writes one entry and moves the balance with it; nil, with nothing written, when an account is short.
    ///
    /// - Returns: the entry's place in the journal.
    public func post(
        _ kind: PoolEntryKind, seats: Int, slotID: String, holdID: String? = nil, caseID: String? = nil,
        authority: String? = nil, actor: String
    ) throws -> Int? {
        guard try move(kind, seats: seats, slotID: slotID) else { return nil }
        let seq = try CounterStore(connection).next("pool_entry")
        try connection.run(
            """
            INSERT INTO pool_entry (seq, slot_id, kind, seats, hold_id, case_id, authority, actor, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                seq.stored, slotID.stored, kind.stored, seats.stored, holdID.stored, caseID.stored,
                authority.stored, actor.stored, connection.now.stored,
            ])
        return seq
    }

    /// The guarded update of one kind of entry: the balance moves only while the account it leaves has enough.
    private func move(_ kind: PoolEntryKind, seats: Int, slotID: String) throws -> Bool {
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
        return try connection.run(sql, [seats.stored, seats.stored, seats.stored, slotID.stored]) == 1
    }

    /// Adds a live hold; the schema refuses a second one of the same case.
    public func insert(_ hold: HoldRow) throws {
        try connection.run(
            """
            INSERT INTO pool_hold (id, case_id, slot_id, state, held_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                hold.id.stored, hold.caseID.stored, hold.slotID.stored, hold.state.stored,
                hold.heldAt.stored, hold.expiresAt.stored,
            ])
    }

    /// Moves a hold from one state to another; false when it was not in that state any more.
    public func change(hold id: String, from: HoldRow.State, to: HoldRow.State) throws -> Bool {
        try connection.run(
            "UPDATE pool_hold SET state = $1 WHERE id = $2 AND state = $3",
            [to.stored, id.stored, from.stored]) == 1
    }

    /// The hold of a case that is in this state; live and seated are unique.
    public func hold(of caseID: String, in state: HoldRow.State) throws -> HoldRow? {
        try connection.first(
            "\(Self.holdColumns) WHERE case_id = $1 AND state = $2", [caseID.stored, state.stored],
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

    /// The live holds whose time has passed.
    public func expiredHolds() throws -> [HoldRow] {
        try connection.all(
            "\(Self.holdColumns) WHERE state = 'live' AND expires_at <= $1 ORDER BY expires_at, id",
            [connection.now.stored], Self.holdRow)
    }

    /// Keeps a later booking that was moved out, for the time in which the move can be undone.
    public func keep(_ row: KeptBookingRow) throws {
        try connection.run(
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

    /// Ends the keeping of a booking; false when somebody else did.
    public func endKeep(_ id: String) throws -> Bool {
        try connection.run(
            "UPDATE kept_booking SET state = 'ended' WHERE id = $1 AND state = 'kept'", [id.stored]) == 1
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

    /// Every slot of every pool.
    public func allSlots() throws -> [PoolSlotRow] {
        try connection.all("\(Self.slotColumns) ORDER BY id", [], Self.slotRow)
    }

    /// Hands over the journal of every slot, in order.
    public func eachEntry(_ body: (PoolEntryRow) throws -> Void) throws {
        try connection.each(
            """
            SELECT seq, slot_id, kind, seats, hold_id, case_id, authority, actor, at
            FROM pool_entry ORDER BY seq
            """, []
        ) { row in
            try body(
                PoolEntryRow(
                    seq: try row[0], slotID: try row[1], kind: try row[2], seats: try row[3],
                    holdID: try row[4], caseID: try row[5], authority: try row[6], actor: try row[7],
                    at: try row[8]))
        }
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
        SELECT id, case_id, slot_id, state, held_at, expires_at FROM pool_hold
        """

    private static func holdRow(_ row: Row) throws -> HoldRow {
        HoldRow(
            id: try row[0], caseID: try row[1], slotID: try row[2], state: try row[3], heldAt: try row[4],
            expiresAt: try row[5])
    }
}
