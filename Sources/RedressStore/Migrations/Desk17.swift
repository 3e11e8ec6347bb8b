/// Leaves out of the indexes what nobody looks for there: notices that were not sent yet, and merged cases twice.
extension Migration {
    static let desk17 = Migration(
        version: 17,
        statements: [
            "DROP INDEX outbox_by_delivery",
            "CREATE INDEX outbox_by_delivery ON outbox (delivered_at) WHERE delivered_at IS NOT NULL",
            "DROP INDEX outbox_by_settling",
            "CREATE INDEX outbox_by_settling ON outbox (settled_at) WHERE settled_at IS NOT NULL",
            "DROP INDEX case_merged",
        ])
}
