/// One case's journal folded into the changes it makes to the counts; pure, so that any week can be counted again.

/// Everything the journal holds about one case that the statistics count.
public struct StatisticsHistory: Sendable {
    /// One move of the case.
    public struct Move: Sendable {
        /// The state left; nil for the opening.
        public var from: CaseState?
        /// The state reached.
        public var to: CaseState
        /// The rung of the ladder, where the move seats the person.
        public var rung: Remedy?
        /// When.
        public var at: Instant

        /// Makes a move.
        public init(from: CaseState?, to: CaseState, rung: Remedy?, at: Instant) {
            self.from = from
            self.to = to
            self.rung = rung
            self.at = at
        }
    }

    /// The case.
    public var id: String
    /// Where it belongs at each level, fixed at receipt; empty when unknown.
    public var places: [StatisticsLevel: String]
    /// How it began.
    public var origin: CaseOrigin
    /// The person's age in decades at receipt; nil when no register tells.
    public var ageBand: String?
    /// Its moves in order.
    public var moves: [Move] = []
    /// Its verdicts in order.
    public var verdicts: [(outcome: String, at: Instant)] = []
    /// Calls, visits and messages in order.
    public var contacts: [(channel: Channel, at: Instant)] = []
    /// Notices that were delivered, failed or dropped, by the event they tell.
    public var notices: [(event: String, end: String, at: Instant)] = []
    /// Its due times, each with when it was set.
    public var dueTimes: [(due: Instant, at: Instant)] = []

    /// Makes a history without events.
    public init(id: String, places: [StatisticsLevel: String], origin: CaseOrigin, ageBand: String?) {
        self.id = id
        self.places = places
        self.origin = origin
        self.ageBand = ageBand
    }

    /// What the case changes, and when.
    public var changes: [StatisticsChange] {
        var fold = StatisticsFolding(self)
        fold.run()
        return fold.changes
    }

    /// How long its steps took, each with the time that ended it.
    public var durations: [(step: StatisticsDuration, at: Instant, milliseconds: Int64)] {
        guard let received = moves.first?.at else { return [] }
        let told =
            contacts.filter { $0.channel.tells && $0.at >= received }.map(\.at)
            + notices.filter { $0.end == "delivered" && $0.at >= received }.map(\.at)
        let ends: [(StatisticsDuration, Instant?)] = [
            (.firstAnswer, told.min()), (.verdict, verdicts.first?.at),
            (.restoration, moves.first { $0.to == .restored && $0.rung != nil }?.at),
        ]
        return ends.compactMap { step, end in
            end.map { (step, $0, $0.milliseconds - received.milliseconds) }
        }
    }
}

extension Channel {
    /// Whether a contact this way tells the person the result: an answered call, a visit, a posted letter.
    public var tells: Bool {
        switch self {
        case .call, .counter, .letter: true
        case .page, .text, .sweep: false
        }
    }
}

/// The walk over one case's journal.
private struct StatisticsFolding {
    private enum Standing {
        case unknown
        case open
        /// Decided, and the person does not know yet.
        case decided(CaseState)
        case ended
    }

    private enum Event {
        case move(StatisticsHistory.Move)
        case contact(Channel, Instant)
        case notice(event: String, end: String, at: Instant)

        var at: Instant {
            switch self {
            case .move(let move): move.at
            case .contact(_, let at): at
            case .notice(_, _, let at): at
            }
        }

        /// In one transaction the decision comes before the telling.
        var order: Int {
            if case .move = self { 0 } else { 1 }
        }
    }

    private let history: StatisticsHistory
    private(set) var changes: [StatisticsChange] = []
    private var standing = Standing.unknown
    private var isBack = false
    private var isReached = false
    private var isAffected = true
    private var isUnderObjection = false
    private var contacts = 0
    private var receivedDay = ""
    private var openedAt = Instant(milliseconds: 0)
    private var clock: String { history.origin == .found ? "target" : "statutory" }

    init(_ history: StatisticsHistory) {
        self.history = history
    }

    mutating func run() {
        guard let first = history.moves.first else { return }
        receivedDay = first.at.date.description
        for event in events() {
            switch event {
            case .move(let move): take(move)
            case .contact(let channel, let at):
                contacts += 1
                if channel != .sweep { reach(at) }
                if channel.tells { tell(at) }
            case .notice(let event, let end, let at):
                add(.notice, end, at)
                guard end == "delivered" else { continue }
                reach(at)
                if case .decided(let state) = standing, event.prefix(while: { $0 != "/" }) == state.rawValue {
                    tell(at)
                }
            }
        }
        if case .open = standing { countOverdue(until: nil) }
        if case .decided = standing { countOverdue(until: nil) }
        var verdict: String?
        for next in history.verdicts {
            if let verdict { add(.verdict, verdict, next.at, -1) }
            add(.verdict, next.outcome, next.at)
            verdict = next.outcome
        }
        for (before, after) in zip(history.dueTimes, history.dueTimes.dropFirst())
        where after.due > before.due {
            add(.extended, "", after.at)
        }
    }

    private func events() -> [Event] {
        let all =
            history.moves.map(Event.move) + history.contacts.map { Event.contact($0.channel, $0.at) }
            + history.notices.map { Event.notice(event: $0.event, end: $0.end, at: $0.at) }
        let ordered = all.enumerated().sorted {
            ($0.element.at, $0.element.order, $0.offset) < ($1.element.at, $1.element.order, $1.offset)
        }
        return ordered.map(\.element)
    }

    private mutating func take(_ move: StatisticsHistory.Move) {
        if let from = move.from { add(.state, from.rawValue, move.at, -1) }
        add(.state, move.to.rawValue, move.at)
        if case .unknown = standing { receive(move.at) }
        if move.to.isOpen { reopen(move) } else { decide(move) }
        let isBackNow = move.to == .restored ? move.rung == .originalSlot : isBack && move.to == .closed
        if isBackNow != isBack {
            isBack = isBackNow
            add(.backOnOriginal, "", move.at, isBack ? 1 : -1)
        }
        let isAffectedNow = move.to == .closed ? isAffected : move.to != .notAffected
        if isAffectedNow != isAffected {
            isAffected = isAffectedNow
            add(.affected, "", move.at, isAffected ? 1 : -1)
        }
        if move.to == .waitlisted { add(.outcome, "waitlisted", move.at) }
    }

    private mutating func receive(_ at: Instant) {
        add(.received, "", at)
        add(.affected, "", at)
        add(.origin, history.origin.rawValue, at)
        add(.age, history.ageBand ?? "", at)
        if history.origin == .found { add(.unreached, "", at) } else { isReached = true }
        open(at)
    }

    private mutating func reopen(_ move: StatisticsHistory.Move) {
        if case .ended = standing {
            add(move.from == .transferred ? .transferredIn : .reopened, "", move.at)
            open(move.at)
        }
        standing = .open
        if move.to == .objection {
            isUnderObjection = true
            add(.objected, "", move.at)
        }
    }

    private mutating func decide(_ move: StatisticsHistory.Move) {
        switch (standing, move.to) {
        case (.open, .transferred), (.decided, .transferred): end(.transferredOut, move.at)
        case (.open, .closed): end(.merged, move.at)
        case (.decided, .closed): tell(move.at)
        case (.open, let state), (.decided, let state):
            standing = .decided(state)
            add(.outcome, move.rung?.rawValue ?? state.rawValue, move.at)
            if state == .restored { add(.restoredAge, history.ageBand ?? "", move.at) }
            if isUnderObjection {
                isUnderObjection = false
                let result =
                    switch state {
                    case .restored: "upheld"
                    case .withdrawn: "withdrawn"
                    default: "dismissed"
                    }
                add(.objection, result, move.at)
            }
        case (.ended, _), (.unknown, _): break
        }
    }

    /// The person knows the result: the case counts as processed from here on.
    private mutating func tell(_ at: Instant) {
        guard case .decided = standing else { return }
        let due = history.dueTimes.last { $0.at <= at } ?? history.dueTimes.first
        if let due, let first = history.dueTimes.first {
            let extended = due.due > first.due ? "extended" : "plain"
            add(.timeliness, "\(clock) \(extended) \(at <= due.due ? "on-time" : "late")", at)
        }
        add(.contactsNeeded, contacts < 2 ? "\(contacts)" : "more", at)
        end(.processed, at)
    }

    private mutating func reach(_ at: Instant) {
        guard !isReached else { return }
        isReached = true
        add(.unreached, "", at, -1)
    }

    private mutating func open(_ at: Instant) {
        standing = .open
        openedAt = at
        add(.open, "", at)
        add(.openSince, receivedDay, at)
    }

    private mutating func end(_ count: StatisticsCount, _ at: Instant) {
        standing = .ended
        add(count, "", at)
        add(.open, "", at, -1)
        add(.openSince, receivedDay, at, -1)
        countOverdue(until: at)
    }

    /// Counts the times in which the case stood open past the due time that was in force then.
    private mutating func countOverdue(until end: Instant?) {
        for (index, entry) in history.dueTimes.enumerated() {
            let next = index + 1 < history.dueTimes.count ? history.dueTimes[index + 1].at : nil
            let since = index == 0 ? openedAt : max(openedAt, entry.at)
            let from = max(since, entry.due.adding(milliseconds: 1))
            let until = [end, next].compactMap { $0 }.min()
            if let until, until <= from { continue }
            add(.overdue, clock, from)
            if let until { add(.overdue, clock, until, -1) }
        }
    }

    private mutating func add(
        _ count: StatisticsCount, _ detail: String, _ at: Instant, _ amount: Int = 1
    ) {
        changes.append(StatisticsChange(at: at, count: count, detail: detail, amount: amount))
    }
}
