/// The part of the worker that sends one-time codes: apart from the facts, so that nothing slow stands before them.
import RedressCore
import RedressStore

extension NoticeRunner {
    /// Sends the codes that are due, once; one that lets nobody in any more is dropped.
    public func sendCodes() async throws -> NoticeTurn {
        guard try await desk.database.read({ try CodeStore($0).isDue() }) else { return NoticeTurn() }
        let notices = try await desk.database.write { connection in
            let leaseEnd = connection.now.adding(milliseconds: settings.policy.codeLeaseMilliseconds)
            return try CodeStore(connection).lease(until: leaseEnd, limit: settings.batch).map(text)
        }
        guard !notices.isEmpty else { return NoticeTurn() }
        let answers = await send(notices.map { [$0] })
        return try await settle(codes: notices.map(\.id), answers)
    }

    private func text(_ row: CodeRow) throws -> OutgoingNotice {
        let values = try JSONDocument.read(
            [String: String].self, from: desk.keys.open(row.valuesSealed, for: PersonalData.code(row.id)))
        let text = try templates.render(
            .code, NoticeLanguage(rawValue: row.language) ?? .korean,
            values.merging(settings.values) { $1 })
        return OutgoingNotice(id: row.id, to: values["to"] ?? "", sender: settings.sender, text: text)
    }

    private func settle(codes ids: [String], _ answers: [Sent]) async throws -> NoticeTurn {
        try await desk.database.write { connection in
            let store = CodeStore(connection)
            var turn = NoticeTurn()
            for (id, answer) in zip(ids, answers) {
                switch answer {
                case .accepted:
                    try store.settle(id, .sent)
                    turn.sent += 1
                case .refused:
                    try store.settle(id, .failed)
                    turn.failed += 1
                case .unknown, .untried:
                    // A code dies in minutes: it is tried again at once.
                    let next = connection.now.adding(milliseconds: settings.policy.codePauseMilliseconds)
                    try store.postpone(id, until: next)
                    turn.postponed += 1
                }
            }
            turn.isDown = turn.sent + turn.failed == 0
            return turn
        }
    }
}
