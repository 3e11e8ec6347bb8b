/// Who works on what: lists, the next case, assignment, escalation before a deadline, and the same act on many cases.
import Crypto
public import RedressCore
public import RedressStore

/// One act done to many cases.
public enum BulkAct: Sendable {
    /// Gives the cases to a member of the staff.
    case assign(String)
    /// Adds a note, shown to the citizen or not.
    case note(String, isShown: Bool)
    /// Tells every person something.
    case notice(String)
}

/// What a bulk act would do, or did.
public struct BulkReport: Sendable, Codable, Equatable {
    /// The cases, by receipt number.
    public var receipts: [String]
    /// What to confirm with; it changes as soon as one of the cases does.
    public var digest: String
    /// Whether it was done.
    public var isDone: Bool
}

/// Hands out work.
public struct WorkDesk: Sendable {
    let desk: Desk
    /// The most cases that one bulk act touches.
    public static let bulkCap = 200
    /// The most rows of a list.
    public static let listLimit = 500
    private static let tries = 20

    /// A list of work, what is due first at the top.
    public func list(_ list: WorkList, by actor: Actor) async throws -> [CaseView] {
        try actor.require(.readCases)
        return try await desk.list("work-list", of: list.rawValue, by: actor) { connection in
            let now = connection.now
            let today = now.date
            let start = Instant(today, TimeOfDay(minutes: 0))
            return try WorkStore(connection).list(
                list, of: actor.name,
                today: start..<Instant(today.adding(days: 1), TimeOfDay(minutes: 0)),
                soon: soon(connection), limit: Self.listLimit
            ).map { CaseView($0, now: now) }
        }
    }

    /// Takes the next case that waits for a human; nil when none does. Two agents never get the same one.
    public func next(by actor: Actor) async throws -> CaseView? {
        try actor.require(.workCases)
        for _ in 0..<Self.tries {
            do {
                return try await desk.database.write { connection in
                    guard var row = try WorkStore(connection).next(for: actor.name) else { return nil }
                    row.assignee = actor.name
                    try CaseStore(connection).update(&row)
                    try CaseEditing(connection, desk).audit("case.take", row, by: actor)
                    return CaseView(row, now: connection.now)
                }
            } catch let error as RedressError where error.code == .tryAgain {
                // Somebody took that one in the same moment: take another.
                continue
            }
        }
        throw RedressError(.tryAgain, "Everybody takes cases at once. Try again.")
    }

    /// Gives a case to a member of the staff, or back to the list when nobody is named.
    public func assign(
        _ receipt: ReceiptNumber, to staff: String?, version: Int? = nil, by actor: Actor
    ) async throws -> CaseView {
        if let staff, staff != actor.name { try actor.require(.decideCases) }
        return try await desk.editCase(receipt, version, by: actor) { editing, row in
            try assign(&row, to: staff, editing, by: actor)
        }
    }

    /// Tells the supervisor of every open case that is about to be late, once each; returns how many there were.
    ///
    /// About to be late is due, or with its appointment, before the end of the next working day.
    public func escalate(by actor: Actor) async throws -> [CaseView] {
        try actor.require(.workCases)
        return try await desk.database.write { connection in
            let late = try WorkStore(connection).toEscalate(
                soon: try soon(connection), limit: Self.listLimit)
            return try late.map { found in
                var row = found
                row.escalatedAt = connection.now
                try CaseStore(connection).update(&row)
                try CaseEditing(connection, desk).audit(
                    "case.escalate", row, by: actor,
                    detail: [
                        "first_deadline": "\(row.firstDeadline)",
                        "which": row.firstDeadline == row.dueAt ? "due date" : "appointment",
                    ])
                return CaseView(row, now: connection.now)
            }
        }
    }

    /// Does one act to many cases: without `confirm` it only shows which; with the shown digest it is done, all or
    /// none.
    public func bulk(
        _ act: BulkAct, _ receipts: [ReceiptNumber], confirm: String? = nil, by actor: Actor
    ) async throws -> BulkReport {
        try actor.require(.decideCases)
        guard (1...Self.bulkCap).contains(receipts.count) else {
            throw RedressError(
                .refused, "A bulk act touches 1 to \(Self.bulkCap) cases, not \(receipts.count). Take fewer.")
        }
        let act = try act.checked()
        return try await desk.database.write { connection in
            let editing = CaseEditing(connection, desk)
            let unique = Set(try receipts.map { try editing.find($0).id }).sorted()
            var rows = try unique.compactMap { try CaseStore(connection).find(id: $0) }
            let text = act.description + rows.map { "\n\($0.receipt) \($0.version)" }.joined()
            var report = BulkReport(
                receipts: rows.map(\.receipt.description).sorted(),
                digest: hexadecimal(SHA256.hash(data: Array(text.utf8)).prefix(8)), isDone: false)
            guard let confirm else { return report }
            guard confirm == report.digest else {
                throw RedressError(
                    .refused,
                    "A case changed since the preview, or it was of another act. Look at the preview again.")
            }
            for index in rows.indices { try perform(act, &rows[index], report.digest, editing, by: actor) }
            report.isDone = true
            return report
        }
    }

    private func perform(
        _ act: BulkAct, _ row: inout Case, _ digest: String, _ editing: CaseEditing, by actor: Actor
    ) throws {
        switch act {
        case .assign(let staff): try assign(&row, to: staff, editing, by: actor)
        case .note(let text, let isShown):
            try NoteDesk.add(text, isShown: isShown, to: &row, editing, by: actor)
        case .notice(let text):
            try editing.tell(row, "message", mark: digest, ["text": text])
            try CaseStore(editing.connection).update(&row)
            try editing.audit("case.notice", row, by: actor, detail: ["bulk": digest])
        }
    }

    private func assign(
        _ row: inout Case, to staff: String?, _ editing: CaseEditing, by actor: Actor
    ) throws {
        if let staff {
            let role = try StaffStore(editing.connection).role(of: staff)
            guard staff == actor.name || role?.permissions.contains(.workCases) == true else {
                throw RedressError(
                    .notFound, "There is no member of the staff named \(staff) who works on cases.")
            }
            try editing.requireFreshEyes(Actor(name: staff, role: role ?? actor.role), row)
        }
        row.assignee = staff
        try CaseStore(editing.connection).update(&row)
        try editing.audit("case.assign", row, by: actor, detail: ["to": staff ?? "nobody"])
    }

    private func soon(_ connection: any Connection) throws -> Instant {
        try ClockStore(connection).calendar(desk.calendar).endOfWorkingDay(1, after: connection.now)
    }
}

extension BulkAct {
    fileprivate func checked() throws -> BulkAct {
        switch self {
        case .assign: self
        case .note(let text, let isShown):
            .note(try FreeText(text, field: "The note").text, isShown: isShown)
        case .notice(let text): .notice(try FreeText(text, field: "The notice").text)
        }
    }

    fileprivate var description: String {
        switch self {
        case .assign(let staff): "assign \(staff)"
        case .note(let text, let isShown): "note \(isShown) \(text)"
        case .notice(let text): "notice \(text)"
        }
    }
}

extension Desk {
    /// Lists of work and who takes what.
    public var work: WorkDesk { WorkDesk(desk: self) }
}
