/// Every sealed column, so that a new key can take the place of the old one everywhere.
import RedressCore

/// One column of sealed bytes and the columns that name its row.
public struct SealedColumn: Sendable {
    /// `table.column`, for progress.
    public let name: String
    let table: SQL
    let column: SQL
    let keys: SQL
    let isPair: Bool

    private init(_ name: String, _ table: SQL, _ column: SQL, keys: SQL, isPair: Bool = false) {
        self.name = name
        self.table = table
        self.column = column
        self.keys = keys
        self.isPair = isPair
    }

    /// All of them; a test compares them with the schema.
    public static let all: [SealedColumn] = [
        SealedColumn("incident.pass_keys_sealed", "incident", "pass_keys_sealed", keys: "id"),
        SealedColumn("incident.join_key_sealed", "incident", "join_key_sealed", keys: "id"),
        SealedColumn("person.name_sealed", "person", "name_sealed", keys: "incident, person", isPair: true),
        SealedColumn("person.phone_sealed", "person", "phone_sealed", keys: "incident, person", isPair: true),
        SealedColumn(
            "person.birth_date_sealed", "person", "birth_date_sealed", keys: "incident, person", isPair: true),
        SealedColumn(
            "revocation.phone_sealed", "revocation", "phone_sealed", keys: "incident, booking", isPair: true),
        SealedColumn(
            "revocation.text_sealed", "revocation", "text_sealed", keys: "incident, booking", isPair: true),
        SealedColumn("outbox.values_sealed", "outbox", "values_sealed", keys: "id"),
        SealedColumn("code_message.values_sealed", "code_message", "values_sealed", keys: "id"),
        SealedColumn("contact.note_sealed", "contact", "note_sealed", keys: "id"),
        SealedColumn("contact.number_sealed", "contact", "number_sealed", keys: "id"),
        SealedColumn("contact.promise_sealed", "contact", "promise_sealed", keys: "id"),
        SealedColumn("note.text_sealed", "note", "text_sealed", keys: "id"),
        SealedColumn("approval.sentence_sealed", "approval", "sentence_sealed", keys: "id"),
        SealedColumn("decision.sentence_sealed", "decision", "sentence_sealed", keys: "id"),
        SealedColumn("objection.ground_sealed", "objection", "ground_sealed", keys: "id"),
        SealedColumn("representative.name_sealed", "representative", "name_sealed", keys: "id"),
        SealedColumn("representative.phone_sealed", "representative", "phone_sealed", keys: "id"),
        SealedColumn("attachment.name_sealed", "attachment", "name_sealed", keys: "id"),
        SealedColumn("attachment.content_sealed", "attachment", "content_sealed", keys: "id"),
        SealedColumn("request_key.answer_sealed", "request_key", "answer_sealed", keys: "id"),
        SealedColumn("staff_credential.totp_sealed", "staff_credential", "totp_sealed", keys: "staff"),
    ]
}

/// One sealed value and the row it stands in.
public struct SealedValue: Sendable {
    /// The row's key: one part, or two.
    public var key: [String]
    /// The sealed bytes.
    public var sealed: [UInt8]
}

/// Reads and replaces sealed values, in order of their keys.
public struct SealedStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// How many values a column holds.
    public func count(_ column: SealedColumn) throws -> Int {
        try connection.count("SELECT count(*) FROM \(column.table) WHERE \(column.column) IS NOT NULL")
    }

    /// The next values after a key.
    public func values(_ column: SealedColumn, after key: [String], limit: Int) throws -> [SealedValue] {
        let select: SQL = "SELECT \(column.keys), \(column.column) FROM \(column.table)"
        if column.isPair {
            return try connection.all(
                """
                \(select) WHERE (\(column.keys)) > ($1, $2) AND \(column.column) IS NOT NULL
                ORDER BY \(column.keys) LIMIT $3
                """, [key[0].stored, key[1].stored, limit.stored]
            ) { SealedValue(key: [try $0[0], try $0[1]], sealed: try $0[2]) }
        }
        return try connection.all(
            """
            \(select) WHERE \(column.keys) > $1 AND \(column.column) IS NOT NULL
            ORDER BY \(column.keys) LIMIT $2
            """, [key[0].stored, limit.stored]
        ) { SealedValue(key: [try $0[0]], sealed: try $0[1]) }
    }

    /// Puts a value in the place of one; nothing is written when it changed meanwhile.
    public func replace(_ column: SealedColumn, _ value: SealedValue, with sealed: [UInt8]) throws {
        let update: SQL = "UPDATE \(column.table) SET \(column.column) = $1"
        if column.isPair {
            try connection.run(
                "\(update) WHERE (\(column.keys)) = ($2, $3) AND \(column.column) = $4",
                [sealed.stored, value.key[0].stored, value.key[1].stored, value.sealed.stored])
        } else {
            try connection.run(
                "\(update) WHERE \(column.keys) = $2 AND \(column.column) = $3",
                [sealed.stored, value.key[0].stored, value.sealed.stored])
        }
    }

    /// The case a contact's recorded yes or no is sealed for; nil when it is sealed for the contact itself.
    public func caseOfAnswer(_ contact: String) throws -> String? {
        try connection.first(
            "SELECT case_id FROM contact WHERE id = $1 AND subject <> 'contact'", [contact.stored]
        ) { try $0[0] as String? } ?? nil
    }

    /// Writes the keyed hashes of a phone number for a person, a revocation, a contact or a representative.
    public func setPhoneIndex(_ index: [UInt8], of column: SealedColumn, key: [String]) throws {
        switch column.name {
        case "person.phone_sealed":
            try connection.run(
                "UPDATE person SET phone_index = $1 WHERE incident = $2 AND person = $3",
                [index.stored, key[0].stored, key[1].stored])
        case "revocation.phone_sealed":
            try connection.run(
                "UPDATE revocation SET phone_index = $1 WHERE incident = $2 AND booking = $3",
                [index.stored, key[0].stored, key[1].stored])
        case "contact.number_sealed":
            try connection.run(
                "UPDATE contact SET number_index = $1 WHERE id = $2", [index.stored, key[0].stored])
        case "representative.phone_sealed":
            try connection.run(
                "UPDATE representative SET phone_index = $1 WHERE id = $2", [index.stored, key[0].stored])
        default: break
        }
    }

    /// People after a key, to be indexed again.
    public func people(after key: PersonKey, limit: Int) throws -> [PersonKey] {
        try connection.all(
            """
            SELECT incident, person FROM person WHERE (incident, person) > ($1, $2)
            ORDER BY incident, person LIMIT $3
            """, [key.incident.stored, key.person.stored, limit.stored]
        ) { PersonKey(incident: try $0[0], person: try $0[1]) }
    }
}
