/// What several people at once need: a contact's version, so that nobody overwrites what they did not see.
extension Migration {
    static let desk5 = Migration(
        version: 5, statements: ["ALTER TABLE contact ADD COLUMN version BIGINT NOT NULL DEFAULT 1"])
}
