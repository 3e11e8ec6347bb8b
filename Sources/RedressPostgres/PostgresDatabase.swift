/// PostgreSQL behind the seam: a few readers, one writer a process that groups commits, one lock for all processes.
#if Postgres
    public import RedressCore
    public import RedressStore
    import Synchronization

    /// A database of ours in a schema of a PostgreSQL database.
    public final class PostgresDatabase: Database {
        private let place: PostgresPlace
        private let writer: PostgresWriter
        private let readers: PostgresReaders
        private let copies: PostgresCopies?
        private let isClosed = Atomic(false)

        /// Connects (making the schema when `create`), proves the server's settings and brings the schema up to date.
        ///
        /// - Parameters:
        ///   - url: a connection string or URL of libpq; several hosts may be named, and the one that takes writes
        ///     is found (`target_session_attrs=read-write`). `sslmode` and all else is libpq's.
        ///   - clock: the clock of transactions; the server's own when nil, so that all processes have one.
        ///   - replica: the address of copies of the same database that only read; nil when there are none.
        ///   - patience: how long a call waits for a server that went away.
        /// - Throws: `.unavailable` when no server answers or it may lose commits; `.notFound` when there is nothing
        ///   of ours and `create` is false.
        public init(
            url: String, replica: String? = nil, schema: Schema, create: Bool, clock: WallClock? = nil,
            patience: Duration = .seconds(45)
        ) throws {
            let place = PostgresPlace(
                url: url, schema: "redress_" + schema.name, patience: patience, clock: clock)
            self.place = place
            writer = PostgresWriter(place)
            readers = PostgresReaders(place, target: "read-write", count: 6)
            copies = replica.map { PostgresCopies(place.elsewhere($0)) }
            try writer.open(schema, create: create)
        }

        /// Runs `body` on a snapshot, beside other readers and the writer.
        public func read<T: Sendable>(
            _ work: Work, _ body: @escaping @Sendable (any Connection) throws -> T
        ) async throws -> T {
            try refuseClosed()
            return try await readers.read { try body($0) }
        }

        /// Runs `body` on a copy, or here when no copy answers or none is near enough.
        public func readCopy<T: Sendable>(
            behind delay: Duration, _ body: @escaping @Sendable (any Connection) throws -> T
        ) async throws -> Dated<T> {
            try refuseClosed()
            guard let copies else { return Dated(try await read(body)) }
            let found = try await copies.read(behind: delay, body)
            // A mark of its own keeps an idle database's copies from looking old.
            if copies.isToBeMarked(behind: delay, found?.asOf) { Task { try? await write { _ in } } }
            if let found { return found }
            return Dated(try await read(body))
        }

        /// Runs `body` in the writer's next group; returns after the group's commit.
        @discardableResult
        public func write<T: Sendable>(
            _ body: @escaping @Sendable (any Connection) throws -> T
        ) async throws -> T {
            try refuseClosed()
            return try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<T, any Error>) in
                writer.add(
                    PendingWrite { connection, isAlone in
                        var result = Result {
                            let answer = try body(connection)
                            try connection.session.settle(isAlone: isAlone)
                            return answer
                        }
                        // What a body makes of a time that nobody told is not what happened.
                        if let failure = connection.moment.failure { result = .failure(failure) }
                        return PendingWrite.Answer(
                            error: result.failure, deliver: { [result] in continuation.resume(with: result) })
                    } refuse: {
                        continuation.resume(throwing: $0)
                    })
            }
        }

        /// Checksum failures the server has counted, and indexes and constraints it does not vouch for.
        public func damage() async throws -> [String] {
            let schema = place.schema
            return try await read { connection in
                let failures = try connection.count(
                    """
                    SELECT coalesce(max(checksum_failures), 0) FROM pg_stat_database
                    WHERE datname = current_database()
                    """)
                let indexes = try connection.all(
                    """
                    SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
                    JOIN pg_namespace AS n ON n.oid = c.relnamespace
                    WHERE n.nspname = $1 AND NOT (i.indisvalid AND i.indisready) ORDER BY 1
                    """, [schema.stored]
                ) { "the index \(try $0[0] as String) is not valid" }
                let constraints = try connection.all(
                    """
                    SELECT c.conname FROM pg_constraint AS c JOIN pg_namespace AS n ON n.oid = c.connamespace
                    WHERE n.nspname = $1 AND NOT c.convalidated ORDER BY 1
                    """, [schema.stored]
                ) { "the constraint \(try $0[0] as String) is not proved" }
                return (failures > 0 ? ["the server counted \(failures) pages with a wrong checksum"] : [])
                    + indexes + constraints
            }
        }

        /// Ends every connection once its work is done.
        public func close() async throws {
            guard !isClosed.exchange(true, ordering: .relaxed) else { return }
            try await readers.close()
            try await copies?.close()
            try await writer.close()
        }

        private func refuseClosed() throws {
            guard !isClosed.load(ordering: .relaxed) else {
                throw RedressError(.fault, "The database was closed.")
            }
        }
    }

    extension Result {
        fileprivate var failure: Failure? {
            if case .failure(let error) = self { error } else { nil }
        }
    }
#endif
