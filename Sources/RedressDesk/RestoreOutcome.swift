/// What became of one person's restoration, as every front end shows it.
public import RedressCore

/// What became of one person's restoration.
public struct RestoreOutcome: Sendable, Codable, Equatable {
    /// The case.
    public var receipt: String
    /// The case's state afterwards.
    public var state: String
    /// What was done: `seated`, `offered`, `declined`, `waitlisted`, `undone`, `vacated`, `pending` (the other booking
    /// system has not answered yet).
    public var done: String
    /// The seat, held or taken; null when there is none.
    public var seat: OrNull<SeatView>
    /// The rung of the remedy ladder.
    public var rung: OrNull<String>
    /// Until when an offered seat is held, RFC 3339; null when nothing is held.
    public var until: OrNull<String>
}

/// A seat as it is shown.
public struct SeatView: Sendable, Codable, Equatable {
    /// The site's id.
    public var site: String
    /// The date.
    public var date: String
    /// The time.
    public var slot: String

    /// Shows a slot.
    public init(_ slot: Slot) {
        site = slot.site
        date = slot.date.description
        self.slot = slot.time.description
    }
}
