/// What signing in needs: credentials of staff, sessions, one-time codes, and counters of failures.
///
/// No secret stands in clear: passwords are scrypt hashes, session and invitation secrets SHA-256, codes HMAC.
extension Migration {
    static let desk6 = Migration(
        version: 6,
        statements: [
            "ALTER TABLE staff_token ADD COLUMN scope TEXT NOT NULL DEFAULT ''",
            """
            CREATE TABLE staff_credential (
                staff TEXT PRIMARY KEY REFERENCES staff (name),
                password TEXT NOT NULL,
                totp_sealed BLOB NOT NULL,
                totp_step BIGINT NOT NULL,
                changed_at BIGINT NOT NULL)
            """,
            """
            CREATE TABLE staff_recovery (
                hash BLOB PRIMARY KEY,
                staff TEXT NOT NULL REFERENCES staff (name))
            """,
            """
            CREATE TABLE staff_invitation (
                hash BLOB PRIMARY KEY,
                staff TEXT NOT NULL REFERENCES staff (name),
                expires_at BIGINT NOT NULL)
            """,
            """
            CREATE TABLE session (
                hash BLOB PRIMARY KEY,
                staff TEXT REFERENCES staff (name),
                phone_index BLOB,
                people TEXT NOT NULL,
                address_index BLOB NOT NULL,
                created_at BIGINT NOT NULL,
                seen_at BIGINT NOT NULL,
                proved_at BIGINT NOT NULL,
                ends_at BIGINT NOT NULL,
                CHECK ((staff IS NULL) <> (phone_index IS NULL)))
            """,
            "CREATE INDEX session_by_staff ON session (staff) WHERE staff IS NOT NULL",
            "CREATE INDEX session_by_end ON session (ends_at)",
            """
            CREATE TABLE one_time_code (
                id TEXT PRIMARY KEY,
                phone_index BLOB NOT NULL,
                code_hash BLOB NOT NULL,
                tries BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL,
                used_at BIGINT,
                message_sealed BLOB,
                message_state TEXT NOT NULL CHECK (message_state IN ('waiting', 'sent', 'dropped', 'failed')))
            """,
            "CREATE INDEX one_time_code_by_phone ON one_time_code (phone_index, created_at)",
            "CREATE INDEX one_time_code_by_time ON one_time_code (created_at)",
            "CREATE INDEX one_time_code_waiting ON one_time_code (created_at) WHERE message_state = 'waiting'",
            """
            CREATE TABLE sign_in_count (
                key BLOB PRIMARY KEY,
                count BIGINT NOT NULL,
                blocked_until BIGINT NOT NULL,
                ends_at BIGINT NOT NULL)
            """,
            "CREATE INDEX sign_in_count_by_end ON sign_in_count (ends_at)",
        ])
}
