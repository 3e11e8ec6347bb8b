/// Incidents, their sites and the files that were loaded for them.
public import RedressCore

/// One outage as it is stored; sealed columns stay sealed here.
public struct IncidentRow: Sendable, Hashable {
    /// The id people type.
    public var id: String
    /// What it is called.
    public var name: String
    /// Start of the window in which no booking could have completed, by the agency's word.
    public var from: Instant
    /// End of that window.
    public var to: Instant
    /// The same failure's windows as others publish them, as a document; an empty list when nobody differs.
    public var otherWindows = "[]"
    /// The policy file's text.
    public var policy: String
    /// The signing keys of admission passes, sealed.
    public var passKeysSealed: [UInt8]?
    /// The key that joins log lines to people, sealed.
    public var joinKeySealed: [UInt8]
    /// The published seed that breaks ties.
    public var orderSeed: Int64
    /// When it was made.
    public var createdAt: Instant

    /// Makes a row.
    public init(
        id: String, name: String, from: Instant, to: Instant, policy: String, passKeysSealed: [UInt8]?,
        joinKeySealed: [UInt8], orderSeed: Int64, createdAt: Instant
    ) {
        self.id = id
        self.name = name
        self.from = from
        self.to = to
        self.policy = policy
        self.passKeysSealed = passKeysSealed
        self.joinKeySealed = joinKeySealed
        self.orderSeed = orderSeed
        self.createdAt = createdAt
    }
}

/// Reads and writes incidents and sites.
public struct IncidentStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds an incident; false when the id is taken.
    public func insert(_ row: IncidentRow) throws -> Bool {
        try connection.run(
            """
            INSERT INTO incident (id, name, window_from, window_to, policy, pass_keys_sealed,
                join_key_sealed, order_seed, created_at, other_windows)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING
            """,
            [
                row.id.stored, row.name.stored, row.from.stored, row.to.stored, row.policy.stored,
                row.passKeysSealed.stored, row.joinKeySealed.stored, row.orderSeed.stored,
                row.createdAt.stored, row.otherWindows.stored,
            ]) == 1
    }

    /// The incident of this id.
    ///
    /// - Throws: `.notFound` naming the incidents there are.
    public func find(_ id: String) throws -> IncidentRow {
        if let row = try connection.first("\(Self.columns) WHERE id = $1", [id.stored], Self.row) {
            return row
        }
        let known = try connection.all("SELECT id FROM incident ORDER BY id") { row in
            let id: String = try row[0]
            return id
        }
        throw RedressError(
            .notFound,
            known.isEmpty
                ? "There is no incident \(id), and none at all yet. Make one with `redress incident new`."
                : "There is no incident \(id). There is: \(known.joined(separator: ", ")).")
    }

    /// Every incident, the newest first.
    public func all() throws -> [IncidentRow] {
        try connection.all("\(Self.columns) ORDER BY created_at DESC, id", [], Self.row)
    }

    /// How many incidents there are.
    public func count() throws -> Int {
        try connection.count("SELECT count(*) FROM incident")
    }

    /// Adds a site or brings it up to date.
    public func upsert(_ site: Site, incident: String) throws {
        try connection.run(
            """
            INSERT INTO site (incident, site, name, province, municipality, latitude, longitude)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (incident, site) DO UPDATE SET name = excluded.name, province = excluded.province,
                municipality = excluded.municipality, latitude = excluded.latitude,
                longitude = excluded.longitude
            """,
            [
                incident.stored, site.site.stored, site.name.stored, site.province.stored,
                site.municipality.stored, site.latitude.stored, site.longitude.stored,
            ])
    }

    /// Every site of an incident, by id.
    public func sites(_ incident: String) throws -> [Site] {
        try connection.all(
            """
            SELECT site, name, province, municipality, latitude, longitude FROM site
            WHERE incident = $1 ORDER BY site
            """, [incident.stored], Self.site)
    }

    /// The site of this id.
    public func site(_ site: String, incident: String) throws -> Site? {
        try connection.first(
            """
            SELECT site, name, province, municipality, latitude, longitude FROM site
            WHERE incident = $1 AND site = $2
            """, [incident.stored, site.stored], Self.site)
    }

    private static func site(_ row: Row) throws -> Site {
        Site(
            site: try row[0], name: try row[1], province: try row[2], municipality: try row[3],
            latitude: try row[4], longitude: try row[5])
    }

    private static let columns: SQL = """
        SELECT id, name, window_from, window_to, policy, pass_keys_sealed, join_key_sealed, order_seed,
            created_at, other_windows
        FROM incident
        """

    private static func row(_ row: Row) throws -> IncidentRow {
        var incident = IncidentRow(
            id: try row[0], name: try row[1], from: try row[2], to: try row[3], policy: try row[4],
            passKeysSealed: try row[5], joinKeySealed: try row[6], orderSeed: try row[7],
            createdAt: try row[8])
        incident.otherWindows = try row[9]
        return incident
    }
}
