/// The first schema of the evidence database: what was read, what it said, what could not be read.
extension Migration {
    static let evidence1 = Migration(
        version: 1,
        statements: [
            """
            CREATE TABLE log_file (
                incident TEXT NOT NULL,
                sha256 TEXT NOT NULL,
                tag BIGINT NOT NULL,
                log TEXT NOT NULL,
                path TEXT NOT NULL,
                lines BIGINT NOT NULL,
                parsed BIGINT NOT NULL,
                quarantined BIGINT NOT NULL,
                bytes BIGINT NOT NULL,
                byte_offset BIGINT NOT NULL,
                finished BOOLEAN NOT NULL,
                read_at BIGINT NOT NULL,
                PRIMARY KEY (incident, sha256))
            """,
            "CREATE INDEX log_file_by_tag ON log_file (incident, tag)",
            """
            CREATE TABLE fact (
                incident TEXT NOT NULL,
                kind BIGINT NOT NULL,
                hash BLOB NOT NULL,
                payload BLOB NOT NULL,
                PRIMARY KEY (incident, kind, hash))
            """,
            """
            CREATE TABLE quarantined_line (
                incident TEXT NOT NULL,
                sha256 TEXT NOT NULL,
                line BIGINT NOT NULL,
                byte_offset BIGINT NOT NULL,
                length BIGINT NOT NULL,
                reason TEXT NOT NULL,
                PRIMARY KEY (incident, sha256, line))
            """,
        ])
}
