/// What citizens are to be told, as staff see it.
public import RedressCore
import RedressStore

/// A notice in a list.
public struct NoticeView: Sendable, Codable {
    /// The message id, the same however often it is sent.
    public var id: String
    /// The receipt number of its case.
    public var `case`: String
    /// What it tells.
    public var event: String
    /// Where it stands: `waiting`, `sent`, `dropped`, `failed`, `cancelled`.
    public var state: String
    /// When the fact was written, RFC 3339.
    public var createdAt: String
}

/// Lists the outbox.
public struct NoticeDesk: Sendable {
    let desk: Desk

    /// Every notice in the order of the facts it tells.
    public func list(by actor: Actor) async throws -> [NoticeView] {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            try OutboxStore(connection).all().map { row, receipt in
                // The event of an offer carries its hold, so that a second offer of a case is told as well.
                NoticeView(
                    id: row.id, case: receipt, event: String(row.event.prefix { $0 != "/" }),
                    state: row.state.rawValue,
                    createdAt: row.createdAt.description)
            }
        }
    }
}

extension Desk {
    /// Notices to citizens.
    public var notices: NoticeDesk { NoticeDesk(desk: self) }
}
