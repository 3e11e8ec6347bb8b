/// Pictures and papers that belong to a case; their content stays sealed.
public import RedressCore

/// One attachment without its content.
public struct AttachmentRow: Sendable {
    /// Made by the application.
    public var id: String
    /// The case it belongs to.
    public var caseID: String
    /// The name it came with, sealed.
    public var nameSealed: [UInt8]
    /// Its type, as its bytes say: `image/png`, `image/jpeg`, `application/pdf`.
    public var type: String
    /// Its size in bytes, as kept.
    public var size: Int
    /// Who added it.
    public var actor: String
    /// When.
    public var at: Instant

    /// Makes a row.
    public init(
        id: String, caseID: String, nameSealed: [UInt8], type: String, size: Int, actor: String, at: Instant
    ) {
        self.id = id
        self.caseID = caseID
        self.nameSealed = nameSealed
        self.type = type
        self.size = size
        self.actor = actor
        self.at = at
    }
}

/// Reads and writes attachments.
public struct AttachmentStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds an attachment with its sealed content.
    public func insert(_ row: AttachmentRow, contentSealed: [UInt8]) throws {
        try connection.run(
            """
            INSERT INTO attachment (id, case_id, name_sealed, type, size, content_sealed, actor, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                row.id.stored, row.caseID.stored, row.nameSealed.stored, row.type.stored, row.size.stored,
                contentSealed.stored, row.actor.stored, row.at.stored,
            ])
    }

    /// The attachments of a case, in order.
    public func attachments(of caseID: String) throws -> [AttachmentRow] {
        try connection.all("\(Self.columns) WHERE case_id = $1 ORDER BY at, id", [caseID.stored], Self.row)
    }

    /// The attachment of this id.
    public func find(_ id: String) throws -> AttachmentRow? {
        try connection.first("\(Self.columns) WHERE id = $1", [id.stored], Self.row)
    }

    /// The sealed content of an attachment.
    public func content(_ id: String) throws -> [UInt8]? {
        try connection.first("SELECT content_sealed FROM attachment WHERE id = $1", [id.stored]) { try $0[0] }
    }

    private static let columns: SQL = "SELECT id, case_id, name_sealed, type, size, actor, at FROM attachment"

    private static func row(_ row: Row) throws -> AttachmentRow {
        AttachmentRow(
            id: try row[0], caseID: try row[1], nameSealed: try row[2], type: try row[3], size: try row[4],
            actor: try row[5], at: try row[6])
    }
}
