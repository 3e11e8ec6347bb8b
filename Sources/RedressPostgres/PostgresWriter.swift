/// The one writer of a process: transactions that wait share a commit, under a lock that all processes take in turn.
#if Postgres
    import Glibc
    import RedressCore
    import RedressStore
    import Synchronization

    /// Runs writing transactions one after another, several to a commit, as the embedded engine does.
    ///
    /// The lock makes every transaction see all that were committed before it and none beside it, whatever process
    /// they came from, so that the rules of the ledger hold as they do with one process and one file.
    final class PostgresWriter: Sendable {
        /// How many waiting transactions share one commit.
        static let largestGroup = 64

        private let place: PostgresPlace
        private let worker: PostgresWorker
        private let id = Identifier.make(at: WallClock.system.now())
        private let marks = Mutex<Int64>(0)
        private let waiting = Mutex<[PendingWrite]>([])

        init(_ place: PostgresPlace) {
            self.place = place
            worker = PostgresWorker(place, target: "read-write", label: "redress.postgres.writer")
        }

        /// Connects, proves the server's settings and brings the schema up to date.
        func open(_ schema: Schema, create: Bool) throws {
            try worker.performNow { worker in
                let session = try worker.connected()
                try PostgresSchema.proveDurability(session)
                try PostgresSchema.migrate(session, to: schema, at: place, create: create)
            }
        }

        /// Ends the connection after what waits is done.
        func close() async throws {
            try await worker.perform { $0.disconnect() }
        }

        /// Adds a transaction to the next group.
        func add(_ pending: PendingWrite) {
            let isFirst = waiting.withLock { queue in
                queue.append(pending)
                return queue.count == 1
            }
            if isFirst { worker.start { self.drain($0) } }
        }

        private func drain(_ worker: PostgresWorker) {
            while true {
                let group = waiting.withLock { Array($0.prefix(Self.largestGroup)) }
                commit(group, worker)
                let isEmpty = waiting.withLock { queue in
                    queue.removeFirst(group.count)
                    return queue.isEmpty
                }
                if isEmpty { return }
            }
        }

        private func commit(_ group: [PendingWrite], _ worker: PostgresWorker) {
            do {
                let answers = try worker.repeating { session in
                    let mark = marks.withLock { mark in
                        mark += 1
                        return mark
                    }
                    let answers: [PendingWrite.Answer]
                    do {
                        answers = try run(group, session, mark)
                    } catch let undone as Undone {
                        session.rollBack()
                        return [undone.answer]
                    } catch {
                        session.rollBack()
                        throw error
                    }
                    do {
                        try session.execute("COMMIT")
                    } catch {
                        guard session.isLost else {
                            // What went out with the commit failed: there was no commit.
                            session.rollBack()
                            throw error
                        }
                        try resolve(mark, worker)
                    }
                    return answers
                }
                for answer in answers { answer.deliver() }
            } catch {
                for pending in group { pending.refuse(error) }
            }
        }

        /// Runs every body of the group in one transaction, each undone alone when it throws.
        private func run(_ group: [PendingWrite], _ session: PostgresSession, _ mark: Int64) throws
            -> [PendingWrite.Answer]
        {
            session.postpone("BEGIN")
            PostgresSchema.lock(session, place)
            let start = PostgresSchema.moment(session, place)
            let isAlone = group.count == 1
            // Where the lock cannot be had, that is nobody's body's fault.
            if !isAlone { try start.reach() }
            var answers: [PendingWrite.Answer] = []
            for pending in group {
                // Whoever is alone is undone with the transaction.
                if !isAlone { session.postpone("SAVEPOINT body") }
                let moment = place.clock.map { PostgresMoment(session, known: $0.now()) } ?? start
                let answer = pending.run(PostgresConnection(session: session, moment: moment), isAlone)
                var isReleased = isAlone
                if let error = answer.error {
                    if session.isLost || session.mustRetry { throw error }
                    if isAlone { throw Undone(answer: answer) }
                    isReleased = session.withdraw("SAVEPOINT body")
                    if !isReleased { try session.rollBack(to: "body") }
                }
                // A body that swallowed the server's refusal has not run as it believes.
                if session.isLost || session.mustRetry {
                    throw RedressError(.tryAgain, "The database undid the change. Try again in a moment.")
                }
                if !isReleased, !session.spare("SAVEPOINT body") {
                    session.postpone("RELEASE SAVEPOINT body")
                }
                answers.append(answer)
            }
            try start.take()
            // Goes out with the commit: where it fails, nothing is committed.
            try session.postpone(
                """
                INSERT INTO commit_mark (writer, mark, at) VALUES ($1, $2, $3)
                ON CONFLICT (writer) DO UPDATE SET mark = excluded.mark, at = excluded.at
                """, [id.stored, mark.stored, start.instant.stored], changing: nil
            ) { RedressError(.fault, "The commit could not be marked.") }
            return answers
        }

        /// Finds out whether a commit happened whose answer was lost: the mark it wrote is there, or it is not.
        ///
        /// The old transaction holds the lock while it is undecided, so whoever has the lock reads a final answer. On
        /// a standby that took over, what was not copied there was never acknowledged.
        ///
        /// - Throws: when it did not happen, so that the group runs again; `.unavailable`, saying that the outcome is
        ///   unknown, when no server answers in time.
        private func resolve(_ mark: Int64, _ worker: PostgresWorker) throws {
            let deadline = ContinuousClock.now + place.patience
            while ContinuousClock.now < deadline {
                do {
                    let session = try worker.connected()
                    session.begin()
                    session.postpone("BEGIN")
                    PostgresSchema.lock(session, place)
                    let connection = PostgresConnection(session: session, moment: PostgresMoment(session))
                    let found = try connection.count(
                        "SELECT count(*) FROM commit_mark WHERE writer = $1 AND mark = $2",
                        [id.stored, mark.stored])
                    try session.execute("ROLLBACK")
                    if found == 1 { return }
                    throw NotCommitted()
                } catch let error as RedressError where error.code == .unavailable || error.code == .tryAgain
                {
                    usleep(100_000)
                }
            }
            throw RedressError(
                .unavailable,
                """
                The database server went away in the middle of a commit and nobody can say yet whether it happened. \
                Run the same command again with the same key: what was done is not done twice.
                """, details: ["outcome": "unknown"])
        }

        private struct NotCommitted: Error {}
        /// The only body of a transaction has thrown; its caller is given what.
        private struct Undone: Error { let answer: PendingWrite.Answer }
    }

    /// One caller's transaction, waiting for its turn.
    struct PendingWrite: Sendable {
        struct Answer: Sendable {
            let error: (any Error)?
            let deliver: @Sendable () -> Void
        }

        let run: @Sendable (_ connection: PostgresConnection, _ isAlone: Bool) -> Answer
        let refuse: @Sendable (any Error) -> Void
    }
#endif
