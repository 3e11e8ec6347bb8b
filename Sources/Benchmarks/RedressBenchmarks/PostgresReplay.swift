/// What a re-seat sent to the server, as a script and a function that pgbench runs, with its parameters in a table.
import RedressCore
import RedressStore
import Synchronization

/// A database that keeps the statements of every transaction, reads too.
final class StatementLog: Database {
    struct Transaction: Sendable {
        var isWrite: Bool
        var statements: [RecordingConnection.Statement]
    }

    private let database: any Database
    private let kept = Mutex<[Transaction]>([])

    init(_ database: any Database) {
        self.database = database
    }

    /// What ran since the last time.
    func take() -> [Transaction] {
        kept.withLock { kept in
            defer { kept = [] }
            return kept
        }
    }

    func read<T: Sendable>(
        _ work: Work, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        let (result, statements) = try await database.read(work) { connection in
            let recording = RecordingConnection(connection)
            return (try body(recording), recording.statements)
        }
        kept.withLock { $0.append(Transaction(isWrite: false, statements: statements)) }
        return result
    }

    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        let (result, statements) = try await database.write { connection in
            let recording = RecordingConnection(connection)
            return (try body(recording), recording.statements)
        }
        kept.withLock { $0.append(Transaction(isWrite: true, statements: statements)) }
        return result
    }

    func readCopy<T: Sendable>(
        behind delay: Duration, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> Dated<T> {
        Dated(try await read(body))
    }

    func damage() async throws -> [String] { try await database.damage() }
    func close() async throws { try await database.close() }
}

/// The traces that run the same statements, as one text with parameters.
struct PostgresReplay {
    /// The parameters that differ, a row a re-seat.
    private(set) var rows: [[Value]]
    private let steps: [Step]
    private let columns: [Column]

    private struct Step {
        var sql: String
        var parameters: [Place]
        var isControl = false
    }

    private enum Place {
        case literal(Value)
        case column(Int)
    }

    private struct Column {
        var type: String
        var isNullable: Bool
    }

    /// How many statements one re-seat sends.
    var statements: Int { steps.count }

    /// Takes the traces whose statements are those of most.
    init(_ traces: [[StatementLog.Transaction]]) {
        let shapes = traces.map {
            $0.map { ($0.isWrite ? "W " : "R ") + $0.statements.map(\.sql).joined(separator: ";") }
        }
        let counted = Dictionary(grouping: shapes.indices) { shapes[$0] }
        let alike = (counted.values.max { $0.count < $1.count } ?? []).map { traces[$0] }
        var steps: [Step] = []
        var known: [[Value]: Int] = [:]
        var found: [[Value]] = []
        for (number, transaction) in (alike.first ?? []).enumerated() {
            steps += Self.beginning(isWrite: transaction.isWrite)
            for (place, statement) in transaction.statements.enumerated() {
                let places = statement.parameters.indices.map { index -> Place in
                    let values = alike.map { $0[number].statements[place].parameters[index] }
                    if Set(values).count == 1, Self.isPlain(values[0]) { return .literal(values[0]) }
                    let column = known[values] ?? found.count
                    if known[values] == nil {
                        known[values] = column
                        found.append(values)
                    }
                    return .column(column)
                }
                steps.append(Step(sql: statement.sql, parameters: places))
            }
            steps.append(Step(sql: "COMMIT", parameters: [], isControl: true))
        }
        self.steps = steps
        rows = alike.indices.map { index in found.map { $0[index] } }
        columns = found.map { values in
            Column(
                type: values.lazy.compactMap(Self.type).first ?? "TEXT",
                isNullable: values.contains(.null))
        }
    }

    /// What the adapter itself sends before the statements of a body.
    private static func beginning(isWrite: Bool) -> [Step] {
        let time = "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)"
        let begin =
            isWrite
            ? ["BEGIN", "SELECT pg_advisory_xact_lock(1, 2)"]
            : ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"]
        return begin.map { Step(sql: $0, parameters: [], isControl: $0.hasPrefix("BEGIN")) }
            + [Step(sql: time, parameters: [])]
    }

    /// The table of parameters and the function, for psql.
    var setUp: String {
        let names = columns.indices.map { "v\($0) \(columns[$0].type)" }.joined(separator: ", ")
        var text = "SET search_path TO redress_desk;\nCREATE TABLE replay (n BIGINT PRIMARY KEY, \(names));\n"
        for (number, row) in rows.enumerated() {
            text +=
                "INSERT INTO replay VALUES (\(number), \(row.map(Self.literal).joined(separator: ", ")));\n"
        }
        text += "CREATE FUNCTION reseat(replay_n BIGINT) RETURNS VOID LANGUAGE plpgsql AS $reseat$\n"
        text += "#variable_conflict use_column\nDECLARE replay_p replay%ROWTYPE; replay_q BIGINT;\nBEGIN\n"
        text += "SELECT * INTO STRICT replay_p FROM replay WHERE n = replay_n;\n"
        for step in steps where !step.isControl {
            var sql = fill(step) { "replay_p.v\($0)" }
            if sql.hasPrefix("SELECT") { sql = "PERFORM" + sql.dropFirst(6) }
            if sql.contains("RETURNING") { sql += " INTO replay_q" }
            text += sql + ";\n"
        }
        return text + "END $reseat$;\nVACUUM ANALYZE replay;\n"
    }

    /// The statements one by one, for pgbench.
    var script: String {
        steps.reduce(into: reading) { text, step in
            let sql = fill(step) { column in
                let name = columns[column].isNullable ? "nullif(:v\(column), '')" : ":v\(column)"
                return "CAST(\(name) AS \(columns[column].type))"
            }
            text += sql.split(separator: "\n").joined(separator: " ") + ";\n"
        }
    }

    /// What pgbench does to have its parameters, and nothing else.
    var reading: String {
        Self.numbering + "SELECT * FROM redress_desk.replay WHERE n = :n \\gset\n"
    }

    /// The one call of the function, for pgbench.
    var call: String { Self.numbering + "SELECT redress_desk.reseat(:n);\n" }

    private static let numbering = "\\set i :i + 1\n\\set n :i * :width + :client_id\n"

    private func fill(_ step: Step, _ column: (Int) -> String) -> String {
        var text = ""
        var rest = step.sql[...]
        while let mark = rest.firstIndex(of: "$") {
            text += rest[..<mark]
            let digits = rest[rest.index(after: mark)...].prefix { $0.isNumber }
            switch step.parameters[(Int(digits) ?? 1) - 1] {
            case .literal(let value): text += Self.literal(value)
            case .column(let index): text += column(index)
            }
            rest = rest[digits.endIndex...]
        }
        return text + rest
    }

    /// Whether pgbench takes the value for what it is in the text of a statement: it reads `:name` even in quotes.
    private static func isPlain(_ value: Value) -> Bool {
        if case .text(let text) = value { return !text.contains(":") && !text.contains("\n") }
        return true
    }

    private static func type(_ value: Value) -> String? {
        switch value {
        case .null: nil
        case .integer: "BIGINT"
        case .real: "DOUBLE PRECISION"
        case .text: "TEXT"
        case .blob: "BYTEA"
        case .boolean: "BOOLEAN"
        }
    }

    private static func literal(_ value: Value) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let number): "CAST(\(number) AS BIGINT)"
        case .real(let number): "CAST(\(number) AS DOUBLE PRECISION)"
        case .text(let text):
            "CAST('\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))' AS TEXT)"
        case .blob(let bytes):
            "CAST('\\x\(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())' AS BYTEA)"
        case .boolean(let flag): flag ? "TRUE" : "FALSE"
        }
    }
}
