/// The audit trail: an append-only chain in which every row carries the hash of the one before it.
import Crypto
public import RedressCore

/// One thing that somebody did.
public struct AuditRow: Sendable, Equatable {
    /// Its place in the chain, from 1.
    public var seq: Int
    /// When.
    public var at: Instant
    /// Who.
    public var actor: String
    /// What was done, as `noun.verb`.
    public var action: String
    /// What it was done to: a receipt number, a slot, an incident.
    public var subject: String
    /// Particulars, `key=value` a line; never personal data.
    public var detail: String
    /// The hash of the row before; 32 zero bytes for the first.
    public var previous: [UInt8]
    /// SHA-256 over the previous hash and every field above.
    public var hash: [UInt8]

    /// What the hash must be for these fields.
    ///
    /// Every field is preceded by its length in bytes, so that no two rows share one text.
    public var expectedHash: [UInt8] {
        var hasher = SHA256()
        hasher.update(data: previous)
        for field in ["\(seq)", "\(at.milliseconds)", actor, action, subject, detail] {
            hasher.update(data: Array("\(field.utf8.count):\(field)".utf8))
        }
        return Array(hasher.finalize())
    }
}

/// Reads and writes the audit trail.
public struct AuditStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The hash before the first row.
    public static let genesis = [UInt8](repeating: 0, count: 32)

    /// Adds a row to the end of the chain.
    ///
    /// - Parameter detail: names and values of what matters; sorted by name when stored.
    @discardableResult
    public func append(
        _ action: String, subject: String, by actor: Actor, detail: [String: String] = [:]
    ) throws -> AuditRow {
        let last = try head()
        let lines = detail.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var row = AuditRow(
            seq: (last?.seq ?? 0) + 1, at: connection.now, actor: actor.name, action: action,
            subject: subject, detail: lines.joined(separator: "\n"), previous: last?.hash ?? Self.genesis,
            hash: [])
        row.hash = row.expectedHash
        try connection.send(
            """
            INSERT INTO audit (seq, at, actor, action, subject, detail, previous, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                row.seq.stored, row.at.stored, row.actor.stored, row.action.stored, row.subject.stored,
                row.detail.stored, row.previous.stored, row.hash.stored,
            ])
        return row
    }

    /// The last row; nil when nothing was ever done.
    public func head() throws -> AuditRow? {
        try connection.first("\(Self.columns) ORDER BY seq DESC LIMIT 1", [], Self.row)
    }

    /// The row at a place of the chain.
    public func row(_ seq: Int) throws -> AuditRow? {
        try connection.first("\(Self.columns) WHERE seq = $1", [seq.stored], Self.row)
    }

    /// Hands over every row in order.
    public func each(_ body: (AuditRow) throws -> Void) throws {
        try connection.each("\(Self.columns) ORDER BY seq", []) { try body(try Self.row($0)) }
    }

    /// The rows about a subject after a place of the chain, in order.
    public func rows(of subject: String, after seq: Int) throws -> [AuditRow] {
        try connection.all(
            "\(Self.columns) WHERE subject = $1 AND seq > $2 ORDER BY seq", [subject.stored, seq.stored],
            Self.row)
    }

    /// Everything that gave or took rights: staff, roles, invitations, resets, tokens; in order.
    public func grants() throws -> [AuditRow] {
        try connection.all(
            "\(Self.columns) WHERE action LIKE 'staff.%' OR action LIKE 'token.%' ORDER BY seq", [], Self.row)
    }

    /// The subjects of one kind of act in `[from, to)`, each once, in order.
    public func subjects(of action: String, from: Instant, to: Instant) throws -> [String] {
        try connection.all(
            "SELECT DISTINCT subject FROM audit WHERE action = $1 AND at >= $2 AND at < $3 ORDER BY subject",
            [action.stored, from.stored, to.stored]
        ) { try $0[0] }
    }

    /// The last rows, the newest first; only those of `subject` when it is named.
    public func latest(_ limit: Int, subject: String? = nil) throws -> [AuditRow] {
        guard let subject else {
            return try connection.all("\(Self.columns) ORDER BY seq DESC LIMIT $1", [limit.stored], Self.row)
        }
        return try connection.all(
            "\(Self.columns) WHERE subject = $1 ORDER BY seq DESC LIMIT $2", [subject.stored, limit.stored],
            Self.row)
    }

    private static let columns: SQL = """
        SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit
        """

    private static func row(_ row: Row) throws -> AuditRow {
        AuditRow(
            seq: try row[0], at: try row[1], actor: try row[2], action: try row[3], subject: try row[4],
            detail: try row[5], previous: try row[6], hash: try row[7])
    }
}
