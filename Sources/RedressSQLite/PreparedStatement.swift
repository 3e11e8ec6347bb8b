/// A prepared statement run through SQLite's own calls: values go in and come out without a stop in between.
///
/// GRDB opens, pools and closes connections and keeps prepared statements. Its rows and arguments are made for many
/// uses and cost more than the statement itself on our paths, most of which run some forty short statements; nobody
/// here observes transactions, which is what going through GRDB for each step would serve.
import GRDB
import GRDBSQLite
import RedressCore
import RedressStore

@safe struct PreparedStatement {
    /// Keeps the pointer alive.
    private let statement: GRDB.Statement
    private let pointer: OpaquePointer
    private let columns: Int32

    fileprivate init(_ statement: GRDB.Statement) {
        self.statement = statement
        unsafe pointer = statement.sqliteStatement
        columns = unsafe sqlite3_column_count(statement.sqliteStatement)
    }

    /// Whether somebody is still reading its rows.
    fileprivate var isBusy: Bool { unsafe sqlite3_stmt_busy(pointer) != 0 }
    /// Whether it changes nothing.
    var isReadonly: Bool { unsafe sqlite3_stmt_readonly(pointer) != 0 }

    /// Goes to the next row; false when there is none.
    func step() throws -> Bool {
        let code = unsafe sqlite3_step(pointer)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure(code)
        }
    }

    /// The row it stands on.
    var row: RedressStore.Row {
        var values: [Value] = []
        values.reserveCapacity(Int(columns))
        for column in 0..<columns { values.append(value(column)) }
        return RedressStore.Row(values)
    }

    fileprivate func bind(_ parameters: [Value]) throws {
        guard unsafe Int(sqlite3_bind_parameter_count(pointer)) == parameters.count else {
            throw RedressError(
                .fault, "A statement of the program got \(parameters.count) values and takes another number.")
        }
        assert(
            namesItsParametersInOrder,
            "SQLite numbers parameters as they first appear: $1, $2 … must first appear in this order.")
        for (index, value) in parameters.enumerated() {
            let code = bind(value, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw failure(code) }
        }
    }

    /// Whether the first parameter that appears is `$1`, the next new one `$2`, and so on.
    private var namesItsParametersInOrder: Bool {
        (0..<(unsafe sqlite3_bind_parameter_count(pointer))).allSatisfy { index in
            guard let name = unsafe sqlite3_bind_parameter_name(pointer, index + 1) else { return false }
            return unsafe String(cString: name) == "$\(index + 1)"
        }
    }

    /// Puts the statement back to its start, so that it holds no snapshot and no lock.
    fileprivate func reset() {
        _ = unsafe sqlite3_reset(pointer)
    }

    private func bind(_ value: Value, at index: Int32) -> Int32 {
        switch value {
        case .null: return unsafe sqlite3_bind_null(pointer, index)
        case .integer(let number): return unsafe sqlite3_bind_int64(pointer, index, number)
        case .boolean(let flag): return unsafe sqlite3_bind_int64(pointer, index, flag ? 1 : 0)
        case .real(let number): return unsafe sqlite3_bind_double(pointer, index, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                // No bytes have no address, and without one SQLite would bind null.
                guard let start = bytes.baseAddress else {
                    return unsafe sqlite3_bind_text(pointer, index, "", 0, copied)
                }
                return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    unsafe sqlite3_bind_text(pointer, index, $0, Int32(bytes.count), copied)
                }
            }
        case .blob(let bytes):
            guard !bytes.isEmpty else { return unsafe sqlite3_bind_zeroblob(pointer, index, 0) }
            return unsafe bytes.withUnsafeBytes {
                unsafe sqlite3_bind_blob(pointer, index, $0.baseAddress, Int32($0.count), copied)
            }
        }
    }

    private func value(_ column: Int32) -> Value {
        switch unsafe sqlite3_column_type(pointer, column) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(pointer, column))
        case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(pointer, column))
        case SQLITE_TEXT:
            let start = unsafe sqlite3_column_text(pointer, column)
            let count = unsafe Int(sqlite3_column_bytes(pointer, column))
            return .text(
                unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = unsafe sqlite3_column_blob(pointer, column)
            let count = unsafe Int(sqlite3_column_bytes(pointer, column))
            return .blob(unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return .null
        }
    }

    private func failure(_ code: Int32) -> any Error {
        // The task that asked was cancelled: GRDB interrupts the connection.
        if code & 0xFF == SQLITE_INTERRUPT { return CancellationError() }
        let message = unsafe String(cString: sqlite3_errmsg(sqlite3_db_handle(pointer)))
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
}

/// Tells SQLite to copy what is bound.
private var copied: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

extension GRDB.Database {
    /// Runs `body` on a prepared statement whose parameters are bound, and puts the statement back whatever happens.
    func stepping<T>(_ sql: String, _ parameters: [Value], _ body: (PreparedStatement) throws -> T) throws
        -> T
    {
        var statement = PreparedStatement(try cachedStatement(sql: sql))
        // The same query inside one of its own rows needs a statement of its own.
        if statement.isBusy { statement = PreparedStatement(try makeStatement(sql: sql)) }
        defer { statement.reset() }
        try statement.bind(parameters)
        return try body(statement)
    }

    /// Runs one of the few statements that mark a place in a transaction, prepared once.
    func step(_ sql: StaticString) throws {
        try stepping(sql.description, []) { while try $0.step() {} }
    }
}
