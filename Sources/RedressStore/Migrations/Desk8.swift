/// What the API needs: the answers to requests that came with an idempotency key.
extension Migration {
    static let desk8 = Migration(
        version: 8,
        statements: [
            """
            CREATE TABLE request_key (
                id TEXT PRIMARY KEY,
                request BLOB NOT NULL,
                answer_sealed BLOB,
                started_at BIGINT NOT NULL)
            """
        ])
}
