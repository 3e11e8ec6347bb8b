/// How long people are kept after their cases closed, as the operator set it.
extension Migration {
    static let desk13 = Migration(
        version: 13,
        statements: [
            """
            CREATE TABLE retention (
                id BIGINT PRIMARY KEY CHECK (id = 1),
                days BIGINT NOT NULL CHECK (days >= 365),
                set_by TEXT NOT NULL,
                set_at BIGINT NOT NULL)
            """
        ])
}
