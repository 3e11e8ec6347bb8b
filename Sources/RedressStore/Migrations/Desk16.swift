/// Finds the cases that were merged into one, or linked with one, without reading every case; few are merged, so only those are indexed.
extension Migration {
    static let desk16 = Migration(
        version: 16,
        statements: [
            """
            CREATE INDEX grievance_case_by_merged ON grievance_case (merged_into)
            WHERE merged_into IS NOT NULL
            """,
            "CREATE INDEX case_link_by_second ON case_link (second_case)",
        ])
}
