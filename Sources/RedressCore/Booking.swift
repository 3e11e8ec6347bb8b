/// Seats as the register knows them: slots, bookings and their status.
import Foundation

/// A seat's place and time: site, vaccine, date and time of day.
public struct Slot: Hashable, Sendable {
    /// The site's id in the register, for example `C012`.
    public var site: String
    /// The vaccine, as the register spells it.
    public var vaccine: String
    /// The date of the appointment.
    public var date: CivilDate
    /// The time of the appointment.
    public var time: TimeOfDay

    /// Makes a slot.
    public init(site: String, vaccine: String, date: CivilDate, time: TimeOfDay) {
        self.site = site
        self.vaccine = vaccine
        self.date = date
        self.time = time
    }

    /// When the appointment starts.
    public var start: Instant { Instant(date, time) }
}

extension Slot: Comparable, CustomStringConvertible {
    /// Orders slots by time, then by site and vaccine: the fixed order in which they are locked.
    public static func < (left: Slot, right: Slot) -> Bool {
        (left.date, left.time, left.site, left.vaccine) < (right.date, right.time, right.site, right.vaccine)
    }

    /// `C012 moderna 2021-08-16 10:00`.
    public var description: String { "\(site) \(vaccine) \(date) \(time)" }
}

/// Where a booking stands in the register.
public enum BookingStatus: String, Sendable, CaseIterable {
    case confirmed
    case revoked
    case incomplete
    /// Ended by the person.
    case cancelled
    /// Vaccinated.
    case completed
    /// Ended by redress, in the transaction that gave its holder the original seat back.
    case movedOut = "moved-out"

    /// The statuses a register file may use.
    public static let inRegister: [BookingStatus] = [
        .confirmed, .revoked, .incomplete, .cancelled, .completed,
    ]
}

/// A row of a register: one booking of one person.
public struct Booking: Sendable, Equatable {
    /// The booking's number.
    public var booking: String
    /// The person's id.
    public var person: String
    /// The seat.
    public var slot: Slot
    /// First or second dose, 1 to 9.
    public var dose: Int
    /// When it was booked; nil when the register does not say.
    public var bookedAt: Instant?
    /// Where it stands.
    public var status: BookingStatus
    /// Whether redress itself changed the row, so that a reload reports it instead of overwriting it.
    public var changedHere: Bool
    /// The line of the register file it came from; nil for rows that redress made.
    public var origin: RowOrigin?

    /// Makes a booking.
    public init(
        booking: String, person: String, slot: Slot, dose: Int, bookedAt: Instant?, status: BookingStatus,
        changedHere: Bool = false, origin: RowOrigin? = nil
    ) {
        self.booking = booking
        self.person = person
        self.slot = slot
        self.dose = dose
        self.bookedAt = bookedAt
        self.status = status
        self.changedHere = changedHere
        self.origin = origin
    }
}

/// The place in a register file that a row came from.
public struct RowOrigin: Hashable, Sendable {
    /// SHA-256 of the file, in hex.
    public var sha256: String
    /// The line, from 1.
    public var line: Int
    /// The byte offset of the line's first byte.
    public var offset: Int
    /// The row's bytes without its line break; 0 for a row that was loaded before this was kept.
    public var length: Int
    /// A fingerprint of those bytes.
    public var fingerprint: UInt64

    /// Makes an origin.
    public init(sha256: String, line: Int, offset: Int, length: Int = 0, fingerprint: UInt64 = 0) {
        self.sha256 = sha256
        self.line = line
        self.offset = offset
        self.length = length
        self.fingerprint = fingerprint
    }
}

/// One row of a list of revocations: the agency's cancellation of one booking.
public struct Revocation: Sendable, Equatable {
    /// The booking that was cancelled.
    public var booking: String
    /// The person's id.
    public var person: String
    /// When it was cancelled.
    public var revokedAt: Instant
    /// The batch it was cancelled in.
    public var batch: String
    /// The agency's reason.
    public var reason: String
    /// The line it came from.
    public var origin: RowOrigin

    /// Makes a revocation.
    public init(
        booking: String, person: String, revokedAt: Instant, batch: String, reason: String, origin: RowOrigin
    ) {
        self.booking = booking
        self.person = person
        self.revokedAt = revokedAt
        self.batch = batch
        self.reason = reason
        self.origin = origin
    }
}

/// A vaccination centre.
public struct Site: Sendable, Equatable {
    /// The site's id.
    public var site: String
    /// Its name.
    public var name: String
    /// One of the 17 provinces and metropolitan cities.
    public var province: String
    /// The municipality (시·군·구).
    public var municipality: String
    /// Degrees north, WGS 84.
    public var latitude: Double
    /// Degrees east, WGS 84.
    public var longitude: Double

    /// Makes a site.
    public init(
        site: String, name: String, province: String, municipality: String, latitude: Double,
        longitude: Double
    ) {
        self.site = site
        self.name = name
        self.province = province
        self.municipality = municipality
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Great-circle distance in kilometres, by the haversine formula on a sphere of radius 6,371.0088 km (IUGG mean).
    public func kilometres(to other: Site) -> Double {
        let radians = Double.pi / 180
        let north = sin((other.latitude - latitude) * radians / 2)
        let east = sin((other.longitude - longitude) * radians / 2)
        let chord = north * north + cos(latitude * radians) * cos(other.latitude * radians) * east * east
        return 2 * 6371.0088 * asin(min(1, chord.squareRoot()))
    }
}
