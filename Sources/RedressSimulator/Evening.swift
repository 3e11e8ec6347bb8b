// Runs the evening and the day after: one agenda, one true clock, every line written when it happens.
import RedressCore

/// The simulated world while it runs.
final class Evening {
    let settings: SimulationSettings
    let timetable: Timetable
    let centres: Centres
    let crowd: Crowd
    let room: WaitingRoom
    let application: Application
    let door: FrontDoor
    let texts: Dispatch
    let mint: PassMint

    var slots: SlotBook
    var dice: Dice
    var agenda = Agenda()
    var now: Instant
    /// Whose ticket each ticket is, by the ticket's index.
    var holders: [Visitor] = []
    /// Honest visitors who used their pass lately, oldest first.
    var redeemers: [(at: Instant, visitor: Visitor)] = []
    /// Everyone who booked that evening, in the order of the bookings.
    var booked: [(person: Person, visitor: Visitor)] = []
    var bookingCount = 0

    static let timedOutKey = "connection_timeout"

    init(_ settings: SimulationSettings, folder: String) throws {
        self.settings = settings
        let timetable = Timetable(settings)
        self.timetable = timetable
        centres = try Centres()
        crowd = Crowd(settings, timetable: timetable, centres: centres)
        dice = Dice(seed: settings.seed, purpose: "evening")
        slots = SlotBook(settings)
        now = timetable.doors
        mint = PassMint(
            from: timetable.doors.adding(minutes: -110), to: timetable.rebookingEnd.adding(minutes: 360),
            rotatingAt: timetable.rotations, dice: &dice)
        func log(_ source: LogSource, _ nodes: [String]) -> LogWriter {
            LogWriter(source, nodes: nodes, settings: settings, folder: folder, start: timetable.doors)
        }
        room = WaitingRoom(
            settings, timetable: timetable, mint: mint, log: log(.queue, Timetable.roomNodes))
        application = Application(
            settings, timetable: timetable, centres: centres, log: log(.booking, Application.nodes))
        door = FrontDoor(settings, log: log(.web, FrontDoor.nodes))
        texts = Dispatch(centres: centres, log: log(.sms, Dispatch.nodes))
    }

    var logs: [(LogSource, LogWriter)] {
        [(.queue, room.log), (.booking, application.log), (.web, door.log), (.sms, texts.log)]
    }

    /// Lets everything happen, then closes the logs.
    func run() throws {
        for visitor in crowd.visitors { schedule(visitor) }
        at(timetable.opening) { try self.serve() }
        at(timetable.revocation) { try self.revokeAll() }
        while let (timeMilliseconds, action) = agenda.next() {
            now = Instant(milliseconds: timeMilliseconds)
            switch action {
            case .poll(let ticket): try poll(ticket)
            case .perform(let body): try body()
            }
        }
        for (_, log) in logs { try log.close() }
    }

    func at(_ time: Instant, _ body: @escaping () throws -> Void) {
        agenda.perform(at: time.milliseconds, body)
    }

    /// Does something after a time drawn from the range, in milliseconds.
    func after(_ range: ClosedRange<Int64>, _ body: @escaping () throws -> Void) {
        agenda.perform(at: now.milliseconds + dice.within(range), body)
    }

    /// Logs a page request that names no ticket.
    func visit(_ path: String, _ visitor: Visitor, referer: String = "-", bytes: Int) throws {
        try door.answer(Request(path: path, bytes: bytes, referer: referer), to: visitor, at: now)
    }

    private func serve() throws {
        room.serve(at: now)
        let next = now.adding(milliseconds: 1_000)
        if next < timetable.closing { at(next) { try self.serve() } }
    }

    private func schedule(_ visitor: Visitor) {
        if let jump = visitor.jump { at(jump) { try self.play(visitor) } }
        guard visitor.trick != .directCall else { return }
        at(visitor.arrival) { try self.arrive(visitor) }
    }
}
