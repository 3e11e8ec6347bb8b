/// A thread with its connection: connects again when the server went away, and waits while another takes over.
#if Postgres
    import Dispatch
    import Glibc
    import RedressCore
    import RedressStore
    import Synchronization

    /// What every connection of one database needs to know.
    struct PostgresPlace: Sendable {
        /// The connection string or URL of libpq.
        let url: String
        /// The schema of the server's database that holds ours.
        let schema: String
        /// How long a call waits for a server that went away before it gives up.
        let patience: Duration
        /// The clock of transactions; the server's own when nil, so that several processes have one.
        let clock: WallClock?

        /// The same on another server, which is not waited for.
        func elsewhere(_ url: String) -> PostgresPlace {
            PostgresPlace(url: url, schema: schema, patience: .zero, clock: clock)
        }

        /// Two numbers that name the lock under which one transaction of a schema writes at a time.
        var lock: (Int32, Int32) {
            let hash = schema.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
            return (0x7265_6472, Int32(bitPattern: hash & 0x7FFF_FFFF))
        }
    }

    /// One connection, used on its own thread only.
    ///
    /// Unchecked, and safe: `session` is touched only by what `queue` runs, which is one thing at a time; `running` is
    /// behind its mutex, and everything else is constant.
    final class PostgresWorker: @unchecked Sendable {
        private let place: PostgresPlace
        private let target: String
        private let queue: DispatchQueue
        private var session: PostgresSession?
        private let running = Mutex(Running())

        /// What runs now: the caller that may stop it, and how.
        private struct Running {
            var job = 0
            var isStopped = false
            var cancel: PostgresCancel?
        }

        /// - Parameter target: which of several hosts will do, as `target_session_attrs` says it.
        init(_ place: PostgresPlace, target: String, label: String) {
            self.place = place
            self.target = target
            queue = DispatchQueue(label: label)
        }

        /// Runs `body` on the thread.
        func perform<T: Sendable>(_ body: @escaping @Sendable (PostgresWorker) throws -> T) async throws -> T
        {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try body(self) }) }
            }
        }

        /// Runs `body` on the thread while the caller waits: only where a program starts.
        func performNow(_ body: (PostgresWorker) throws -> Void) throws {
            try queue.sync { try body(self) }
        }

        /// Runs `body` on the thread some time later.
        func start(_ body: @escaping @Sendable (PostgresWorker) -> Void) {
            queue.async { body(self) }
        }

        /// Begins the next job; only its own caller can stop it.
        func beginJob() -> Int {
            running.withLock { running in
                running.job += 1
                running.isStopped = false
                return running.job
            }
        }

        /// Ends the job that runs: nobody can stop it any more.
        func endJob() {
            running.withLock { $0.job += 1 }
        }

        /// Stops a job, wherever it is: the statement that runs now fails, and nothing of it starts again.
        ///
        /// Asked again until the job has ended: the first time may come just before its statement does.
        func stop(job: Int) {
            Task {
                while interrupt(job: job) { try? await Task.sleep(for: .milliseconds(50)) }
            }
        }

        /// Whether the job is still there; its statement is stopped then.
        private func interrupt(job: Int) -> Bool {
            running.withLock { running in
                guard running.job == job else { return false }
                running.isStopped = true
                running.cancel?.stop()
                return true
            }
        }

        private var isStopped: Bool { running.withLock(\.isStopped) }

        /// Runs a whole transaction, from its beginning again when the server went away or undid it.
        ///
        /// - Parameter body: may run more than once; only its last run counts.
        func repeating<T>(_ body: (PostgresSession) throws -> T) throws -> T {
            let deadline = ContinuousClock.now + place.patience
            var pause: UInt32 = 10_000
            while true {
                guard !isStopped else { throw CancellationError() }
                do {
                    let session = try connected()
                    session.begin()
                    do {
                        return try body(session)
                    } catch {
                        if isStopped { throw CancellationError() }
                        guard session.isLost || session.mustRetry else { throw error }
                        if session.isLost { self.session = nil } else { session.rollBack() }
                        throw Again(error: error)
                    }
                } catch let again as Again {
                    guard ContinuousClock.now < deadline else { throw again.error }
                } catch let error as RedressError {
                    guard error.code == .unavailable, session == nil, ContinuousClock.now < deadline else {
                        throw error
                    }
                }
                usleep(pause + UInt32.random(in: 0...pause))
                pause = min(pause * 2, 500_000)
            }
        }

        private struct Again: Error { let error: any Error }

        /// The session, connected and set up.
        func connected() throws -> PostgresSession {
            if let session, !session.isLost { return session }
            session = nil
            let fresh = try PostgresSession(url: place.url, target: target)
            try fresh.rows(Self.settings, [place.schema.stored]).finish()
            running.withLock { $0.cancel = fresh.makeCancel() }
            session = fresh
            return fresh
        }

        /// What holds on every connection, whatever its address says.
        ///
        /// A statement is planned once and not anew for its values, as SQLite does it: our statements are short and planning
        /// takes longer than most. Such plans guess high, so that neither a compiler nor helpers are started for them. A
        /// host that is gone in the middle of a stream of statements is noticed by the server within a minute, because it
        /// would hold the lock of all writers.
        private static let settings = """
            SELECT set_config('search_path', $1, false), set_config('plan_cache_mode', 'force_generic_plan', false),
                set_config('jit', 'off', false), set_config('max_parallel_workers_per_gather', '0', false),
                set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '10', false),
                set_config('tcp_keepalives_count', '3', false)
            """

        /// Lets go of the connection.
        func disconnect() {
            session = nil
            running.withLock { $0.cancel = nil }
        }
    }
#endif
