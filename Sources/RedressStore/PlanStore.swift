/// Plans that were shown, under their digest, and answers remembered under their idempotency key.
public import RedressCore

/// Reads and writes plans.
public struct PlanStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Keeps a plan under its digest; showing the same plan again keeps the first.
    public func insert(digest: String, incident: String, document: String, by actor: Actor) throws {
        try connection.run(
            """
            INSERT INTO plan (digest, incident, document, made_by, made_at)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digest) DO NOTHING
            """,
            [digest.stored, incident.stored, document.stored, actor.name.stored, connection.now.stored])
    }

    /// The plan with this digest, as it was shown, and who had it made.
    ///
    /// - Throws: `.notFound` when no such plan was shown for the incident.
    public func find(digest: String, incident: String) throws -> (document: String, madeBy: String) {
        let found = try connection.first(
            "SELECT document, made_by FROM plan WHERE digest = $1 AND incident = $2",
            [digest.stored, incident.stored]
        ) { (document: try $0[0] as String, madeBy: try $0[1] as String) }
        guard let found else {
            throw RedressError(
                .notFound,
                "No plan \(digest) was shown for \(incident). Run `redress plan \(incident)` and use its digest."
            )
        }
        return found
    }

    /// The last plan that was shown for an incident, with who had it made and when; nil when none was.
    public func latest(of incident: String) throws -> (document: String, madeBy: String, madeAt: Instant)? {
        try connection.first(
            """
            SELECT document, made_by, made_at FROM plan WHERE incident = $1
            ORDER BY made_at DESC, digest LIMIT 1
            """, [incident.stored]
        ) { (document: try $0[0] as String, madeBy: try $0[1] as String, madeAt: try $0[2] as Instant) }
    }
}

/// Remembers answers, so that the same request given again changes nothing and gets the same answer.
public struct IdempotencyStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The answer this key was given before.
    ///
    /// - Throws: `.refused` when the key was used for another request.
    public func answer(key: String, request: String) throws -> String? {
        let found = try connection.first(
            "SELECT request, answer FROM idempotency WHERE key = $1", [key.stored]
        ) { (request: try $0[0] as String, answer: try $0[1] as String) }
        guard let found else { return nil }
        guard found.request == request else {
            throw RedressError(
                .refused, "The idempotency key \(key) was used for another request. Use a new key.")
        }
        return found.answer
    }

    /// Remembers the answer of a request, in the transaction of its effect.
    public func remember(key: String, request: String, answer: String) throws {
        try connection.send(
            "INSERT INTO idempotency (key, request, answer, at) VALUES ($1, $2, $3, $4)",
            [key.stored, request.stored, answer.stored, connection.now.stored])
    }
}
