/// One way for one-time codes, through the outbox of codes; and the order of facts by number, not by the clock.
///
/// Codes live for minutes, so that what waited under the old tables is asked for again.
extension Migration {
    static let desk10 = Migration(
        version: 10,
        statements: [
            "DROP INDEX one_time_code_waiting",
            "ALTER TABLE one_time_code DROP COLUMN message_sealed",
            "ALTER TABLE one_time_code DROP COLUMN message_state",
            "DROP TABLE code_message",
            """
            CREATE TABLE code_message (
                id TEXT PRIMARY KEY REFERENCES one_time_code (id) ON DELETE CASCADE,
                values_sealed BLOB,
                language TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dropped', 'failed')),
                attempts BIGINT NOT NULL,
                next_at BIGINT NOT NULL,
                CHECK ((state = 'waiting') = (values_sealed IS NOT NULL)))
            """,
            "CREATE INDEX code_message_to_send ON code_message (id) WHERE state = 'waiting'",
            "ALTER TABLE outbox ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0",
            """
            UPDATE outbox SET sequence = numbered.place
            FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS place FROM outbox) AS numbered
            WHERE numbered.id = outbox.id
            """,
            // A notice to everyone goes on by person now; who was told already is not told again.
            "UPDATE mass_notice SET reached = '' WHERE state <> 'done'",
            "DROP INDEX outbox_to_send",
            "DROP INDEX outbox_by_person",
            "CREATE INDEX outbox_by_sequence ON outbox (sequence)",
            "CREATE INDEX outbox_to_send ON outbox (priority, sequence) WHERE state = 'waiting'",
            "CREATE INDEX outbox_by_person ON outbox (incident, person, sequence) WHERE state = 'waiting'",
        ])
}
