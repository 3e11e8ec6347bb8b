/// A notice to everyone of an incident: counted and shown first, agreed to by a second person, queued at a set pace.
public import RedressCore
import RedressStore

/// A notice to many as staff see it.
public struct MassNoticeView: Sendable, Codable, Equatable {
    /// Its id.
    public var id: String
    /// Whose people are told.
    public var incident: String
    /// The states of the cases whose people are told.
    public var audience: [String]
    /// The text as it will be read, for an invented receipt number.
    public var preview: String
    /// Its length in bytes of CP949.
    public var bytes: Int
    /// How many people it is for.
    public var people: Int
    /// How many are queued so far.
    public var queued: Int
    /// How many of them a gateway took.
    public var sent: Int
    /// `asked`, `running`, `stopped` or `done`.
    public var state: String
    /// Who asked for it.
    public var askedBy: String
    /// Who agreed; null while nobody has.
    public var approvedBy: OrNull<String>
}

/// Asks for, agrees to, stops and queues notices to many.
public struct MassNoticeDesk: Sendable {
    let desk: Desk
    /// Rows that one transaction queues.
    private static let batch = 500

    /// Shows what a notice would be, and writes the request that a second person must agree to.
    ///
    /// - Parameters:
    ///   - states: whose people are told; each person once, whatever the number of their cases.
    ///   - perMinute: how many are queued a minute.
    public func ask(
        _ text: String, incident: String, states: [CaseState], perMinute: Int, by actor: Actor,
        settings: NoticeSettings = NoticeSettings()
    ) async throws -> MassNoticeView {
        try actor.require(.decideCases)
        let text = try FreeText(text, field: "The notice").text
        guard perMinute > 0, !states.isEmpty else {
            throw RedressError(.usage, "A notice to many needs a pace above 0 and at least one case state.")
        }
        return try await desk.database.write { connection in
            _ = try IncidentStore(connection).find(incident)
            let store = MassNoticeStore(connection)
            let row = MassNoticeRow(
                id: Identifier.make(at: connection.now), incident: incident,
                audience: states.map(\.rawValue).joined(separator: ","), text: text, perMinute: perMinute,
                people: try store.people(incident: incident, states: states), askedBy: actor.name,
                askedAt: connection.now)
            let view = try view(row, sent: 0, settings)
            try store.insert(row)
            try AuditStore(connection).append(
                "mass-notice.ask", subject: row.id, by: actor,
                detail: ["incident": incident, "people": "\(row.people)"])
            return view
        }
    }

    /// The second person agrees, or takes a stopped one up again where it was.
    public func approve(_ id: String, by actor: Actor) async throws -> MassNoticeView {
        try actor.require(.decideCases)
        return try await change(id, from: [.asked, .stopped], "mass-notice.approve", by: actor) {
            row, connection in
            guard row.askedBy != actor.name else {
                throw RedressError(
                    .notAllowed, "\(actor.name) asked for this notice; a second person must agree.")
            }
            row.approvedBy = actor.name
            // Whoever was queued and not told when it was stopped is told now.
            if row.state == .stopped { try MassNoticeStore(connection).requeue(event(row)) }
            row.state = .running
            row.nextAt = connection.now
        }
    }

    /// Stops it: nobody else is queued, and what is queued and did not leave is dropped.
    public func stop(_ id: String, by actor: Actor) async throws -> MassNoticeView {
        try actor.require(.decideCases)
        return try await change(id, from: [.asked, .running, .done], "mass-notice.stop", by: actor) {
            row, _ in
            row.state = .stopped
        }
    }

    /// All of them, the newest first.
    public func list(by actor: Actor) async throws -> [MassNoticeView] {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            let store = MassNoticeStore(connection)
            let sent = try store.sent()
            return try store.all().map { try view($0, sent: sent[event($0)] ?? 0, NoticeSettings()) }
        }
    }

    /// Queues the next people of what is running, as the pace allows; returns how many.
    func advance() async throws -> Int {
        let isIdle = try await desk.database.read { connection in
            try !MassNoticeStore(connection).all().contains {
                $0.state == .running && $0.nextAt <= connection.now
            }
        }
        if isIdle { return 0 }
        return try await desk.database.write { connection in
            var queued = 0
            for row in try MassNoticeStore(connection).all()
            where row.state == .running && row.nextAt <= connection.now {
                queued += try queue(row, connection)
            }
            return queued
        }
    }

    private func queue(_ before: MassNoticeRow, _ connection: any Connection) throws -> Int {
        var row = before
        let store = MassNoticeStore(connection)
        let states = row.audience.split(separator: ",").compactMap { CaseState(rawValue: String($0)) }
        let limit = min(Self.batch, row.perMinute)
        let cases = try store.cases(
            incident: row.incident, states: states, after: row.reached, limit: limit)
        let event = self.event(row)
        var queued = 0
        for (_, caseID) in cases where try !store.isTold(event, caseID: caseID) {
            let id = Identifier.make(at: connection.now)
            try OutboxStore(connection).insert(
                OutboxRow(
                    id: id, caseID: caseID, event: event, state: .waiting,
                    valuesSealed: try desk.keys.seal(
                        try JSONDocument.line(["text": row.text]), for: PersonalData.notice(id)),
                    createdAt: connection.now), priority: .mass)
            queued += 1
        }
        row.reached = cases.last?.person ?? row.reached
        row.queued += queued
        row.nextAt = connection.now.adding(
            milliseconds: Int64(cases.count) * 60_000 / Int64(row.perMinute))
        if cases.count < limit { row.state = .done }
        guard try store.update(row, from: .running) else { return 0 }
        return queued
    }

    private func change(
        _ id: String, from states: [MassNoticeRow.State], _ action: String, by actor: Actor,
        _ body: @escaping @Sendable (inout MassNoticeRow, any Connection) throws -> Void
    ) async throws -> MassNoticeView {
        try await desk.database.write { connection in
            let store = MassNoticeStore(connection)
            guard var row = try store.find(id) else {
                throw RedressError(.notFound, "There is no notice to many \(id).")
            }
            guard states.contains(row.state) else {
                throw RedressError(.refused, "The notice \(id) is \(row.state.rawValue) already.")
            }
            let before = row.state
            try body(&row, connection)
            guard try store.update(row, from: before) else {
                throw RedressError.changed("The notice changed meanwhile. Look at it again.")
            }
            try AuditStore(connection).append(action, subject: id, by: actor)
            return try view(row, sent: store.sent()[event(row)] ?? 0, NoticeSettings())
        }
    }

    /// The event under which each person is told, once.
    private func event(_ row: MassNoticeRow) -> String { "\(NoticeEvent.mass.rawValue)/\(row.id)" }

    private func view(_ row: MassNoticeRow, sent: Int, _ settings: NoticeSettings) throws -> MassNoticeView {
        let text = try NoticeTemplates.shipped().render(
            .mass, .korean,
            settings.values.merging(["text": row.text, "receipt": "2021-000000-0"]) { $1 })
        return MassNoticeView(
            id: row.id, incident: row.incident, audience: row.audience.split(separator: ",").map(String.init),
            preview: text.text, bytes: text.bytes, people: row.people, queued: row.queued,
            sent: sent, state: row.state.rawValue, askedBy: row.askedBy, approvedBy: OrNull(row.approvedBy))
    }
}

extension Desk {
    /// Notices to everyone of an incident.
    public var massNotices: MassNoticeDesk { MassNoticeDesk(desk: self) }
}
