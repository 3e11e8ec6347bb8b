/// The rules of each incident's pool, with the published seed that breaks ties.
public import RedressCore

/// Reads and writes the pool's rules.
public struct PoolPolicyStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The rules an incident's pool works by, and its seed; the standard ones where none were set.
    ///
    /// - Throws: `.notFound` when there is no such incident.
    public func find(_ incident: String) throws -> (policy: PoolPolicy, seed: Int64) {
        if let found = try findIfAny(incident) { return found }
        let row = try IncidentStore(connection).find(incident)
        return (.standard, row.orderSeed)
    }

    /// The same; nil when there is no such incident.
    public func findIfAny(_ incident: String) throws -> (policy: PoolPolicy, seed: Int64)? {
        try connection.first(
            """
            SELECT i.order_seed, p.cutoff_days, p.cutoff_minutes, p.offer_working_days,
                p.large_allotment_seats, p.nearby_kilometres
            FROM incident AS i LEFT JOIN pool_policy AS p ON p.incident = i.id WHERE i.id = $1
            """, [incident.stored]
        ) { row in
            let seed: Int64 = try row[0]
            guard let days: Int = try row[1] else { return (PoolPolicy.standard, seed) }
            let policy = PoolPolicy(
                cutoffDays: days, cutoffMinutes: try row[2], offerWorkingDays: try row[3],
                largeAllotmentSeats: try row[4], nearbyKilometres: try row[5])
            return (policy, seed)
        }
    }

    /// The rules of every incident's pool.
    public func all() throws -> [(incident: String, policy: PoolPolicy)] {
        try connection.all(
            """
            SELECT incident.id, cutoff_days, cutoff_minutes, offer_working_days, large_allotment_seats,
                nearby_kilometres
            FROM incident LEFT JOIN pool_policy ON pool_policy.incident = incident.id ORDER BY incident.id
            """
        ) { row in
            guard let days: Int = try row[1] else { return (try row[0], PoolPolicy.standard) }
            let policy = PoolPolicy(
                cutoffDays: days, cutoffMinutes: try row[2], offerWorkingDays: try row[3],
                largeAllotmentSeats: try row[4], nearbyKilometres: try row[5])
            return (try row[0], policy)
        }
    }

    /// Sets the rules of an incident's pool.
    public func set(_ policy: PoolPolicy, incident: String, by actor: Actor) throws {
        try connection.run(
            """
            INSERT INTO pool_policy (incident, cutoff_days, cutoff_minutes, offer_working_days,
                large_allotment_seats, nearby_kilometres, set_by, set_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (incident) DO UPDATE SET cutoff_days = excluded.cutoff_days,
                cutoff_minutes = excluded.cutoff_minutes, offer_working_days = excluded.offer_working_days,
                large_allotment_seats = excluded.large_allotment_seats,
                nearby_kilometres = excluded.nearby_kilometres, set_by = excluded.set_by,
                set_at = excluded.set_at
            """,
            [
                incident.stored, policy.cutoffDays.stored, policy.cutoffMinutes.stored,
                policy.offerWorkingDays.stored, policy.largeAllotmentSeats.stored,
                policy.nearbyKilometres.stored, actor.name.stored, connection.now.stored,
            ])
    }
}
