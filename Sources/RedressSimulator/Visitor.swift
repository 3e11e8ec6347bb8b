// Who takes part: people with their bookings, and the devices through which they come.
import RedressCore

/// An appointment, with the centre by its place in the list.
struct Slot: Hashable {
    var centre: Int
    var date: CivilDate
    var time: TimeOfDay
}

/// A booking as the register of the booking system knows it, or fails to.
struct Booking {
    enum Status: String {
        case confirmed
        case revoked
        case incomplete
        case cancelled
        case completed
    }

    let id: String
    let slot: Slot
    let bookedAt: Instant
    var status: Status
    /// False when the collapse lost the register's row.
    var isInRegister = true
    var revokedAt: Instant?
}

/// One person.
final class Person {
    let id: String
    let name: String
    let phone: String
    let birthDate: CivilDate
    /// The centre near which the person books.
    let home: Int
    var trick: Trick?
    var lookAlikes: Set<LookAlike> = []
    var attemptedAt: Instant?
    var bookings: [Booking] = []
    var answer: PersonTruth.Answer?

    init(number: Int, name: String, phone: String, birthDate: CivilDate, home: Int) {
        id = "p" + padded(number, to: 4)
        self.name = name
        self.phone = phone
        self.birthDate = birthDate
        self.home = home
    }
}

/// What a visitor shows to be let in: nothing at all after a direct call.
struct Entry {
    var key: String?
    var pass: String?
    /// When the pass was issued, by a true clock.
    var issuedAt: Instant?
}

/// One device on its way through the evening, with the people who book on it.
final class Visitor {
    let device: String
    let agent: String
    /// The waiting-room node that serves this device all evening.
    let node: Int
    let members: [Person]
    /// What the person behind this device does or meets, as far as it is planned.
    let habits: Set<LookAlike>
    let arrival: Instant
    /// When the trick is played.
    let jump: Instant?
    /// When the person loses patience.
    let patienceEnd: Instant?
    /// Let in, but never sends a booking.
    let isIdle: Bool

    var session: String
    var address: String
    /// By how much the device's clock is ahead of true time.
    var clockMilliseconds: Int64
    var trick: Trick?
    var tickets: [Int] = []
    var entry: Entry?
    /// False once the page no longer polls.
    var isWaiting = true

    init(
        device: String, session: String, agent: String, address: String, clockMilliseconds: Int64, node: Int,
        members: [Person], habits: Set<LookAlike> = [], trick: Trick? = nil, arrival: Instant,
        jump: Instant? = nil, patienceEnd: Instant? = nil, isIdle: Bool = false
    ) {
        self.device = device
        self.session = session
        self.agent = agent
        self.address = address
        self.clockMilliseconds = clockMilliseconds
        self.node = node
        self.members = members
        self.habits = habits
        self.trick = trick
        self.arrival = arrival
        self.jump = jump
        self.patienceEnd = patienceEnd
        self.isIdle = isIdle
    }

    /// What this device's clock shows at a true time, in milliseconds since 1970.
    func clock(at time: Instant) -> Int { Int(time.milliseconds + clockMilliseconds) }

    /// Notes a look-alike for everyone who books on this device.
    func note(_ lookAlike: LookAlike) {
        for member in members { member.lookAlikes.insert(lookAlike) }
    }
}
