/// The connections that only read: a few of the database itself, and a few of its copies.
#if Postgres
    import RedressCore
    import RedressStore
    import Synchronization

    /// The connections that only read, each handed to one transaction at a time.
    final class PostgresReaders: Sendable {
        private let place: PostgresPlace
        private let workers: [PostgresWorker]
        private let state: Mutex<State>

        private struct State {
            var idle: [PostgresWorker]
            var waiting: [CheckedContinuation<PostgresWorker, Never>] = []
        }

        init(_ place: PostgresPlace, target: String, count: Int) {
            self.place = place
            workers = (1...count).map {
                PostgresWorker(place, target: target, label: "redress.postgres.reader.\($0)")
            }
            state = Mutex(State(idle: workers))
        }

        /// Runs `body` on a snapshot; who is cancelled meanwhile stops the statement that runs for them.
        func read<T: Sendable>(
            _ body: @escaping @Sendable (PostgresConnection) throws -> T
        ) async throws -> T {
            let place = place
            let worker = await take()
            defer { give(worker) }
            let job = worker.beginJob()
            defer { worker.endJob() }
            return try await withTaskCancellationHandler {
                try Task.checkCancellation()
                return try await worker.perform { worker in
                    try worker.repeating { session in
                        session.postpone("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                        let moment = PostgresSchema.moment(session, place)
                        do {
                            let answer = try body(PostgresConnection(session: session, moment: moment))
                            if let failure = moment.failure { throw failure }
                            session.forgetPostponed()
                            // There is nothing to commit.
                            try session.executeLater("ROLLBACK")
                            return answer
                        } catch {
                            session.rollBack()
                            throw moment.failure ?? error
                        }
                    }
                }
            } onCancel: {
                worker.stop(job: job)
            }
        }

        private func take() async -> PostgresWorker {
            await withCheckedContinuation { continuation in
                let worker: PostgresWorker? = state.withLock { state in
                    if let worker = state.idle.popLast() { return worker }
                    state.waiting.append(continuation)
                    return nil
                }
                if let worker { continuation.resume(returning: worker) }
            }
        }

        private func give(_ worker: PostgresWorker) {
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

    /// Copies of the database that follow it, each a little behind.
    ///
    /// Every commit writes a mark with its time, under the lock that all writers share. A copy that shows a mark shows
    /// all that was committed before it: so the newest mark tells which moment the copy stands for, on any engine.
    final class PostgresCopies: Sendable {
        private let readers: PostgresReaders
        private let clock: WallClock
        private let state = Mutex(
            (pausedUntil: ContinuousClock.now, markedAt: ContinuousClock.now - .seconds(60)))
        /// How long a copy that did not answer is left alone.
        private static let pause = Duration.seconds(10)

        init(_ place: PostgresPlace) {
            readers = PostgresReaders(place, target: "prefer-standby", count: 4)
            clock = place.clock ?? .system
        }

        /// Runs `body` on a copy; nil when none answers, or none is near enough.
        func read<T: Sendable>(
            behind delay: Duration, _ body: @escaping @Sendable (any Connection) throws -> T
        ) async throws -> Dated<T>? {
            guard state.withLock({ $0.pausedUntil <= .now }) else { return nil }
            do {
                return try await readers.read { connection in
                    let newest: Instant? =
                        try connection.first("SELECT max(at) FROM commit_mark") {
                            try $0[0] as Instant?
                        } ?? nil
                    guard let newest, newest.adding(milliseconds: delay.milliseconds) >= connection.now else {
                        return nil
                    }
                    return Dated(try body(connection), asOf: newest)
                }
            } catch let error as RedressError where [.unavailable, .tryAgain].contains(error.code) {
                state.withLock { $0.pausedUntil = .now + Self.pause }
                return nil
            } catch let error as RedressError where error.details["sqlstate"] == "42P01" {
                // The copy does not have the schema yet: it is too far behind.
                return nil
            }
        }

        /// Whether a mark is due, because the newest on the copies is half as old as it may be, or older.
        func isToBeMarked(behind delay: Duration, _ asOf: Instant?) -> Bool {
            let old = clock.now().adding(milliseconds: -delay.milliseconds / 2)
            if let asOf, asOf > old { return false }
            return state.withLock { state in
                guard state.markedAt + min(delay / 2, .seconds(1)) <= .now, state.pausedUntil <= .now else {
                    return false
                }
                state.markedAt = .now
                return true
            }
        }

        func close() async throws { try await readers.close() }
    }

    extension Duration {
        fileprivate var milliseconds: Int64 {
            components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        }
    }
#endif
