/// The seam between the stores, which know SQL, and the engines, which know how to run it.
public import RedressCore

/// A database that runs bodies of synchronous code inside transactions.
///
/// A body cannot be re-entered: it has no way to wait for anything but the connection it was handed.
public protocol Database: Sendable {
    /// Runs `body` on a consistent snapshot that it cannot change.
    ///
    /// - Parameter work: how much it is; what is brief may be spared a change of thread.
    func read<T: Sendable>(
        _ work: Work, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T

    /// Runs `body` in one transaction; returns only after a durable commit, or throws with nothing changed.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// Runs `body` on a copy that may be behind the database, by at most `delay`, where there is such a copy.
    ///
    /// Only for what people read and nothing is decided on. Without a copy, or where it is further behind, this is
    /// `read`.
    func readCopy<T: Sendable>(
        behind delay: Duration, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> Dated<T>

    /// Proves that the file is whole and every reference points at something; returns what is wrong.
    func damage() async throws -> [String]

    /// Writes a whole copy of one moment into a file that is not there yet, beside readers and the writer.
    ///
    /// - Throws: `.refused` where the engine has tools of its own for it.
    func copy(to path: String) async throws

    /// Lets go of the database; later calls throw.
    func close() async throws
}

/// How much a transaction reads.
public enum Work: Sendable {
    /// A few rows of a small table that everybody asks for, so that it is always in memory: less than it takes to wake
    /// another thread.
    case brief
    /// Anything: it must not keep a thread that answers requests.
    case long
}

/// What a copy of the database answered, and which moment it stands for.
public struct Dated<T: Sendable>: Sendable {
    /// The answer.
    public var value: T
    /// Everything that was committed up to then is in it, and possibly nothing since; nil when it came from the
    /// database itself.
    public var asOf: Instant?

    /// Makes an answer.
    public init(_ value: T, asOf: Instant? = nil) {
        self.value = value
        self.asOf = asOf
    }
}

extension Database {
    /// Runs `body`, however long it takes, on a consistent snapshot that it cannot change.
    public func read<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await read(.long, body)
    }

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

    /// Runs a statement whose outcome the next lines do not need: an engine on a wire does not wait for its answer.
    ///
    /// It has run, and has thrown what it throws, at the end of the innermost `nested` part or of the body at the
    /// latest; what follows it meanwhile is undone with it.
    ///
    /// - Parameters:
    ///   - count: how many rows it must change; nil for any number.
    ///   - refusal: what is thrown when it changes another number.
    func send(
        _ sql: SQL, _ parameters: [Value], changing count: Int?, or refusal: @escaping () -> RedressError)
        throws

    /// Says which queries come next, so that an engine on a wire can ask them all at once.
    ///
    /// - Parameter reads: runs them on a connection that answers with no rows, to learn what they are. Their answers
    ///   are those of now, and are forgotten with the next statement that changes a table they name.
    func ahead(_ reads: (any Connection) throws -> Void) throws

    /// Adds many rows to a table; where it names keys, leaves out those whose key is taken and returns their places.
    func load(_ rows: [[Value]], into table: LoadedTable) throws -> [Int]

    /// Runs a query and hands over each row in turn without keeping them.
    func each(_ sql: SQL, _ parameters: [Value], _ body: (Row) throws -> Void) throws

    /// Runs a part of the transaction that may fail on its own: when it throws, only its changes are undone.
    func nested<T>(_ body: () throws -> T) throws -> T
}

/// A table that is filled with many rows at once.
public struct LoadedTable: Sendable {
    /// Its name.
    public let name: String
    /// The columns of a row, in order.
    public let columns: [String]
    /// The columns that name a row; none when no row may be left out.
    public let keys: [String]

    /// Names a table of the schema; only this module knows what there is.
    init(_ name: StaticString, _ columns: [StaticString], keys: [StaticString] = []) {
        self.init(name: name.description, columns: columns.map(\.description), keys: keys.map(\.description))
    }

    init(name: String, columns: [String], keys: [String] = []) {
        self.name = name
        self.columns = columns
        self.keys = keys
    }

    /// The statement that adds one row.
    var insert: SQL {
        let places = (1...columns.count).map { "$\($0)" }.joined(separator: ", ")
        let conflict = keys.isEmpty ? "" : " ON CONFLICT (\(keys.joined(separator: ", "))) DO NOTHING"
        return SQL(
            trusted:
                "INSERT INTO \(name) (\(columns.joined(separator: ", "))) VALUES (\(places))\(conflict)")
    }
}

extension Connection {
    /// An engine in the same process runs it at once.
    public func send(
        _ sql: SQL, _ parameters: [Value], changing count: Int?, or refusal: @escaping () -> RedressError
    ) throws {
        let changed = try run(sql, parameters)
        if let count, count != changed { throw refusal() }
    }

    /// An engine in the same process asks each query when its answer is wanted.
    public func ahead(_ reads: (any Connection) throws -> Void) throws {}

    /// Runs a statement that nobody waits for and that may change any number of rows.
    public func send(_ sql: SQL, _ parameters: [Value]) throws {
        try send(sql, parameters, changing: nil) {
            RedressError(.fault, "A statement was judged that nobody judges.")
        }
    }

    /// An engine in the same process adds them one by one.
    public func load(_ rows: [[Value]], into table: LoadedTable) throws -> [Int] {
        let insert = table.insert
        var leftOut: [Int] = []
        for (place, row) in rows.enumerated() where try run(insert, row) == 0 { leftOut.append(place) }
        return leftOut
    }

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
