/// People as they are found and reached: blind keys, the way they want to be told, related people.
public import RedressCore

extension PreferredChannel: Storable {}

/// A person of an incident.
public struct PersonKey: Hashable, Sendable, Comparable {
    /// The incident.
    public var incident: String
    /// The register's id of the person.
    public var person: String

    /// Names a person.
    public init(incident: String, person: String) {
        self.incident = incident
        self.person = person
    }

    /// By incident, then id.
    public static func < (left: PersonKey, right: PersonKey) -> Bool {
        (left.incident, left.person) < (right.incident, right.person)
    }
}

/// Reads and writes what people are found by and how they are reached.
public struct PersonStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Replaces the keys that a person is found by.
    public func setKeys(_ keys: [[UInt8]], of who: PersonKey) throws {
        try connection.send(
            "DELETE FROM person_key WHERE incident = $1 AND person = $2",
            [who.incident.stored, who.person.stored])
        for key in keys {
            try connection.send(
                """
                INSERT INTO person_key (key, incident, person) VALUES ($1, $2, $3)
                ON CONFLICT (key, incident, person) DO NOTHING
                """, [key.stored, who.incident.stored, who.person.stored])
        }
    }

    /// The keys a person is found by.
    public func keys(of who: PersonKey) throws -> [[UInt8]] {
        try connection.all(
            "SELECT key FROM person_key WHERE incident = $1 AND person = $2 ORDER BY key",
            [who.incident.stored, who.person.stored]
        ) { try $0[0] }
    }

    /// Everyone with a key, at most `limit` of them.
    public func people(key: [UInt8], limit: Int) throws -> [PersonKey] {
        try connection.all(
            "SELECT incident, person FROM person_key WHERE key = $1 ORDER BY incident, person LIMIT $2",
            [key.stored, limit.stored], Self.key)
    }

    /// Everyone a phone number leads to: by register, revocation list, or as a person's live representative.
    public func people(phoneIndex: [UInt8]) throws -> [PersonKey] {
        let represented = try connection.all(
            "SELECT incident, person FROM representative WHERE phone_index = $1 AND expires_at > $2",
            [phoneIndex.stored, connection.now.stored], Self.key)
        let own = try RegisterStore(connection).people(phoneIndex: phoneIndex)
            .map { PersonKey(incident: $0.incident, person: $0.person) }
        return Set(represented + own).sorted()
    }

    /// Everyone with a booking or a revocation of this number.
    public func people(booking: String) throws -> [PersonKey] {
        try connection.all(
            """
            SELECT incident, person FROM booking WHERE booking = $1
            UNION SELECT incident, person FROM revocation WHERE booking = $2 ORDER BY 1, 2
            """, [booking.stored, booking.stored], Self.key)
    }

    /// Writes a new number, its keyed hash, and when it was changed.
    public func changeNumber(of who: PersonKey, sealed: [UInt8], index: [UInt8]) throws {
        try connection.run(
            """
            UPDATE person SET phone_sealed = $1, phone_index = $2, number_changed_at = $3
            WHERE incident = $4 AND person = $5
            """,
            [
                sealed.stored, index.stored, connection.now.stored, who.incident.stored, who.person.stored,
            ])
    }

    /// When the person's number was last changed on request; nil when never.
    public func numberChangedAt(_ who: PersonKey) throws -> Instant? {
        try connection.first(
            "SELECT number_changed_at FROM person WHERE incident = $1 AND person = $2",
            [who.incident.stored, who.person.stored]
        ) { try $0[0] as Instant? } ?? nil
    }

    /// How a person wants to be told; nil when they never said.
    public func preferredChannel(of who: PersonKey) throws -> PreferredChannel? {
        try connection.first(
            "SELECT preferred_channel FROM person WHERE incident = $1 AND person = $2",
            [who.incident.stored, who.person.stored]
        ) { try $0[0] as PreferredChannel? } ?? nil
    }

    /// Writes how a person wants to be told.
    public func setPreferredChannel(_ channel: PreferredChannel, of who: PersonKey) throws {
        try connection.run(
            "UPDATE person SET preferred_channel = $1 WHERE incident = $2 AND person = $3",
            [channel.stored, who.incident.stored, who.person.stored])
    }

    /// The language a person is written to in: `ko` or `en`; nil when they never said.
    public func language(of who: PersonKey) throws -> String? {
        try connection.first(
            "SELECT language FROM person WHERE incident = $1 AND person = $2",
            [who.incident.stored, who.person.stored]
        ) { try $0[0] as String? } ?? nil
    }

    /// Writes the language a person is written to in.
    public func setLanguage(_ language: String, of who: PersonKey) throws {
        try connection.run(
            "UPDATE person SET language = $1 WHERE incident = $2 AND person = $3",
            [language.stored, who.incident.stored, who.person.stored])
    }

    private static func key(_ row: Row) throws -> PersonKey {
        PersonKey(incident: try row[0], person: try row[1])
    }
}
