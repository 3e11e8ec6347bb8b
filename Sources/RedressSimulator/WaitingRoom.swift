// The waiting room: tickets with absolute numbers, polls answered by the place in the line, admissions.
import RedressCore

/// Keeps the line of the evening and writes the queue log.
final class WaitingRoom {
    struct Ticket {
        let number: Int
        var key: String
        var isAdmitted = false
        /// Polls in a row that got no answer.
        var failures = 0
        var lastPoll: Instant
        /// Polls this often whatever the server says; nil for a page that does as it is told.
        let ownPaceMilliseconds: Int64?
    }

    /// What a poll came to.
    enum Answer {
        case wait(nextMilliseconds: Int64)
        case pass(Entry)
        case bypass
        case noAnswer(nextMilliseconds: Int64)
    }

    let log: LogWriter
    private(set) var tickets: [Ticket] = []
    private let timetable: Timetable
    private let mint: PassMint
    private let scale: Double
    private let firstNumber: Int
    private var dice: Dice
    private var keys = 0
    /// The highest number whose turn has come.
    private var served: Int
    private var room = 0.0
    private var letThrough = 0

    /// Tickets that have not polled for this long no longer take a place.
    private static let livenessMilliseconds: Int64 = 200_000
    /// Unanswered polls in a row after which the client goes on by itself.
    static let patience = 17

    init(_ settings: SimulationSettings, timetable: Timetable, mint: PassMint, log: LogWriter) {
        self.timetable = timetable
        self.mint = mint
        self.log = log
        scale = max(0.1, Double(settings.people) / 3000)
        dice = Dice(seed: settings.seed, purpose: "room")
        firstNumber = 40_000 + dice.below(20_000)
        served = firstNumber - 1
    }

    /// Draws a ticket and writes `enter`; gives back the ticket's index.
    func enter(_ visitor: Visitor, at time: Instant, ownPaceMilliseconds: Int64? = nil) throws -> Int {
        let ticket = Ticket(
            number: firstNumber + tickets.count, key: newKey(), lastPoll: time,
            ownPaceMilliseconds: ownPaceMilliseconds)
        tickets.append(ticket)
        try write("enter", "wait", ticket, previous: nil, visitor, at: time)
        return tickets.count - 1
    }

    /// Draws a ticket when nobody waits: the answer is the pass.
    func enterAtOnce(_ visitor: Visitor, at time: Instant) throws -> Entry {
        var ticket = Ticket(
            number: firstNumber + tickets.count, key: newKey(), lastPoll: time, ownPaceMilliseconds: nil)
        ticket.isAdmitted = true
        tickets.append(ticket)
        served = ticket.number
        let entry = admission(ticket, visitor, at: time)
        try write("enter", "pass", ticket, previous: nil, pass: entry.pass, visitor, at: time)
        return entry
    }

    /// Loads the waiting page again: the same number under a new key.
    func reload(_ index: Int, _ visitor: Visitor, at time: Instant) throws {
        guard !timetable.isDown(node: visitor.node, at: time), !tickets[index].isAdmitted else { return }
        let previous = tickets[index].key
        tickets[index].key = newKey()
        tickets[index].lastPoll = time
        try write("enter", "wait", tickets[index], previous: previous, visitor, at: time)
    }

    func poll(_ index: Int, _ visitor: Visitor, at time: Instant) throws -> Answer {
        guard !timetable.isDown(node: visitor.node, at: time) else {
            tickets[index].failures += 1
            return .noAnswer(nextMilliseconds: interval(tickets[index]))
        }
        tickets[index].failures = 0
        tickets[index].lastPoll = time
        if let failOpen = timetable.failOpen, visitor.node == failOpen.node, time >= failOpen.from,
            letThrough < failOpen.quota
        {
            letThrough += 1
            tickets[index].isAdmitted = true
            try write("poll", "bypass", tickets[index], previous: nil, visitor, at: time)
            return .bypass
        }
        if dice.chance(0.0005) {
            // An overloaded server now and then fails a poll without harm: the client asks again.
            try write("poll", "error", tickets[index], previous: nil, visitor, at: time)
            return .wait(nextMilliseconds: interval(tickets[index]))
        }
        var previous: String?
        let isTurn = tickets[index].number <= served
        // A pass always comes with a new key; now and then the server renews a key on the way.
        if isTurn || dice.chance(0.004) {
            previous = tickets[index].key
            tickets[index].key = newKey()
        }
        guard isTurn else {
            try write("poll", "wait", tickets[index], previous: previous, visitor, at: time)
            return .wait(nextMilliseconds: interval(tickets[index]))
        }
        tickets[index].isAdmitted = true
        let entry = admission(tickets[index], visitor, at: time)
        try write("poll", "pass", tickets[index], previous: previous, pass: entry.pass, visitor, at: time)
        return .pass(entry)
    }

    /// The page reports that the booking is done.
    func complete(_ key: String, _ visitor: Visitor, at time: Instant) throws {
        guard !timetable.isDown(node: visitor.node, at: time), try log.begin(node: visitor.node, at: time)
        else {
            return
        }
        log.text("op", "complete")
        log.text("rc", "pass")
        log.text("queue", "main")
        log.text("key", key)
        client(visitor, at: time)
        try log.end()
    }

    /// Lets one second's worth of people in.
    func serve(at time: Instant) {
        let fresh = timetable.admissionsPerMinute(at: time) / 60
        // Places nobody takes are not saved up for a rush later.
        room = min(room + fresh, fresh + 2)
        while room >= 1, served < firstNumber + tickets.count - 1 {
            served += 1
            let ticket = tickets[served - firstNumber]
            let silenceMilliseconds = time.milliseconds - ticket.lastPoll.milliseconds
            if !ticket.isAdmitted, silenceMilliseconds < WaitingRoom.livenessMilliseconds { room -= 1 }
        }
    }

    /// A number whose turn has come, as somebody who edits a pass would write into it.
    var servedNumber: Int { served }

    private func admission(_ ticket: Ticket, _ visitor: Visitor, at time: Instant) -> Entry {
        let issued = log.clock(of: visitor.node, at: time)
        let pass = mint.pass(key: ticket.key, number: ticket.number, issued: issued, now: time)
        return Entry(key: ticket.key, pass: pass, issuedAt: time)
    }

    /// When to ask again: often near the front, seldom far back, never all at once.
    private func interval(_ ticket: Ticket) -> Int64 {
        if let pace = ticket.ownPaceMilliseconds { return pace + dice.within(-100...100) }
        let ahead = Double(max(0, ticket.number - served - 1))
        let far = min(1, max(0, (ahead - 8 * scale) / (392 * scale)))
        let toldMilliseconds = Int64(5_000 + 25_000 * far)
        return toldMilliseconds + dice.within(-toldMilliseconds / 20...toldMilliseconds / 10)
    }

    private func newKey() -> String {
        keys += 1
        return mark("K", keys)
    }

    private func write(
        _ operation: String, _ code: String, _ ticket: Ticket, previous: String?, pass: String? = nil,
        _ visitor: Visitor, at time: Instant
    ) throws {
        guard try log.begin(node: visitor.node, at: time) else { return }
        log.text("op", operation)
        log.text("rc", code)
        log.text("queue", "main")
        log.text("key", ticket.key)
        log.text("prev", previous)
        log.number("number", ticket.number)
        log.number("ahead", max(0, ticket.number - served - 1))
        client(visitor, at: time)
        if operation == "enter" { log.text("ua", visitor.agent) }
        log.text("pass", pass)
        try log.end()
    }

    private func client(_ visitor: Visitor, at time: Instant) {
        log.text("sid", visitor.session)
        log.text("did", visitor.device)
        log.text("ip", visitor.address)
        log.number("cts", visitor.clock(at: time))
    }
}
