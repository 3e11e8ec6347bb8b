/// The part of the worker that hands messages to the gateway, many at once, and writes down what became of each.
import RedressCore
import RedressStore

/// One notice that is true now, and the messages that tell it.
struct NoticeMessage: Sendable {
    var id: String
    var caseID: String
    var attempts: Int
    var createdAt: Instant
    var texts: [OutgoingNotice]
}

extension NoticeRunner {
    /// What became of the messages of one notice.
    enum Sent: Sendable {
        case accepted
        case refused(String)
        case unknown
        case untried
    }

    /// Sends at most `width` at once; when the first of them all come to nothing, the rest are not tried.
    func send(_ sending: [[OutgoingNotice]]) async -> [Sent] {
        var answers = [Sent](repeating: .untried, count: sending.count)
        await withTaskGroup(of: (Int, Sent).self) { group in
            var next = 0
            var unknown = 0
            func feed() {
                guard next < sending.count else { return }
                let index = next
                next += 1
                group.addTask { (index, await send(one: sending[index])) }
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

    private func send(one texts: [OutgoingNotice]) async -> Sent {
        for text in texts {
            do {
                if case .refused(let reason) = try await gateway.send(text) { return .refused(reason) }
            } catch {
                return .unknown
            }
        }
        return .accepted
    }

    /// Writes down what became of each, in one transaction.
    func settle(_ messages: [NoticeMessage], _ answers: [Sent]) async throws -> NoticeTurn {
        try await desk.database.write { connection in
            var turn = NoticeTurn()
            var unknown = 0
            for (message, answer) in zip(messages, answers) {
                if case .unknown = answer { unknown += 1 }
                try settle(message, answer, &turn, connection)
            }
            turn.isDown = unknown > 0 && turn.sent + turn.failed == 0
            try DeliveryStore(connection).tidy(
                callbacksBefore: connection.now.adding(minutes: -NoticeReceipts.windowMinutes * 2))
            return turn
        }
    }

    private func settle(
        _ message: NoticeMessage, _ answer: Sent, _ turn: inout NoticeTurn, _ connection: any Connection
    ) throws {
        let delivery = DeliveryStore(connection)
        switch answer {
        case .accepted:
            try delivery.sent(message.id)
            turn.sent += 1
        case .refused(let reason):
            try give(up: message.id, of: message.caseID, reason, 1, connection)
            turn.failed += 1
        case .untried:
            try delivery.giveBack(message.id, why: "the gateway is down")
            turn.postponed += 1
        case .unknown:
            let attempts = message.attempts + 1
            if settings.policy.isGivenUp(attempts: attempts, createdAt: message.createdAt, at: connection.now)
            {
                try give(
                    up: message.id, of: message.caseID, "no answer after \(attempts) attempts", 1,
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

    /// A notice that will not arrive becomes somebody's call.
    func give(
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
