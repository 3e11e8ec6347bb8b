/// The third schema of the desk database: working cases (clocks, lists, contacts, decisions, lookup).
///
/// Columns that end in `_sealed` are encrypted; the desk's `SealedColumn` lists every one of them.
extension Migration {
    static let desk3 = Migration(
        version: 3, statements: caseColumns + lookupKeys + decisions + contacts + records)

    private static let caseColumns: [SQL] = [
        "ALTER TABLE grievance_case ADD COLUMN assignee TEXT",
        "ALTER TABLE grievance_case ADD COLUMN upheld BOOLEAN NOT NULL DEFAULT FALSE",
        "ALTER TABLE grievance_case ADD COLUMN pattern TEXT",
        "ALTER TABLE grievance_case ADD COLUMN merged_into TEXT",
        "ALTER TABLE grievance_case ADD COLUMN escalated_at BIGINT",
        "ALTER TABLE grievance_case ADD COLUMN clock_from BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE grievance_case ADD COLUMN clock_days BIGINT NOT NULL DEFAULT 7",
        "ALTER TABLE grievance_case ADD COLUMN extensions BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE grievance_case ADD COLUMN calendar TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE grievance_case ADD COLUMN promised_at BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE grievance_case ADD COLUMN bites_at BIGINT NOT NULL DEFAULT 0",
        "UPDATE grievance_case SET clock_from = received_at, promised_at = due_at, bites_at = due_at",
        """
        CREATE INDEX case_to_take ON grievance_case (bites_at, id) WHERE assignee IS NULL
            AND state IN ('received', 'verifying', 'in-review', 'objection')
        """,
        """
        CREATE INDEX case_open ON grievance_case (bites_at, id) WHERE state IN ('received', 'verifying',
            'in-review', 'needs-information', 'offered', 'waitlisted', 'awaiting-approval', 'objection')
        """,
        "CREATE INDEX case_by_assignee ON grievance_case (assignee, bites_at) WHERE assignee IS NOT NULL",
        "CREATE INDEX case_by_pattern ON grievance_case (pattern) WHERE pattern IS NOT NULL",
        "CREATE INDEX case_merged ON grievance_case (merged_into) WHERE merged_into IS NOT NULL",
        """
        CREATE TABLE case_version (
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            version BIGINT NOT NULL,
            audit_seq BIGINT NOT NULL,
            PRIMARY KEY (case_id, version))
        """,
        """
        CREATE TABLE case_pause (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            from_at BIGINT NOT NULL,
            to_at BIGINT)
        """,
        "CREATE UNIQUE INDEX case_pause_one_open ON case_pause (case_id) WHERE to_at IS NULL",
        "CREATE INDEX case_pause_by_case ON case_pause (case_id, from_at)",
        """
        CREATE TABLE case_link (
            first_case TEXT NOT NULL REFERENCES grievance_case (id),
            second_case TEXT NOT NULL REFERENCES grievance_case (id),
            reason TEXT NOT NULL,
            actor TEXT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (first_case, second_case))
        """,
        "CREATE TABLE holiday (date TEXT PRIMARY KEY, name TEXT NOT NULL, actor TEXT NOT NULL, at BIGINT NOT NULL)",
        "ALTER TABLE staff ADD COLUMN team TEXT",
    ]

    private static let lookupKeys: [SQL] = [
        """
        CREATE TABLE person_key (
            key BLOB NOT NULL,
            incident TEXT NOT NULL,
            person TEXT NOT NULL,
            PRIMARY KEY (key, incident, person))
        """,
        "CREATE INDEX person_key_by_person ON person_key (incident, person)",
        "ALTER TABLE person ADD COLUMN preferred_channel TEXT",
        "ALTER TABLE person ADD COLUMN number_changed_at BIGINT",
        "CREATE INDEX access_log_by_subject ON access_log (subject, seq)",
        "CREATE INDEX access_log_by_time ON access_log (at)",
    ]

    private static let decisions: [SQL] = [
        """
        CREATE TABLE approval (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            kind TEXT NOT NULL CHECK (kind IN ('reject', 'override', 'change-number')),
            reason_code TEXT,
            sentence_sealed BLOB NOT NULL,
            asked_by TEXT NOT NULL,
            asked_at BIGINT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'returned')),
            decided_by TEXT,
            decided_at BIGINT,
            CHECK (state <> 'approved' OR decided_by <> asked_by))
        """,
        "CREATE UNIQUE INDEX approval_one_waiting ON approval (case_id, kind) WHERE state = 'waiting'",
        "CREATE INDEX approval_by_case ON approval (case_id, asked_at)",
        """
        CREATE TABLE decision (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            outcome TEXT NOT NULL,
            reason_code TEXT,
            sentence_sealed BLOB NOT NULL,
            actor TEXT NOT NULL,
            approved_by TEXT,
            at BIGINT NOT NULL)
        """,
        "CREATE INDEX decision_by_case ON decision (case_id, at)",
        """
        CREATE TABLE objection (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            channel TEXT NOT NULL,
            ground_sealed BLOB NOT NULL,
            actor TEXT NOT NULL,
            filed_at BIGINT NOT NULL,
            outcome TEXT CHECK (outcome IN ('upheld', 'dismissed')),
            decided_by TEXT,
            decided_at BIGINT)
        """,
        "CREATE UNIQUE INDEX objection_one_open ON objection (case_id) WHERE outcome IS NULL",
        "CREATE INDEX objection_by_case ON objection (case_id, filed_at)",
    ]

    private static let contacts: [SQL] = [
        "ALTER TABLE contact ADD COLUMN incident TEXT",
        "ALTER TABLE contact ADD COLUMN person TEXT",
        "ALTER TABLE contact ADD COLUMN state TEXT NOT NULL DEFAULT 'ended'",
        "ALTER TABLE contact ADD COLUMN call_id TEXT",
        "ALTER TABLE contact ADD COLUMN recording_id TEXT",
        "ALTER TABLE contact ADD COLUMN number_sealed BLOB",
        "ALTER TABLE contact ADD COLUMN number_index BLOB",
        "ALTER TABLE contact ADD COLUMN speaker TEXT",
        "ALTER TABLE contact ADD COLUMN verified TEXT NOT NULL DEFAULT 'none'",
        "ALTER TABLE contact ADD COLUMN wrap_up TEXT",
        "ALTER TABLE contact ADD COLUMN promise_sealed BLOB",
        "ALTER TABLE contact ADD COLUMN call_back_at BIGINT",
        "ALTER TABLE contact ADD COLUMN called_back_at BIGINT",
        "ALTER TABLE contact ADD COLUMN representative TEXT",
        "CREATE UNIQUE INDEX contact_by_call ON contact (call_id) WHERE call_id IS NOT NULL",
        "CREATE INDEX contact_by_person ON contact (incident, person, at) WHERE person IS NOT NULL",
        "CREATE INDEX contact_unfinished ON contact (at) WHERE state <> 'ended'",
        """
        CREATE INDEX contact_call_back ON contact (call_back_at)
            WHERE call_back_at IS NOT NULL AND called_back_at IS NULL
        """,
        """
        CREATE TABLE representative (
            id TEXT PRIMARY KEY,
            incident TEXT NOT NULL,
            person TEXT NOT NULL,
            name_sealed BLOB NOT NULL,
            phone_sealed BLOB NOT NULL,
            phone_index BLOB NOT NULL,
            relation TEXT NOT NULL,
            scope TEXT NOT NULL,
            proof TEXT NOT NULL,
            notices_to TEXT NOT NULL,
            expires_at BIGINT NOT NULL,
            actor TEXT NOT NULL,
            at BIGINT NOT NULL,
            FOREIGN KEY (incident, person) REFERENCES person (incident, person))
        """,
        "CREATE INDEX representative_by_phone ON representative (phone_index)",
        "CREATE INDEX representative_by_person ON representative (incident, person)",
        """
        CREATE TABLE call_out (
            notice TEXT PRIMARY KEY REFERENCES outbox (id),
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            reason TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            done_by TEXT,
            done_at BIGINT,
            outcome TEXT)
        """,
        "CREATE INDEX call_out_open ON call_out (created_at) WHERE done_at IS NULL",
    ]

    private static let records: [SQL] = [
        """
        CREATE TABLE note (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            shown_to_citizen BOOLEAN NOT NULL,
            text_sealed BLOB NOT NULL,
            actor TEXT NOT NULL,
            at BIGINT NOT NULL)
        """,
        "CREATE INDEX note_by_case ON note (case_id, at)",
        """
        CREATE TABLE saved_answer (
            name TEXT PRIMARY KEY,
            text TEXT NOT NULL,
            actor TEXT NOT NULL,
            at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE attachment (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            name_sealed BLOB NOT NULL,
            type TEXT NOT NULL,
            size BIGINT NOT NULL,
            content_sealed BLOB NOT NULL,
            actor TEXT NOT NULL,
            at BIGINT NOT NULL)
        """,
        "CREATE INDEX attachment_by_case ON attachment (case_id, at)",
        "CREATE INDEX outbox_to_call ON outbox (state) WHERE state IN ('waiting', 'failed')",
    ]
}
