/// A new key in the place of the old: every sealed value and every blind key, with progress, resumed when interrupted.
public import RedressCore
import RedressStore

/// What a rotation came to.
public struct RotationReport: Sendable, Codable {
    /// The number of the key that everything is sealed with now.
    public var key: Int
    /// Whether an interrupted rotation was finished.
    public var isResumed: Bool
    /// Values sealed anew, by column.
    public var sealed: [String: Int]
    /// People whose keys were made anew.
    public var people: Int
}

/// Changes keys.
public struct KeyDesk: Sendable {
    let desk: Desk
    private static let batch = 200

    /// Makes a new key (or takes an interrupted rotation up) and seals everything with it.
    ///
    /// Lookups go on meanwhile: until the end they search with both keys.
    /// - Parameters:
    ///   - forgetting: whether the old keys leave the ring afterwards; older backups then do not open any more.
    ///   - progress: told how many values are done, and of how many.
    public func rotate(
        forgetting: Bool, by actor: Actor, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> RotationReport {
        try actor.require(.operate)
        let isResumed = try desk.keys.beginRotation()
        let key = desk.keys.current
        try await audit("keys.rotate", ["key": "\(key)", "resumed": "\(isResumed)"], by: actor)
        var report = RotationReport(key: Int(key), isResumed: isResumed, sealed: [:], people: 0)
        let total = try await desk.database.read { connection in
            try SealedColumn.all.reduce(0) { try $0 + SealedStore(connection).count($1) }
        }
        var done = 0
        for column in SealedColumn.all {
            var after = ["", ""]
            while true {
                let from = after
                let batch = try await desk.database.write { connection in
                    try reseal(column, after: from, key, connection)
                }
                guard let last = batch.last else { break }
                after = last
                report.sealed[column.name, default: 0] += batch.sealed
                done += batch.count
                progress(done, total)
            }
        }
        report.people = try await reindex()
        try desk.keys.endRotation(forgetting: forgetting)
        try await audit(
            "keys.rotated", ["key": "\(key)", "forgot": "\(forgetting)", "people": "\(report.people)"],
            by: actor)
        return report
    }

    private func reseal(
        _ column: SealedColumn, after: [String], _ key: UInt8, _ connection: any Connection
    ) throws -> (last: [String]?, count: Int, sealed: Int) {
        let store = SealedStore(connection)
        let values = try store.values(column, after: after, limit: Self.batch)
        var sealed = 0
        for value in values where value.sealed.first != key {
            let place = try place(of: column, value.key, store)
            let clear = try desk.keys.bytes(value.sealed, for: place)
            try store.replace(column, value, with: try desk.keys.seal(clear, for: place))
            if Self.phoneColumns.contains(column.name) {
                let digits = String(decoding: clear, as: UTF8.self)
                try store.setPhoneIndex(desk.keys.index(digits, kind: "phone"), of: column, key: value.key)
            }
            sealed += 1
        }
        return (values.last?.key, values.count, sealed)
    }

    private func reindex() async throws -> Int {
        var after = PersonKey(incident: "", person: "")
        var count = 0
        while true {
            let from = after
            let people = try await desk.database.write { connection in
                let people = try SealedStore(connection).people(after: from, limit: Self.batch)
                for who in people { try PersonIndexing(connection, desk).index(who) }
                return people
            }
            guard let last = people.last else { return count }
            after = last
            count += people.count
        }
    }

    private static let phoneColumns: Set<String> = [
        "person.phone_sealed", "revocation.phone_sealed", "contact.number_sealed",
        "representative.phone_sealed",
    ]

    /// The place a value is sealed for, from its column and row.
    private func place(of column: SealedColumn, _ key: [String], _ store: SealedStore) throws -> String {
        let id = key[0]
        return switch column.name {
        case "incident.pass_keys_sealed": "incident.pass-keys/\(id)"
        case "incident.join_key_sealed": "incident.join-key/\(id)"
        case "person.name_sealed": PersonalData.name(key[1], key[0])
        case "person.phone_sealed": PersonalData.phone(key[1], key[0])
        case "person.birth_date_sealed": PersonalData.birthDate(key[1], key[0])
        case "revocation.phone_sealed": PersonalData.revocationPhone(key[1], key[0])
        case "revocation.text_sealed": PersonalData.revocationText(key[1], key[0])
        case "outbox.values_sealed": PersonalData.notice(id)
        case "code_message.values_sealed": PersonalData.code(id)
        case "contact.note_sealed": PersonalData.contactNote(try store.caseOfAnswer(id) ?? id)
        case "contact.number_sealed": PersonalData.contactNumber(id)
        case "contact.promise_sealed": PersonalData.promise(id)
        case "note.text_sealed": PersonalData.note(id)
        case "approval.sentence_sealed": PersonalData.approval(id)
        case "decision.sentence_sealed": PersonalData.decision(id)
        case "objection.ground_sealed": PersonalData.objection(id)
        case "representative.name_sealed": PersonalData.representativeName(id)
        case "representative.phone_sealed": PersonalData.representativePhone(id)
        case "attachment.name_sealed": PersonalData.attachmentName(id)
        case "attachment.content_sealed": PersonalData.attachmentContent(id)
        case "request_key.answer_sealed": PersonalData.answer(id)
        case "staff_credential.totp_sealed": PersonalData.oneTimeSecret(id)
        default: throw RedressError(.fault, "No place is known for \(column.name).")
        }
    }

    private func audit(_ action: String, _ detail: [String: String], by actor: Actor) async throws {
        try await desk.database.write { connection in
            try AuditStore(connection).append(action, subject: "installation", by: actor, detail: detail)
        }
    }
}

extension Desk {
    /// The keys.
    public var keyring: KeyDesk { KeyDesk(desk: self) }
}
