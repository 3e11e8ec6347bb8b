/// The worker that empties the outbox: takes what is due, reads each fact again, sends, and writes down what became of it.
public import RedressCore
import RedressStore

/// What every text names, and the bounds it is sent within.
public struct NoticeSettings: Sendable {
    /// Who is named as the sender.
    public var sender: String
    /// The number people can call.
    public var contact: String
    /// Quiet hours, budgets and pauses.
    public var policy = NoticePolicy()
    /// How many notices one turn takes.
    public var batch = 256
    /// How many are on their way at once.
    public var width = 32

    /// Takes sender and number.
    public init(sender: String = "질병관리청", contact: String = "1339") {
        self.sender = sender
        self.contact = contact
    }

    var values: [String: String] { ["sender": sender, "contact": contact] }
}

/// What one or more turns of a worker came to.
public struct NoticeTurn: Sendable, Codable, Equatable {
    /// Taken by the gateway.
    public var sent = 0
    /// Not true any more when it was their turn.
    public var dropped = 0
    /// To be told by voice or letter.
    public var toCall = 0
    /// To be tried again, or waiting for a budget.
    public var postponed = 0
    /// Given up.
    public var failed = 0
    /// Whether the gateway took nothing of what it was sent.
    public var isDown = false

    /// Nothing done yet.
    public init() {}

    /// Whether there was nothing to do.
    public var isIdle: Bool { sent + dropped + toCall + postponed + failed == 0 }

    mutating func add(_ other: NoticeTurn) {
        sent += other.sent
        dropped += other.dropped
        toCall += other.toCall
        postponed += other.postponed
        failed += other.failed
        isDown = isDown || other.isDown
    }
}

/// One worker. Several may run at once, in one process or many: each has what it took to itself.
public struct NoticeRunner: Sendable {
    let desk: Desk
    let gateway: any NoticeGateway
    let settings: NoticeSettings
    let templates: NoticeTemplates
    let worker: String

    /// Makes a worker before a gateway.
    ///
    /// - Throws: `.badData` when a text of the templates cannot be sent.
    public init(desk: Desk, gateway: any NoticeGateway, settings: NoticeSettings = NoticeSettings()) throws {
        self.desk = desk
        self.gateway = gateway
        self.settings = settings
        templates = try NoticeTemplates.shipped()
        worker = Identifier.make(at: WallClock.system.now())
    }

    /// Sends until nothing is due, or the gateway takes nothing.
    public func drain() async throws -> NoticeTurn {
        var all = NoticeTurn()
        while true {
            let turn = try await turn()
            all.add(turn)
            if turn.isIdle || turn.isDown { return all }
        }
    }

    /// Does what is due once: codes first, then facts in their order, then what goes to everyone.
    public func turn() async throws -> NoticeTurn {
        var turn = try await sendCodes()
        turn.add(try await sendFacts())
        return turn
    }

    /// Has the gateway forget messages that are older than they need be kept.
    public func tidy() async throws {
        let days = settings.policy.keepDays
        let oldest = try await desk.database.read { $0.now.adding(minutes: -days * 24 * 60) }
        try await gateway.forget(before: oldest)
    }

    /// Sends the notices that are due, once.
    public func sendFacts() async throws -> NoticeTurn {
        _ = try await desk.massNotices.advance()
        let isDue = try await desk.database.read { connection in
            try DeliveryStore(connection).isDue(
                priorityUpTo: settings.policy.lowest(at: connection.now).rawValue)
        }
        guard isDue else { return NoticeTurn() }
        var (messages, turn) = try await take()
        guard !messages.isEmpty else { return turn }
        let answers = await send(messages.map(\.texts))
        turn.add(try await settle(messages, answers))
        return turn
    }

    /// Leases what is due and judges it, in one transaction.
    func take() async throws -> ([NoticeMessage], NoticeTurn) {
        try await desk.database.write { connection in
            var turn = NoticeTurn()
            let due = try DeliveryStore(connection).lease(
                worker, until: connection.now.adding(milliseconds: settings.policy.leaseMilliseconds),
                priorityUpTo: settings.policy.lowest(at: connection.now).rawValue, limit: settings.batch)
            let facts = NoticeFacts(
                connection: connection, desk: desk, templates: templates, settings: settings)
            var messages: [NoticeMessage] = []
            for notice in due {
                do {
                    if let message = try judge(notice, facts, &turn) { messages.append(message) }
                } catch let error as RedressError where [.badData, .fault].contains(error.code) {
                    try give(up: notice.row.id, of: notice.row.caseID, error.message, 0, connection)
                    turn.failed += 1
                }
            }
            return (messages, turn)
        }
    }

    private func judge(
        _ notice: DueNotice, _ facts: NoticeFacts, _ turn: inout NoticeTurn
    ) throws -> NoticeMessage? {
        let delivery = DeliveryStore(facts.connection)
        let row = notice.row
        switch try facts.judge(row) {
        case .drop(let why):
            if try delivery.end(row.id, as: .dropped, why: why) { turn.dropped += 1 }
        case .call(let reason):
            try CallOutStore(facts.connection).insert(notice: row.id, caseID: row.caseID, reason: reason)
            turn.toCall += 1
        case .send(let text, let recipients, let who):
            if !notice.isPaid,
                let until = try overBudget(who, recipients.map(\.number), facts.connection)
            {
                try delivery.postpone(row.id, until: until, why: "a budget is used up", attempts: 0)
                turn.postponed += 1
                return nil
            }
            return NoticeMessage(
                id: row.id, caseID: row.caseID, attempts: notice.attempts, createdAt: row.createdAt,
                texts: recipients.map {
                    OutgoingNotice(
                        id: row.id + $0.mark, to: $0.number.digits,
                        sender: settings.sender, text: text)
                })
        }
        return nil
    }

    /// When the first budget that is used up is whole again; nil when all have room, which is then used.
    private func overBudget(
        _ who: PersonKey, _ numbers: [PhoneNumber], _ connection: any Connection
    ) throws -> Instant? {
        let delivery = DeliveryStore(connection)
        let policy = settings.policy
        let now = connection.now
        let day = Instant(now.date.adding(days: 1), TimeOfDay(minutes: 0))
        let hour = Instant(milliseconds: (now.milliseconds / 3_600_000 + 1) * 3_600_000)
        let prefixes = numbers.map { number in
            desk.keys.index(String(number.digits.dropLast(4)), kind: "prefix").prefix(8)
                .map { String($0, radix: 16) }.joined(separator: ".")
        }
        let budgets =
            [
                (
                    bucket: "person/\(who.incident)/\(who.person)/\(day)", limit: policy.personBudget,
                    until: day
                ),
                (bucket: "hour/\(hour)", limit: policy.hourBudget, until: hour),
            ] + prefixes.map { (bucket: "prefix/\($0)/\(hour)", limit: policy.prefixBudget, until: hour) }
        for budget in budgets where try delivery.used(budget.bucket) >= budget.limit { return budget.until }
        for budget in budgets { try delivery.spend(budget.bucket, until: budget.until) }
        return nil
    }
}
