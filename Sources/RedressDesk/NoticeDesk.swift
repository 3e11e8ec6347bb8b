/// What citizens are told, as staff see it: the list, the dead letters, a preview, a correction, a code.
public import RedressCore
public import RedressStore

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
    /// Why it waits, was dropped, failed or was cancelled; null when there is nothing to say.
    public var why: OrNull<String>
    /// The erroneous notice that it corrects; null when it corrects none.
    public var corrects: OrNull<String>
    /// How often it was tried.
    public var attempts: Int
    /// When a gateway took it, RFC 3339; null when none has.
    public var sentAt: OrNull<String>
    /// When it reached the person, RFC 3339; null when nothing shows that.
    public var deliveredAt: OrNull<String>

    init(_ record: NoticeRecord) {
        id = record.row.id
        `case` = record.receipt
        // The event of an offer carries its hold, so that a second offer of a case is told as well.
        event = String(record.row.event.prefix { $0 != "/" })
        state = record.row.state.rawValue
        createdAt = record.row.createdAt.description
        why = OrNull(record.why)
        corrects = OrNull(NoticeView.corrected(by: record.row.event))
        attempts = record.attempts
        sentAt = OrNull(record.sentAt?.description)
        deliveredAt = OrNull(record.deliveredAt?.description)
    }

    private static func corrected(by event: String) -> String? {
        NoticeEvent(row: event) == .correction ? String(event.drop { $0 != "/" }.dropFirst()) : nil
    }
}

/// A text as it would leave.
public struct NoticePreview: Sendable, Codable, Equatable {
    /// The text.
    public var text: String
    /// `short` or `long`.
    public var kind: String
    /// Its length in bytes of CP949.
    public var bytes: Int
}

/// How far the outbox is behind.
public struct NoticeLag: Sendable, Codable, Equatable {
    /// Notices that wait.
    public var waiting: Int
    /// Notices given up.
    public var failed: Int
    /// Age of the oldest waiting notice, in seconds.
    public var oldestSeconds: Int
}

/// Lists the outbox and works on what did not leave.
public struct NoticeDesk: Sendable {
    let desk: Desk

    /// Every notice in the order of the facts it tells, or those in one state.
    public func list(in state: OutboxRow.State? = nil, by actor: Actor) async throws -> [NoticeView] {
        try actor.require(.readCases)
        return try await desk.database.read { try DeliveryStore($0).records(in: state).map(NoticeView.init) }
    }

    /// Every notice of one case, the newest first.
    public func list(of receipt: ReceiptNumber, by actor: Actor) async throws -> [NoticeView] {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            let row = try RestoreDesk.find(receipt, connection)
            return try DeliveryStore(connection).records(of: row.id).reversed().map(NoticeView.init)
        }
    }

    /// How far the outbox is behind.
    public func lag() async throws -> NoticeLag {
        try await desk.database.read { connection in
            let lag = try DeliveryStore(connection).lag()
            let age = connection.now.milliseconds - (lag.oldest ?? connection.now).milliseconds
            return NoticeLag(waiting: lag.waiting, failed: lag.failed, oldestSeconds: Int(max(0, age) / 1000))
        }
    }

    /// Puts a failed or cancelled notice back in line; its fact is read again before it leaves.
    public func retry(_ id: String, by actor: Actor) async throws -> NoticeView {
        try await change(id, "notice.retry", by: actor) { delivery in
            guard try delivery.revive(id) else {
                throw RedressError(
                    .refused,
                    "Only a notice that failed or was cancelled, and was not told by voice, is sent again.")
            }
        }
    }

    /// Keeps a notice from leaving.
    public func cancel(_ id: String, reason: String, by actor: Actor) async throws -> NoticeView {
        let reason = try FreeText(reason, field: "The reason").text
        return try await change(id, "notice.cancel", by: actor) { delivery in
            guard try delivery.cancel(id, why: reason) else {
                throw RedressError(.refused, "Notice \(id) has left, or was ended before.")
            }
        }
    }

    /// Tells the person that a text which left was an error, linked to that text.
    public func correct(_ id: String, text: String, by actor: Actor) async throws -> NoticeView {
        try actor.require(.workCases)
        let text = try FreeText(text, field: "The correction").text
        _ = try NoticeText(text)
        return try await desk.database.write { connection in
            let record = try find(id, DeliveryStore(connection))
            guard let sentAt = record.sentAt,
                let found = try CaseStore(connection).find(id: record.row.caseID)
            else { throw RedressError(.refused, "Notice \(id) never left: cancel it instead.") }
            let delivery = DeliveryStore(connection)
            let event = "\(NoticeEvent.correction.rawValue)/\(id)"
            guard try delivery.find(event: event, of: found.id) == nil else {
                throw RedressError(.refused, "Notice \(id) was corrected before.")
            }
            let editing = CaseEditing(connection, desk)
            try editing.tell(
                found, NoticeEvent.correction.rawValue, mark: id, ["text": text, "when": "\(sentAt)"])
            try editing.audit("notice.correct", found, by: actor, detail: ["erroneous": id])
            guard let made = try delivery.find(event: event, of: found.id) else {
                throw RedressError(.fault, "The correction of notice \(id) was not written.")
            }
            return NoticeView(made)
        }
    }

    /// A text with these values as carriers would count it.
    ///
    /// - Throws: `.badData` when a value is missing, a link is in it, or it is too long.
    public func preview(
        _ event: NoticeEvent, _ language: NoticeLanguage, _ values: [String: String],
        settings: NoticeSettings = NoticeSettings()
    ) throws -> NoticePreview {
        let text = try NoticeTemplates.shipped().render(
            event, language, settings.values.merging(values) { $1 })
        return NoticePreview(text: text.text, kind: text.kind.rawValue, bytes: text.bytes)
    }

    /// Queues a one-time code inside the transaction that made it; it leaves before everything else, at any hour.
    ///
    /// - Parameter request: the request the code is bound to, which is also the message's id.
    func queue(
        code: String, of request: String, to number: PhoneNumber, _ language: NoticeLanguage,
        _ connection: any Connection
    ) throws {
        let values = try JSONDocument.line(["code": code, "to": number.digits])
        try CodeStore(connection).insert(
            CodeRow(
                id: request, valuesSealed: try desk.keys.seal(values, for: PersonalData.code(request)),
                language: language.rawValue))
    }

    /// Starts the working days of the offer that a notice told of, when it is the live one.
    func startOffer(of row: OutboxRow, _ connection: any Connection) throws {
        guard NoticeEvent(row: row.event) == .offered,
            let found = try CaseStore(connection).find(id: row.caseID),
            let offer = try OfferStore(connection).live(row.caseID), offer.deliveredAt == nil,
            row.event.hasSuffix("/\(offer.holdID)")
        else { return }
        let seating = try Seating(connection, desk, incident: found.incident)
        _ = try seating.delivered(offer, to: found, by: .system)
    }

    private func change(
        _ id: String, _ action: String, by actor: Actor,
        _ body: @escaping @Sendable (DeliveryStore) throws -> Void
    ) async throws -> NoticeView {
        try actor.require(.workCases)
        return try await desk.database.write { connection in
            let delivery = DeliveryStore(connection)
            _ = try find(id, delivery)
            try body(delivery)
            try AuditStore(connection).append(action, subject: id, by: actor)
            return NoticeView(try find(id, delivery))
        }
    }

    private func find(_ id: String, _ delivery: DeliveryStore) throws -> NoticeRecord {
        guard let record = try delivery.find(id) else {
            throw RedressError(.notFound, "There is no notice \(id). `redress notices list` shows their ids.")
        }
        return record
    }
}

extension Desk {
    /// Notices to citizens.
    public var notices: NoticeDesk { NoticeDesk(desk: self) }
}
