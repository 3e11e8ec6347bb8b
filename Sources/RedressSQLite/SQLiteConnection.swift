/// One transaction's connection to SQLite as the seam sees it.
import GRDB
import RedressCore
import RedressStore

struct SQLiteConnection: Connection {
    let database: GRDB.Database
    let now: Instant

    @discardableResult
    func run(_ sql: RedressStore.SQL, _ parameters: [Value]) throws -> Int {
        try translatingErrors {
            try database.stepping(sql.text, parameters) { statement in
                while try statement.step() {}
                return statement.isReadonly ? 0 : database.changesCount
            }
        }
    }

    func each(_ sql: RedressStore.SQL, _ parameters: [Value], _ body: (RedressStore.Row) throws -> Void)
        throws
    {
        try translatingErrors {
            try database.stepping(sql.text, parameters) { statement in
                while try statement.step() { try body(statement.row) }
            }
        }
    }

    func nested<T>(_ body: () throws -> T) throws -> T {
        try translatingErrors { try database.step("SAVEPOINT nested") }
        do {
            let result = try body()
            try translatingErrors { try database.step("RELEASE nested") }
            return result
        } catch {
            if database.isInsideTransaction {
                try translatingErrors {
                    try database.step("ROLLBACK TO nested")
                    try database.step("RELEASE nested")
                }
            }
            throw error
        }
    }
}

/// Runs `body` and turns the engine's errors into ones a person can act on.
func translatingErrors<T>(_ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw translated(error)
    }
}

/// The seam's error for one of SQLite's; extended codes are kept in the particulars.
func translated(_ error: DatabaseError) -> RedressError {
    let details = ["sqlite": "\(error.extendedResultCode.rawValue)"]
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
        return RedressError(.tryAgain, "The database is busy. Try again in a moment.", details: details)
    case .SQLITE_FULL:
        return RedressError(
            .unavailable,
            "The disk is full: nothing was written. Make room and run the same command again.",
            details: details)
    case .SQLITE_READONLY:
        return RedressError(
            .unavailable,
            "The database cannot be written to (read-only). Check the folder's permissions and mount.",
            details: details)
    case .SQLITE_IOERR:
        return RedressError(
            .unavailable,
            "The disk reported an error: nothing was acknowledged. Check the disk, then run `redress check`.",
            details: details)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
        return RedressError(
            .unavailable,
            "The database file is damaged. Stop, and restore it from a backup.",
            details: details)
    case .SQLITE_CANTOPEN:
        return RedressError(.unavailable, "The database file cannot be opened.", details: details)
    case .SQLITE_CONSTRAINT:
        return ConstraintViolation.error(error.message ?? "constraint", details: details)
    default:
        return RedressError(
            .fault, "The database refused a statement: \(error.message ?? "no reason").", details: details)
    }
}
