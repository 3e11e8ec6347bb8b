/// One connection to the server: prepared statements, rows as they come, statements sent along with the next.
#if Postgres
    import CPostgres
    import Glibc
    import RedressCore
    import RedressStore
    import Synchronization

    /// A connection of libpq; used by one thread at a time.
    @safe final class PostgresSession {
        private let handle: OpaquePointer
        private var statements: [String: [Prepared]] = [:]
        private var prepared = 0
        private var deferred: [String] = []
        private var open: PostgresRows?
        /// Whether the server went away: nothing can be done on this connection any more.
        private(set) var isLost = false
        /// Whether a statement of this transaction failed in a way that running all of it again may mend.
        private(set) var mustRetry = false

        private struct Prepared {
            let name: String
            let types: [UInt32]
        }

        /// Connects; the text is a connection string or URL of libpq, with one or several hosts.
        ///
        /// - Throws: `.unavailable` when no host answers as asked, `.notFound` when the database is not there.
        init(url: String, isWriter: Bool) throws {
            // What the address says wins over these, because it is expanded after them.
            let settings = [
                ("connect_timeout", "5"), ("tcp_user_timeout", "10000"), ("keepalives_idle", "10"),
                ("application_name", "redress"), ("client_encoding", "UTF8"),
                ("target_session_attrs", isWriter ? "read-write" : "any"), ("dbname", url),
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
            dropPostponed()
        }

        /// Leaves out all that was postponed and not sent yet.
        func dropPostponed() { deferred = [] }

        /// Sends a statement without parameters together with the next one: no round trip of its own.
        func postpone(_ statement: String) { deferred.append(statement) }

        /// Leaves out what was postponed and not sent yet; whether all of it could be left out.
        func withdraw(_ statement: String) -> Bool {
            guard deferred.last == statement else { return false }
            deferred.removeLast()
            return true
        }

        /// Runs a statement that has no parameters and no answer that matters, and all that was postponed before it.
        func execute(_ statement: String) throws {
            try openRows()?.keepRest()
            try send { unsafe PQsendQueryParams(handle, statement, 0, nil, nil, nil, nil, 1) }
            try PostgresRows(self).finish()
        }

        /// Runs a statement and returns how many rows it changed.
        func run(_ sql: SQL, _ parameters: [Value]) throws -> Int {
            let rows = try rows(sql, parameters)
            try rows.finish()
            return rows.changed
        }

        /// Starts a query; its rows come one at a time, and the rest is kept when another statement begins.
        func rows(_ sql: SQL, _ parameters: [Value]) throws -> PostgresRows {
            try openRows()?.keepRest()
            let statement = try prepare(sql.text, parameters)
            try unsafe withBytes(parameters) { values, lengths, formats in
                try send {
                    unsafe PQsendQueryPrepared(
                        handle, statement.name, Int32(parameters.count), values, lengths, formats, 1)
                }
            }
            let rows = PostgresRows(self)
            open = rows
            return rows
        }

        private func openRows() -> PostgresRows? {
            defer { open = nil }
            return open
        }

        // MARK: The wire

        /// The next result of the statement that runs; nil when there are no more.
        func nextResult() throws -> PostgresResult? {
            guard let result = unsafe PQgetResult(handle) else {
                try endPipeline()
                return nil
            }
            let made = unsafe PostgresResult(result)
            if let failure = made.failure {
                note(failure.state)
                drain()
                throw translated(failure.state, failure.message)
            }
            return made
        }

        private var isPipelined = false

        private func send(_ statement: () -> Int32) throws {
            guard !isLost else { throw lost() }
            if !deferred.isEmpty {
                guard unsafe PQenterPipelineMode(handle) == 1 else { throw broken() }
                isPipelined = true
                for text in deferred {
                    guard unsafe PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, 1) == 1 else {
                        throw broken()
                    }
                }
            }
            guard statement() == 1 else { throw broken() }
            if isPipelined {
                guard unsafe PQpipelineSync(handle) == 1 else { throw broken() }
                let count = deferred.count
                deferred = []
                for _ in 0..<count {
                    while try pipelinedResult() {}
                }
            }
            _ = unsafe PQsetSingleRowMode(handle)
        }

        /// Takes one result of a postponed statement; false at its end.
        private func pipelinedResult() throws -> Bool {
            guard let result = unsafe PQgetResult(handle) else { return false }
            let made = unsafe PostgresResult(result)
            guard let failure = made.failure else { return true }
            note(failure.state)
            drain()
            throw translated(failure.state, failure.message)
        }

        private func endPipeline() throws {
            guard isPipelined else { return }
            drain()
        }

        /// Reads whatever the server still has to say, so that the next statement starts clean.
        private func drain() {
            if isPipelined {
                isPipelined = false
                var silence = 0
                while silence < 2, unsafe PQstatus(handle) == CONNECTION_OK {
                    guard let result = unsafe PQgetResult(handle) else {
                        silence += 1
                        continue
                    }
                    silence = 0
                    let status = unsafe PQresultStatus(result)
                    unsafe PQclear(result)
                    if status == PGRES_PIPELINE_SYNC { break }
                }
                _ = unsafe PQexitPipelineMode(handle)
            } else {
                while let result = unsafe PQgetResult(handle) { unsafe PQclear(result) }
            }
            if unsafe PQstatus(handle) != CONNECTION_OK { isLost = true }
        }

        private func note(_ state: SQLState) {
            if state.isRetryable { mustRetry = true }
            if state.isLost || (unsafe PQstatus(handle)) != CONNECTION_OK { isLost = true }
        }

        private func broken() -> RedressError {
            let text = unsafe Self.text(PQerrorMessage(handle))
            if unsafe PQstatus(handle) != CONNECTION_OK { isLost = true }
            return translated(SQLState(code: isLost ? "08006" : "XX000"), text)
        }

        private func lost() -> RedressError {
            translated(SQLState(code: "08006"), "the connection to the server was lost")
        }

        // MARK: Prepared statements

        /// The statement prepared for parameters of these types; null fits every type.
        private func prepare(_ text: String, _ parameters: [Value]) throws -> Prepared {
            let types = parameters.map(\.postgresType)
            let fitting = statements[text]?.first { known in
                zip(types, known.types).allSatisfy { $0 == PostgresType.unknown || $0 == $1 }
            }
            if let fitting { return fitting }
            if !deferred.isEmpty { try execute("SELECT 1") }
            guard !isLost else { throw lost() }
            prepared += 1
            let name = "r\(prepared)"
            let result = unsafe types.withUnsafeBufferPointer { buffer in
                unsafe PQprepare(handle, name, text, Int32(types.count), buffer.baseAddress)
            }
            try unsafe check(result)
            let description = unsafe PQdescribePrepared(handle, name)
            let found = (0..<types.count).map { unsafe PQparamtype(description, Int32($0)) }
            try unsafe check(description)
            let made = Prepared(name: name, types: found)
            statements[text, default: []].append(made)
            return made
        }

        private func check(_ result: OpaquePointer?) throws {
            guard let result = unsafe result else { throw broken() }
            if let failure = unsafe PostgresResult(result).failure {
                note(failure.state)
                throw translated(failure.state, failure.message)
            }
        }

        private func withBytes(
            _ parameters: [Value],
            _ body: (
                UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
            ) throws -> Void
        ) throws {
            let encoded = parameters.map(\.postgresBytes)
            let lengths = encoded.map { Int32($0?.count ?? 0) }
            let formats = [Int32](repeating: 1, count: parameters.count)
            // One run of bytes with a byte between, so that an empty value has an address of its own.
            var all: [CChar] = []
            var starts: [Int] = []
            for bytes in encoded {
                starts.append(all.count)
                all += (bytes ?? []).map { CChar(bitPattern: $0) }
                all.append(0)
            }
            try unsafe all.withUnsafeBufferPointer { buffer in
                let pointers = unsafe encoded.indices.map { index -> UnsafePointer<CChar>? in
                    guard encoded[index] != nil, let base = buffer.baseAddress else { return nil }
                    return unsafe base + starts[index]
                }
                try unsafe pointers.withUnsafeBufferPointer { values in
                    try unsafe lengths.withUnsafeBufferPointer { lengths in
                        try unsafe formats.withUnsafeBufferPointer { formats in
                            try unsafe body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                        }
                    }
                }
            }
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

    /// Stops the statement that a connection runs.
    final class PostgresCancel: Sendable {
        private let handle: Mutex<UInt>

        init(_ handle: OpaquePointer?) {
            self.handle = Mutex(UInt(bitPattern: handle))
        }

        deinit {
            handle.withLock { unsafe PQfreeCancel(OpaquePointer(bitPattern: $0)) }
        }

        /// Asks the server to stop; the statement then fails with class 57014.
        func stop() {
            handle.withLock { handle in
                var reason = [CChar](repeating: 0, count: 256)
                _ = unsafe PQcancel(OpaquePointer(bitPattern: handle), &reason, Int32(reason.count))
            }
        }
    }
#endif
