/// What staff write down about a case, for each other or for the citizen, and answers saved to be used again.
public import RedressCore
public import RedressStore

/// Writes notes and saved answers.
public struct NoteDesk: Sendable {
    let desk: Desk

    /// Adds a note to a case.
    ///
    /// - Parameter isShown: whether the citizen sees it too.
    public func add(
        _ text: String, isShown: Bool, to receipt: ReceiptNumber, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        let text = try FreeText(text, field: "The note").text
        return try await desk.editCase(receipt, version, by: actor) { editing, row in
            try Self.add(text, isShown: isShown, to: &row, editing, by: actor)
        }
    }

    /// A saved answer with the case's own number and dates put in.
    public func fill(_ name: String, for receipt: ReceiptNumber, by actor: Actor) async throws -> String {
        try actor.require(.workCases)
        return try await desk.list("answer", of: receipt.description, by: actor) { connection in
            let row = try RestoreDesk.find(receipt, connection)
            guard let answer = try NoteStore(connection).answers().first(where: { $0.name == name }) else {
                throw RedressError(
                    .notFound, "There is no saved answer named \(name). See `redress answer list`.")
            }
            return answer.text.replacing("{receipt}", with: row.receipt.description)
                .replacing("{date}", with: connection.now.date.description)
                .replacing("{due}", with: row.dueAt.date.description)
        }
    }

    /// Saves an answer, or replaces the one of that name.
    public func save(_ name: String, _ text: String, by actor: Actor) async throws {
        try actor.require(.decideCases)
        let kept = SavedAnswer(name: name, text: try FreeText(text, field: "The answer").text)
        guard (1...64).contains(kept.name.count), !kept.name.contains(where: \.isNewline) else {
            throw RedressError(.badData, "The name of a saved answer has 1 to 64 characters.")
        }
        try await desk.database.write { connection in
            try NoteStore(connection).save(kept, by: actor)
            try AuditStore(connection).append("answer.save", subject: kept.name, by: actor)
        }
    }

    /// Every saved answer, by name.
    public func answers(by actor: Actor) async throws -> [SavedAnswer] {
        try actor.require(.readCases)
        return try await desk.database.read { try NoteStore($0).answers() }
    }

    static func add(
        _ text: String, isShown: Bool, to row: inout Case, _ editing: CaseEditing, by actor: Actor
    ) throws {
        let id = Identifier.make(at: editing.connection.now)
        try NoteStore(editing.connection).insert(
            id: id, caseID: row.id, isShown: isShown,
            textSealed: try editing.desk.keys.seal(text, for: PersonalData.note(id)), by: actor)
        try CaseStore(editing.connection).update(&row)
        try editing.audit("case.note", row, by: actor, detail: ["shown": "\(isShown)", "note": id])
    }
}

extension Desk {
    /// Notes and saved answers.
    public var notes: NoteDesk { NoteDesk(desk: self) }
}
