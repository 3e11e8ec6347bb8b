/// Who members of the staff are to the organisation's own identity provider.
extension Migration {
    static let desk11 = Migration(
        version: 11,
        statements: [
            """
            CREATE TABLE staff_identity (
                issuer TEXT NOT NULL,
                subject TEXT NOT NULL,
                staff TEXT NOT NULL REFERENCES staff (name),
                linked_at BIGINT NOT NULL,
                PRIMARY KEY (issuer, subject))
            """,
            "CREATE UNIQUE INDEX staff_identity_by_staff ON staff_identity (issuer, staff)",
        ])
}
