/// A database's schema as a list of migrations, applied in order, each inside a transaction.
import RedressCore

/// One step of a schema.
public struct Migration: Sendable {
    /// Its place in the order, from 1 without holes.
    public let version: Int
    /// What it runs.
    public let statements: [SQL]

    /// Makes a step.
    public init(version: Int, statements: [SQL]) {
        self.version = version
        self.statements = statements
    }
}

/// The migrations of one kind of database.
public struct Schema: Sendable {
    /// What kind of database it is, for messages.
    public let name: String
    /// The steps in order.
    public let migrations: [Migration]
    /// How much of the database each reader may keep in memory, in KiB.
    public let readerCache: Int

    /// The newest version this program knows.
    public var version: Int { migrations.last?.version ?? 0 }

    /// Throws when the database was written by a newer program than this one.
    public func refuseNewer(_ found: Int) throws {
        guard found <= version else {
            throw RedressError(
                .unavailable,
                """
                The \(name) database has schema version \(found), newer than this program knows (\(version)). \
                Use the newer redress; nothing was changed.
                """)
        }
    }

    /// Cases, bookings, pool, audit: what the day's calls need.
    public static let desk = Schema(
        name: "desk",
        migrations: [
            .desk1, .desk2, .desk3, .desk4, .desk5, .desk6, .desk7, .desk8, .desk9, .desk10,
            .desk11, .desk13, .desk15, .desk16, .desk17,
        ], readerCache: 2048)

    /// Facts distilled from logs, which can be rebuilt from the logs at any time.
    public static let evidence = Schema(name: "evidence", migrations: [.evidence1], readerCache: 32_768)
}
