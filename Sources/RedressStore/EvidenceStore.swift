/// Facts distilled from logs, the files they came from, and the lines that could not be read.
import RedressCore

/// One log file, and how far it was read.
public struct LogFileRow: Sendable {
    /// SHA-256 of the file's bytes on disk, in hex.
    public var sha256: String
    /// The first eight bytes of it, by which citations name the file.
    public var tag: Int64
    /// `queue`, `booking`, `web` or `sms`.
    public var log: String
    /// Where it was.
    public var path: String
    /// Lines read.
    public var lines = 0
    /// Lines that made sense.
    public var parsed = 0
    /// Lines that did not.
    public var quarantined = 0
    /// Bytes read, after decompression.
    public var bytes = 0
    /// How far it was read, in decompressed bytes.
    public var offset = 0
    /// Whether the file was read to its end.
    public var isFinished = false

    /// Makes the row of a file nothing was read from yet.
    public init(sha256: String, tag: Int64, log: String, path: String) {
        self.sha256 = sha256
        self.tag = tag
        self.log = log
        self.path = path
    }
}

/// Which state of an incident's evidence was read: it changes with every batch of facts that comes in.
public struct EvidenceVersion: Hashable, Sendable {
    let files: Int
    let lines: Int
    let offset: Int
    let readAt: Int
}

/// Reads and writes the evidence database.
public struct EvidenceStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The file with this digest, if it was read before.
    public func file(sha256: String, incident: String) throws -> LogFileRow? {
        try connection.first(
            "\(Self.fileColumns) WHERE incident = $1 AND sha256 = $2", [incident.stored, sha256.stored],
            Self.fileRow)
    }

    /// Every file that was read for an incident.
    public func files(incident: String) throws -> [LogFileRow] {
        try connection.all(
            "\(Self.fileColumns) WHERE incident = $1 ORDER BY log, path, sha256", [incident.stored],
            Self.fileRow)
    }

    /// The state of an incident's evidence; facts only come in with the row of the file they are from.
    public func version(incident: String) throws -> EvidenceVersion {
        let found = try connection.first(
            """
            SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(byte_offset), 0), coalesce(max(read_at), 0)
            FROM log_file WHERE incident = $1
            """, [incident.stored]
        ) { EvidenceVersion(files: try $0[0], lines: try $0[1], offset: try $0[2], readAt: try $0[3]) }
        return found ?? EvidenceVersion(files: 0, lines: 0, offset: 0, readAt: 0)
    }

    /// Writes how far a file was read.
    public func upsert(_ file: LogFileRow, incident: String) throws {
        try connection.run(
            """
            INSERT INTO log_file (incident, sha256, tag, log, path, lines, parsed, quarantined, bytes,
                byte_offset, finished, read_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (incident, sha256) DO UPDATE SET path = excluded.path, lines = excluded.lines,
                parsed = excluded.parsed, quarantined = excluded.quarantined, bytes = excluded.bytes,
                byte_offset = excluded.byte_offset, finished = excluded.finished, read_at = excluded.read_at
            """,
            [
                incident.stored, file.sha256.stored, file.tag.stored, file.log.stored, file.path.stored,
                file.lines.stored, file.parsed.stored, file.quarantined.stored, file.bytes.stored,
                file.offset.stored, file.isFinished.stored, connection.now.stored,
            ])
    }

    /// The payload of one fact.
    public func payload(kind: Int, hash: [UInt8], incident: String) throws -> [UInt8]? {
        try connection.first(
            "SELECT payload FROM fact WHERE incident = $1 AND kind = $2 AND hash = $3",
            [incident.stored, kind.stored, hash.stored]
        ) { try $0[0] }
    }

    /// Hands over the facts of a kind that have these hashes, each with the place of its hash, in no order; what
    /// there is none of is left out.
    public func each(
        kind: Int, hashes: [[UInt8]], incident: String,
        _ body: (_ place: Int, _ payload: [UInt8]) throws -> Void
    ) throws {
        for start in stride(from: 0, to: hashes.count, by: Self.together) {
            let part = hashes[start..<min(start + Self.together, hashes.count)]
            guard part.count > 2 else {
                for (place, hash) in part.enumerated() {
                    if let found = try payload(kind: kind, hash: hash, incident: incident) {
                        try body(start + place, found)
                    }
                }
                continue
            }
            // One statement for every size: nothing equals the null in the places left over, so none is looked for.
            var asked: [Value] = []
            asked.reserveCapacity(Self.together + 2)
            for hash in part { asked.append(hash.stored) }
            for _ in part.count..<Self.together { asked.append(.null) }
            asked.append(incident.stored)
            asked.append(kind.stored)
            try connection.each(Self.severalFacts, asked) {
                try body(start + (try $0[0] as Int), try $0[1])
            }
        }
    }

    /// Facts asked for in one statement.
    private static let together = 24

    /// Each hash is looked for by itself: a list behind IN would be made into a table first.
    private static let severalFacts: SQL = """
        WITH asked (place, hash) AS (VALUES
            (0, $1), (1, $2), (2, $3), (3, $4), (4, $5), (5, $6), (6, $7), (7, $8),
            (8, $9), (9, $10), (10, $11), (11, $12), (12, $13), (13, $14), (14, $15), (15, $16),
            (16, $17), (17, $18), (18, $19), (19, $20), (20, $21), (21, $22), (22, $23), (23, $24))
        SELECT asked.place, fact.payload FROM asked
        CROSS JOIN fact WHERE fact.incident = $25 AND fact.kind = $26 AND fact.hash = asked.hash
        """

    /// Hands over the facts of a kind ordered by hash: the first `limit`, or every one.
    public func each(
        kind: Int, incident: String, limit: Int? = nil, _ body: ([UInt8], [UInt8]) throws -> Void
    ) throws {
        try connection.each(
            """
            SELECT hash, payload FROM fact WHERE incident = $1 AND kind = $2 ORDER BY hash LIMIT $3
            """, [incident.stored, kind.stored, (limit ?? Int.max).stored]
        ) { try body(try $0[0], try $0[1]) }
    }

    /// Adds facts of a batch, or joins each to the one there is; `merge` takes the stored payload and then
    /// the new one.
    ///
    /// Most facts of a batch are new, so all are tried first, in bulk, and only those whose place is taken are read.
    public func put(
        _ facts: [(kind: Int, hash: [UInt8], payload: [UInt8])], incident: String,
        merge: (_ held: [UInt8], _ new: [UInt8]) throws -> [UInt8]
    ) throws {
        let rows = facts.map { [incident.stored, $0.kind.stored, $0.hash.stored, $0.payload.stored] }
        for place in try connection.load(rows, into: Self.facts) {
            let new = facts[place]
            guard let held = try payload(kind: new.kind, hash: new.hash, incident: incident) else { continue }
            try connection.send(
                "UPDATE fact SET payload = $1 WHERE incident = $2 AND kind = $3 AND hash = $4",
                [
                    try merge(held, new.payload).stored, incident.stored, new.kind.stored,
                    new.hash.stored,
                ])
        }
    }

    private static let facts = LoadedTable(
        "fact", ["incident", "kind", "hash", "payload"], keys: ["incident", "kind", "hash"])

    /// Keeps the places and the reasons of lines that could not be read; never their text.
    public func quarantine(
        _ lines: [(line: Int, offset: Int, length: Int, reason: String)], sha256: String, incident: String
    ) throws {
        let rows = lines.map {
            [
                incident.stored, sha256.stored, $0.line.stored, $0.offset.stored, $0.length.stored,
                $0.reason.stored,
            ]
        }
        _ = try connection.load(rows, into: Self.quarantined)
    }

    private static let quarantined = LoadedTable(
        "quarantined_line", ["incident", "sha256", "line", "byte_offset", "length", "reason"],
        keys: ["incident", "sha256", "line"])

    /// Every line of an incident that could not be read, by file and line.
    public func quarantined(
        incident: String
    ) throws -> [(path: String, line: Int, offset: Int, length: Int, reason: String)] {
        try connection.all(
            """
            SELECT path, line, quarantined_line.byte_offset, length, reason
            FROM quarantined_line JOIN log_file ON log_file.incident = quarantined_line.incident
                AND log_file.sha256 = quarantined_line.sha256
            WHERE quarantined_line.incident = $1 ORDER BY path, line
            """, [incident.stored]
        ) { (path: try $0[0], line: try $0[1], offset: try $0[2], length: try $0[3], reason: try $0[4]) }
    }

    private static let fileColumns: SQL = """
        SELECT sha256, tag, log, path, lines, parsed, quarantined, bytes, byte_offset, finished FROM log_file
        """

    private static func fileRow(_ row: Row) throws -> LogFileRow {
        var file = LogFileRow(sha256: try row[0], tag: try row[1], log: try row[2], path: try row[3])
        file.lines = try row[4]
        file.parsed = try row[5]
        file.quarantined = try row[6]
        file.bytes = try row[7]
        file.offset = try row[8]
        file.isFinished = try row[9]
        return file
    }
}
