/// Calls, visits and messages: drafts from the first key, dropped lines, promises and call-backs due.
public import RedressCore

extension Speaker: Storable {}
extension WrapUp: Storable {}
extension Verification: Storable {}
extension ContactState: Storable {}

/// One contact as stored.
public struct ContactRow: Sendable {
    /// Made by the application; opaque, so that it can stand in an address.
    public var id: String
    /// The case it is about, when there is one.
    public var caseID: String?
    /// The person it is about, when known.
    public var who: PersonKey?
    /// The way it came.
    public var channel: Channel
    /// What it is about, a word: `call`, `accept`, `decline`.
    public var subject: String
    /// Where it stands.
    public var state: ContactState
    /// The telephone system's id of the call.
    public var callID: String?
    /// The telephone system's id of the recording.
    public var recordingID: String?
    /// The calling number, sealed.
    public var numberSealed: [UInt8]?
    /// The calling number's keyed hash.
    public var numberIndex: [UInt8]?
    /// Who spoke.
    public var speaker: Speaker?
    /// How they were verified.
    public var verified = Verification.none
    /// The representative who spoke.
    public var representative: String?
    /// How it ended.
    public var wrapUp: WrapUp?
    /// What was said, sealed.
    public var noteSealed: [UInt8]?
    /// What was promised, sealed.
    public var promiseSealed: [UInt8]?
    /// When we promised to call back.
    public var callBackAt: Instant?
    /// When we did.
    public var calledBackAt: Instant?
    /// Who took it.
    public var actor: String
    /// When it began.
    public var at: Instant
    /// How often it was saved; 0 before the first time.
    public var version = 0

    /// Begins a contact.
    public init(id: String, channel: Channel, subject: String, actor: String, at: Instant) {
        self.id = id
        self.channel = channel
        self.subject = subject
        self.state = .draft
        self.actor = actor
        self.at = at
    }
}

/// Reads and writes contacts.
public struct ContactStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Saves a contact as it stands, from the first key on, under the next version.
    public func save(_ row: inout ContactRow) throws {
        row.version += 1
        try connection.run(
            """
            INSERT INTO contact (id, case_id, incident, person, channel, subject, state, call_id,
                recording_id, number_sealed, number_index, speaker, verified, representative, wrap_up,
                note_sealed, promise_sealed, call_back_at, called_back_at, actor, at, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                $20, $21, $22)
            ON CONFLICT (id) DO UPDATE SET case_id = excluded.case_id, incident = excluded.incident,
                person = excluded.person, state = excluded.state, recording_id = excluded.recording_id,
                speaker = excluded.speaker, verified = excluded.verified,
                representative = excluded.representative, wrap_up = excluded.wrap_up,
                note_sealed = excluded.note_sealed, promise_sealed = excluded.promise_sealed,
                call_back_at = excluded.call_back_at, called_back_at = excluded.called_back_at,
                version = excluded.version
            """,
            [
                row.id.stored, row.caseID.stored, (row.who?.incident).stored, (row.who?.person).stored,
                row.channel.stored, row.subject.stored, row.state.stored, row.callID.stored,
                row.recordingID.stored, row.numberSealed.stored, row.numberIndex.stored,
                row.speaker.stored, row.verified.stored, row.representative.stored, row.wrapUp.stored,
                row.noteSealed.stored, row.promiseSealed.stored, row.callBackAt.stored,
                row.calledBackAt.stored, row.actor.stored, row.at.stored, row.version.stored,
            ])
    }

    /// The contact of this id, or of this id of the telephone system.
    public func find(_ id: String) throws -> ContactRow? {
        try connection.first(
            "\(Self.columns) WHERE id = $1 OR call_id = $2", [id.stored, id.stored], Self.row)
    }

    /// The contacts of a case, in order.
    public func contacts(of caseID: String) throws -> [ContactRow] {
        try connection.all("\(Self.columns) WHERE case_id = $1 ORDER BY at, id", [caseID.stored], Self.row)
    }

    /// The contacts of a person, the newest first.
    public func contacts(of who: PersonKey, limit: Int) throws -> [ContactRow] {
        try connection.all(
            "\(Self.columns) WHERE incident = $1 AND person = $2 ORDER BY at DESC, id DESC LIMIT $3",
            [who.incident.stored, who.person.stored, limit.stored], Self.row)
    }

    /// Drafts and dropped calls, the oldest first.
    public func unfinished(limit: Int) throws -> [ContactRow] {
        try connection.all(
            "\(Self.columns) WHERE state <> 'ended' ORDER BY at, id LIMIT $1", [limit.stored], Self.row)
    }

    /// Call-backs promised and not made yet, the soonest first.
    public func callBacks(limit: Int) throws -> [ContactRow] {
        try connection.all(
            """
            \(Self.columns) WHERE call_back_at IS NOT NULL AND called_back_at IS NULL
            ORDER BY call_back_at, id LIMIT $1
            """, [limit.stored], Self.row)
    }

    private static let columns: SQL = """
        SELECT id, case_id, incident, person, channel, subject, state, call_id, recording_id, number_sealed,
            number_index, speaker, verified, representative, wrap_up, note_sealed, promise_sealed,
            call_back_at, called_back_at, actor, at, version
        FROM contact
        """

    private static func row(_ row: Row) throws -> ContactRow {
        var made = ContactRow(
            id: try row[0], channel: try row[4], subject: try row[5], actor: try row[19], at: try row[20])
        made.caseID = try row[1]
        if let incident: String = try row[2], let person: String = try row[3] {
            made.who = PersonKey(incident: incident, person: person)
        }
        made.state = try row[6]
        made.callID = try row[7]
        made.recordingID = try row[8]
        made.numberSealed = try row[9]
        made.numberIndex = try row[10]
        made.speaker = try row[11]
        made.verified = try row[12]
        made.representative = try row[13]
        made.wrapUp = try row[14]
        made.noteSealed = try row[15]
        made.promiseSealed = try row[16]
        made.callBackAt = try row[17]
        made.calledBackAt = try row[18]
        made.version = try row[21]
        return made
    }
}

/// A notice that a text message cannot carry: somebody calls, or writes a letter.
public struct CallOutRow: Sendable {
    /// The notice to be told.
    public var notice: String
    /// The case.
    public var caseID: String
    /// Its receipt number.
    public var receipt: String
    /// The event it tells.
    public var event: String
    /// Why a text message does not do.
    public var reason: String
    /// Since when it waits.
    public var createdAt: Instant
}

/// Reads and writes call-out tasks.
public struct CallOutStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Waiting notices that nobody was asked to call out yet, the oldest first.
    public func candidates(limit: Int) throws -> [(notice: String, case: Case)] {
        let rows = try connection.all(
            """
            SELECT id, case_id FROM outbox
            WHERE state = 'waiting' AND event NOT LIKE 'number-changed/%' AND NOT EXISTS
                (SELECT 1 FROM call_out WHERE call_out.notice = outbox.id)
            ORDER BY sequence, id LIMIT $1
            """, [limit.stored]
        ) { (notice: try $0[0] as String, id: try $0[1] as String) }
        return try rows.compactMap { row in
            try CaseStore(connection).find(id: row.id).map { (row.notice, $0) }
        }
    }

    /// Makes a task.
    public func insert(notice: String, caseID: String, reason: String) throws {
        try connection.run(
            """
            INSERT INTO call_out (notice, case_id, reason, created_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (notice) DO NOTHING
            """, [notice.stored, caseID.stored, reason.stored, connection.now.stored])
    }

    /// Tasks that wait, the oldest first.
    public func open(limit: Int) throws -> [CallOutRow] {
        try connection.all(
            """
            SELECT notice, call_out.case_id, receipt, outbox.event, call_out.reason, call_out.created_at
            FROM call_out JOIN outbox ON outbox.id = notice
                JOIN grievance_case ON grievance_case.id = call_out.case_id
            WHERE done_at IS NULL ORDER BY call_out.created_at, notice LIMIT $1
            """, [limit.stored]
        ) {
            CallOutRow(
                notice: try $0[0], caseID: try $0[1], receipt: try $0[2], event: try $0[3],
                reason: try $0[4], createdAt: try $0[5])
        }
    }

    /// Ends a task: the person was told (the notice counts as sent), or could not be reached.
    public func end(_ notice: String, told: Bool, by actor: Actor) throws -> Bool {
        guard
            try connection.run(
                """
                UPDATE call_out SET done_by = $1, done_at = $2, outcome = $3
                WHERE notice = $4 AND done_at IS NULL
                """,
                [
                    actor.name.stored, connection.now.stored, (told ? "told" : "not-reached").stored,
                    notice.stored,
                ]) == 1
        else { return false }
        if told {
            try connection.run(
                """
                UPDATE outbox SET state = 'sent', delivered_at = $1, settled_at = $2
                WHERE id = $3 AND state IN ('waiting', 'failed')
                """, [connection.now.stored, connection.now.stored, notice.stored])
        }
        return true
    }
}
