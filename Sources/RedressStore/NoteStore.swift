/// Notes on cases, answers saved to be used again, and links between cases.
public import RedressCore

/// One note.
public struct NoteRow: Sendable {
    /// Made by the application.
    public var id: String
    /// Whether the citizen sees it.
    public var isShown: Bool
    /// What it says, sealed.
    public var textSealed: [UInt8]
    /// Who wrote it.
    public var actor: String
    /// When.
    public var at: Instant
}

/// A text saved to be used again.
public struct SavedAnswer: Sendable, Codable {
    /// What it is called.
    public var name: String
    /// What it says; `{receipt}`, `{date}` and `{due}` stand for the case's own.
    public var text: String

    /// Makes an answer.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// Reads and writes notes, saved answers and links.
public struct NoteStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds a note.
    public func insert(id: String, caseID: String, isShown: Bool, textSealed: [UInt8], by actor: Actor) throws
    {
        try connection.run(
            """
            INSERT INTO note (id, case_id, shown_to_citizen, text_sealed, actor, at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                id.stored, caseID.stored, isShown.stored, textSealed.stored, actor.name.stored,
                connection.now.stored,
            ])
    }

    /// The notes of a case, in order.
    public func notes(of caseID: String) throws -> [NoteRow] {
        try connection.all(
            """
            SELECT id, shown_to_citizen, text_sealed, actor, at FROM note WHERE case_id = $1 ORDER BY at, id
            """, [caseID.stored]
        ) {
            NoteRow(
                id: try $0[0], isShown: try $0[1], textSealed: try $0[2], actor: try $0[3], at: try $0[4])
        }
    }

    /// Saves an answer, or replaces the one of that name.
    public func save(_ answer: SavedAnswer, by actor: Actor) throws {
        try connection.run(
            """
            INSERT INTO saved_answer (name, text, actor, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (name) DO UPDATE SET text = excluded.text, actor = excluded.actor, at = excluded.at
            """, [answer.name.stored, answer.text.stored, actor.name.stored, connection.now.stored])
    }

    /// Every saved answer, by name.
    public func answers() throws -> [SavedAnswer] {
        try connection.all("SELECT name, text FROM saved_answer ORDER BY name") {
            SavedAnswer(name: try $0[0], text: try $0[1])
        }
    }

    /// Links two cases, whichever is named first; false when they are linked already.
    public func link(_ one: String, _ other: String, reason: String, by actor: Actor) throws -> Bool {
        try connection.run(
            """
            INSERT INTO case_link (first_case, second_case, reason, actor, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (first_case, second_case) DO NOTHING
            """,
            [
                min(one, other).stored, max(one, other).stored, reason.stored, actor.name.stored,
                connection.now.stored,
            ]) == 1
    }

    /// Receipt numbers linked with a case, and why.
    public func links(of caseID: String) throws -> [(receipt: String, reason: String)] {
        // From the few links to their cases, one side at a time: together the engine walks over every case.
        let sides: [SQL] = [
            """
            SELECT receipt, reason FROM case_link CROSS JOIN grievance_case AS c
            WHERE first_case = $1 AND c.id = second_case
            """,
            """
            SELECT receipt, reason FROM case_link CROSS JOIN grievance_case AS c
            WHERE second_case = $1 AND c.id = first_case
            """,
        ]
        return try sides.flatMap { side in
            try connection.all(side, [caseID.stored]) {
                (receipt: try $0[0] as String, reason: try $0[1] as String)
            }
        }.sorted { $0.receipt < $1.receipt }
    }
}
