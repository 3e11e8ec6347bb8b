/// The engines that tests of the seam and the stores run on.
import Foundation
public import RedressCore
public import RedressDesk
import RedressSQLite
public import RedressStore

#if Postgres
    import RedressPostgres
#endif

/// One engine of those that this build holds.
public enum Engine: String, CaseIterable, Sendable {
    case sqlite
    #if Postgres
        case postgres
    #endif

    /// The engine that fixtures use: `REDRESS_TEST_ENGINE`, else the embedded one.
    ///
    /// - Throws: `.usage` when this build does not hold the engine that is asked for; tests then fail, not pass.
    public static func chosen() throws -> Engine {
        guard let name = ProcessInfo.processInfo.environment["REDRESS_TEST_ENGINE"], !name.isEmpty else {
            return .sqlite
        }
        guard let engine = Engine(rawValue: name) else {
            throw RedressError(
                .usage, "This build of the tests has no engine \(name): build with --traits Postgres.")
        }
        return engine
    }
}

/// Where databases of one installation of the tests are: a folder, or a database of the tests' own server.
public struct Place: Sendable {
    private let folder: TemporaryFolder
    private let url: String
    private var patience = Duration.seconds(20)

    /// A fresh place on an engine.
    public init(_ engine: Engine) async throws {
        folder = try TemporaryFolder()
        switch engine {
        case .sqlite: url = ""
        #if Postgres
            case .postgres: url = try await PostgresServer.shared().database()
        #endif
        }
    }

    #if Postgres
        /// A database of a server that is there already.
        ///
        /// - Parameter patience: how long a call waits for a server that went away.
        public init(url: String, patience: Duration = .seconds(20)) throws {
            self.patience = patience
            folder = try TemporaryFolder()
            self.url = url
        }
    #endif

    /// All tests run at once: who waits for a file here waits for many.
    private static let filePatience = Duration.seconds(300)

    /// Opens the database of a schema there, as often as wanted.
    ///
    /// - Parameter clock: what tells transactions the time; when nil the machine's, or the server's, as in use.
    public func open(_ schema: Schema, create: Bool = true, clock: WallClock? = nil) throws -> any Database {
        #if Postgres
            if !url.isEmpty {
                return try PostgresDatabase(
                    url: url, schema: schema, create: create, clock: clock, patience: patience)
            }
        #endif
        return try SQLiteDatabase(
            path: folder.file(schema.name + ".sqlite"), schema: schema, create: create,
            clock: clock ?? .system, patience: Self.filePatience)
    }

    /// Opens an installation's databases: the files it names, or those of the server.
    public func opening(clock: WallClock) -> OpenDatabase {
        { path, schema, create in
            guard url.isEmpty else { return try open(schema, create: create, clock: clock) }
            return try SQLiteDatabase(
                path: path, schema: schema, create: create, clock: clock, patience: Self.filePatience)
        }
    }
}
