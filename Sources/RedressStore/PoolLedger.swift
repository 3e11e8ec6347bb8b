/// The ledger's operations: each changes a hold's state and the slot's balance together.
public import RedressCore

/// Moves seats between a slot's accounts; the slot must be locked before.
///
/// Every operation answers with its entry's place in the journal and throws `.refused` when the account it leaves
/// is short or the hold is not in the state it leaves; whoever catches that must have called inside `nested`, so
/// that the half that was written is undone.
public final class PoolLedger {
    private let connection: any Connection
    private let pool: PoolStore
    private let actor: Actor
    /// Places of the journal that were taken together and wait for their entries.
    private var places: Range<Int> = 0..<0

    /// Works inside the transaction of `connection`, in the name of `actor`.
    public init(_ connection: any Connection, by actor: Actor) {
        self.connection = connection
        self.actor = actor
        pool = PoolStore(connection)
    }

    /// Takes the places of the next `count` entries at once; as many must follow.
    public func take(places count: Int) throws {
        precondition(places.isEmpty, "Places that were taken and not used would be holes of the journal.")
        let first = try CounterStore(connection).take(count, of: PoolStore.journal)
        places = first..<first + count
    }

    /// Asks ahead for what taking a place reads.
    public static func askAhead(_ ahead: any Connection) throws {
        _ = try CounterStore(ahead).value(of: PoolStore.journal)
    }

    /// Outside to reserved, under an authority.
    public func allot(_ seats: Int, to slotID: String, authority: String) throws -> Int {
        try post(.allot, slotID, seats: seats, authority: authority)
    }

    /// Reserved to outside.
    public func release(_ seats: Int, from slotID: String) throws -> Int {
        try post(.release, slotID, seats: seats)
    }

    /// Reserved to held: one live hold for a case, until `expiresAt` by the store's clock.
    public func hold(_ slotID: String, for caseID: String, until expiresAt: Instant) throws -> (HoldRow, Int)
    {
        let hold = HoldRow(
            id: Identifier.make(at: connection.now), caseID: caseID, slotID: slotID, state: .live,
            heldAt: connection.now, expiresAt: expiresAt)
        guard expiresAt > connection.now else {
            throw RedressError(.refused, "A hold that ends before it begins keeps no seat.")
        }
        try pool.insert(hold)
        return (hold, try post(.hold, slotID, hold: hold))
    }

    /// Held to seated, while the hold is live and its time has not passed (a pinned hold has no end).
    public func seat(_ hold: HoldRow) throws -> Int {
        guard hold.isPinned || hold.expiresAt > connection.now else {
            throw RedressError(.refused, "The hold on the seat has lapsed. Offer it again.")
        }
        return try resolve(hold, from: .live, to: .seated, as: .seat)
    }

    /// Held to reserved, past its time; refused while that has not come or a call to another system pins it.
    public func expire(_ hold: HoldRow) throws -> Int {
        guard !hold.isPinned, hold.expiresAt <= connection.now else {
            throw RedressError(.refused, "The hold's time has not passed, or a call about it is outstanding.")
        }
        return try resolve(hold, from: .live, to: .expired, as: .expire)
    }

    /// Held to reserved, given up.
    public func void(_ hold: HoldRow) throws -> Int {
        guard !hold.isPinned else {
            throw RedressError(
                .tryAgain, "The other booking system is still asked about this seat. Try again in a moment.")
        }
        return try resolve(hold, from: .live, to: .void, as: .void)
    }

    /// Seated to reserved: the person gave the date up, or moved on.
    public func vacate(_ hold: HoldRow) throws -> Int {
        try resolve(hold, from: .seated, to: .vacated, as: .vacate)
    }

    /// Outside to kept: the later public booking of a person who is being seated.
    public func takeIn(_ slotID: String, for caseID: String) throws -> Int {
        try post(.takeIn, slotID, caseID: caseID)
    }

    /// Kept to reserved or outside.
    public func endKeep(_ slotID: String, for caseID: String, toReserved: Bool) throws -> Int {
        try post(toReserved ? .keepEndReserved : .keepEndOutside, slotID, caseID: caseID)
    }

    private func resolve(
        _ hold: HoldRow, from: HoldRow.State, to: HoldRow.State, as kind: PoolEntryKind
    ) throws -> Int {
        try pool.change(hold: hold.id, from: from, to: to) {
            RedressError(.refused, "The seat's hold is not \(from.rawValue) any more: somebody was faster.")
        }
        return try post(kind, hold.slotID, hold: hold)
    }

    private func post(
        _ kind: PoolEntryKind, _ slotID: String, seats: Int = 1, hold: HoldRow? = nil,
        caseID: String? = nil, authority: String? = nil
    ) throws -> Int {
        if places.isEmpty { try take(places: 1) }
        let seq = places.removeFirst()
        try pool.post(
            kind, at: seq, seats: seats, slotID: slotID, holdID: hold?.id, caseID: hold?.caseID ?? caseID,
            authority: authority, actor: actor.name
        ) {
            RedressError(
                .refused, "There are not enough seats on \(slotID) to \(kind.rawValue) \(seats).",
                details: ["slot": slotID])
        }
        return seq
    }
}
