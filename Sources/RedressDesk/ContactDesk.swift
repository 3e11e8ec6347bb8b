/// Calls, visits and messages as agents live them: saved from the first key, verified, wrapped up, called back.
public import RedressCore
import RedressStore

/// One contact as staff see it.
public struct ContactView: Sendable, Codable {
    /// Opaque; the screen pop's address.
    public var id: String
    /// The case; null when it is about none.
    public var receipt: OrNull<String>
    /// The incident of the person; null when nobody was recognised.
    public var incident: OrNull<String>
    /// The person; null when nobody was recognised.
    public var person: OrNull<String>
    /// The way it came.
    public var channel: String
    /// What it is about: `contact`, `accept` or `decline`.
    public var subject: String
    /// `draft`, `dropped` or `ended`.
    public var state: String
    /// The state in the words of the page; a dropped call is to be called again.
    public var label: String
    /// The telephone system's id of the call.
    public var callId: OrNull<String>
    /// The telephone system's id of the recording.
    public var recordingId: OrNull<String>
    /// The calling number, masked.
    public var number: OrNull<String>
    /// Who spoke.
    public var speaker: OrNull<String>
    /// How they were verified.
    public var verified: String
    /// How it ended.
    public var wrapUp: OrNull<String>
    /// What was said.
    public var note: OrNull<String>
    /// What was promised.
    public var promise: OrNull<String>
    /// When a call back is due, RFC 3339.
    public var callBackAt: OrNull<String>
    /// Who took it.
    public var actor: String
    /// When it began, RFC 3339.
    public var at: String
    /// How often it was saved; an edit names the one it saw.
    public var version: Int

    init(_ row: ContactRow, receipt: ReceiptNumber?, _ keys: KeyRing) throws {
        id = row.id
        self.receipt = OrNull(receipt?.description)
        incident = OrNull(row.who?.incident)
        person = OrNull(row.who?.person)
        channel = row.channel.rawValue
        subject = row.subject
        state = row.state.rawValue
        label =
            switch row.state {
            case .draft: "작성 중"
            case .dropped: "끊긴 통화 – 다시 걸기"
            case .ended: "종료"
            }
        callId = OrNull(row.callID)
        recordingId = OrNull(row.recordingID)
        let digits = try row.numberSealed.map { try keys.open($0, for: PersonalData.contactNumber(row.id)) }
        number = OrNull(digits.flatMap { try? PhoneNumber($0) }?.masked)
        speaker = OrNull(row.speaker?.rawValue)
        verified = row.verified.rawValue
        wrapUp = OrNull(row.wrapUp?.rawValue)
        // The recorded yes or no to an offer is sealed for its case, every other note for its contact.
        let place = row.subject == "contact" ? row.id : row.caseID ?? row.id
        note = OrNull(try row.noteSealed.map { try keys.open($0, for: PersonalData.contactNote(place)) })
        promise = OrNull(try row.promiseSealed.map { try keys.open($0, for: PersonalData.promise(row.id)) })
        callBackAt = OrNull(row.callBackAt?.description)
        actor = row.actor
        at = row.at.description
        version = row.version
    }
}

/// What is known of a contact while it goes on; nil leaves what was saved before.
public struct ContactEdit: Sendable {
    /// The case it turned out to be about.
    public var receipt: ReceiptNumber?
    /// Who speaks.
    public var speaker: Speaker?
    /// The telephone system's id of the recording.
    public var recordingID: String?
    /// What was said so far.
    public var note: String?
    /// What was promised.
    public var promise: String?
    /// When we promised to call back.
    public var callBackAt: Instant?
    /// The version of the contact that was seen; nil where nobody read it from a screen.
    public var version: Int?

    /// Nothing known yet.
    public init() {}
}

/// What a caller states about themselves, to be compared with the register.
public struct StatedFacts: Sendable {
    /// The name.
    public var name: String
    /// The date of birth.
    public var birthDate: CivilDate
    /// Facts of the booking: a site, a date, a time, a vaccine or the booking's number.
    public var bookingFacts: [String]

    /// Takes down what was stated.
    public init(name: String, birthDate: CivilDate, bookingFacts: [String]) {
        self.name = name
        self.birthDate = birthDate
        self.bookingFacts = bookingFacts
    }
}

/// Takes contacts down.
public struct ContactDesk: Sendable {
    let desk: Desk

    /// Begins a contact: a draft is kept from here on, whatever happens to the line.
    ///
    /// - Parameters:
    ///   - callID: the telephone system's id; the same call begins once.
    ///   - number: the calling number, kept sealed.
    public func begin(
        channel: Channel, callID: String? = nil, number: String? = nil, by actor: Actor
    ) async throws -> ContactView {
        try actor.require(.workCases)
        let number = try number.map { try PhoneNumber($0) }
        return try await desk.database.write { connection in
            let store = ContactStore(connection)
            if let callID, let row = try store.find(callID) { return try view(row, connection) }
            var row = ContactRow(
                id: Identifier.make(at: connection.now), channel: channel, subject: "contact",
                actor: actor.name, at: connection.now)
            row.callID = callID
            row.numberSealed = try number.map {
                try desk.keys.seal($0.digits, for: PersonalData.contactNumber(row.id))
            }
            row.numberIndex = number.map { desk.keys.index($0.digits, kind: "phone") }
            try store.save(&row)
            try audit("contact.begin", row, by: actor, connection, ["channel": channel.rawValue])
            return try view(row, connection)
        }
    }

    /// Saves what is known so far.
    public func save(_ id: String, _ edit: ContactEdit, by actor: Actor) async throws -> ContactView {
        let edit = try checked(edit)
        return try await change(id, "contact.save", version: edit.version, by: actor) { row, connection in
            try take(edit, into: &row, connection)
        }
    }

    /// Compares what the caller states with the register; verified when name, birth date and one fact all fit.
    ///
    /// - Returns: which of the things stated fit, never what would have.
    public func verify(
        _ id: String, as receipt: ReceiptNumber, _ stated: StatedFacts, by actor: Actor, origin: String
    ) async throws -> [String: Bool] {
        try actor.require(.workCases)
        return try await desk.database.write { connection in
            var row = try find(id, connection)
            let match = try RestoreDesk.find(receipt, connection)
            let comparison = try FactComparison(connection, desk).compare(stated, with: match)
            let isVerified = comparison.name && comparison.birthDate && comparison.facts >= 1
            try StaffStore(connection).logAccess(
                by: actor, subject: match.receipt.description, what: "verify-caller", origin: origin,
                reason: isVerified ? "verified" : "not verified")
            if isVerified {
                row.verified = .facts
                row.caseID = match.id
                row.who = PersonKey(incident: match.incident, person: match.person)
                try ContactStore(connection).save(&row)
            }
            try audit(
                "contact.verify", row, by: actor, connection,
                ["case": match.receipt.description, "verified": "\(isVerified)"])
            return [
                "name": comparison.name, "birth_date": comparison.birthDate, "fact": comparison.facts >= 1,
                "verified": isVerified,
            ]
        }
    }

    /// Ends a contact with how it ended; a draft that never comes here stays on the list.
    public func end(
        _ id: String, as wrapUp: WrapUp, _ edit: ContactEdit = ContactEdit(), by actor: Actor
    ) async throws -> ContactView {
        let edit = try checked(edit)
        return try await change(
            id, "contact.end", version: edit.version, by: actor, ["wrap_up": wrapUp.rawValue]
        ) { row, connection in
            try take(edit, into: &row, connection)
            row.wrapUp = wrapUp
            row.state = wrapUp == .dropped ? .dropped : .ended
        }
    }

    /// Warns a caller who is abusive; the case's priority, verdict and clock stay what they are.
    public func warn(_ id: String, by actor: Actor) async throws -> ContactView {
        try await change(id, "contact.warn", by: actor) { _, _ in }
    }

    /// Notes that a promised call back, or the call again after a broken line, was made.
    public func calledBack(_ id: String, by actor: Actor) async throws -> ContactView {
        try await change(id, "contact.called-back", by: actor) { row, connection in
            row.calledBackAt = connection.now
            if row.state == .dropped { row.state = .ended }
        }
    }

    /// A contact by its own id or the telephone system's, for the screen pop; the look is recorded.
    public func show(_ id: String, by actor: Actor, origin: String) async throws -> ContactView {
        try actor.require(.workCases)
        return try await desk.database.write { connection in
            let row = try find(id, connection)
            try StaffStore(connection).logAccess(
                by: actor, subject: row.who.map { "\($0.incident)/\($0.person)" } ?? "nobody",
                what: "contact", origin: origin, reason: "contact")
            return try view(row, connection)
        }
    }

    /// Drafts and broken lines, the oldest first.
    public func unfinished(by actor: Actor) async throws -> [ContactView] {
        try await list("unfinished", by: actor) { try $0.unfinished(limit: WorkDesk.listLimit) }
    }

    /// Call-backs that were promised and not made, the soonest first.
    public func callBacks(by actor: Actor) async throws -> [ContactView] {
        try await list("call-backs", by: actor) { try $0.callBacks(limit: WorkDesk.listLimit) }
    }

    private func list(
        _ name: String, by actor: Actor, _ read: @escaping @Sendable (ContactStore) throws -> [ContactRow]
    ) async throws -> [ContactView] {
        try actor.require(.workCases)
        return try await desk.list("contact-list", of: name, by: actor) { connection in
            try read(ContactStore(connection)).map { row in
                // A list is no look at one person: what was said and promised is for the one who opens it.
                var view = try view(row, connection)
                view.note = OrNull(nil)
                view.promise = OrNull(nil)
                return view
            }
        }
    }

    private func change(
        _ id: String, _ action: String, version: Int? = nil, by actor: Actor,
        _ detail: [String: String] = [:],
        _ body: @escaping @Sendable (inout ContactRow, any Connection) throws -> Void
    ) async throws -> ContactView {
        try actor.require(.workCases)
        return try await desk.database.write { connection in
            var row = try find(id, connection)
            guard version ?? row.version == row.version else {
                throw RedressError(
                    .tryAgain,
                    "Contact \(row.id) was saved since version \(version ?? 0); it is at version \(row.version) now. Look at it again.",
                    details: ["version": "\(row.version)"])
            }
            try body(&row, connection)
            try ContactStore(connection).save(&row)
            try audit(action, row, by: actor, connection, detail)
            return try view(row, connection)
        }
    }

    private func checked(_ edit: ContactEdit) throws -> ContactEdit {
        var edit = edit
        edit.note = try edit.note.map { try FreeText($0, field: "The note").text }
        edit.promise = try edit.promise.map { try FreeText($0, field: "The promise").text }
        return edit
    }

    private func take(_ edit: ContactEdit, into row: inout ContactRow, _ connection: any Connection) throws {
        if let receipt = edit.receipt {
            let match = try RestoreDesk.find(receipt, connection)
            row.caseID = match.id
            row.who = PersonKey(incident: match.incident, person: match.person)
        }
        row.speaker = edit.speaker ?? row.speaker
        row.recordingID = edit.recordingID ?? row.recordingID
        row.callBackAt = edit.callBackAt ?? row.callBackAt
        if let note = edit.note {
            row.noteSealed = try desk.keys.seal(note, for: PersonalData.contactNote(row.id))
        }
        if let promise = edit.promise {
            row.promiseSealed = try desk.keys.seal(promise, for: PersonalData.promise(row.id))
        }
    }

    func find(_ id: String, _ connection: any Connection) throws -> ContactRow {
        guard let row = try ContactStore(connection).find(id) else {
            throw RedressError(.notFound, "There is no contact \(id). See `redress contact list`.")
        }
        return row
    }

    func view(_ row: ContactRow, _ connection: any Connection) throws -> ContactView {
        let receipt = try row.caseID.flatMap { try CaseStore(connection).find(id: $0)?.receipt }
        return try ContactView(row, receipt: receipt, desk.keys)
    }

    private func audit(
        _ action: String, _ row: ContactRow, by actor: Actor, _ connection: any Connection,
        _ detail: [String: String]
    ) throws {
        let receipt = try row.caseID.flatMap { try CaseStore(connection).find(id: $0)?.receipt }
        try AuditStore(connection).append(
            action, subject: receipt?.description ?? row.id, by: actor,
            detail: detail.merging(["contact": row.id]) { old, _ in old })
    }
}

/// Compares what a caller states with what the register holds, without telling what would fit.
struct FactComparison {
    let connection: any Connection
    let desk: Desk

    init(_ connection: any Connection, _ desk: Desk) {
        self.connection = connection
        self.desk = desk
    }

    /// What fits: the name in any spelling, the birth date, and how many different facts of the booking.
    func compare(_ stated: StatedFacts, with row: Case) throws -> (name: Bool, birthDate: Bool, facts: Int) {
        let known = try PersonIndexing(connection, desk).known(
            PersonKey(incident: row.incident, person: row.person))
        let name = try PersonName(stated.name)
        return (
            name: known.name?.matches(name) ?? false, birthDate: known.birthDate == stated.birthDate,
            facts: try facts(stated.bookingFacts, of: row)
        )
    }

    /// How many different facts of the lost booking are among what was stated.
    func facts(_ stated: [String], of row: Case) throws -> Int {
        var facts = [row.booking]
        if let slot = row.slot {
            let site = try IncidentStore(connection).site(slot.site, incident: row.incident)
            facts += [
                slot.date.description, slot.time.description, slot.vaccine, slot.site, site?.name ?? "",
            ]
        }
        let said = stated.map { $0.trimmed.lowercased() }
        // The site's id and its name are one fact said in two ways.
        let matched = Set(
            facts.enumerated().filter { !$0.element.isEmpty && said.contains($0.element.lowercased()) }
                .map { $0.offset == 5 ? 4 : $0.offset })
        return matched.count
    }
}

extension Desk {
    /// Calls, visits and messages.
    public var contacts: ContactDesk { ContactDesk(desk: self) }
}
