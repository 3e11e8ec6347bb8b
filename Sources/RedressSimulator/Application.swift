// The overloaded application: it checked no pass that evening and wrote down what it was shown.
import RedressCore

/// Writes the booking log.
final class Application {
    let log: LogWriter
    private let timetable: Timetable
    private let centres: Centres
    private var dice: Dice

    static let nodes = (1...6).map { "app-\($0)" }

    init(_ settings: SimulationSettings, timetable: Timetable, centres: Centres, log: LogWriter) {
        self.log = log
        self.timetable = timetable
        self.centres = centres
        dice = Dice(seed: settings.seed, purpose: "application")
    }

    func login(_ person: Person, _ visitor: Visitor, at time: Instant) throws {
        guard try begin("login", at: time) else { return }
        log.text("person", person.id)
        client(visitor, entry: nil, at: time)
        log.number("status", 200)
        try log.end()
    }

    func calendar(_ person: Person, _ visitor: Visitor, _ entry: Entry, at time: Instant) throws {
        guard try begin("calendar", at: time) else { return }
        log.text("person", person.id)
        client(visitor, entry: entry, at: time)
        log.text("site", centres.all[person.home].site)
        log.number("status", 200)
        try log.end()
    }

    func submit(
        _ person: Person, _ visitor: Visitor, _ entry: Entry, booking: String, _ slot: Slot,
        status: Int, reason: String? = nil, at time: Instant
    ) throws {
        guard try begin("submit", at: time) else { return }
        log.text("person", person.id)
        client(visitor, entry: entry, at: time)
        appointment(booking, slot)
        log.number("status", status)
        log.text("reason", reason)
        try log.end()
    }

    /// What the application did by itself after a submit: commit or reject.
    func settle(
        _ operation: String, _ person: Person, _ visitor: Visitor, booking: String, _ slot: Slot,
        status: Int, reason: String? = nil, at time: Instant
    ) throws {
        guard try begin(operation, at: time) else { return }
        log.text("person", person.id)
        log.text("sid", visitor.session)
        appointment(booking, slot)
        log.number("status", status)
        log.text("reason", reason)
        try log.end()
    }

    func cancel(_ person: Person, _ visitor: Visitor, booking: String, at time: Instant) throws {
        guard try begin("cancel", at: time) else { return }
        log.text("person", person.id)
        client(visitor, entry: nil, at: time)
        log.text("booking", booking)
        log.number("status", 200)
        log.text("reason", "by-person")
        try log.end()
    }

    func revoke(_ person: Person, booking: String, batch: String, at time: Instant) throws {
        guard try log.begin(node: 0, at: time) else { return }
        log.text("op", "revoke")
        log.text("person", person.id)
        log.text("booking", booking)
        log.number("status", 200)
        log.text("reason", batch)
        try log.end()
    }

    private func begin(_ operation: String, at time: Instant) throws -> Bool {
        let node = dice.below(timetable.applicationNodes(at: time))
        guard try log.begin(node: node, at: time) else { return false }
        log.text("op", operation)
        return true
    }

    private func client(_ visitor: Visitor, entry: Entry?, at time: Instant) {
        log.text("sid", visitor.session)
        log.text("key", entry?.key)
        log.text("pass", entry?.pass)
        log.text("did", visitor.device)
        log.text("ip", visitor.address)
        log.number("cts", visitor.clock(at: time))
    }

    private func appointment(_ booking: String, _ slot: Slot) {
        log.text("booking", booking)
        log.text("site", centres.all[slot.centre].site)
        log.text("vaccine", SlotBook.vaccine)
        log.text("date", slot.date.description)
        log.text("slot", slot.time.description)
    }
}
