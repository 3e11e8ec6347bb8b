/// Who is this caller: everyone behind a phone number, and what was searched when there is nobody.
public import RedressCore
import RedressStore

/// What a lookup found; it never repeats what was searched for.
public struct LookupReport: Sendable, Codable {
    /// What was searched, in words an agent can read out.
    public var searched: String
    /// Everyone found, masked.
    public var people: [FoundPerson]
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

/// Looks people up.
public struct LookupDesk: Sendable {
    let desk: Desk

    /// Everyone behind a phone number in any spelling; the look is recorded for each of them.
    ///
    /// - Throws: `.badData` when the text is no phone number.
    public func phone(_ text: String, by actor: Actor, origin: String) async throws -> LookupReport {
        try actor.require(.lookUp)
        let number = try PhoneNumber(text)
        let index = desk.keys.index(number.digits, kind: "phone")
        return try await desk.database.write { connection in
            let register = RegisterStore(connection)
            let people = try register.people(phoneIndex: index).map { found in
                try self.found(found.person, found.incident, connection)
            }
            let log = StaffStore(connection)
            for person in people {
                try log.logAccess(
                    by: actor, subject: "\(person.incident)/\(person.person)", what: "lookup", origin: origin,
                    reason: "phone")
            }
            if people.isEmpty {
                try log.logAccess(
                    by: actor, subject: "nobody", what: "lookup", origin: origin, reason: "phone")
            }
            let incidents = try IncidentStore(connection).all().count
            return LookupReport(
                searched: """
                    the phone numbers of the registers and revocation lists of \(incidents) \
                    incident\(incidents == 1 ? "" : "s"), in any spelling
                    """, people: people)
        }
    }

    private func found(_ person: String, _ incident: String, _ connection: any Connection) throws
        -> FoundPerson
    {
        let register = RegisterStore(connection)
        let row = try register.person(person, incident: incident)
        let name = try row?.nameSealed.map {
            try desk.keys.open($0, for: PersonalData.name(person, incident))
        }
        let phone = try row?.phoneSealed.map {
            try desk.keys.open($0, for: PersonalData.phone(person, incident))
        }
        return FoundPerson(
            incident: incident, person: person, name: OrNull(try name.map { try PersonName($0).masked }),
            phone: OrNull(try phone.map { try PhoneNumber($0).masked }),
            bookings: try register.bookings(of: person, incident: incident).map { booking in
                FoundBooking(
                    booking: booking.booking, site: booking.slot.site, vaccine: booking.slot.vaccine,
                    date: booking.slot.date.description, slot: booking.slot.time.description,
                    status: booking.status.rawValue)
            },
            cases: try CaseStore(connection).all(incident: incident, person: person)
                .map { CaseView($0, now: connection.now) })
    }
}

extension Desk {
    /// Lookup of callers.
    public var lookups: LookupDesk { LookupDesk(desk: self) }
}
