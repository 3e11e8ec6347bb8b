/// The pool's rows: slots with balances, holds, entries of the journal, bookings kept for the time to undo.
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
    /// Whether a call to the other booking system is outstanding: then the hold does not expire.
    public var isPinned: Bool

    /// Makes a hold.
    public init(
        id: String, caseID: String, slotID: String, state: State, heldAt: Instant, expiresAt: Instant,
        isPinned: Bool = false
    ) {
        self.id = id
        self.caseID = caseID
        self.slotID = slotID
        self.state = state
        self.heldAt = heldAt
        self.expiresAt = expiresAt
        self.isPinned = isPinned
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
