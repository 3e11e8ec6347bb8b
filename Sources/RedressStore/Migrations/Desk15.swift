/// What verdicts need to be checked to the last line: the incident's other published windows, and the bytes of register rows.
extension Migration {
    static let desk15 = Migration(
        version: 15,
        statements: [
            "ALTER TABLE incident ADD COLUMN other_windows TEXT NOT NULL DEFAULT '[]'",
            "ALTER TABLE booking ADD COLUMN line_length BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE booking ADD COLUMN line_hash BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE revocation ADD COLUMN line_length BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE revocation ADD COLUMN line_hash BIGINT NOT NULL DEFAULT 0",
        ])
}
