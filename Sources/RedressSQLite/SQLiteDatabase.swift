/// SQLite behind the seam: many readers, one writer that groups commits, nothing acknowledged before its fsync.
import CSQLite
import Dispatch
import GRDB
import Glibc
public import RedressCore
public import RedressStore
import Synchronization

/// A database in one SQLite file, in WAL mode with `synchronous = FULL`.
public final class SQLiteDatabase: RedressStore.Database {
    /// How long a writer waits for another process before it answers "try again". What a log says comes into the evidence in
    /// one go (a second for some three million lines): who opens it meanwhile waits.
    static func lockTimeout(_ schema: Schema) -> Duration {
        .seconds(schema.name == Schema.evidence.name ? 120 : 20)
    }
    /// How many waiting transactions share one commit.
    static let largestGroup = 64
    /// How many pages the write-ahead log gathers before they are moved into the file (40 MB). Whoever commits then
    /// waits for it: at SQLite's 1,000 that is more than one in a hundred who look a caller up.
    static let checkpointPages = 10_000
    /// How much of the file the writer keeps in memory, in KiB; nobody else writes, so that it stays true.
    static let writerCache = 65_536

    /// Two threads that read at once waited for each other at every allocation while SQLite counted them: nearly half of
    /// a check of the ledger. Made once, before the first database is opened.
    private static let countsNoMemory = redress_sqlite_count_no_memory() == SQLITE_OK

    private let pool: DatabasePool
    private let lock: FileLock
    private let lockTimeout: Duration
    private let clock: WallClock
    /// How many transactions read at once.
    private static let mostReaders = 8

    private let writer = DispatchQueue(label: "redress.sqlite.writer")
    private let reading = Atomic(0)
    private let waiting = Mutex<[PendingWrite]>([])
    private let failure = Mutex<RedressError?>(nil)

    /// Opens the file (making it when `create`), proves its settings and brings its schema up to date.
    ///
    /// - Parameter patience: how long a writer waits for another process; when nil 20 s, for evidence 120.
    /// - Throws: `.notFound` when the file is not there and `create` is false; `.unavailable` when it is
    ///   damaged, its schema is newer than this program, or durable writes cannot be had.
    public init(
        path: String, schema: Schema, create: Bool, clock: WallClock = .system, patience: Duration? = nil
    ) throws {
        guard create || (unsafe access(path, F_OK)) == 0 else {
            throw RedressError(
                .notFound,
                "There is no database at \(path). Make one with `redress init`, or pass --data-dir.")
        }
        _ = Self.countsNoMemory
        self.clock = clock
        let lockTimeout = patience ?? Self.lockTimeout(schema)
        self.lockTimeout = lockTimeout
        lock = try FileLock(path: path + ".lock")
        pool = try lock.whileHeld(timeout: lockTimeout) {
            try translatingErrors {
                let pool = try DatabasePool(path: path, configuration: Self.configuration(schema))
                try pool.writeWithoutTransaction { database in
                    try Self.proveDurability(of: database)
                    // What pages were before a savepoint stays in memory, or each group would write as much into temporary
                    // files as into its log. It is at most what one change of the desk touches: some hundred rows, and for a
                    // few rare ones (an allotment file, a migration) a table. A log that comes into the evidence may
                    // touch all there is.
                    if schema.name == Schema.desk.name {
                        try database.execute(sql: "PRAGMA temp_store = MEMORY")
                    }
                    try Self.migrate(database, to: schema, clock: clock)
                }
                return pool
            }
        }
    }

    /// Runs `body` on a snapshot, beside other readers and the writer; what is brief on the caller's own thread, while a
    /// connection is free.
    public func read<T: Sendable>(
        _ work: Work, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        let isFree = reading.add(1, ordering: .relaxed).newValue <= Self.mostReaders
        defer { reading.subtract(1, ordering: .relaxed) }
        let clock = clock
        do {
            if work == .brief, isFree { return try readHere(body) }
            return try await pool.read { database in
                try body(SQLiteConnection(database: database, now: clock.now()))
            }
        } catch let error as DatabaseError {
            throw translated(error)
        }
    }

    private func readHere<T>(_ body: (any Connection) throws -> T) throws -> T {
        try pool.read { try body(SQLiteConnection(database: $0, now: clock.now())) }
    }

    /// There are no copies: answers itself.
    public func readCopy<T: Sendable>(
        behind delay: Duration, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> Dated<T> {
        Dated(try await read(body))
    }

    /// Runs `body` in the writer's next group; returns after the group's fsync.
    @discardableResult
    public func write<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
            let pending = PendingWrite { connection in
                let result = Result { try body(connection) }
                return PendingWrite.Answer(
                    error: result.failure,
                    deliver: { commitError in
                        if let commitError {
                            continuation.resume(throwing: commitError)
                        } else {
                            continuation.resume(with: result)
                        }
                    })
            } refuse: {
                continuation.resume(throwing: $0)
            }
            let isFirst = waiting.withLock { queue in
                queue.append(pending)
                return queue.count == 1
            }
            if isFirst {
                writer.async { self.drain() }
            }
        }
    }

    /// SQLite's own integrity and foreign-key checks.
    public func damage() async throws -> [String] {
        try await read { connection in
            let integrity: [String] = try connection.all("PRAGMA integrity_check") { try $0[0] }
            let dangling: [String] = try connection.all("PRAGMA foreign_key_check") {
                let table: String = try $0[0]
                let parent: String = try $0[2]
                return "a row of \(table) refers to a missing row of \(parent)"
            }
            return integrity.filter { $0 != "ok" } + dangling
        }
    }

    /// Writes the newest committed state into a fresh file; writers go on meanwhile (SQLite's online backup).
    public func copy(to path: String) async throws {
        guard (unsafe access(path, F_OK)) != 0 else {
            throw RedressError(.refused, "There is a file \(path) already; it was left as it is.")
        }
        let pool = pool
        reading.add(1, ordering: .relaxed)
        defer { reading.subtract(1, ordering: .relaxed) }
        // Copying takes as long as the disk takes: not on a thread that answers requests.
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global(qos: .utility).async {
                done.resume(
                    with: Result {
                        try translatingErrors {
                            let target = try DatabaseQueue(path: path)
                            try pool.backup(to: target)
                            // A copy of one file: nothing of it may stay in a write-ahead log.
                            try target.writeWithoutTransaction {
                                try $0.execute(sql: "PRAGMA journal_mode = DELETE")
                            }
                            try target.close()
                        }
                    })
            }
        }
    }

    /// Closes every connection; the last one checkpoints, so the lock is held.
    public func close() async throws {
        try lock.whileHeld(timeout: lockTimeout) {
            try translatingErrors {
                // A read-only connection that closes last cannot checkpoint, so the writer does it first.
                pool.writeWithoutTransaction { _ = try? $0.checkpoint(.truncate) }
                try pool.close()
            }
        }
    }
}

extension SQLiteDatabase {
    private static func configuration(_ schema: Schema) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.label = "redress"
        configuration.maximumReaderCount = mostReaders
        let cache = schema.readerCache
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -\(cache)") }
        return configuration
    }

    /// GRDB sets `synchronous = NORMAL` when it opens a pool; NORMAL loses acknowledged commits on power cut.
    private static func proveDurability(of database: GRDB.Database) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.execute(sql: "PRAGMA trusted_schema = OFF")
        try database.execute(sql: "PRAGMA wal_autocheckpoint = \(checkpointPages)")
        try database.execute(sql: "PRAGMA cache_size = -\(writerCache)")
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        guard synchronous == 2, journal == "wal" else {
            throw RedressError(
                .unavailable,
                """
                Durable writes are not to be had here (synchronous \(synchronous ?? -1), journal \
                \(journal ?? "none")). Put the data folder on a local file system.
                """)
        }
    }

    private static func migrate(_ database: GRDB.Database, to schema: Schema, clock: WallClock) throws {
        let connection = SQLiteConnection(database: database, now: clock.now())
        try database.execute(
            sql: "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT)")
        let found = try connection.count("SELECT coalesce(max(version), 0) FROM schema_version")
        try schema.refuseNewer(found)
        for migration in schema.migrations where migration.version > found {
            try database.inTransaction(.immediate) {
                for statement in migration.statements {
                    try connection.run(statement, [])
                }
                try connection.run(
                    "INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)",
                    [migration.version.stored, connection.now.stored])
                return .commit
            }
        }
    }

    private func drain() {
        while true {
            let group = waiting.withLock { Array($0.prefix(Self.largestGroup)) }
            commit(group)
            let isEmpty = waiting.withLock { queue in
                queue.removeFirst(group.count)
                return queue.isEmpty
            }
            if isEmpty { return }
        }
    }

    /// Runs each body, in its own savepoint where there are several, and commits them together; answers leave only after the
    /// commit.
    private func commit(_ group: [PendingWrite]) {
        if let failed = failure.withLock({ $0 }) {
            for pending in group { pending.refuse(failed) }
            return
        }
        var answers: [PendingWrite.Answer] = []
        do {
            try lock.whileHeld(timeout: lockTimeout) {
                try translatingErrors {
                    try pool.writeWithoutTransaction { database in
                        try database.beginTransaction(.immediate)
                        do {
                            try run(group, in: database, answers: &answers)
                            try database.commit()
                        } catch is Undone {
                            try database.rollback()
                        } catch {
                            if database.isInsideTransaction { try? database.rollback() }
                            throw error
                        }
                    }
                }
            }
            for answer in answers { answer.deliver(nil) }
        } catch {
            stopAfterDiskError(error)
            for answer in answers { answer.deliver(error) }
            for pending in group.dropFirst(answers.count) { pending.refuse(error) }
        }
    }

    private func run(
        _ group: [PendingWrite], in database: GRDB.Database, answers: inout [PendingWrite.Answer]
    ) throws {
        let isAlone = group.count == 1
        for pending in group {
            let connection = SQLiteConnection(database: database, now: clock.now())
            // Whoever is alone is undone with the transaction: SQLite need not keep what each page was before.
            if !isAlone { try database.step("SAVEPOINT body") }
            let answer = pending.run(connection)
            answers.append(answer)
            guard database.isInsideTransaction else {
                // Some errors (a full disk) roll the whole transaction back: nothing of the group happened.
                throw answer.error ?? RedressError(.fault, "The transaction ended inside its body.")
            }
            if isAlone {
                if answer.error != nil { throw Undone() }
                continue
            }
            if answer.error != nil {
                try database.step("ROLLBACK TO body")
            }
            try database.step("RELEASE body")
        }
    }

    /// The only body of a transaction has thrown; its caller is given what.
    private struct Undone: Error {}

    /// After a failed fsync the kernel may drop dirty pages and report success next time: never try again.
    private func stopAfterDiskError(_ error: any Error) {
        guard let error = error as? RedressError, let code = error.details["sqlite"].flatMap({ Int32($0) }),
            ResultCode(rawValue: code).primaryResultCode == .SQLITE_IOERR
        else { return }
        failure.withLock { $0 = error }
    }
}

/// One caller's transaction, waiting for its turn.
private struct PendingWrite: Sendable {
    struct Answer: Sendable {
        let error: (any Error)?
        let deliver: @Sendable ((any Error)?) -> Void
    }

    let run: @Sendable (any Connection) -> Answer
    let refuse: @Sendable (any Error) -> Void

    init(
        run: @escaping @Sendable (any Connection) -> Answer, refuse: @escaping @Sendable (any Error) -> Void
    ) {
        self.run = run
        self.refuse = refuse
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
