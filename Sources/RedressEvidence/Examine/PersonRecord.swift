/// What the registers hold of one person; loaded by the desk, with the line each row came from.

public import RedressCore

/// One row of the register of bookings.
public struct RegisterBooking: Sendable, Hashable {
    /// The register's status words.
    public enum Status: String, Sendable, CaseIterable {
        /// Stands.
        case confirmed
        /// Taken away by the agency.
        case revoked
        /// Begun and never completed.
        case incomplete
        /// Given up by the person.
        case cancelled
        /// The person has been vaccinated.
        case completed
    }

    /// Booking id.
    public var booking: String
    /// Site id.
    public var site: String
    /// Vaccine.
    public var vaccine: String
    /// Dose number.
    public var dose: Int
    /// Date of the seat; nil when the register does not say.
    public var date: CivilDate?
    /// Time of the seat; nil when the register does not say.
    public var slot: TimeOfDay?
    /// When it was booked.
    public var bookedAt: Instant?
    /// Status.
    public var status: Status
    /// The register's line.
    public var citation: Citation?

    /// Makes a row from its parts.
    public init(
        booking: String, site: String, vaccine: String, dose: Int, date: CivilDate?, slot: TimeOfDay?,
        bookedAt: Instant?, status: Status, citation: Citation? = nil
    ) {
        self.booking = booking
        self.site = site
        self.vaccine = vaccine
        self.dose = dose
        self.date = date
        self.slot = slot
        self.bookedAt = bookedAt
        self.status = status
        self.citation = citation
    }
}

/// One row of the revocation list.
public struct RevocationRow: Sendable, Hashable {
    /// Booking id.
    public var booking: String
    /// When the agency revoked it.
    public var revokedAt: Instant
    /// The batch it was part of.
    public var batch: String
    /// The list's line.
    public var citation: Citation?

    /// Makes a row from its parts.
    public init(booking: String, revokedAt: Instant, batch: String, citation: Citation? = nil) {
        self.booking = booking
        self.revokedAt = revokedAt
        self.batch = batch
        self.citation = citation
    }
}

/// One person and what they claim, as the registers know them.
public struct PersonRecord: Sendable, Hashable {
    /// Person id; nil when only a phone is known.
    public var person: String?
    /// Phone number in any spelling; nil when not known.
    public var phone: String?
    /// Year of birth; nil when the register does not say.
    public var birthYear: Int?
    /// Every booking of this person in the register.
    public var bookings: [RegisterBooking]
    /// Every row of this person in the revocation list.
    public var revocations: [RevocationRow]
    /// The booking the case is about; nil when the person cannot name it.
    public var claimed: String?

    /// Makes a record from its parts.
    public init(
        person: String?, phone: String?, birthYear: Int? = nil, bookings: [RegisterBooking] = [],
        revocations: [RevocationRow] = [], claimed: String? = nil
    ) {
        self.person = person
        self.phone = phone
        self.birthYear = birthYear
        self.bookings = bookings
        self.revocations = revocations
        self.claimed = claimed
    }
}
