/// One place for a claim that two people upheld, the case itself; and indexes that a test of query plans asked for.
extension Migration {
    static let desk7 = Migration(
        version: 7,
        statements: [
            """
            UPDATE grievance_case SET upheld = TRUE WHERE id IN (SELECT case_id FROM entitlement)
            """,
            "DROP TABLE entitlement",
            "CREATE INDEX offer_by_hold ON offer (hold_id)",
            """
            CREATE INDEX gateway_call_open_by_case ON gateway_call (case_id)
                WHERE state IN ('waiting', 'unknown')
            """,
        ])
}
