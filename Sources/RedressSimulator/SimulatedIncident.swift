// What a simulation hands back: where its files are and what is true of every person in it.
public import RedressCore

/// The appointment a simulated booking names.
public struct SimulatedSlot: Hashable, Sendable, Codable {
    /// Site identifier, such as `C012`.
    public var site: String
    /// Vaccine name, such as `moderna`.
    public var vaccine: String
    /// Day, `YYYY-MM-DD`.
    public var date: String
    /// Time of day, `HH:MM`.
    public var slot: String
}

/// What is true of one simulated person, whatever the logs still show of it.
public struct PersonTruth: Sendable, Equatable, Identifiable {
    /// What the person will say when the original date is offered back.
    public enum Answer: String, Sendable, Codable {
        /// Wants the original date back.
        case yes
        /// Keeps the later date.
        case no
        /// Does not answer.
        case silent
    }

    /// What a fair look at the person must come to.
    public enum Expectation: String, Sendable, Codable {
        /// Did nothing but wait and book.
        case innocent
        /// Went round the queue.
        case jumper
    }

    /// Person identifier, such as `p1042`.
    public var person: String
    /// Invented name in Korean.
    public var name: String
    /// Invented phone number, digits only; a family may share one.
    public var phone: String
    /// Birth date, `YYYY-MM-DD`.
    public var birthDate: String
    /// The first booking made, if any was.
    public var booking: String?
    /// The trick used; nil for an honest person.
    public var trick: Trick?
    /// What makes an honest person look suspicious, in the order of the cases.
    public var lookAlikes: [LookAlike]
    /// True when the booking is on the revocation list.
    public var affected: Bool
    /// When the person first sent the booking, by a true clock.
    public var attemptedAt: Instant?
    /// The appointment booked first.
    public var original: SimulatedSlot?
    /// The booking made the day after, if the person booked again.
    public var laterBooking: String?
    /// The appointment of that later booking.
    public var later: SimulatedSlot?
    /// What the person will say when the original date is offered back; nil for the unaffected.
    public var answer: Answer?
    /// Makes the truth of a person by hand, as a test does.
    public init(
        person: String, name: String, phone: String, birthDate: String, booking: String? = nil,
        trick: Trick? = nil, lookAlikes: [LookAlike] = [], affected: Bool, attemptedAt: Instant? = nil,
        original: SimulatedSlot? = nil, laterBooking: String? = nil, later: SimulatedSlot? = nil,
        answer: Answer? = nil
    ) {
        self.person = person
        self.name = name
        self.phone = phone
        self.birthDate = birthDate
        self.booking = booking
        self.trick = trick
        self.lookAlikes = lookAlikes
        self.affected = affected
        self.attemptedAt = attemptedAt
        self.original = original
        self.laterBooking = laterBooking
        self.later = later
        self.answer = answer
    }

    /// What a fair look must come to.
    public var expected: Expectation { trick == nil ? .innocent : .jumper }

    /// The person identifier.
    public var id: String { person }
}

/// How much was simulated and written.
public struct SimulationCounts: Sendable, Equatable, Codable {
    /// People in the truth, those who only stand in the register included.
    public var people = 0
    /// Tickets drawn in the waiting room.
    public var tickets = 0
    /// People whose booking was revoked.
    public var affected = 0
    /// Affected people who used each trick.
    public var tricks: [Trick: Int] = [:]
    /// Affected honest people with each look-alike.
    public var lookAlikes: [LookAlike: Int] = [:]
    /// Affected people who booked again.
    public var rebooked = 0
    /// Lines written to each log.
    public var lines: [LogSource: Int] = [:]
    /// Lines of each log that were lost before they were written.
    public var lost: [LogSource: Int] = [:]
    /// Bytes written to all logs, before packing.
    public var bytes = 0
}

/// An incident on disk, with its truth.
public struct SimulatedIncident: Sendable {
    /// Identifier, such as `2021-07-19`.
    public var id: String
    /// Name for people, in Korean.
    public var name: String
    /// Start of the window in which, the agency said, no booking could have completed.
    public var from: Instant
    /// End of that window.
    public var to: Instant
    /// Path of the sites register.
    public var sites: String
    /// Path of the register of people and bookings.
    public var register: String
    /// Path of the revocation list.
    public var revocations: String
    /// Path of the reserved pool's allotments.
    public var allotments: String
    /// Paths of the waiting room's logs, oldest first.
    public var queueLogs: [String]
    /// Paths of the application's logs, oldest first.
    public var bookingLogs: [String]
    /// Paths of the front door's logs, oldest first.
    public var webLogs: [String]
    /// Paths of the text message logs, oldest first.
    public var smsLogs: [String]
    /// Path of the secrets that signed the passes.
    public var passKeys: String
    /// Path of the truth, for scoring only.
    public var truth: String
    /// What is true of every person, in order of person number.
    public var people: [PersonTruth]
    /// How much was simulated and written.
    public var counts: SimulationCounts
}
