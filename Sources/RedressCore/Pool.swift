/// The reserved pool as a small double-entry ledger: entries, the accounts they move seats between, and the fold.

/// One kind of entry in the journal; each moves seats from one account of a slot to another.
public enum PoolEntryKind: String, Sendable, CaseIterable {
    /// Outside to reserved, under an authority.
    case allot
    /// Reserved to held, for one case.
    case hold
    /// Held to seated.
    case seat
    /// Held to reserved, past its time.
    case expire
    /// Held to reserved, given up.
    case void
    /// Seated to reserved, the person gave the date up.
    case vacate
    /// Reserved to outside.
    case release
    /// Outside to kept: the later public booking of a person who was just seated.
    case takeIn = "take-in"
    /// Kept to reserved, when the time to undo has passed and the pool keeps the seat.
    case keepEndReserved = "keep-end-reserved"
    /// Kept to outside: undone, or given back to the public.
    case keepEndOutside = "keep-end-outside"

    /// The account seats leave and the account they reach; nil is outside.
    public var accounts: (from: PoolAccount?, to: PoolAccount?) {
        switch self {
        case .allot: (nil, .reserved)
        case .hold: (.reserved, .held)
        case .seat: (.held, .seated)
        case .expire, .void: (.held, .reserved)
        case .vacate: (.seated, .reserved)
        case .release: (.reserved, nil)
        case .takeIn: (nil, .kept)
        case .keepEndReserved: (.kept, .reserved)
        case .keepEndOutside: (.kept, nil)
        }
    }
}

/// An account of a slot.
public enum PoolAccount: String, Sendable, CaseIterable {
    /// Free for restoration.
    case reserved
    /// Promised to one case for a while.
    case held
    /// Somebody's seat.
    case seated
    /// A later booking just given up, kept while the move can be undone.
    case kept
}

/// What the accounts of one slot hold.
public struct PoolBalance: Sendable, Equatable {
    /// Seats that ever came in.
    public var allotted = 0
    /// Seats that went back outside.
    public var released = 0
    /// Seats free for restoration.
    public var reserved = 0
    /// Seats promised.
    public var held = 0
    /// Seats taken.
    public var seated = 0
    /// Seats kept for the time to undo.
    public var kept = 0

    /// The balance of a slot nobody ever allotted.
    public init() {}

    /// Makes a balance of its figures.
    public init(allotted: Int, released: Int, reserved: Int, held: Int, seated: Int, kept: Int) {
        self.allotted = allotted
        self.released = released
        self.reserved = reserved
        self.held = held
        self.seated = seated
        self.kept = kept
    }

    /// Whether no account is negative and the accounts add up to what came in less what went out.
    public var isSound: Bool {
        min(reserved, held, seated, kept, released) >= 0
            && reserved + held + seated + kept == allotted - released
    }

    /// Folds one entry in; the result may be unsound, which is for the caller to refuse or report.
    public mutating func apply(_ kind: PoolEntryKind, seats: Int) {
        let (from, to) = kind.accounts
        if let from { self[from] -= seats } else { allotted += seats }
        if let to { self[to] += seats } else { released += seats }
    }

    /// The figure of one account.
    public subscript(account: PoolAccount) -> Int {
        get {
            switch account {
            case .reserved: reserved
            case .held: held
            case .seated: seated
            case .kept: kept
            }
        }
        set {
            switch account {
            case .reserved: reserved = newValue
            case .held: held = newValue
            case .seated: seated = newValue
            case .kept: kept = newValue
            }
        }
    }
}
