/// The ways a case leaves the straight path: objection, withdrawal, transfer, extension, closing, reopening, merging.
public import RedressCore
import RedressStore

/// Ends, lengthens, joins and reopens cases.
public struct LifecycleDesk: Sendable {
    let desk: Desk

    /// Writes down that the person objects to a decision, within the time for it.
    public func object(
        _ receipt: ReceiptNumber, heardBy channel: Channel, ground: String, version: Int? = nil,
        by actor: Actor
    ) async throws -> CaseView {
        let ground = try FreeText(ground, field: "The ground").text
        return try await desk.editCaseOrOwn(receipt, version, by: actor) { editing, row in
            let now = editing.connection.now
            let store = DecisionStore(editing.connection)
            guard let decision = try store.decisions(of: row.id).first else {
                throw RedressError(.refused, "Case \(row.receipt) has no decision to object to.")
            }
            let lastDay = decision.at.date.adding(days: ObjectionPeriod.filingDays)
            guard now.date <= lastDay else {
                throw RedressError(
                    .refused,
                    "The time to object to case \(row.receipt) ended on \(lastDay), \(ObjectionPeriod.filingDays) days after the notice."
                )
            }
            let id = Identifier.make(at: now)
            try store.object(
                id: id, caseID: row.id, channel: channel,
                groundSealed: try desk.keys.seal(ground, for: PersonalData.objection(id)), by: actor)
            row.assignee = nil
            row.clock = HandlingClock(startedAt: now, promisedAt: row.dueAt)
            row.clock.days = ObjectionPeriod.decisionDays
            row.escalatedAt = nil
            try editing.recount(&row)
            row.clock.promisedAt = row.dueAt
            try editing.move(
                &row, to: .objection, "case.object", reason: "the person objects", by: actor,
                detail: ["channel": channel.rawValue, "due": "\(row.dueAt)"])
        }
    }

    /// Takes an objection up: somebody who has not handled the case reviews it again.
    public func takeUp(_ receipt: ReceiptNumber, version: Int? = nil, by actor: Actor) async throws
        -> CaseView
    {
        try await desk.editCase(receipt, version, by: actor) { editing, row in
            try editing.requireFreshEyes(actor, row)
            row.assignee = actor.name
            try editing.move(
                &row, to: .inReview, "case.take-up", reason: "the objection is taken up", by: actor)
        }
    }

    /// Writes down that the person takes the claim back, in their own words; a held seat goes back.
    public func withdraw(
        _ receipt: ReceiptNumber, heardBy channel: Channel, note: String, mandate: String? = nil,
        version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        let note = try FreeText(note, field: "What the person said").text
        return try await desk.editCaseOrOwn(receipt, version, by: actor) { editing, row in
            try editing.requireOwnWord(row, mandate)
            try giveSeatBack(&row, editing, by: actor)
            try write(note, of: row, editing, isShown: true, by: actor)
            try ClockStore(editing.connection).resume(row.id)
            try editing.move(
                &row, to: .withdrawn, "case.withdraw", reason: "the person withdrew (\(channel.rawValue))",
                by: actor, detail: ["channel": channel.rawValue])
            try editing.tell(row, "withdrawn", mark: "\(row.version)", [:])
        }
    }

    /// Hands a case to the agency that is in charge of it.
    public func transfer(
        _ receipt: ReceiptNumber, to agency: String, reason: String, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        try actor.require(.decideCases)
        let agency = try FreeText(agency, field: "The agency").text
        let reason = try FreeText(reason, field: "The reason").text
        return try await desk.editCase(receipt, version, by: actor) { editing, row in
            try write(reason, of: row, editing, isShown: true, by: actor)
            try ClockStore(editing.connection).resume(row.id)
            try editing.move(
                &row, to: .transferred, "case.transfer", reason: agency, by: actor, detail: ["agency": agency]
            )
            try editing.tell(row, "transferred", mark: "\(row.version)", ["agency": agency])
        }
    }

    /// Closes a case whose outcome the person was told.
    public func close(_ receipt: ReceiptNumber, version: Int? = nil, by actor: Actor) async throws -> CaseView
    {
        try await desk.editCase(receipt, version, by: actor) { editing, row in
            // From an open state the table knows only one way to be closed, a merge.
            guard !row.state.isOpen else {
                throw RedressError(
                    .refused,
                    "Case \(row.receipt) is \(row.state.rawValue): decide it before it is closed.")
            }
            let decision = try DecisionStore(editing.connection).decisions(of: row.id).first
            if [.rejected, .notAffected].contains(row.state), let decision {
                let lastDay = decision.at.date.adding(days: ObjectionPeriod.filingDays)
                guard editing.connection.now.date > lastDay else {
                    throw RedressError(
                        .refused, "The person may object to case \(row.receipt) until \(lastDay).")
                }
            }
            try editing.move(&row, to: .closed, "case.close", reason: "done", by: actor)
        }
    }

    /// Opens a closed case again, on a fresh clock.
    public func reopen(
        _ receipt: ReceiptNumber, reason: String, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        try actor.require(.decideCases)
        let reason = try FreeText(reason, field: "The reason").text
        return try await desk.editCase(receipt, version, by: actor) { editing, row in
            guard row.mergedInto == nil else {
                throw RedressError(.refused, "Case \(row.receipt) was merged; work on the earlier one.")
            }
            row.clock = HandlingClock(startedAt: editing.connection.now, promisedAt: row.dueAt)
            row.escalatedAt = nil
            try editing.recount(&row)
            row.clock.promisedAt = row.dueAt
            try write(reason, of: row, editing, isShown: false, by: actor)
            try editing.move(&row, to: .inReview, "case.reopen", reason: "reopened", by: actor)
        }
    }

    /// Lengthens the period by its own length: once with a reason, a second time only with the person's consent.
    public func extend(
        _ receipt: ReceiptNumber, reason: String, withConsent: Bool, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        let reason = try FreeText(reason, field: "The reason").text
        return try await desk.editCase(receipt, version, by: actor) { editing, row in
            guard row.state.isOpen else {
                throw RedressError(.refused, "Case \(row.receipt) is \(row.state.rawValue): its clock ended.")
            }
            let isObjection = row.clock.days == ObjectionPeriod.decisionDays
            guard row.clock.extensions == 0 || row.clock.extensions == 1 && withConsent && !isObjection else {
                throw RedressError(
                    .refused,
                    isObjection
                        ? "The period of an objection is extended once."
                        : "A second extension needs the person's consent, and there is no third.")
            }
            row.clock.extensions += 1
            try editing.recount(&row)
            row.clock.promisedAt = row.dueAt
            try CaseStore(editing.connection).update(&row)
            try write(reason, of: row, editing, isShown: true, by: actor)
            try editing.audit(
                "case.extend", row, by: actor,
                detail: [
                    "extension": "\(row.clock.extensions)", "consent": "\(withConsent)",
                    "due": "\(row.dueAt)",
                ])
            try editing.tell(
                row, "extended", mark: "\(row.clock.extensions)", ["reason": reason, "due": "\(row.dueAt)"])
        }
    }

    /// Merges a case into an earlier one of the same person; both numbers go on leading to it.
    public func merge(
        _ receipt: ReceiptNumber, into other: ReceiptNumber, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        try await desk.editCase(receipt, version, by: actor) { editing, row in
            var later = row
            var survivor = try editing.find(other)
            guard later.id != survivor.id else {
                throw RedressError(.refused, "Both numbers already lead to case \(survivor.receipt).")
            }
            if survivor.receivedAt > later.receivedAt { swap(&later, &survivor) }
            let related = try RelatedCases(editing.connection, desk).find(later)
            guard related.contains(where: { $0.receipt == survivor.receipt }) else {
                throw RedressError(
                    .refused,
                    """
                    Nothing shows that cases \(later.receipt) and \(survivor.receipt) are of the same person: no \
                    shared number, name and birth date, or booking. Link them instead.
                    """)
            }
            later.mergedInto = survivor.id
            try CaseStore(editing.connection).remerge(from: later.id, into: survivor.id)
            try editing.move(
                &later, to: .closed, "case.merge", reason: "merged into \(survivor.receipt)", by: actor,
                detail: ["into": survivor.receipt.description])
            try editing.audit(
                "case.merge", survivor, by: actor, detail: ["merged": later.receipt.description])
            row = survivor
        }
    }

    /// Links two cases that have to do with each other, without joining them.
    public func link(
        _ receipt: ReceiptNumber, with other: ReceiptNumber, reason: String, version: Int? = nil,
        by actor: Actor
    ) async throws -> CaseView {
        let reason = try FreeText(reason, field: "The reason").text
        return try await desk.editCase(receipt, version, by: actor) { editing, row in
            let linked = try editing.find(other)
            guard linked.id != row.id else {
                throw RedressError(.refused, "Both numbers lead to the same case.")
            }
            guard try NoteStore(editing.connection).link(row.id, linked.id, reason: reason, by: actor) else {
                throw RedressError(.refused, "These cases are linked already.")
            }
            try editing.audit("case.link", row, by: actor, detail: ["with": linked.receipt.description])
        }
    }

    private func giveSeatBack(_ row: inout Case, _ editing: CaseEditing, by actor: Actor) throws {
        let pool = PoolStore(editing.connection)
        guard row.state == .offered, let hold = try pool.hold(of: row.id, in: .live) else { return }
        let seating = try Seating(editing.connection, desk, incident: row.incident)
        if let slot = try pool.slot(hold.slotID)?.slot { try seating.lock([slot]) }
        try seating.giveUp(hold, &row, offer: .declined, by: actor, reason: "the person withdrew")
    }

    private func write(
        _ text: String, of row: Case, _ editing: CaseEditing, isShown: Bool, by actor: Actor
    ) throws {
        let id = Identifier.make(at: editing.connection.now)
        try NoteStore(editing.connection).insert(
            id: id, caseID: row.id, isShown: isShown,
            textSealed: try desk.keys.seal(text, for: PersonalData.note(id)), by: actor)
    }
}

/// Finds cases that are probably of the same human: by phone, name and birth date, or booking.
struct RelatedCases {
    let connection: any Connection
    let desk: Desk

    init(_ connection: any Connection, _ desk: Desk) {
        self.connection = connection
        self.desk = desk
    }

    /// Other cases of the person, and of those who share a number, a name with birth date, or the booking.
    func find(_ row: Case) throws -> [(receipt: ReceiptNumber, why: [String], id: String)] {
        let indexing = PersonIndexing(connection, desk)
        let who = PersonKey(incident: row.incident, person: row.person)
        let known = try indexing.known(who)
        var reasons: [PersonKey: Set<String>] = [who: ["person"]]
        if let phone = known.phone {
            for other in try indexing.people(phone: phone) { reasons[other, default: []].insert("phone") }
        }
        if let name = known.name, let birthDate = known.birthDate {
            for other in try indexing.people(name: name, birthDate: birthDate, limit: LookupDesk.mostPeople) {
                reasons[other, default: []].insert("name and birth date")
            }
        }
        let store = CaseStore(connection)
        var found: [String: (ReceiptNumber, Set<String>)] = [:]
        for (other, why) in reasons {
            for match in try store.all(incident: other.incident, person: other.person) {
                found[match.id] = (match.receipt, why)
            }
        }
        for match in try store.all(booking: row.booking) {
            found[match.id, default: (match.receipt, [])].1.insert("booking")
        }
        return found.filter { $0.key != row.id }
            .map { (receipt: $0.value.0, why: $0.value.1.sorted(), id: $0.key) }
            .sorted { $0.receipt < $1.receipt }
    }
}

extension Desk {
    /// The ways a case leaves the straight path.
    public var lifecycle: LifecycleDesk { LifecycleDesk(desk: self) }
}
