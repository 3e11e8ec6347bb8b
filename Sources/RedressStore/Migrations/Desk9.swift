/// What the delivery of notices needs: attempts, leases, budgets, callbacks seen, and notices to everyone of an incident.
///
/// Columns that end in `_sealed` are encrypted; the desk's `SealedColumn` lists every one of them.
extension Migration {
    static let desk9 = Migration(version: 9, statements: outbox + delivery)

    private static let outbox: [SQL] = [
        "ALTER TABLE outbox ADD COLUMN incident TEXT",
        "ALTER TABLE outbox ADD COLUMN person TEXT",
        "ALTER TABLE outbox ADD COLUMN priority BIGINT NOT NULL DEFAULT 5",
        "ALTER TABLE outbox ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE outbox ADD COLUMN next_at BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE outbox ADD COLUMN lease TEXT",
        "ALTER TABLE outbox ADD COLUMN sent_at BIGINT",
        "ALTER TABLE outbox ADD COLUMN why TEXT",
        """
        UPDATE outbox SET incident = (SELECT c.incident FROM grievance_case AS c WHERE c.id = case_id),
            person = (SELECT c.person FROM grievance_case AS c WHERE c.id = case_id)
        """,
        "CREATE INDEX outbox_to_send ON outbox (priority, created_at, id) WHERE state = 'waiting'",
        "CREATE INDEX outbox_by_person ON outbox (incident, person, created_at) WHERE state = 'waiting'",
        "ALTER TABLE person ADD COLUMN language TEXT",
    ]

    private static let delivery: [SQL] = [
        """
        CREATE TABLE code_message (
            id TEXT PRIMARY KEY,
            values_sealed BLOB NOT NULL,
            language TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dropped', 'failed')),
            attempts BIGINT NOT NULL,
            next_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL)
        """,
        "CREATE INDEX code_message_to_send ON code_message (created_at) WHERE state = 'waiting'",
        """
        CREATE TABLE notice_budget (
            bucket TEXT PRIMARY KEY,
            used BIGINT NOT NULL,
            until BIGINT NOT NULL)
        """,
        "CREATE INDEX notice_budget_by_end ON notice_budget (until)",
        "CREATE TABLE notice_callback (id TEXT PRIMARY KEY, at BIGINT NOT NULL)",
        """
        CREATE TABLE mass_notice (
            id TEXT PRIMARY KEY,
            incident TEXT NOT NULL REFERENCES incident (id),
            audience TEXT NOT NULL,
            text TEXT NOT NULL,
            per_minute BIGINT NOT NULL CHECK (per_minute > 0),
            people BIGINT NOT NULL,
            asked_by TEXT NOT NULL,
            asked_at BIGINT NOT NULL,
            approved_by TEXT,
            state TEXT NOT NULL CHECK (state IN ('asked', 'running', 'stopped', 'done')),
            reached TEXT NOT NULL,
            queued BIGINT NOT NULL,
            next_at BIGINT NOT NULL)
        """,
    ]
}
