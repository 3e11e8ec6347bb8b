/// Screenshots and papers that belong to a case: sniffed, capped, stripped of metadata, kept sealed.
public import RedressCore
import RedressStore

/// One attachment in a list.
public struct AttachmentView: Sendable, Codable {
    /// Its id.
    public var id: String
    /// The name it came with.
    public var name: String
    /// Its type, by its bytes.
    public var type: String
    /// Its size as kept, in bytes.
    public var size: Int
    /// Who added it.
    public var actor: String
    /// When, RFC 3339.
    public var at: String
}

/// Keeps attachments.
public struct AttachmentDesk: Sendable {
    let desk: Desk
    /// The most files a case has.
    static let mostFiles = 50

    /// Adds a file to a case.
    public func add(
        _ bytes: [UInt8], name: String, to receipt: ReceiptNumber, by actor: Actor
    ) async throws -> AttachmentView {
        try actor.require(.workCases)
        let file = try AttachmentBytes(bytes)
        let name = try FreeText(name.prefix(200), field: "The file's name").text
        return try await desk.database.write { connection in
            let editing = CaseEditing(connection, desk)
            let row = try editing.find(receipt)
            let store = AttachmentStore(connection)
            guard try store.attachments(of: row.id).count < Self.mostFiles else {
                throw RedressError(.refused, "Case \(row.receipt) has \(Self.mostFiles) attachments already.")
            }
            let id = Identifier.make(at: connection.now)
            let made = AttachmentRow(
                id: id, caseID: row.id,
                nameSealed: try desk.keys.seal(name, for: PersonalData.attachmentName(id)),
                type: file.kind.rawValue, size: file.bytes.count, actor: actor.name, at: connection.now)
            try store.insert(
                made,
                contentSealed: try desk.keys.seal(file.bytes, for: PersonalData.attachmentContent(id)))
            try editing.audit(
                "attachment.add", row, by: actor,
                detail: ["attachment": id, "type": file.kind.rawValue, "size": "\(file.bytes.count)"])
            return try view(made)
        }
    }

    /// The attachments of a case.
    public func list(of receipt: ReceiptNumber, by actor: Actor, origin: String) async throws
        -> [AttachmentView]
    {
        try actor.require(.readCases)
        return try await desk.database.write { connection in
            let row = try RestoreDesk.find(receipt, connection)
            try StaffStore(connection).logAccess(
                by: actor, subject: row.receipt.description, what: "attachments", origin: origin,
                reason: "list")
            return try AttachmentStore(connection).attachments(of: row.id).map(view)
        }
    }

    /// The content of an attachment, always to be saved and never to be shown inline; the reason is recorded.
    public func download(_ id: String, reason: String, by actor: Actor, origin: String) async throws
        -> (view: AttachmentView, bytes: [UInt8])
    {
        try actor.require(.unmask)
        let reason = try FreeText(reason, field: "The reason").text
        return try await desk.database.write { connection in
            let store = AttachmentStore(connection)
            guard let row = try store.find(id), let sealed = try store.content(id),
                let owner = try CaseStore(connection).find(id: row.caseID)
            else { throw RedressError(.notFound, "There is no attachment \(id).") }
            try StaffStore(connection).logAccess(
                by: actor, subject: owner.receipt.description, what: "download", origin: origin,
                reason: reason)
            return (try view(row), try desk.keys.bytes(sealed, for: PersonalData.attachmentContent(id)))
        }
    }

    /// The attachment of a case that has the same content, so that a form sent twice adds it once.
    func same(_ bytes: [UInt8], in receipt: ReceiptNumber) async throws -> AttachmentView? {
        let file = try AttachmentBytes(bytes)
        return try await desk.database.read { connection in
            let store = AttachmentStore(connection)
            return
                try store
                .attachments(of: RestoreDesk.find(receipt, connection).id)
                .filter { $0.size == file.bytes.count && $0.type == file.kind.rawValue }
                .first { row in
                    try store.content(row.id).map {
                        try desk.keys.bytes($0, for: PersonalData.attachmentContent(row.id)) == file.bytes
                    } ?? false
                }.map(view)
        }
    }

    func view(_ row: AttachmentRow) throws -> AttachmentView {
        AttachmentView(
            id: row.id, name: try desk.keys.open(row.nameSealed, for: PersonalData.attachmentName(row.id)),
            type: row.type, size: row.size, actor: row.actor, at: row.at.description)
    }
}

extension Desk {
    /// Attachments.
    public var attachments: AttachmentDesk { AttachmentDesk(desk: self) }
}
