/// One connection to the server: prepared statements, rows as they come, and a stream of statements that nobody waits for.
#if Postgres
    import CPostgres
    import Glibc
    import RedressCore
    import RedressStore

    /// A connection of libpq; used by one thread at a time.
    @safe final class PostgresSession {
        let handle: OpaquePointer
        var statements: [String: [PreparedStatement]] = [:]
        var preparedCount = 0
        var postponed: [PostponedStatement] = []
        var isPipelined = false
        /// How many statements were streamed since the pipeline began.
        var unflushed = 0
        /// Why something did not do what the next lines rely on: nothing more may run in this part.
        var brokenPromise: (any Error)?
        private var open: PostgresRows?
        /// Whether the answer to a statement that nobody waited for is still to be read.
        private var owesAnswer = false
        var ahead = AnswersAhead()
        /// Whether the server went away: nothing can be done on this connection any more.
        var isLost = false
        /// Whether a statement of this transaction failed in a way that running all of it again may mend.
        private(set) var mustRetry = false
        /// The most statements whose answers are still to be read.
        private static let mostPostponed = 64

        /// Connects; the text is a connection string or URL of libpq, with one or several hosts.
        ///
        /// - Throws: `.unavailable` when no host answers as asked, `.notFound` when the database is not there.
        init(url: String, target: String) throws {
            // What the address says wins over these, because it is expanded after them.
            let settings = [
                ("connect_timeout", "5"), ("tcp_user_timeout", "10000"), ("keepalives_idle", "10"),
                ("application_name", "redress"), ("client_encoding", "UTF8"),
                (
                    "options",
                    "-c statement_timeout=120s -c lock_timeout=30s -c idle_in_transaction_session_timeout=60s"
                ),
                ("target_session_attrs", target), ("dbname", url),
            ]
            guard let handle = unsafe Self.connect(settings) else {
                throw RedressError(.unavailable, "The database client library could not be started.")
            }
            guard unsafe PQstatus(handle) == CONNECTION_OK else {
                let text = unsafe Self.text(PQerrorMessage(handle))
                unsafe PQfinish(handle)
                let isMissing = text.contains("database \"") && text.contains("does not exist")
                throw translated(SQLState(code: isMissing ? "3D000" : "08001"), text)
            }
            unsafe self.handle = handle
            // Notices of the server (a table that is there already) are not for standard error.
            _ = unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
        }

        deinit {
            unsafe PQfinish(handle)
        }

        /// What stops the statement that runs now, from any thread.
        func makeCancel() -> PostgresCancel { unsafe PostgresCancel(PQgetCancel(handle)) }

        /// Forgets how the last transaction ended, before the next one begins.
        func begin() {
            mustRetry = false
            forgetPostponed()
        }

        /// Leaves out all that was postponed, what went out already too, and that anything of it failed.
        func forgetPostponed() {
            endStream()
            postponed = []
            brokenPromise = nil
            ahead.forgetAll()
        }

        /// Lets nothing more run in this part, because what it relies on could not be had.
        func give(up error: any Error) { brokenPromise = error }

        /// Sends a statement without parameters together with the next one: no round trip of its own.
        func postpone(_ statement: String) { postponed.append(PostponedStatement(text: statement)) }

        /// Sends a statement without waiting for its answer, which is read with the next one's, or by the flush that ends
        /// this part of the transaction.
        func postpone(
            _ sql: SQL, _ parameters: [Value], changing count: Int?, or refusal: @escaping () -> RedressError
        ) throws {
            if postponed.count >= Self.mostPostponed { try flush() }
            let prepared = try prepare(sql.text, parameters)
            ahead.forget(changedBy: prepared)
            postponed.append(
                PostponedStatement(
                    prepared: prepared, parameters: parameters, count: count, refusal: refusal))
            try stream()
        }

        /// Leaves out a savepoint that was not sent yet and all that was postponed after it; whether it could be.
        func withdraw(_ savepoint: String) -> Bool {
            guard let index = unsent(savepoint) else { return false }
            postponed.removeSubrange(index...)
            return true
        }

        /// Leaves out a savepoint that was not sent yet, because nothing will go back to it; whether it could be.
        ///
        /// What was postponed after it stays, and is sent.
        func spare(_ savepoint: String) -> Bool {
            guard let index = unsent(savepoint) else { return false }
            postponed.remove(at: index)
            return true
        }

        private func unsent(_ savepoint: String) -> Int? {
            postponed.lastIndex { !$0.isSent && $0.prepared == nil && $0.text == savepoint }
        }

        /// Runs what was postponed and matters, so that what it may throw is thrown here.
        func flush() throws {
            guard postponed.contains(where: { $0.prepared != nil }) else {
                if let brokenPromise { throw brokenPromise }
                return
            }
            try keepOpenRows()
            try send { 1 }
            drain()
        }

        /// Ends a body: what it postponed is answered for now, or with the commit where nobody else's work goes with it
        /// and no rows are counted.
        func settle(isAlone: Bool) throws {
            if let brokenPromise { throw brokenPromise }
            if !isAlone || postponed.contains(where: { $0.count != nil }) { try flush() }
        }

        /// Runs a statement that has no parameters and no answer that matters, and all that was postponed before it.
        func execute(_ statement: String) throws {
            ahead.forgetAll()
            try keepOpenRows()
            try send { unsafe PQsendQueryParams(handle, statement, 0, nil, nil, nil, nil, 1) }
            try PostgresRows(self).finish()
        }

        /// Sends a statement whose answer is read when the next one begins.
        func executeLater(_ statement: String) throws {
            try keepOpenRows()
            try send { unsafe PQsendQueryParams(handle, statement, 0, nil, nil, nil, nil, 1) }
            owesAnswer = true
        }

        /// Undoes what followed a savepoint; what failed there is forgotten.
        ///
        /// - Throws: why that cannot be, which is what went wrong before where something did.
        func rollBack(to savepoint: String) throws {
            let cause = brokenPromise
            endStream()
            // What releases an inner savepoint of the same name must still come first.
            postponed.removeAll { $0.isSent || $0.prepared != nil }
            brokenPromise = nil
            do {
                try execute("ROLLBACK TO SAVEPOINT \(savepoint)")
            } catch {
                throw cause ?? error
            }
        }

        /// Undoes the transaction, where the server can still be told.
        func rollBack() {
            forgetPostponed()
            if !isLost { try? execute("ROLLBACK") }
        }

        /// Runs a statement and returns how many rows it changed.
        func run(_ sql: SQL, _ parameters: [Value]) throws -> Int {
            let rows = try rows(sql, parameters)
            try rows.finish()
            return rows.changed
        }

        /// Starts a query; its rows come one at a time, and the rest is kept when another statement begins.
        func rows(_ sql: SQL, _ parameters: [Value]) throws -> PostgresRows {
            try rows(sql.text, parameters)
        }

        /// Starts a query of the engine's own.
        func rows(_ text: String, _ parameters: [Value]) throws -> PostgresRows {
            try keepOpenRows()
            let statement = try prepare(text, parameters)
            ahead.forget(changedBy: statement)
            try send { try send(statement, parameters) }
            let rows = PostgresRows(self)
            open = rows
            return rows
        }

        /// Reads what an unfinished query still has on the wire, because another statement needs it.
        func keepOpenRows() throws {
            if owesAnswer {
                owesAnswer = false
                try PostgresRows(self).finish()
            }
            let rows = open
            open = nil
            try rows?.keepRest()
        }

        func note(_ state: SQLState) {
            if state.isRetryable { mustRetry = true }
            if state.isLost || (unsafe PQstatus(handle)) != CONNECTION_OK { isLost = true }
        }

        func broken() -> RedressError {
            let text = unsafe Self.text(PQerrorMessage(handle))
            // Half a pipeline cannot be ended in order: another connection can.
            if unsafe isPipelined || PQstatus(handle) != CONNECTION_OK { isLost = true }
            return translated(SQLState(code: isLost ? "08006" : "XX000"), text)
        }

        func lost() -> RedressError {
            translated(SQLState(code: "08006"), "the connection to the server was lost")
        }

        private static func connect(_ settings: [(String, String)]) -> OpaquePointer? {
            var keys = unsafe settings.map { unsafe UnsafePointer<CChar>(strdup($0.0)) } + [nil]
            var values = unsafe settings.map { unsafe UnsafePointer<CChar>(strdup($0.1)) } + [nil]
            defer {
                for index in settings.indices {
                    unsafe free(UnsafeMutablePointer(mutating: keys[index]))
                    unsafe free(UnsafeMutablePointer(mutating: values[index]))
                }
            }
            return unsafe PQconnectdbParams(&keys, &values, 1)
        }

        private static func text(_ message: UnsafeMutablePointer<CChar>?) -> String {
            guard let message = unsafe message else { return "no reason given" }
            let lines = unsafe String(cString: message).split(separator: "\n")
            return lines.joined(separator: "; ")
        }
    }
#endif
