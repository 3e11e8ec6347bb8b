/// What comes back from the gateway: it arrived, it did not, or the person answered with 1 or 2.
public import RedressCore
import RedressStore

/// One callback of the gateway, already proven to be the gateway's.
public struct NoticeCallback: Sendable, Codable, Equatable {
    /// What it reports.
    public enum Kind: String, Sendable, Codable {
        case delivered
        case failed
        case reply
    }

    /// The callback's own id: one that came before is refused.
    public var id: String
    /// What it reports.
    public var kind: Kind
    /// The message it is about, or answers.
    public var message: String
    /// The reason of a failure, or the text of a reply.
    public var text: String?

    /// Makes a callback.
    public init(id: String, kind: Kind, message: String, text: String? = nil) {
        self.id = id
        self.kind = kind
        self.message = message
        self.text = text
    }
}

/// Takes callbacks.
public struct NoticeReceipts: Sendable {
    let desk: Desk
    /// How far the gateway's clock may be from ours, in minutes; a callback is refused for good after it.
    public static let windowMinutes = 5

    /// Takes one callback, once.
    ///
    /// - Parameter signedAt: the time in the signature.
    /// - Throws: `.refused` when it came before, or was signed too long ago; `.notFound` for a message we never sent.
    public func take(_ callback: NoticeCallback, signedAt: Instant) async throws {
        let record = try await desk.database.write { connection in
            let window = Int64(Self.windowMinutes) * 60_000
            guard abs(connection.now.milliseconds - signedAt.milliseconds) <= window else {
                throw RedressError(.refused, "The callback was signed too long ago, or in the future.")
            }
            // A copy for a representative carries the notice's id and a number.
            let id = String(callback.message.prefix { $0 != "-" })
            guard let record = try DeliveryStore(connection).find(id) else {
                try takeCode(callback, connection)
                return nil as NoticeRecord?
            }
            // A reply is noted after it was acted on: one that was cut off between is taken again, to the same end.
            let isNew =
                try callback.kind == .reply
                ? !DeliveryStore(connection).isSeen(callback: callback.id)
                : DeliveryStore(connection).firstSeen(callback: callback.id)
            guard isNew else { throw RedressError(.refused, "This callback came before.") }
            switch callback.kind {
            case .delivered: try delivered(record, connection)
            case .failed: try failed(record, callback.text ?? "", connection)
            case .reply: break
            }
            return record
        }
        guard let record, callback.kind == .reply else { return }
        try await answer(record, callback)
        _ = try await desk.database.write { try DeliveryStore($0).firstSeen(callback: callback.id) }
    }

    /// What became of a one-time code tells nobody anything: who waits for it asks for another one.
    private func takeCode(_ callback: NoticeCallback, _ connection: any Connection) throws {
        let codes = CodeStore(connection)
        guard try codes.contains(callback.message) else {
            throw RedressError(.notFound, "There is no such message.")
        }
        guard try DeliveryStore(connection).firstSeen(callback: callback.id) else {
            throw RedressError(.refused, "This callback came before.")
        }
        if callback.kind == .failed { try codes.settle(callback.message, .failed) }
    }

    /// It reached the person: the working days of an offer begin.
    private func delivered(_ record: NoticeRecord, _ connection: any Connection) throws {
        guard try DeliveryStore(connection).delivered(record.row.id) else { return }
        try desk.notices.startOffer(of: record.row, connection)
    }

    private func failed(_ record: NoticeRecord, _ why: String, _ connection: any Connection) throws {
        let reason = String(why.filter { !$0.isNewline }.prefix(80))
        guard try DeliveryStore(connection).end(record.row.id, as: .failed, why: "not delivered: \(reason)")
        else { return }
        try CallOutStore(connection).insert(
            notice: record.row.id, caseID: record.row.caseID, reason: "failed")
    }

    /// `1` is a yes to the one live offer, `2` asks to confirm a no, `2` to that question is the no.
    private func answer(_ record: NoticeRecord, _ callback: NoticeCallback) async throws {
        let receipt = try ReceiptNumber(record.receipt)
        let person = Actor(name: "citizen:\(receipt)", role: .citizen)
        let event = NoticeEvent(row: record.row.event)
        let said = (callback.text ?? "").filter { !$0.isWhitespace }
        do {
            // A representative's word is held to its mandate, which a text does not prove.
            guard callback.message == record.row.id, event == .offered || event == .confirmDecline,
                try await isLive(record.row)
            else {
                throw RedressError(.refused, "The message asked nothing that can still be answered.")
            }
            switch (said, event) {
            case ("1", _), ("１", _):
                _ = try await desk.restoration.accept(
                    receipt, HeardWord(.text), key: "reply/\(callback.id)", by: person)
            case ("2", .offered), ("２", .offered): try await askAgain(record.row)
            case ("2", _), ("２", _):
                _ = try await desk.restoration.decline(
                    receipt, HeardWord(.text), key: "reply/\(callback.id)", by: person)
            default: throw RedressError(.refused, "The reply is neither 1 nor 2.")
            }
        } catch let error as RedressError where error.code == .refused {
            // What a text cannot settle, a person does: somebody calls back.
            try await desk.database.write { connection in
                try CallOutStore(connection).insert(
                    notice: record.row.id, caseID: record.row.caseID, reason: "reply")
            }
        }
    }

    private func isLive(_ row: OutboxRow) async throws -> Bool {
        try await desk.database.read { connection in
            let hold = String(row.event.drop { $0 != "/" }.dropFirst())
            return try OfferStore(connection).live(row.caseID)?.holdID == hold
        }
    }

    private func askAgain(_ row: OutboxRow) async throws {
        try await desk.database.write { connection in
            guard let found = try CaseStore(connection).find(id: row.caseID) else { return }
            try CaseEditing(connection, desk).tell(
                found, NoticeEvent.confirmDecline.rawValue,
                mark: String(row.event.drop { $0 != "/" }.dropFirst()), [:])
        }
    }
}

extension Desk {
    /// What comes back from the gateway.
    public var noticeReceipts: NoticeReceipts { NoticeReceipts(desk: self) }
}
