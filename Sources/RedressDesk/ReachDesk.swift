/// How a person is reached and who may speak for them: channel, changed number, representatives, call-out tasks.
public import RedressCore
import RedressStore

/// A mandate to be recorded.
public struct NewRepresentative: Sendable {
    /// The representative's name.
    public var name: String
    /// Their phone number.
    public var phone: String
    /// What they are to the person: son, daughter, neighbour.
    public var relation: String
    /// What they may do.
    public var scope: RepresentativeScope
    /// How the mandate was proven.
    public var proof: MandateProof
    /// Whom notices go to.
    public var noticesTo: Addressee
    /// The last day it holds.
    public var until: CivilDate

    /// Takes a mandate down.
    public init(
        name: String, phone: String, relation: String, scope: RepresentativeScope, proof: MandateProof,
        noticesTo: Addressee, until: CivilDate
    ) {
        self.name = name
        self.phone = phone
        self.relation = relation
        self.scope = scope
        self.proof = proof
        self.noticesTo = noticesTo
        self.until = until
    }
}

/// A mandate as staff see it.
public struct RepresentativeView: Sendable, Codable {
    /// Its id.
    public var id: String
    /// The name, masked.
    public var name: String
    /// The number, masked.
    public var phone: String
    /// What they are to the person.
    public var relation: String
    /// What they may do; nobody may decline for the person.
    public var scope: String
    /// How it was proven.
    public var proof: String
    /// Whom notices go to.
    public var noticesTo: String
    /// Until when it holds, RFC 3339.
    public var expiresAt: String
}

/// A notice that somebody must tell by voice or letter.
public struct CallOut: Sendable, Codable {
    /// The notice.
    public var notice: String
    /// The case.
    public var receipt: String
    /// What it tells.
    public var event: String
    /// Why a text message does not do: `landline`, `no-number`, `failed`, or the channel the person asked for.
    public var reason: String
    /// Since when it waits, RFC 3339.
    public var since: String
}

/// How a person wants to be told.
public struct ReachView: Sendable {
    /// The preferred channel; nil when they never said.
    public var channel: String?
    /// The language of notices; nil when they never said.
    public var language: String?
    /// Who asked for a change of number that waits for a second person; nil when none does.
    public var numberAskedBy: String?
}

/// Reaches people.
public struct ReachDesk: Sendable {
    let desk: Desk
    /// How many facts of the booking a change of number needs.
    static let factsForNumber = 2

    /// Writes how the person wants to be told, in which language, or both; nothing requires a smartphone or a voice.
    public func prefer(
        _ channel: PreferredChannel?, _ language: NoticeLanguage? = nil, for receipt: ReceiptNumber,
        version: Int? = nil, by actor: Actor
    ) async throws {
        _ = try await desk.editCase(receipt, version, by: actor) { editing, row in
            let store = PersonStore(editing.connection)
            var detail: [String: String] = [:]
            if let channel {
                try store.setPreferredChannel(channel, of: row.who)
                detail["channel"] = channel.rawValue
            }
            if let language {
                try store.setLanguage(language.rawValue, of: row.who)
                detail["language"] = language.rawValue
            }
            try editing.audit("person.prefer", row, by: actor, detail: detail)
        }
    }

    /// How the person is reached, and whether a changed number waits for a second person.
    public func preferences(of receipt: ReceiptNumber, by actor: Actor) async throws -> ReachView {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            let row = try RestoreDesk.find(receipt, connection)
            let store = PersonStore(connection)
            let request = try DecisionStore(connection).waiting(row.id, kinds: [.changeNumber])
            return ReachView(
                channel: try store.preferredChannel(of: row.who)?.rawValue,
                language: try store.language(of: row.who), numberAskedBy: request?.askedBy)
        }
    }

    /// Asks for a change of the person's number: two facts of the booking, and a second member of the staff.
    public func askNumber(
        _ number: String, for receipt: ReceiptNumber, facts: [String], version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        let number = try PhoneNumber(number)
        return try await desk.editCase(receipt, version, by: actor) { editing, row in
            let matched = try FactComparison(editing.connection, desk).facts(facts, of: row)
            guard matched >= Self.factsForNumber else {
                throw RedressError(
                    .refused,
                    "A changed number needs two facts of the lost booking that fit; \(matched) did.")
            }
            let id = Identifier.make(at: editing.connection.now)
            try DecisionStore(editing.connection).ask(
                ApprovalRow(
                    id: id, caseID: row.id, kind: .changeNumber, reason: nil,
                    sentenceSealed: try desk.keys.seal(number.digits, for: PersonalData.approval(id)),
                    askedBy: actor.name))
            try editing.audit("person.ask-number", row, by: actor, detail: ["facts": "\(matched)"])
        }
    }

    /// The second member of the staff agrees: the number is changed, the old one is told without details, the seat
    /// stays, and for 24 hours nothing can be declined.
    public func approveNumber(
        for receipt: ReceiptNumber, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        try await desk.editCase(receipt, version, by: actor) { editing, row in
            let store = DecisionStore(editing.connection)
            guard let request = try store.waiting(row.id, kinds: [.changeNumber]) else {
                throw RedressError(.refused, "No change of number waits for case \(row.receipt).")
            }
            guard request.askedBy != actor.name else {
                throw RedressError(
                    .notAllowed,
                    "\(actor.name) asked for this change; a second member of the staff must agree.")
            }
            guard try store.end(request.id, approved: true, by: actor) else {
                throw RedressError.changed("The request was decided meanwhile. Look at it again.")
            }
            let indexing = PersonIndexing(editing.connection, desk)
            let old = try indexing.known(row.who).phone
            let digits = try desk.keys.open(request.sentenceSealed, for: PersonalData.approval(request.id))
            try PersonStore(editing.connection).changeNumber(
                of: row.who,
                sealed: try desk.keys.seal(digits, for: PersonalData.phone(row.person, row.incident)),
                index: desk.keys.index(digits, kind: "phone"))
            try indexing.index(row.who)
            try editing.audit("person.change-number", row, by: actor, detail: ["asked_by": request.askedBy])
            guard let old else { return }
            try editing.tell(row, "number-changed", mark: request.id, ["to": old.digits])
        }
    }

    /// Records who may speak for the person.
    public func addRepresentative(
        _ new: NewRepresentative, for receipt: ReceiptNumber, by actor: Actor
    ) async throws -> RepresentativeView {
        let name = try PersonName(new.name)
        let phone = try PhoneNumber(new.phone)
        let relation = try FreeText(new.relation, field: "The relation").text
        try actor.require(.workCases)
        return try await desk.database.write { connection in
            let row = try RestoreDesk.find(receipt, connection)
            let expiresAt = Instant(new.until.adding(days: 1), TimeOfDay(minutes: 0))
            guard expiresAt > connection.now else {
                throw RedressError(.badData, "A mandate must hold until today or later.")
            }
            let id = Identifier.make(at: connection.now)
            let mandate = RepresentativeRow(
                id: id, who: row.who,
                nameSealed: try desk.keys.seal(name.text, for: PersonalData.representativeName(id)),
                phoneSealed: try desk.keys.seal(phone.digits, for: PersonalData.representativePhone(id)),
                phoneIndex: desk.keys.index(phone.digits, kind: "phone"), relation: relation,
                scope: new.scope, proof: new.proof, noticesTo: new.noticesTo, expiresAt: expiresAt)
            try RepresentativeStore(connection).insert(mandate, by: actor)
            try CaseEditing(connection, desk).audit(
                "representative.add", row, by: actor,
                detail: [
                    "mandate": id, "scope": new.scope.rawValue, "proof": new.proof.rawValue,
                    "notices_to": new.noticesTo.rawValue, "until": new.until.description,
                ])
            // The log names both: who is represented, and by whom.
            try StaffStore(connection).logAccess(
                by: actor, subject: row.receipt.description, what: "representative", origin: "desk",
                reason: "mandate \(id)")
            return try view(mandate)
        }
    }

    /// The live mandates of a case's person.
    public func representatives(of receipt: ReceiptNumber, by actor: Actor, origin: String) async throws
        -> [RepresentativeView]
    {
        try actor.require(.readCases)
        return try await desk.database.write { connection in
            let row = try RestoreDesk.find(receipt, connection)
            try StaffStore(connection).logAccess(
                by: actor, subject: row.receipt.description, what: "representative", origin: origin,
                reason: "representatives")
            return try RepresentativeStore(connection).live(of: row.who).map(view)
        }
    }

    /// Ends a mandate at once.
    public func endRepresentative(_ id: String, for receipt: ReceiptNumber, by actor: Actor) async throws {
        _ = try await desk.editCase(receipt, nil, by: actor) { editing, row in
            let store = RepresentativeStore(editing.connection)
            guard try store.live(of: row.who).contains(where: { $0.id == id }), try store.end(id) else {
                throw RedressError(.notFound, "Case \(row.receipt) has no live mandate \(id).")
            }
            try editing.audit("representative.end", row, by: actor, detail: ["mandate": id])
        }
    }

    /// Notices that a text message cannot carry, made into tasks as they appear; the oldest first.
    public func callOuts(by actor: Actor) async throws -> [CallOut] {
        try actor.require(.workCases)
        return try await desk.database.write { connection in
            let store = CallOutStore(connection)
            let finder = NoticeRoute.finder(connection, desk)
            for (notice, row) in try store.candidates(limit: WorkDesk.listLimit) {
                guard case .call(let reason) = try finder.route(.message, row, [:]) else { continue }
                try store.insert(notice: notice, caseID: row.id, reason: reason)
            }
            try StaffStore(connection).logAccess(
                by: actor, subject: "call-outs", what: "contact-list", origin: "desk", reason: "list")
            return try store.open(limit: WorkDesk.listLimit).map {
                CallOut(
                    notice: $0.notice, receipt: $0.receipt, event: String($0.event.prefix { $0 != "/" }),
                    reason: $0.reason, since: $0.createdAt.description)
            }
        }
    }

    /// Ends a call-out task: the person was told, or was not reached.
    public func endCallOut(_ notice: String, told: Bool, by actor: Actor) async throws {
        try actor.require(.workCases)
        try await desk.database.write { connection in
            guard try CallOutStore(connection).end(notice, told: told, by: actor),
                let record = try DeliveryStore(connection).find(notice)
            else { throw RedressError(.notFound, "No call-out waits for notice \(notice).") }
            if told { try desk.notices.startOffer(of: record.row, connection) }
            try AuditStore(connection).append(
                "call-out.end", subject: notice, by: actor, detail: ["told": "\(told)"])
        }
    }

    private func view(_ row: RepresentativeRow) throws -> RepresentativeView {
        let name = try PersonName(
            desk.keys.open(row.nameSealed, for: PersonalData.representativeName(row.id)))
        let phone = try PhoneNumber(
            desk.keys.open(row.phoneSealed, for: PersonalData.representativePhone(row.id)))
        return RepresentativeView(
            id: row.id, name: name.masked, phone: phone.masked, relation: row.relation,
            scope: row.scope.rawValue, proof: row.proof.rawValue, noticesTo: row.noticesTo.rawValue,
            expiresAt: row.expiresAt.description)
    }
}

extension Case {
    /// The person whose case it is.
    var who: PersonKey { PersonKey(incident: incident, person: person) }
}

extension Desk {
    /// How people are reached.
    public var reach: ReachDesk { ReachDesk(desk: self) }
}
