/// Who is this caller: found in every way people say who they are, with what was searched when there is nobody.
public import RedressCore
import RedressStore

/// What a caller says of themselves.
public enum LookupQuery: Sendable {
    /// A phone number in any spelling.
    case phone(String)
    /// A name, in Hangul, Latin letters in any order, or Hangul typed with the keyboard in English.
    case name(String, birthDate: CivilDate)
    /// The last four digits of the number; name or birth date narrow it down.
    case lastFour(String, name: String?, birthDate: CivilDate?)
    /// A booking number.
    case booking(String)
    /// A receipt number; past every filter.
    case receipt(String)
}

/// What a lookup found; it never repeats what was searched for.
public struct LookupReport: Sendable, Codable {
    /// What was searched, in words an agent can read out.
    public var searched: String
    /// Everyone found, masked.
    public var people: [FoundPerson]
    /// Receipt numbers that exist and are one slip away from a mistyped one.
    public var didYouMean: [String] = []
    /// Whether there are more than are shown: a name or birth date narrows it down.
    public var isCut = false
    /// Where a copy of the database answered: what was committed up to then was searched, RFC 3339.
    public var asOf: String?
}

/// One person that was found.
public struct FoundPerson: Sendable, Codable {
    /// The incident.
    public var incident: String
    /// The register's id of the person.
    public var person: String
    /// The name, masked; null when no register gives it.
    public var name: OrNull<String>
    /// The phone number, masked; null when no register gives it.
    public var phone: OrNull<String>
    /// The person's bookings.
    public var bookings: [FoundBooking]
    /// The person's cases.
    public var cases: [CaseView]
    /// What we promised last and have not kept yet; null when nothing.
    public var promise: OrNull<String>
}

/// One booking of a found person.
public struct FoundBooking: Sendable, Codable {
    /// Its number.
    public var booking: String
    /// Its site.
    public var site: String
    /// The vaccine.
    public var vaccine: String
    /// Its date.
    public var date: String
    /// Its time.
    public var slot: String
    /// Where it stands.
    public var status: String
}

/// A person's data in clear, shown for a reason that is recorded.
public struct PersonCard: Sendable, Codable {
    /// The incident.
    public var incident: String
    /// The register's id of the person.
    public var person: String
    /// The name; null when no register gives it.
    public var name: OrNull<String>
    /// The phone number; null when no register gives it.
    public var phone: OrNull<String>
    /// The date of birth; null when no register gives it.
    public var birthDate: OrNull<String>
    /// How the person wants to be told; null when they never said.
    public var preferredChannel: OrNull<String>
}

/// Looks people up.
public struct LookupDesk: Sendable {
    let desk: Desk
    /// How far behind the database a copy may be in which callers are looked up.
    public static let mostBehind = Duration.seconds(10)
    /// The most people that are shown at once.
    public static let mostPeople = 50

    /// Everyone behind a phone number in any spelling; the look is recorded for each of them.
    ///
    /// - Throws: `.badData` when the text is no phone number.
    public func phone(_ text: String, by actor: Actor, origin: String) async throws -> LookupReport {
        try await find(.phone(text), by: actor, origin: origin)
    }

    /// Everyone a query leads to, masked; the look is recorded for each of them, or for nobody.
    ///
    /// - Throws: `.badData` when what was typed cannot be such a thing at all.
    public func find(_ query: LookupQuery, by actor: Actor, origin: String) async throws -> LookupReport {
        try actor.require(.lookUp)
        let search = try Search(query)
        // Looked up beside other readers, or in a copy; only the record of the look waits for the writer, and the answer for it.
        let found = try await desk.database.readCopy(behind: Self.mostBehind) { connection in
            let found = try search.run(PersonIndexing(connection, desk), connection)
            var report = LookupReport(
                searched: search.words(incidents: try IncidentStore(connection).count()),
                people: try found.people.prefix(Self.mostPeople).map { try self.found($0, connection) })
            report.didYouMean = found.didYouMean
            report.isCut = found.people.count > Self.mostPeople
            return report
        }
        var report = found.value
        report.asOf = found.asOf?.description
        let subjects = report.people.map { "\($0.incident)/\($0.person)" }
        try await desk.database.write { connection in
            let log = StaffStore(connection)
            for subject in subjects.isEmpty ? ["nobody"] : subjects {
                try log.logAccess(
                    by: actor, subject: subject, what: "lookup", origin: origin, reason: search.kind)
            }
        }
        return report
    }

    /// One person's data in clear; who looked, and why, is recorded.
    ///
    /// - Parameter reason: why it must be seen in clear, in words an auditor accepts.
    public func unmask(
        _ person: String, incident: String, reason: String, by actor: Actor, origin: String
    ) async throws -> PersonCard {
        try actor.require(.unmask)
        let reason = try FreeText(reason, field: "The reason").text
        return try await desk.database.write { connection in
            guard try RegisterStore(connection).person(person, incident: incident) != nil else {
                throw RedressError(.notFound, "There is no such person in \(incident).")
            }
            let who = PersonKey(incident: incident, person: person)
            try StaffStore(connection).logAccess(
                by: actor, subject: "\(incident)/\(person)", what: "unmask", origin: origin, reason: reason)
            let known = try PersonIndexing(connection, desk).known(who)
            return PersonCard(
                incident: incident, person: person, name: OrNull(known.name?.text),
                phone: OrNull(known.phone?.hyphenated), birthDate: OrNull(known.birthDate?.description),
                preferredChannel: OrNull(try PersonStore(connection).preferredChannel(of: who)?.rawValue))
        }
    }

    private func found(_ who: PersonKey, _ connection: any Connection) throws -> FoundPerson {
        let register = RegisterStore(connection)
        let known = try PersonIndexing(connection, desk).known(who)
        let promised = try ContactStore(connection).contacts(of: who, limit: 20)
            .first { $0.promiseSealed != nil && $0.calledBackAt == nil }
        return FoundPerson(
            incident: who.incident, person: who.person, name: OrNull(known.name?.masked),
            phone: OrNull(known.phone?.masked),
            bookings: try register.bookings(of: who.person, incident: who.incident).map { booking in
                FoundBooking(
                    booking: booking.booking, site: booking.slot.site, vaccine: booking.slot.vaccine,
                    date: booking.slot.date.description, slot: booking.slot.time.description,
                    status: booking.status.rawValue)
            },
            cases: try CaseStore(connection).all(incident: who.incident, person: who.person)
                .map { CaseView($0, now: connection.now) },
            promise: OrNull(
                try promised.flatMap { row in
                    try row.promiseSealed.map { try desk.keys.open($0, for: PersonalData.promise(row.id)) }
                }))
    }
}

/// A query whose text was read, and how it is run.
private struct Search {
    enum Parsed {
        case phone(PhoneNumber)
        case name(PersonName, CivilDate)
        case lastFour(String, PersonName?, CivilDate?)
        case booking(String)
        case receipt(ReceiptNumber?, didYouMean: [ReceiptNumber])
    }

    let parsed: Parsed
    let kind: String

    init(_ query: LookupQuery) throws {
        switch query {
        case .phone(let text):
            parsed = .phone(try PhoneNumber(text))
            kind = "phone"
        case .name(let text, let birthDate):
            parsed = .name(try PersonName(text), birthDate)
            kind = "name"
        case .lastFour(let text, let name, let birthDate):
            let digits = text.compactMap(\.wholeNumberValue).map(String.init).joined()
            guard digits.count == 4 else {
                throw RedressError(.badData, "The last four digits are four digits.")
            }
            parsed = .lastFour(digits, try name.map { try PersonName($0) }, birthDate)
            kind = "last-four"
        case .booking(let text):
            parsed = .booking(text.trimmed)
            kind = "booking"
        case .receipt(let text):
            let corrections = ReceiptNumber.corrections(of: text)
            parsed = .receipt(
                corrections.isEmpty ? try ReceiptNumber(text) : nil, didYouMean: corrections)
            kind = "receipt"
        }
    }

    func run(
        _ indexing: PersonIndexing, _ connection: any Connection
    ) throws -> (people: [PersonKey], didYouMean: [String]) {
        let limit = LookupDesk.mostPeople + 1
        switch parsed {
        case .phone(let number): return (try indexing.people(phone: number), [])
        case .name(let name, let birthDate):
            return (try indexing.people(name: name, birthDate: birthDate, limit: limit), [])
        case .lastFour(let digits, let name, let birthDate):
            // A name narrows after the fact, so everyone with these digits is read: a hundred in a million.
            let most = name == nil ? limit : 10_000
            var people = try indexing.people(lastFour: digits, birthDate: birthDate, limit: most)
            if let name {
                people = try people.filter { try indexing.known($0).name?.matches(name) ?? false }
            }
            return (people, [])
        case .booking(let number): return (try PersonStore(connection).people(booking: number), [])
        case .receipt(let number, let corrections):
            let store = CaseStore(connection)
            let row = try number.flatMap { try store.find(receipt: $0) }
            let meant = try corrections.filter { try store.find(receipt: $0) != nil }
            return (
                row.map { [PersonKey(incident: $0.incident, person: $0.person)] } ?? [],
                meant.map(\.description)
            )
        }
    }

    func words(incidents: Int) -> String {
        let scope = "of \(incidents) incident\(incidents == 1 ? "" : "s")"
        return switch parsed {
        case .phone: "the phone numbers of the registers and revocation lists \(scope), in any spelling"
        case .name:
            "the names of the registers \(scope) with this birth date, in Hangul, Latin letters and as typed "
                + "on an English keyboard"
        case .lastFour(_, let name, let birthDate):
            "the last four digits of the phone numbers of the registers and revocation lists \(scope)"
                + (name == nil ? "" : ", with this name") + (birthDate == nil ? "" : ", with this birth date")
        case .booking: "the booking numbers of the registers and revocation lists \(scope)"
        case .receipt(nil, _): "the receipt numbers one slip away: the check digit of what was typed is wrong"
        case .receipt: "the receipt numbers of all cases, merged ones too"
        }
    }
}

extension PersonalData {
    static func note(_ id: String) -> String { "note.text/\(id)" }
    static func contactNote(_ id: String) -> String { "contact.note/\(id)" }
    static func contactNumber(_ id: String) -> String { "contact.number/\(id)" }
    static func promise(_ id: String) -> String { "contact.promise/\(id)" }
    static func approval(_ id: String) -> String { "approval.sentence/\(id)" }
    static func decision(_ id: String) -> String { "decision.sentence/\(id)" }
    static func objection(_ id: String) -> String { "objection.ground/\(id)" }
    static func representativeName(_ id: String) -> String { "representative.name/\(id)" }
    static func representativePhone(_ id: String) -> String { "representative.phone/\(id)" }
    static func attachmentName(_ id: String) -> String { "attachment.name/\(id)" }
    static func attachmentContent(_ id: String) -> String { "attachment.content/\(id)" }
    static func notice(_ id: String) -> String { "outbox.values/\(id)" }
    static func code(_ id: String) -> String { "code.values/\(id)" }
}

extension Desk {
    /// Lookup of callers.
    public var lookups: LookupDesk { LookupDesk(desk: self) }
}
