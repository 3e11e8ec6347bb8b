/// The rows of one query as the server sends them.
#if Postgres
    import CPostgres
    import RedressCore
    import RedressStore

    /// The answer to one statement; rows that nobody has asked for yet stay on the wire.
    final class PostgresRows {
        private var session: PostgresSession?
        private var kept: [Row] = []
        private var next = 0
        /// How many rows the statement changed, once it has ended.
        private(set) var changed = 0

        init(_ session: PostgresSession) {
            self.session = session
        }

        /// The next row; nil at the end.
        func take() throws -> Row? {
            if next < kept.count {
                defer { next += 1 }
                return kept[next]
            }
            return try receive()
        }

        /// Reads every row that is still to come, because another statement needs the connection.
        func keepRest() throws {
            while let row = try receive() { kept.append(row) }
        }

        /// Reads to the end without keeping anything.
        func finish() throws {
            while try receive() != nil {}
        }

        private func receive() throws -> Row? {
            guard let session else { return nil }
            do {
                while let result = try session.nextResult() {
                    if result.hasRow { return try result.row() }
                    changed += result.changed
                }
                self.session = nil
                return nil
            } catch {
                self.session = nil
                throw error
            }
        }
    }

    /// One result of libpq, freed with the last reference.
    @safe final class PostgresResult {
        private let handle: OpaquePointer

        init(_ handle: OpaquePointer) {
            unsafe self.handle = handle
        }

        deinit {
            unsafe PQclear(handle)
        }

        /// Whether a row came.
        var hasRow: Bool {
            unsafe PQntuples(handle) > 0
        }

        /// Whether the server waits for rows.
        var isCopyIn: Bool {
            unsafe PQresultStatus(handle) == PGRES_COPY_IN
        }

        /// How many rows a changing statement changed; none for a query.
        var changed: Int {
            guard let status = unsafe PQcmdStatus(handle), let count = unsafe PQcmdTuples(handle) else {
                return 0
            }
            return unsafe String(cString: status).hasPrefix("SELECT") ? 0 : Int(String(cString: count)) ?? 0
        }

        /// Why the statement failed; nil when it did not.
        var failure: (state: SQLState, message: String)? {
            let status = unsafe PQresultStatus(handle)
            guard
                status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE
                    || status == PGRES_PIPELINE_ABORTED
            else { return nil }
            let code = field(Int32(Character("C").asciiValue ?? 0))
            let message = field(Int32(Character("M").asciiValue ?? 0))
            return (SQLState(code: code ?? "08006"), message ?? "the connection to the server was lost")
        }

        /// Every row.
        func rows() throws -> [Row] {
            try (0..<(unsafe PQntuples(handle))).map { try row(at: $0) }
        }

        /// The first row.
        func row() throws -> Row {
            try row(at: 0)
        }

        private func row(at index: Int32) throws -> Row {
            Row(
                try (0..<(unsafe PQnfields(handle))).map { column in
                    guard unsafe PQgetisnull(handle, index, column) == 0 else { return .null }
                    let bytes = unsafe UnsafeRawBufferPointer(
                        start: PQgetvalue(handle, index, column),
                        count: Int(PQgetlength(handle, index, column)))
                    return try unsafe Value(postgres: bytes, type: PQftype(handle, column))
                })
        }

        private func field(_ code: Int32) -> String? {
            guard let text = unsafe PQresultErrorField(handle, code) else { return nil }
            return unsafe String(cString: text)
        }
    }
#endif
