/// The one place where the schema's types become PostgreSQL's, and where it is brought up to date.
#if Postgres
    import RedressCore
    import RedressStore

    enum PostgresSchema {
        /// A statement of the schema in PostgreSQL's types: bytes, and text that sorts by its bytes as SQLite's does.
        static func statement(_ sql: SQL) -> String {
            let text = sql.text
            guard text.hasPrefix("CREATE TABLE") || text.hasPrefix("ALTER TABLE") else { return text }
            return text.replacing(/\bBLOB\b/, with: "BYTEA").replacing(/\bTEXT\b/, with: "TEXT COLLATE \"C\"")
        }

        /// Brings the schema up to date in one transaction, one process at a time.
        ///
        /// - Throws: `.notFound` when there is none and `create` is false; `.unavailable` when it is newer.
        static func migrate(
            _ session: PostgresSession, to schema: Schema, at place: PostgresPlace, create: Bool
        ) throws {
            session.begin()
            try session.execute("BEGIN")
            do {
                lock(session, place)
                let connection = PostgresConnection(session: session, moment: moment(session, place))
                let isThere = try connection.count(
                    "SELECT count(*) FROM pg_namespace WHERE nspname = $1", [place.schema.stored])
                guard create || isThere == 1 else {
                    throw RedressError(
                        .notFound,
                        "The server's database holds no \(schema.name) of redress. Make it with `redress init`."
                    )
                }
                try session.execute("CREATE SCHEMA IF NOT EXISTS \(place.schema)")
                try session.execute(
                    "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT)"
                )
                try session.execute(
                    "CREATE TABLE IF NOT EXISTS commit_mark (writer TEXT PRIMARY KEY, mark BIGINT, at BIGINT)"
                )
                let found = try connection.count("SELECT coalesce(max(version), 0) FROM schema_version")
                try schema.refuseNewer(found)
                for migration in schema.migrations where migration.version > found {
                    for sql in migration.statements { try session.execute(statement(sql)) }
                    try connection.run(
                        "INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)",
                        [migration.version.stored, connection.now.stored])
                }
                try connection.run(
                    "DELETE FROM commit_mark WHERE at < $1",
                    [connection.now.adding(minutes: -7 * 1440).stored])
                try session.execute("COMMIT")
            } catch {
                session.rollBack()
                throw error
            }
        }

        /// Refuses a server that may lose what it has acknowledged.
        static func proveDurability(_ session: PostgresSession) throws {
            let connection = PostgresConnection(session: session, moment: PostgresMoment(session))
            for name in ["fsync", "full_page_writes", "synchronous_commit"] {
                let value =
                    try connection.first("SELECT current_setting($1)", [name.stored]) { try $0[0] as String }
                    ?? ""
                guard !["off", "local"].contains(value) else {
                    throw RedressError(
                        .unavailable,
                        "Durable writes are not to be had here: the database server has \(name) = \(value). Set it to on.",
                        details: [name: value])
                }
            }
        }

        /// Waits until no other transaction writes to this schema, before whatever runs next.
        static func lock(_ session: PostgresSession, _ place: PostgresPlace) {
            let (first, second) = place.lock
            session.postpone("SELECT pg_advisory_xact_lock(\(first), \(second))")
        }

        /// The time of a transaction that begins now.
        static func moment(_ session: PostgresSession, _ place: PostgresPlace) -> PostgresMoment {
            PostgresMoment(session, known: place.clock?.now())
        }
    }
#endif
