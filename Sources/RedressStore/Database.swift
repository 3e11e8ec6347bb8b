/// The seam between the stores, which know SQL, and the engines, which know how to run it.
public import RedressCore

/// A database that runs bodies of synchronous code inside transactions.
///
/// A body cannot be re-entered: it has no way to wait for anything but the connection it was handed.
public protocol Database: Sendable {
    /// Runs `body` on a consistent snapshot that it cannot change.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// Runs `body` in one transaction; returns only after a durable commit, or throws with nothing changed.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// Proves that the file is whole and every reference points at something; returns what is wrong.
    func damage() async throws -> [String]

    /// Writes a whole copy of one moment into a file that is not there yet, beside readers and the writer.
    ///
    /// - Throws: `.refused` where the engine has tools of its own for it.
    func copy(to path: String) async throws

    /// Lets go of the database; later calls throw.
    func close() async throws
}

extension Database {
    /// An engine that is a server of its own is copied by its own tools.
    public func copy(to path: String) async throws {
        throw RedressError(
            .refused,
            "This database is a server of its own: back it up with the server's tools (pg_basebackup).")
    }
}

/// One transaction's way to the database.
public protocol Connection {
    /// The time of this transaction: read once, by the store's clock, and the same throughout.
    var now: Instant { get }

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    func run(_ sql: SQL, _ parameters: [Value]) throws -> Int

    /// Runs a query and hands over each row in turn without keeping them.
    func each(_ sql: SQL, _ parameters: [Value], _ body: (Row) throws -> Void) throws

    /// Runs a part of the transaction that may fail on its own: when it throws, only its changes are undone.
    func nested<T>(_ body: () throws -> T) throws -> T
}

extension Connection {
    /// Runs a statement without parameters and returns how many rows it changed.
    @discardableResult
    public func run(_ sql: SQL) throws -> Int {
        try run(sql, [])
    }

    /// Every row of a query, each made into a value.
    public func all<T>(_ sql: SQL, _ parameters: [Value] = [], _ make: (Row) throws -> T) throws -> [T] {
        var found: [T] = []
        try each(sql, parameters) { found.append(try make($0)) }
        return found
    }

    /// The first row of a query made into a value; nil when there is none.
    public func first<T>(_ sql: SQL, _ parameters: [Value] = [], _ make: (Row) throws -> T) throws -> T? {
        var found: T?
        try each(sql, parameters) { row in
            if found == nil { found = try make(row) }
        }
        return found
    }

    /// The whole number a counting query answers with.
    public func count(_ sql: SQL, _ parameters: [Value] = []) throws -> Int {
        try first(sql, parameters) { try $0[0] } ?? 0
    }
}

/// SQL text that can only come from source code: it is made of literals and of other `SQL`, never of data.
public struct SQL: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// The text, in the subset common to SQLite and PostgreSQL, parameters `$1 … $n` in ascending order.
    public let text: String

    /// Takes a literal from the source.
    public init(stringLiteral value: StaticString) {
        text = value.description
    }

    /// Takes text that was put together from the schema's own statements, inside this module only.
    init(trusted text: String) {
        self.text = text
    }

    /// Joins literals with other pieces of `SQL`.
    public init(stringInterpolation: Interpolation) {
        text = stringInterpolation.text
    }

    /// Collects the pieces; only `SQL` can be put into `SQL`.
    public struct Interpolation: StringInterpolationProtocol {
        var text = ""

        /// Starts an empty text.
        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity)
        }

        /// Adds a piece of the source literal.
        public mutating func appendLiteral(_ literal: StaticString) {
            text += literal.description
        }

        /// Adds another piece of SQL.
        public mutating func appendInterpolation(_ sql: SQL) {
            text += sql.text
        }
    }
}
