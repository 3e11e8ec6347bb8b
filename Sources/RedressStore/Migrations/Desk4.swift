/// What the weekly statistics need: what was true at receipt, when results were told, and the tallies by week.
///
/// The `statistic_*` tables are tallies that `redress check` counts again from the journal and compares.
extension Migration {
    static let desk4 = Migration(version: 4, statements: atReceipt + times + tallies)

    private static let atReceipt: [SQL] = [
        "ALTER TABLE grievance_case ADD COLUMN received_site TEXT",
        "UPDATE grievance_case SET received_site = site",
        "ALTER TABLE grievance_case ADD COLUMN age_band TEXT",
    ]

    private static let times: [SQL] = [
        "ALTER TABLE outbox ADD COLUMN delivered_at BIGINT",
        "ALTER TABLE outbox ADD COLUMN settled_at BIGINT",
        "CREATE INDEX outbox_by_delivery ON outbox (delivered_at)",
        "CREATE INDEX outbox_by_settling ON outbox (settled_at)",
        """
        CREATE TABLE case_due (
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            seq BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (case_id, seq))
        """,
        """
        INSERT INTO case_due (case_id, seq, due_at, at)
        SELECT id, 1, due_at, received_at FROM grievance_case
        """,
        "CREATE INDEX case_due_by_time ON case_due (at)",
        "CREATE INDEX case_verdict_by_time ON case_verdict (at)",
        "CREATE INDEX contact_by_time ON contact (at)",
    ]

    private static let tallies: [SQL] = [
        """
        CREATE TABLE statistic_key (
            id BIGINT PRIMARY KEY,
            count TEXT NOT NULL,
            detail TEXT NOT NULL,
            level TEXT NOT NULL,
            place TEXT NOT NULL,
            UNIQUE (count, detail, level, place))
        """,
        """
        CREATE TABLE statistic_week (
            key BIGINT NOT NULL REFERENCES statistic_key (id),
            week BIGINT NOT NULL,
            amount BIGINT NOT NULL,
            PRIMARY KEY (key, week))
        """,
        """
        CREATE TABLE statistic_case (
            case_id TEXT PRIMARY KEY REFERENCES grievance_case (id),
            changes TEXT NOT NULL)
        """,
        """
        CREATE TABLE statistic_duration (
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            step TEXT NOT NULL,
            week BIGINT NOT NULL,
            milliseconds BIGINT NOT NULL,
            PRIMARY KEY (case_id, step))
        """,
        "CREATE INDEX statistic_duration_by_week ON statistic_duration (step, week, milliseconds)",
        "CREATE TABLE statistic_mark (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    ]
}
