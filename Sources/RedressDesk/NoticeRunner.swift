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
    public var batch = 64
    /// How many are on their way at once.
    public var width = 16

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
        isDown = other.isDown
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
        _ = try await desk.massNotices.advance()
        var (messages, turn) = try await take()
        guard !messages.isEmpty else { return turn }
        let answers = await send(&messages)
        let settled = try await settle(messages, answers)
        turn.add(settled)
        return turn
    }

    /// One notice, or one code, and the messages that tell it.
    struct Message: Sendable {
        var id: String
        var caseID: String?
        var attempts: Int
        var createdAt: Instant
        var expiresAt: Instant?
        var texts: [OutgoingNotice]
    }

    enum Answer: Sendable {
        case accepted
        case refused(String)
        case unknown
        case untried
    }

    /// Leases what is due and judges it, in one transaction.
    private func take() async throws -> ([Message], NoticeTurn) {
        try await desk.database.write { connection in
            var turn = NoticeTurn()
            let leaseEnd = connection.now.adding(milliseconds: settings.policy.leaseMilliseconds)
            var messages = try CodeStore(connection).lease(until: leaseEnd, limit: settings.batch)
                .map { try code($0, connection.now) }
            let delivery = DeliveryStore(connection)
            let isQuiet = settings.policy.isQuiet(at: connection.now)
            let due = try delivery.lease(
                worker, until: leaseEnd,
                priorityUpTo: (isQuiet ? NoticePriority.code : .mass).rawValue,
                limit: max(0, settings.batch - messages.count))
            let facts = NoticeFacts(
                connection: connection, desk: desk, templates: templates, settings: settings)
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

    private func code(_ row: CodeRow, _ now: Instant) throws -> Message {
        let values = try JSONDocument.read(
            [String: String].self, from: desk.keys.open(row.valuesSealed, for: PersonalData.code(row.id)))
        let text = try templates.render(
            .code, NoticeLanguage(rawValue: row.language) ?? .korean,
            values.merging(settings.values) { $1 })
        return Message(
            id: row.id, caseID: nil, attempts: row.attempts, createdAt: now, expiresAt: row.expiresAt,
            texts: [OutgoingNotice(id: row.id, to: values["to"] ?? "", sender: settings.sender, text: text)])
    }

    private func judge(_ notice: DueNotice, _ facts: NoticeFacts, _ turn: inout NoticeTurn) throws -> Message?
    {
        let delivery = DeliveryStore(facts.connection)
        let row = notice.row
        switch try facts.judge(row) {
        case .drop(let why):
            if try delivery.end(row.id, as: .dropped, why: why) { turn.dropped += 1 }
        case .call(let reason):
            try CallOutStore(facts.connection).insert(notice: row.id, caseID: row.caseID, reason: reason)
            turn.toCall += 1
        case .send(let text, let recipients, let who):
            if notice.attempts == 0,
                let until = try overBudget(who, recipients.map(\.number), facts.connection)
            {
                try delivery.postpone(row.id, until: until, why: "a budget is used up", attempts: 0)
                turn.postponed += 1
                return nil
            }
            return Message(
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
        let person = "person/\(who.incident)/\(who.person)/\(day)"
        guard try delivery.spend(person, limit: policy.personBudget, until: day) else { return day }
        for number in numbers {
            let prefix = desk.keys.index(String(number.digits.dropLast(4)), kind: "prefix").prefix(8)
                .map { String($0, radix: 16) }.joined(separator: ".")
            guard try delivery.spend("prefix/\(prefix)/\(hour)", limit: policy.prefixBudget, until: hour)
            else {
                return hour
            }
        }
        return try delivery.spend("hour/\(hour)", limit: policy.hourBudget, until: hour) ? nil : hour
    }

    /// Sends at most `width` at once; when the first of them all come to nothing, the rest are not tried.
    private func send(_ messages: inout [Message]) async -> [Answer] {
        var answers = [Answer](repeating: .untried, count: messages.count)
        let sending = messages
        await withTaskGroup(of: (Int, Answer).self) { group in
            var next = 0
            var unknown = 0
            func feed() {
                guard next < sending.count else { return }
                let index = next
                next += 1
                group.addTask { (index, await send(sending[index])) }
            }
            for _ in 0..<settings.width { feed() }
            while let (index, answer) = await group.next() {
                answers[index] = answer
                if case .unknown = answer { unknown += 1 } else { unknown = Int.min / 2 }
                if unknown < settings.width { feed() }
            }
        }
        return answers
    }

    private func send(_ message: Message) async -> Answer {
        for text in message.texts {
            do {
                if case .refused(let reason) = try await gateway.send(text) { return .refused(reason) }
            } catch {
                return .unknown
            }
        }
        return .accepted
    }

    /// Writes down what became of each, in one transaction.
    private func settle(_ messages: [Message], _ answers: [Answer]) async throws -> NoticeTurn {
        try await desk.database.write { connection in
            var turn = NoticeTurn()
            var unknown = 0
            for (message, answer) in zip(messages, answers) {
                if case .unknown = answer { unknown += 1 }
                if message.caseID == nil {
                    try settle(code: message, answer, &turn, connection)
                } else {
                    try settle(message, answer, &turn, connection)
                }
            }
            turn.isDown = unknown > 0 && turn.sent + turn.failed == 0
            try DeliveryStore(connection).tidy(
                callbacksBefore: connection.now.adding(minutes: -NoticeReceipts.windowMinutes * 2))
            return turn
        }
    }

    private func settle(
        _ message: Message, _ answer: Answer, _ turn: inout NoticeTurn, _ connection: any Connection
    ) throws {
        let delivery = DeliveryStore(connection)
        switch answer {
        case .accepted:
            try delivery.sent(message.id)
            turn.sent += 1
        case .refused(let reason):
            try give(up: message.id, of: message.caseID ?? "", reason, 1, connection)
            turn.failed += 1
        case .untried:
            try delivery.postpone(message.id, until: connection.now, why: "the gateway is down", attempts: 0)
            turn.postponed += 1
        case .unknown:
            let attempts = message.attempts + 1
            if settings.policy.isGivenUp(attempts: attempts, createdAt: message.createdAt, at: connection.now)
            {
                try give(
                    up: message.id, of: message.caseID ?? "", "no answer after \(attempts) attempts", 1,
                    connection)
                turn.failed += 1
                return
            }
            try delivery.postpone(
                message.id, until: connection.now.adding(milliseconds: pause(attempts)),
                why: "the gateway did not answer", attempts: 1)
            turn.postponed += 1
        }
    }

    private func settle(
        code message: Message, _ answer: Answer, _ turn: inout NoticeTurn, _ connection: any Connection
    ) throws {
        let store = CodeStore(connection)
        switch answer {
        case .accepted:
            try store.settle(message.id, "sent", nextAt: connection.now, attempts: 1)
            turn.sent += 1
        case .refused:
            try store.settle(message.id, "failed", nextAt: connection.now, attempts: 1)
            turn.failed += 1
        case .unknown, .untried:
            // A code dies in minutes: it is tried again at once and dropped when it has expired.
            try store.settle(
                message.id, "waiting", nextAt: connection.now.adding(milliseconds: 2_000), attempts: 1)
            turn.postponed += 1
        }
    }

    /// A notice that will not arrive becomes somebody's call.
    private func give(
        up id: String, of caseID: String, _ why: String, _ attempts: Int, _ connection: any Connection
    ) throws {
        _ = try DeliveryStore(connection).end(id, as: .failed, why: why, attempts: attempts)
        try CallOutStore(connection).insert(notice: id, caseID: caseID, reason: "failed")
    }

    private func pause(_ attempts: Int) -> Int64 {
        var dice = SystemRandomNumberGenerator()
        return NoticePolicy.pause(after: attempts, using: &dice)
    }
}
