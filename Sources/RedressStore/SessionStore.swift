/// Sessions of staff and citizens: found by the hash of their secret, ended by idleness, age or sign-out.
public import RedressCore

/// One session as stored.
public struct SessionRow: Sendable {
    /// SHA-256 of the secret that the cookie holds.
    public var hash: [UInt8]
    /// The member of the staff; nil for a citizen.
    public var staff: String?
    /// The keyed hash of the citizen's number; nil for staff.
    public var phoneIndex: [UInt8]?
    /// The people a citizen proved to be, each `incident/person`; empty until the birth date was given.
    public var people: Set<String>
    /// The keyed hash of the address it was begun from.
    public var addressIndex: [UInt8]
    /// When it began.
    public var createdAt: Instant
    /// When it was last used, to within half a minute.
    public var seenAt: Instant
    /// When its owner last proved who they are.
    public var provedAt: Instant
    /// When it ends however busy it is.
    public var endsAt: Instant

    /// Makes a row.
    public init(
        hash: [UInt8], staff: String?, phoneIndex: [UInt8]?, people: Set<String>, addressIndex: [UInt8],
        createdAt: Instant, seenAt: Instant, provedAt: Instant, endsAt: Instant
    ) {
        self.hash = hash
        self.staff = staff
        self.phoneIndex = phoneIndex
        self.people = people
        self.addressIndex = addressIndex
        self.createdAt = createdAt
        self.seenAt = seenAt
        self.provedAt = provedAt
        self.endsAt = endsAt
    }
}

/// Reads and writes sessions.
public struct SessionStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Begins a session.
    public func insert(_ row: SessionRow) throws {
        try connection.run(
            """
            INSERT INTO session (hash, staff, phone_index, people, address_index, created_at, seen_at,
                proved_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                row.hash.stored, row.staff.stored, row.phoneIndex.stored, Self.text(row.people),
                row.addressIndex.stored, row.createdAt.stored, row.seenAt.stored, row.provedAt.stored,
                row.endsAt.stored,
            ])
    }

    /// The session of a hash that has not ended of age.
    public func find(_ hash: [UInt8]) throws -> SessionRow? {
        try connection.first(
            "\(Self.columns) FROM session WHERE hash = $1 AND ends_at > $2",
            [hash.stored, connection.now.stored], Self.row)
    }

    private static let columns: SQL = """
        SELECT hash, staff, phone_index, people, address_index, created_at, seen_at, proved_at, ends_at
        """

    private static func row(_ row: Row) throws -> SessionRow {
        let people: String = try row[3]
        return SessionRow(
            hash: try row[0], staff: try row[1], phoneIndex: try row[2],
            people: Set(people.split(separator: "\n").map(String.init)), addressIndex: try row[4],
            createdAt: try row[5], seenAt: try row[6], provedAt: try row[7], endsAt: try row[8])
    }

    /// Notes that a session is in use; an ended one stays ended.
    public func touch(_ hash: [UInt8], seenBefore: Instant) throws {
        try connection.run(
            "UPDATE session SET seen_at = $1 WHERE hash = $2 AND ends_at > $3 AND seen_at = $4",
            [connection.now.stored, hash.stored, connection.now.stored, seenBefore.stored])
    }

    /// Notes that the owner proved who they are once more.
    public func prove(_ hash: [UInt8]) throws {
        try connection.run(
            "UPDATE session SET proved_at = $1 WHERE hash = $2", [connection.now.stored, hash.stored])
    }

    /// Ends a session now; whether it was live.
    @discardableResult
    public func end(_ hash: [UInt8]) throws -> Bool {
        try connection.run(
            "UPDATE session SET ends_at = $1 WHERE hash = $2 AND ends_at > $3",
            [connection.now.stored, hash.stored, connection.now.stored]) == 1
    }

    /// Ends every session of a member of the staff.
    public func endAll(of staff: String) throws {
        try connection.run(
            "UPDATE session SET ends_at = $1 WHERE staff = $2 AND ends_at > $3",
            [connection.now.stored, staff.stored, connection.now.stored])
    }

    /// Ends every session of a member of the staff but one.
    public func endOthers(of staff: String, but hash: [UInt8]) throws {
        try connection.run(
            "UPDATE session SET ends_at = $1 WHERE staff = $2 AND hash <> $3 AND ends_at > $4",
            [connection.now.stored, staff.stored, hash.stored, connection.now.stored])
    }

    /// The sessions of a member of the staff that have not ended of age, the newest first.
    public func all(of staff: String) throws -> [SessionRow] {
        try connection.all(
            """
            \(Self.columns) FROM session WHERE staff = $1 AND ends_at > $2 ORDER BY created_at DESC, hash
            """, [staff.stored, connection.now.stored], Self.row)
    }

    /// Whether a member of the staff began a session from this address before, within what is remembered.
    public func knows(address: [UInt8], of staff: String) throws -> Bool {
        try connection.count(
            "SELECT count(*) FROM session WHERE staff = $1 AND address_index = $2",
            [staff.stored, address.stored]) > 0
    }

    /// Forgets sessions that ended before a time.
    public func forget(endedBefore time: Instant) throws {
        try connection.run("DELETE FROM session WHERE ends_at < $1", [time.stored])
    }

    private static func text(_ people: Set<String>) -> Value {
        people.sorted().joined(separator: "\n").stored
    }
}
