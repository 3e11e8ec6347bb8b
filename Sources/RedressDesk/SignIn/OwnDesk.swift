/// A citizen's own cases: read, asked for, answered, objected to and withdrawn by the person and nobody else.
public import RedressCore
import RedressEvidence
import RedressStore

/// A seat that is offered to the person who reads it.
public struct OwnOffer: Sendable, Codable {
    /// The rung of the remedy ladder.
    public var rung: String
    /// The offered seat.
    public var seat: SeatView
    /// Until when it is held, RFC 3339.
    public var until: String
}

/// One case as the person it is about sees it.
public struct OwnCase: Sendable, Codable {
    /// What lists show; the person behind it is the reader.
    public var summary: CaseView
    /// What was found in the logs, a sentence each, in Korean.
    public var findingsKo: [String]
    /// The same in English.
    public var findings: [String]
    /// What may be accepted or declined; null when nothing is offered.
    public var offer: OrNull<OwnOffer>
}

/// What belongs to one of the people a citizen signed in as.
public struct OwnRecord: Sendable, Codable {
    /// The incident.
    public var incident: String
    /// The name, masked; null when no register gives it.
    public var name: OrNull<String>
    /// The bookings; a revoked one can be asked back.
    public var bookings: [FoundBooking]
    /// The cases.
    public var cases: [OwnCase]
}

/// What a citizen may do, each for their own cases only; another's number is answered as one that does not exist.
public struct OwnDesk: Sendable {
    let desk: Desk

    /// Everything of the people this citizen signed in as; looking at one's own data is recorded too.
    public func overview(by actor: Actor) async throws -> [OwnRecord] {
        try Self.requireCitizen(actor)
        try await desk.pool.sweep()
        return try await desk.database.write { connection in
            try actor.people.sorted().compactMap { subject in
                guard let who = Self.key(subject) else { return nil }
                try StaffStore(connection).logAccess(
                    by: actor, subject: subject, what: "own", origin: "citizen", reason: "own data")
                let known = try PersonIndexing(connection, desk).known(who)
                return OwnRecord(
                    incident: who.incident, name: OrNull(known.name?.masked),
                    bookings: try RegisterStore(connection).bookings(of: who.person, incident: who.incident)
                        .map {
                            FoundBooking(
                                booking: $0.booking, site: $0.slot.site, vaccine: $0.slot.vaccine,
                                date: $0.slot.date.description, slot: $0.slot.time.description,
                                status: $0.status.rawValue)
                        },
                    cases: try CaseStore(connection).all(incident: who.incident, person: who.person)
                        .map { try view($0, connection) })
            }
        }
    }

    /// One of one's own cases.
    public func show(_ receipt: ReceiptNumber, by actor: Actor) async throws -> OwnCase {
        try await desk.pool.sweep()
        return try await desk.database.read { try view(try Self.own(receipt, actor, $0), $0) }
    }

    /// Asks for a revoked booking of one's own back; the case there is, when there is one.
    public func ask(
        forBooking booking: String, incident: String, by actor: Actor
    ) async throws -> OwnCase {
        try Self.requireCitizen(actor)
        let isOwn = try await desk.database.read { connection in
            let register = RegisterStore(connection)
            let person =
                try register.booking(booking, incident: incident)?.person
                ?? register.revocation(booking, incident: incident)?.person
            return person.map { actor.people.contains("\(incident)/\($0)") } ?? false
        }
        guard isOwn else {
            throw RedressError(.notFound, "None of your bookings has the number \(booking).")
        }
        let opened = try await desk.cases.open(
            booking: booking, incident: incident, origin: .applied, channel: .page,
            by: Actor(name: actor.name, role: .system))
        return try await show(try ReceiptNumber(opened.case.receipt), by: actor)
    }

    /// Accepts what is offered: the recorded yes.
    public func accept(
        _ receipt: ReceiptNumber, version: Int? = nil, key: String? = nil, by actor: Actor
    ) async throws -> RestoreOutcome {
        let owner = try await owner(of: receipt, actor)
        return try await desk.restoration.accept(
            receipt, HeardWord(.page, version: version), key: key, by: owner)
    }

    /// Declines what is offered.
    public func decline(
        _ receipt: ReceiptNumber, version: Int? = nil, key: String? = nil, by actor: Actor
    ) async throws -> RestoreOutcome {
        let owner = try await owner(of: receipt, actor)
        return try await desk.restoration.decline(
            receipt, HeardWord(.page, version: version), key: key, by: owner)
    }

    /// Objects to a decision, in one's own words.
    public func object(
        _ receipt: ReceiptNumber, ground: String, version: Int? = nil, by actor: Actor
    ) async throws -> OwnCase {
        let owner = try await owner(of: receipt, actor)
        _ = try await desk.lifecycle.object(
            receipt, heardBy: .page, ground: ground, version: version, by: owner)
        return try await show(receipt, by: actor)
    }

    /// Takes the claim back, in one's own words.
    public func withdraw(
        _ receipt: ReceiptNumber, note: String, version: Int? = nil, by actor: Actor
    ) async throws -> OwnCase {
        let owner = try await owner(of: receipt, actor)
        _ = try await desk.lifecycle.withdraw(
            receipt, heardBy: .page, note: note, version: version, by: owner)
        return try await show(receipt, by: actor)
    }

    /// The decision document of one's own case, as a page that prints.
    public func document(
        of receipt: ReceiptNumber, largePrint: Bool, by actor: Actor
    ) async throws -> String {
        let owner = try await owner(of: receipt, actor)
        return try await desk.decisions.document(
            of: receipt, largePrint: largePrint, by: Actor(name: owner.name, role: .system),
            origin: "citizen")
    }

    /// Adds a screenshot or a paper to one's own case; the same file sent twice is kept once.
    public func attach(
        _ bytes: [UInt8], name: String, to receipt: ReceiptNumber, by actor: Actor
    ) async throws -> AttachmentView {
        let owner = try await owner(of: receipt, actor)
        if let same = try await desk.attachments.same(bytes, in: receipt) { return same }
        return try await desk.attachments.add(
            bytes, name: name, to: receipt, by: Actor(name: owner.name, role: .system))
    }

    /// Who looked at one's own case and data, the newest first.
    public func looks(at receipt: ReceiptNumber, by actor: Actor) async throws -> [AccessView] {
        try await desk.database.read { connection in
            let row = try Self.own(receipt, actor, connection)
            let store = AccessStore(connection)
            let looks =
                try store.looks(at: row.receipt.description, limit: Self.mostLooks)
                + store.looks(at: "\(row.incident)/\(row.person)", limit: Self.mostLooks)
            return looks.sorted { $0.seq > $1.seq }.map(AccessView.init)
        }
    }

    private static let mostLooks = 500

    /// The person as the one whose case it is; what they do is written down under this name.
    func owner(of receipt: ReceiptNumber, _ actor: Actor) async throws -> Actor {
        _ = try await desk.database.read { try Self.own(receipt, actor, $0) }
        return Actor(name: "citizen:\(receipt)", role: .citizen, people: actor.people)
    }

    static func own(
        _ receipt: ReceiptNumber, _ actor: Actor, _ connection: any Connection
    ) throws -> Case {
        try requireCitizen(actor)
        guard let row = try CaseStore(connection).find(receipt: receipt),
            actor.people.contains("\(row.incident)/\(row.person)")
        else { throw RedressError(.notFound, "There is no case \(receipt).") }
        return row
    }

    static func requireCitizen(_ actor: Actor) throws {
        guard actor.role == .citizen, !actor.people.isEmpty else {
            throw RedressError(.notAllowed, "These are a citizen's own pages. Sign in with your number.")
        }
    }

    static func key(_ subject: String) -> PersonKey? {
        guard let slash = subject.firstIndex(of: "/") else { return nil }
        return PersonKey(
            incident: String(subject[..<slash]), person: String(subject[subject.index(after: slash)...]))
    }

    func view(_ row: Case, _ connection: any Connection) throws -> OwnCase {
        let verdict = try CaseStore(connection).verdicts(of: row.id).first
            .flatMap { try? JSONDocument.read(Verdict.self, from: $0.document) }
        let findings = (verdict?.findings ?? []).map { FindingView($0, FileIndex(logs: [], registers: [])) }
        let offer = try OfferStore(connection).live(row.id)
        let slot = try offer.flatMap { try PoolStore(connection).slot($0.slotID)?.slot }
        return OwnCase(
            summary: CaseView(row, now: connection.now), findingsKo: findings.map(\.textKo),
            findings: findings.map(\.text),
            offer: OrNull(
                offer.flatMap { offer in
                    slot.map {
                        OwnOffer(
                            rung: offer.rung.rawValue, seat: SeatView($0), until: offer.expiresAt.description)
                    }
                }))
    }
}

extension Desk {
    /// What a citizen may do in their own cases.
    public var own: OwnDesk { OwnDesk(desk: self) }
}
