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
        private let isClosed = Atomic(false)

        /// Connects (making the schema when `create`), proves the server's settings and brings the schema up to date.
        ///
        /// - Parameters:
        ///   - url: a connection string or URL of libpq; several hosts may be named, and the one that takes writes
        ///     is found (`target_session_attrs=read-write`). `sslmode` and all else is libpq's.
        ///   - clock: the clock of transactions; the server's own when nil, so that all processes have one.
        ///   - patience: how long a call waits for a server that went away.
        /// - Throws: `.unavailable` when no server answers or it may lose commits; `.notFound` when there is nothing
        ///   of ours and `create` is false.
        public init(
            url: String, schema: Schema, create: Bool, clock: WallClock? = nil,
            patience: Duration = .seconds(45)
        ) throws {
            place = PostgresPlace(
                url: url, schema: "redress_" + schema.name, patience: patience, clock: clock)
            writer = PostgresWriter(place)
            readers = PostgresReaders(place, count: 6)
            try writer.open(schema, create: create)
        }

        /// Runs `body` on a snapshot, beside other readers and the writer.
        public func read<T: Sendable>(
            _ body: @escaping @Sendable (any Connection) throws -> T
        ) async throws -> T {
            try refuseClosed()
            let place = place
            let worker = await readers.take()
            defer { readers.give(worker) }
            try Task.checkCancellation()
            return try await withTaskCancellationHandler {
                try await worker.perform { worker in
                    try worker.repeating { session in
                        session.postpone("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                        let now = try PostgresSchema.now(session, place)
                        do {
                            let answer = try body(PostgresConnection(session: session, now: now))
                            session.dropPostponed()
                            try session.execute("COMMIT")
                            return answer
                        } catch {
                            session.dropPostponed()
                            if !session.isLost { try? session.execute("ROLLBACK") }
                            throw error
                        }
                    }
                }
            } onCancel: {
                worker.cancel()
            }
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
                    PendingWrite { connection in
                        let result = Result { try body(connection) }
                        return PendingWrite.Answer(
                            error: result.failure, deliver: { continuation.resume(with: result) })
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
            try await writer.close()
        }

        private func refuseClosed() throws {
            guard !isClosed.load(ordering: .relaxed) else {
                throw RedressError(.fault, "The database was closed.")
            }
        }
    }

    /// The connections that only read, each handed to one transaction at a time.
    private final class PostgresReaders: Sendable {
        private let workers: [PostgresWorker]
        private let state: Mutex<State>

        private struct State {
            var idle: [PostgresWorker]
            var waiting: [CheckedContinuation<PostgresWorker, Never>] = []
        }

        init(_ place: PostgresPlace, count: Int) {
            workers = (1...count).map {
                PostgresWorker(place, isWriter: false, label: "redress.postgres.reader.\($0)")
            }
            state = Mutex(State(idle: workers))
        }

        func take() async -> PostgresWorker {
            await withCheckedContinuation { continuation in
                let worker: PostgresWorker? = state.withLock { state in
                    if let worker = state.idle.popLast() { return worker }
                    state.waiting.append(continuation)
                    return nil
                }
                if let worker { continuation.resume(returning: worker) }
            }
        }

        func give(_ worker: PostgresWorker) {
            let next: CheckedContinuation<PostgresWorker, Never>? = state.withLock { state in
                if state.waiting.isEmpty {
                    state.idle.append(worker)
                    return nil
                }
                return state.waiting.removeFirst()
            }
            next?.resume(returning: worker)
        }

        func close() async throws {
            for worker in workers { try await worker.perform { $0.disconnect() } }
        }
    }

    extension Result {
        fileprivate var failure: Failure? {
            if case .failure(let error) = self { error } else { nil }
        }
    }
#endif
