/// A grievance case: one person and one revoked booking, and what became of it.

/// What is opened for one person and one revoked booking.
public struct Case: Sendable, Equatable {
    /// Made by the application; never shown.
    public var id: String
    /// The public number, with its check digit.
    public var receipt: ReceiptNumber
    /// The incident it belongs to.
    public var incident: String
    /// The person, by the register's own id.
    public var person: String
    /// The booking that was lost.
    public var booking: String
    /// How it began.
    public var origin: CaseOrigin
    /// The way it reached the agency.
    public var channel: Channel
    /// What the complaint is about.
    public var category: String
    /// What the person asks for.
    public var remedy: Remedy
    /// Where it stands.
    public var state: CaseState
    /// The slot that was lost; nil while no source names it.
    public var slot: Slot? {
        didSet { isSlotMoved = isSlotMoved || slot != oldValue }
    }
    /// Whether the lost slot was set anew since the case was read or written.
    public var isSlotMoved = false
    /// Which dose the booking was for; nil when no source tells, and then a human decides.
    public var dose: Int?
    /// The province of the centre, fixed at receipt for statistics.
    public var province: String?
    /// The person's age in decades at receipt, `50s`, fixed for statistics; nil when no register tells.
    public var ageBand: String?
    /// What the logs add up to; nil before the first verification.
    public var verdict: String?
    /// Digest of evidence, rule set and policy behind the verdict.
    public var verdictDigest: String?
    /// The earliest time of the original attempt that any source allows; the order of restoration.
    public var attemptedAt: Instant?
    /// Whether the person waits for the original slot, also while seated elsewhere.
    public var isWaiting: Bool
    /// The seat the person got back and by which rung of the ladder.
    public var restored: RestoredSeat?
    /// When it was received.
    public var receivedAt: Instant
    /// When the answer is due.
    public var dueAt: Instant {
        didSet { isDueMoved = isDueMoved || dueAt != oldValue }
    }
    /// Whether the due time was set anew since the case was read or written.
    public var isDueMoved = false
    /// How the due time was counted, day by day.
    public var dueTrace: [String]
    /// What the statutory clock is counted from.
    public var clock: HandlingClock
    /// Who works on it; nil while nobody does.
    public var assignee: String?
    /// Whether a human, with a second person's approval, found the claim good though the logs do not show it.
    public var isUpheld = false
    /// What each rule says, in one line: cases with the same pattern should end alike.
    public var pattern: String?
    /// The id of the earlier case this one was merged into.
    public var mergedInto: String?
    /// When the supervisor was told that it is about to be late.
    public var escalatedAt: Instant?
    /// Counts changes; an edit must name the version it saw.
    public var version: Int

    /// Makes a newly received case.
    public init(
        id: String, receipt: ReceiptNumber, incident: String, person: String, booking: String,
        origin: CaseOrigin, channel: Channel, category: String = "revoked-booking",
        remedy: Remedy = .originalSlot, slot: Slot?, dose: Int?, province: String?,
        ageBand: String? = nil, receivedAt: Instant, dueAt: Instant, dueTrace: [String]
    ) {
        self.id = id
        self.receipt = receipt
        self.incident = incident
        self.person = person
        self.booking = booking
        self.origin = origin
        self.channel = channel
        self.category = category
        self.remedy = remedy
        self.state = .received
        self.slot = slot
        self.dose = dose
        self.province = province
        self.ageBand = ageBand
        self.isWaiting = false
        self.receivedAt = receivedAt
        self.dueAt = dueAt
        self.dueTrace = dueTrace
        self.clock = HandlingClock(startedAt: receivedAt, promisedAt: dueAt)
        self.version = 1
    }

    /// Whether the claim is good: the logs verify it, or a human upheld it.
    public var isEntitled: Bool { verdict == "verified" || isUpheld }

    /// The deadline that comes first: the statutory one, or the appointment, after which a seat is worthless.
    public var firstDeadline: Instant {
        guard let slot, restored == nil, slot.start > receivedAt else { return dueAt }
        return min(dueAt, slot.start)
    }

    /// Whether the law sets the due date; what the sweep found carries the same period as our own target.
    public var isStatutory: Bool { origin != .found }

    /// Whether the answer is late; while the person is asked for something, the clock stands still.
    public func isOverdue(at now: Instant) -> Bool {
        state.isOpen && state != .needsInformation && dueAt < now
    }
}

/// What a case's statutory clock is counted from; with the pauses it gives the due time again.
public struct HandlingClock: Sendable, Equatable {
    /// When the period began: receipt, or the objection.
    public var startedAt: Instant
    /// The period in days.
    public var days = 7
    /// How often it was extended by its own length.
    public var extensions = 0
    /// The version of the calendar that the due time was counted with.
    public var calendar = ""
    /// The time the person was told first; it stays our target when a holiday declared later lengthens the period.
    public var promisedAt: Instant

    /// Starts a clock.
    public init(startedAt: Instant, promisedAt: Instant) {
        self.startedAt = startedAt
        self.promisedAt = promisedAt
    }
}

/// How a case began.
public enum CaseOrigin: String, Sendable, CaseIterable {
    /// 신청: applied for in writing.
    case applied
    /// 구술: taken down by phone or at a counter, with consent.
    case dictated
    /// 직권발굴: found by the sweep before anyone complained.
    case found

    /// The word on pages and in the command line's output.
    public var korean: String {
        switch self {
        case .applied: "신청"
        case .dictated: "구술"
        case .found: "직권발굴"
        }
    }
}

/// The way a case or a contact reached the agency.
public enum Channel: String, Sendable, CaseIterable {
    case call
    case counter
    case page
    case text
    case letter
    case sweep
}

/// What the person asks for; the rungs of the remedy ladder, best first.
public enum Remedy: String, Sendable, CaseIterable {
    /// The date, site and time that were lost.
    case originalSlot = "original-slot"
    /// The same site and date at another time.
    case sameDate = "same-date"
    /// The same date at a site near by.
    case nearbySite = "nearby-site"
    /// Another date, as near as there is.
    case nearestDate = "nearest-date"
    /// A place in the line for the original slot.
    case waitlist
}

/// The seat a person got back.
public struct RestoredSeat: Sendable, Equatable {
    /// The slot they are seated in.
    public var slot: Slot
    /// The rung of the ladder it stands on.
    public var rung: Remedy

    /// Makes a restored seat.
    public init(slot: Slot, rung: Remedy) {
        self.slot = slot
        self.rung = rung
    }
}
