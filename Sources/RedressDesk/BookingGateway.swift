/// The seam to a booking system that keeps the register itself: one change, under one key, answered or unknown.
import RedressCore

/// What another booking system is asked to do.
public struct BookingChange: Sendable, Codable, Equatable {
    /// The idempotency key: the same however often the change is sent.
    public var key: String
    /// The person, by the register's id.
    public var person: String
    /// Which dose.
    public var dose: Int
    /// The booking to give up; null when the person holds none.
    public var release: OrNull<String>
    /// The booking to make valid again, or the number of the new one.
    public var booking: String
    /// The seat's site.
    public var site: String
    /// The vaccine.
    public var vaccine: String
    /// The seat's date, YYYY-MM-DD.
    public var date: String
    /// The seat's time, HH:MM.
    public var slot: String

    /// Makes a change of its parts.
    public init(
        key: String, person: String, dose: Int, release: String?, booking: String, site: String,
        vaccine: String, date: String, slot: String
    ) {
        self.key = key
        self.person = person
        self.dose = dose
        self.release = OrNull(release)
        self.booking = booking
        self.site = site
        self.vaccine = vaccine
        self.date = date
        self.slot = slot
    }
}

/// What the other system says of a change.
public enum BookingAnswer: Sendable, Equatable {
    /// It is carried out.
    case done
    /// It was not carried out and will not be; with the system's reason code.
    case refused(String)
    /// The system never heard of the key.
    case neverSeen
}

/// Another booking system.
public protocol BookingGateway: Sendable {
    /// Whether it can give up one booking and make another valid in one atomic change.
    var changesAtomically: Bool { get }

    /// Asks for a change. Throwing means that nobody knows whether it was carried out.
    func change(_ change: BookingChange) async throws -> BookingAnswer

    /// Asks what became of the change with this key. Throwing means that it is still not known.
    func outcome(of key: String) async throws -> BookingAnswer
}
