/// A database that writes down every statement its transactions run, so that another program can issue the same ones.
import RedressCore
import RedressStore
import Synchronization

/// Passes everything on and keeps the statements of each transaction that was committed.
final class RecordingDatabase: Database {
    private struct Trace {
        var queries: [String: Int] = [:]
        var text: [UInt8] = []
    }

    private let database: any Database
    private let trace = Mutex(Trace())

    init(_ database: any Database) {
        self.database = database
    }

    /// The trace so far, in the form that the peer program reads.
    var text: [UInt8] { trace.withLock(\.text) }

    func read<T: Sendable>(
        _ work: Work, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await database.read(work, body)
    }

    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        let (result, statements) = try await database.write { connection in
            let recording = RecordingConnection(connection)
            let result = try body(recording)
            return (result, recording.statements)
        }
        trace.withLock { trace in
            var body: [UInt8] = Array("B\n".utf8)
            for statement in statements {
                let index: Int
                if let known = trace.queries[statement.sql] {
                    index = known
                } else {
                    index = trace.queries.count
                    trace.queries[statement.sql] = index
                    trace.text += Array("Q \(statement.sql.utf8.count)\n\(statement.sql)\n".utf8)
                }
                body += Array("X \(index) \(statement.parameters.count)\n".utf8)
                for parameter in statement.parameters { body += Self.line(parameter) }
            }
            trace.text += body + Array("C\n".utf8)
        }
        return result
    }

    func readCopy<T: Sendable>(
        behind delay: Duration, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> Dated<T> {
        Dated(try await read(body))
    }

    func damage() async throws -> [String] { try await database.damage() }
    func close() async throws { try await database.close() }

    private static func line(_ value: Value) -> [UInt8] {
        switch value {
        case .null: return Array("n\n".utf8)
        case .integer(let number): return Array("i\(number)\n".utf8)
        case .boolean(let flag): return Array("i\(flag ? 1 : 0)\n".utf8)
        case .real(let number): return Array("r\(number)\n".utf8)
        case .text(let text): return Array("t\(text.utf8.count)\n\(text)\n".utf8)
        case .blob(let bytes):
            let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            return Array("b\(bytes.count)\n\(hex)\n".utf8)
        }
    }
}

/// One transaction's connection that keeps what it is asked.
final class RecordingConnection: Connection {
    struct Statement: Sendable {
        var sql: String
        var parameters: [Value]
    }

    private let connection: any Connection
    private(set) var statements: [Statement] = []

    init(_ connection: any Connection) {
        self.connection = connection
    }

    var now: Instant { connection.now }

    func run(_ sql: SQL, _ parameters: [Value]) throws -> Int {
        statements.append(Statement(sql: sql.text, parameters: parameters))
        return try connection.run(sql, parameters)
    }

    func each(_ sql: SQL, _ parameters: [Value], _ body: (Row) throws -> Void) throws {
        statements.append(Statement(sql: sql.text, parameters: parameters))
        try connection.each(sql, parameters, body)
    }

    func nested<T>(_ body: () throws -> T) throws -> T {
        try connection.nested(body)
    }
}
