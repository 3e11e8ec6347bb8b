/// The wire of a connection: one statement a round trip, or a pipeline of those that nobody waited for and the next.
#if Postgres
    import CPostgres
    import Glibc
    import RedressCore
    import RedressStore

    /// A statement that nobody waits for.
    struct PostponedStatement {
        /// Its text, where it has no parameters.
        var text = ""
        var prepared: PreparedStatement?
        var parameters: [Value] = []
        /// Whether it went out already; its answer is still to be read then.
        var isSent = false
        /// How many rows it must change; nil for any number.
        var count: Int?
        /// What is thrown when it changes another number.
        var refusal: () -> RedressError = {
            RedressError(.fault, "A statement changed other rows than it must.")
        }
    }

    extension PostgresSession {
        /// The next result of the statement that runs; nil when there are no more.
        func nextResult() throws -> PostgresResult? {
            guard let result = unsafe take() else {
                if isPipelined { drain() }
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

        /// Sends all that was postponed and then `statement`, which tells 1 when it went out, and reads the answers to the former.
        ///
        /// - Throws: what the first of them that failed came to; none after it has run then.
        func send(asPipeline isPipeline: Bool = false, _ statement: () throws -> Int32) throws {
            guard !isLost else { throw lost() }
            if let brokenPromise { throw brokenPromise }
            if isPipeline || !postponed.isEmpty { try sendPostponed() }
            let first = postponed
            postponed = []
            guard try statement() == 1 else { throw broken() }
            if isPipelined {
                guard unsafe PQpipelineSync(handle) == 1 else { throw broken() }
                for each in first { try takeAnswer(to: each) }
            }
            if !isPipeline { _ = unsafe PQsetSingleRowMode(handle) }
        }

        /// Lets the server work on what is postponed while the next lines are computed here.
        func stream() throws {
            guard brokenPromise == nil, !isLost else { return }
            try keepOpenRows()
            try sendPostponed()
            unflushed += 1
            // The first one wakes the server, a few at a time keep it at work.
            if unflushed == 1 || unflushed % Self.flushedTogether == 0 { _ = unsafe PQflush(handle) }
        }

        /// Hands over what is postponed and did not go out yet, as part of a pipeline.
        private func sendPostponed() throws {
            if !isPipelined {
                guard unsafe PQenterPipelineMode(handle) == 1 else { throw broken() }
                isPipelined = true
                unflushed = 0
            }
            for index in postponed.indices where !postponed[index].isSent {
                let each = postponed[index]
                let sent =
                    if let prepared = each.prepared {
                        try send(prepared, each.parameters)
                    } else {
                        unsafe PQsendQueryParams(handle, each.text, 0, nil, nil, nil, nil, 1)
                    }
                guard sent == 1 else { throw broken() }
                postponed[index].isSent = true
            }
        }

        /// Reads the answers to what went out and is not wanted any more, because it is undone.
        func endStream() {
            guard isPipelined, !isLost else { return }
            if unsafe PQpipelineSync(handle) == 1 { drain() } else { isLost = true }
        }

        private static var flushedTogether: Int { 4 }

        /// Asks queries in one round trip and keeps their answers for whoever runs them next.
        func ask(_ queries: [(text: String, parameters: [Value])]) throws {
            guard brokenPromise == nil, !isLost else { return }
            try keepOpenRows()
            let all = try queries.map {
                (statement: try prepare($0.text, $0.parameters), parameters: $0.parameters)
            }
            let queries = all.filter { ahead.answer(to: $0.statement, $0.parameters) == nil }
            guard !queries.isEmpty else { return }
            try send(asPipeline: true) {
                for query in queries {
                    guard try send(query.statement, query.parameters) == 1 else { return 0 }
                }
                return 1
            }
            for query in queries {
                var rows: [Row] = []
                while let result = unsafe take() {
                    let made = unsafe PostgresResult(result)
                    if let failure = made.failure {
                        note(failure.state)
                        drain()
                        throw translated(failure.state, failure.message)
                    }
                    rows += try made.rows()
                }
                if unsafe PQstatus(handle) != CONNECTION_OK { throw broken() }
                ahead.keep(rows, to: query.statement, query.parameters)
            }
            drain()
        }

        /// What a query that was asked ahead was answered; nil when it was not, or something changed since.
        func answer(to text: String, _ parameters: [Value]) throws -> [Row]? {
            guard !ahead.isEmpty, brokenPromise == nil, !isLost else { return nil }
            return ahead.answer(to: try prepare(text, parameters), parameters)
        }

        /// Looks for an answer for a moment before this thread sleeps: waking it takes longer than most answers do.
        private func watch() {
            var looks = 0
            while looks < Self.mostLooks, unsafe PQisBusy(handle) == 1, unsafe PQconsumeInput(handle) == 1 {
                looks += 1
                sched_yield()
            }
        }

        private static var mostLooks: Int { 60 }

        /// The next result as libpq gives it.
        func take() -> OpaquePointer? {
            watch()
            return unsafe PQgetResult(handle)
        }

        /// Reads the answer to one postponed statement.
        private func takeAnswer(to statement: PostponedStatement) throws {
            var changed = 0
            while let result = unsafe take() {
                let made = unsafe PostgresResult(result)
                if let failure = made.failure {
                    note(failure.state)
                    drain()
                    throw keeping(translated(failure.state, failure.message))
                }
                changed += made.changed
            }
            if unsafe PQstatus(handle) != CONNECTION_OK { throw broken() }
            guard let count = statement.count, count != changed else { return }
            drain()
            throw keeping(statement.refusal())
        }

        /// Remembers a failure, so that nothing that relied on the statement can go on even where it is caught.
        private func keeping(_ error: any Error) -> any Error {
            brokenPromise = error
            return error
        }

        /// Reads whatever the server still has to say, so that the next statement starts clean.
        func drain() {
            if isPipelined {
                isPipelined = false
                var silence = 0
                while silence < 2, unsafe PQstatus(handle) == CONNECTION_OK {
                    guard let result = unsafe take() else {
                        silence += 1
                        continue
                    }
                    silence = 0
                    let status = unsafe PQresultStatus(result)
                    unsafe PQclear(result)
                    if status == PGRES_PIPELINE_SYNC { break }
                }
                // A pipeline that does not end here is one whose answers nobody can tell apart.
                if unsafe PQexitPipelineMode(handle) != 1 { isLost = true }
            } else {
                while let result = unsafe take() { unsafe PQclear(result) }
            }
            if unsafe PQstatus(handle) != CONNECTION_OK { isLost = true }
        }

        /// Sends rows to the server in the form that COPY reads; `statement` names where they go.
        func copy(_ statement: String, _ rows: [[Value]]) throws {
            ahead.forgetAll()
            try flush()
            try keepOpenRows()
            // What is still postponed has no answer that matters; it must come first nevertheless.
            if !postponed.isEmpty { try execute("SELECT 1") }
            guard unsafe PQsendQuery(handle, statement) == 1 else { throw broken() }
            guard let ready = try nextResult(), ready.isCopyIn else { throw broken() }
            var buffer = PostgresCopy.header
            for row in rows {
                PostgresCopy.append(row, to: &buffer)
                if buffer.count >= PostgresCopy.largestPiece {
                    try put(buffer)
                    buffer.removeAll(keepingCapacity: true)
                }
            }
            try put(buffer + PostgresCopy.trailer)
            guard unsafe PQputCopyEnd(handle, nil) == 1 else { throw broken() }
            while try nextResult() != nil {}
        }

        private func put(_ bytes: [UInt8]) throws {
            let sent = unsafe bytes.withUnsafeBytes { raw in
                unsafe PQputCopyData(
                    handle, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count))
            }
            guard sent == 1 else { throw broken() }
        }
    }

    /// Rows in COPY's binary form (PostgreSQL manual, COPY, "Binary Format").
    enum PostgresCopy {
        /// Bytes that are handed over at once.
        static let largestPiece = 1 << 18
        static let header: [UInt8] =
            Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
        static let trailer: [UInt8] = [0xFF, 0xFF]

        static func append(_ row: [Value], to buffer: inout [UInt8]) {
            buffer.append(UInt8(truncatingIfNeeded: row.count >> 8))
            buffer.append(UInt8(truncatingIfNeeded: row.count))
            for value in row {
                guard let bytes = value.postgresBytes else {
                    buffer += [0xFF, 0xFF, 0xFF, 0xFF]
                    continue
                }
                for shift in [24, 16, 8, 0] { buffer.append(UInt8(truncatingIfNeeded: bytes.count >> shift)) }
                buffer += bytes
            }
        }
    }
#endif
