/// Moves a whole database to another engine, and proves that what arrived is what was there.
import Crypto
import RedressCore

/// How much one table holds, and a digest of it that does not depend on the order of its rows.
public struct TableDigest: Sendable, Codable, Equatable {
    /// The table.
    public var table: String
    /// How many rows it has.
    public var rows: Int
    /// The sum of every row's SHA-256, in hex.
    public var digest: String
}

/// A table as the schema's migrations make it.
struct CopiedTable: Sendable {
    let name: String
    var columns: [Column] = []

    struct Column: Sendable {
        let name: String
        let isBoolean: Bool
    }

    var select: SQL { SQL(trusted: "SELECT \(columns.map(\.name).joined(separator: ", ")) FROM \(name)") }

    var insert: SQL {
        let names = columns.map(\.name).joined(separator: ", ")
        let places = (1...columns.count).map { "$\($0)" }.joined(separator: ", ")
        return SQL(trusted: "INSERT INTO \(name) (\(names)) VALUES (\(places))")
    }

    /// The row with truth as truth: the embedded engine answers with 0 and 1.
    func values(_ row: Row) -> [Value] {
        zip(row.values, columns).map { value, column in
            if column.isBoolean, case .integer(let number) = value { .boolean(number != 0) } else { value }
        }
    }
}

extension Schema {
    /// Every table in the order in which the migrations make them: what a row refers to comes before it.
    var tables: [CopiedTable] {
        var tables: [CopiedTable] = []
        for sql in migrations.flatMap(\.statements) {
            let words = sql.text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
            if sql.text.hasPrefix("CREATE TABLE "), words.count > 2, let start = sql.text.firstIndex(of: "(")
            {
                let body = sql.text[sql.text.index(after: start)...].dropLast()
                let name = String(words[2].prefix { $0 != "(" })
                tables.append(CopiedTable(name: name, columns: Self.columns(body)))
            } else if sql.text.hasPrefix("ALTER TABLE "), words.count > 6, words[3] == "ADD",
                let index = tables.firstIndex(where: { $0.name == words[2] })
            {
                tables[index].columns.append(.init(name: words[5], isBoolean: words[6] == "BOOLEAN"))
            } else if sql.text.hasPrefix("ALTER TABLE "), words.count > 5, words[3] == "DROP",
                let index = tables.firstIndex(where: { $0.name == words[2] })
            {
                tables[index].columns.removeAll { $0.name == words[5] }
            } else if sql.text.hasPrefix("DROP TABLE "), words.count > 2 {
                tables.removeAll { $0.name == words[2] }
            }
        }
        return tables
    }

    private static func columns(_ body: Substring) -> [CopiedTable.Column] {
        var depth = 0
        var pieces = [""]
        for character in body {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        return pieces.compactMap { piece in
            let words = piece.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "(" })
            guard words.count > 1, words[0].first?.isLowercase == true else { return nil }
            return .init(name: String(words[0]), isBoolean: words[1] == "BOOLEAN")
        }
    }
}

/// Copies every row of a schema from one database to another that has none yet.
public struct DatabaseCopy: Sendable {
    private let schema: Schema
    private let source: any Database
    private let target: any Database

    /// Names what is copied; both databases are at the schema's newest version.
    public init(_ schema: Schema, from source: any Database, to target: any Database) {
        self.schema = schema
        self.source = source
        self.target = target
    }

    /// Copies everything and compares counts and digests of every table.
    ///
    /// - Parameter rowsTogether: how many rows are committed at once.
    /// - Returns: what each table holds, the same on both sides.
    /// - Throws: `.refused` when the target holds rows already; `.fault` when what arrived is not what was there.
    public func run(rowsTogether: Int = 2000) async throws -> [TableDigest] {
        for table in try await digests(of: target) where table.rows > 0 {
            throw RedressError(
                .refused,
                "The database to move to holds \(table.rows) rows in \(table.table) already; nothing was changed. Use an empty one."
            )
        }
        for table in schema.tables {
            let rows = try await source.read { connection in
                try connection.all(table.select) { table.values($0) }
            }
            for start in stride(from: 0, to: rows.count, by: rowsTogether) {
                let part = rows[start..<min(start + rowsTogether, rows.count)]
                try await target.write { connection in
                    for row in part { try connection.run(table.insert, row) }
                }
            }
        }
        let before = try await digests(of: source)
        let after = try await digests(of: target)
        for (old, new) in zip(before, after) where old != new {
            throw RedressError(
                .fault,
                """
                The table \(old.table) did not arrive as it was (\(old.rows) rows, \(new.rows) arrived). Was the \
                installation in use? Stop it, make the target empty, and move again.
                """)
        }
        return after
    }

    private func digests(of database: any Database) async throws -> [TableDigest] {
        let tables = schema.tables
        return try await database.read { connection in
            try tables.map { table in
                var rows = 0
                var sum: [UInt64] = [0, 0, 0, 0]
                try connection.each(table.select, []) { row in
                    rows += 1
                    for (index, word) in Self.hash(table.values(row)).enumerated() { sum[index] &+= word }
                }
                let hex = sum.map { word in
                    let text = String(word, radix: 16)
                    return String(repeating: "0", count: 16 - text.count) + text
                }
                return TableDigest(table: table.name, rows: rows, digest: hex.joined())
            }
        }
    }

    private static func hash(_ values: [Value]) -> [UInt64] {
        var hasher = SHA256()
        for value in values {
            let (kind, bytes): (String, [UInt8]) =
                switch value {
                case .null: ("n", [])
                case .integer(let number): ("i", Array("\(number)".utf8))
                case .real(let number): ("r", Array("\(number.bitPattern)".utf8))
                case .text(let text): ("t", Array(text.utf8))
                case .blob(let bytes): ("b", bytes)
                case .boolean(let flag): ("f", [flag ? 1 : 0])
                }
            hasher.update(data: Array("\(kind)\(bytes.count):".utf8) + bytes)
        }
        let digest = Array(hasher.finalize())
        return (0..<4).map { part in digest[part * 8..<part * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
    }
}
