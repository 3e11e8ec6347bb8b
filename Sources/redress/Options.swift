/// What goes with every command: where the data is, in which form to answer, and who is asking.
import ArgumentParser
import Foundation
import RedressCore
import RedressDesk
import RedressSQLite
import RedressStore

#if Postgres
    import RedressPostgres
#endif

/// The form of an answer.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
    case csv
}

struct Options: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The installation's folder (or REDRESS_DATA_DIR; default: redress in the user's data home).",
            valueName: "folder"))
    var dataDir: String?

    @Option(
        name: .customLong("database-url"),
        help: ArgumentHelp(
            "A PostgreSQL database instead of files in the folder (or REDRESS_DATABASE_URL).",
            valueName: "url"))
    var databaseURL: String?

    @Option(help: "How to answer: table, json or csv.")
    var format = OutputFormat.table

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Act as this member of the staff; their token is read from REDRESS_TOKEN.", valueName: "name"))
    var staffName: String?

    @Option(help: ArgumentHelp("A YAML file of settings (or REDRESS_CONFIG).", visibility: .hidden))
    var config: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A setting, as in http.port=8443; `redress settings` lists them.", valueName: "key=value",
            visibility: .hidden))
    var assignments: [String] = []

    func validate() throws {
        do {
            _ = try load()
        } catch let error as RedressError {
            throw ValidationError(error.message)
        }
    }

    /// Every setting: what the command line says before the environment before the file.
    ///
    /// - Parameter more: what options of the command itself say, by key.
    func load(_ more: [String: String?] = [:]) throws -> Settings {
        var given = more.compactMapValues { $0 }
        given[Setting.dataDir.key] = dataDir
        given[Setting.databaseURL.key] = databaseURL
        for text in assignments {
            guard let sign = text.firstIndex(of: "=") else {
                throw RedressError(.usage, "--set is written KEY=VALUE, as in http.port=8443.")
            }
            given[String(text[..<sign])] = String(text[text.index(after: sign)...])
        }
        let environment = ProcessInfo.processInfo.environment
        let file = config ?? environment["REDRESS_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        return try Settings(options: given, environment: environment, file: file)
    }

    /// What is set; the command line was refused already where that cannot be read.
    var settings: Settings? { try? load() }

    /// The installation that is meant.
    var installation: Installation {
        let settings = settings
        return Installation(
            folder: settings?.text(.dataDir) ?? Self.defaultFolder,
            environment: Dictionary(
                uniqueKeysWithValues: [Setting.keys, .keyRing, .anchorKey, .anchors].compactMap { setting in
                    settings?.text(setting).map { (setting.variable, $0) }
                }))
    }

    /// The address of the PostgreSQL database that is meant; nil for files in the folder.
    var serverAddress: String? { settings?.text(.databaseURL) }

    /// Opens the databases of the installation on the engine that is meant.
    var engine: OpenDatabase {
        guard let address = serverAddress else { return openDatabase }
        return { _, schema, create in try openServer(address, schema, create) }
    }

    private static var defaultFolder: String {
        let environment = ProcessInfo.processInfo.environment
        if let home = environment["XDG_DATA_HOME"], !home.isEmpty { return home + "/redress" }
        return NSHomeDirectory() + "/.local/share/redress"
    }

    /// Opens the installation, runs the work as whoever is asking, and signs the audit trail's head at the end.
    func withDesk<T>(_ work: (Desk, Actor) async throws -> T) async throws -> T {
        let desk = try openDesk()
        do {
            let result = try await work(desk, try await actor(desk))
            try await desk.close()
            return result
        } catch {
            try? await desk.close()
            throw error
        }
    }

    private func actor(_ desk: Desk) async throws -> Actor {
        guard let staffName else { return Self.operator }
        let token = settings?.text(.token) ?? ""
        guard let actor = try await desk.staff.actor(token: token), actor.name == staffName else {
            throw RedressError(
                .notAllowed,
                "REDRESS_TOKEN is not a live token of \(staffName). Make one with `redress token create \(staffName)`."
            )
        }
        return actor
    }

    /// Whoever runs the command on this machine.
    static var `operator`: Actor {
        Actor(name: "operator:\(NSUserName())", role: .operator)
    }

    /// Prints an answer in the form that was asked for.
    ///
    /// - Parameters:
    ///   - table: the answer as a table; CSV is the same cells.
    ///   - note: a line for people, on standard error so that pipes stay clean.
    func answer(_ value: some Encodable, _ table: Table, note: String? = nil) throws {
        switch format {
        case .json: Console.say(try JSONDocument.pretty(value))
        case .table: Console.say(table.text(Console.isTerminal ? .terminal : .plain))
        case .csv:
            var writer = CSVWriter()
            writer.append(table.columns.map(\.title))
            for row in table.rows { writer.append(row) }
            Console.say(writer.takeText())
        }
        if let note, format == .table { Console.complain(note) }
    }
}

/// Opens a database file on the embedded engine.
let openDatabase: OpenDatabase = { path, schema, create in
    try SQLiteDatabase(path: path, schema: schema, create: create)
}

/// Opens a schema's database on a PostgreSQL server.
///
/// - Throws: `.usage` when the address is none of PostgreSQL's or this program was built without it.
func openServer(_ address: String, _ schema: Schema, _ create: Bool) throws -> any Database {
    guard address.hasPrefix("postgresql://") || address.hasPrefix("postgres://") || address.contains("=")
    else {
        throw RedressError(
            .usage,
            "The database's address must begin with postgresql://. Leave it out to use files in the folder.")
    }
    #if Postgres
        return try PostgresDatabase(url: address, schema: schema, create: create)
    #else
        throw RedressError(
            .usage,
            "This program was built without PostgreSQL. Build it with `swift build --traits Postgres`.")
    #endif
}

extension Table {
    /// A table of names and values, for answers of one row.
    init(_ pairs: KeyValuePairs<String, String>) {
        self.init([Column("what"), Column("value")], rows: pairs.map { [$0.key, $0.value] })
    }
}

/// Reads an argument that must have a form; the error says which.
func parsed<T>(_ text: String, _ name: String, _ form: String, _ read: (String) throws -> T?) throws -> T {
    guard let value = try read(text) else {
        throw RedressError(.usage, "\(name) must be \(form); `\(text)` is not.")
    }
    return value
}

/// Reads a text file that was named on the command line.
func readText(_ path: String) throws -> String {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw RedressError(.notFound, "There is no file \(path). Check the name and the folder.")
    }
    guard !isFolder.boolValue, let data = FileManager.default.contents(atPath: path),
        let text = String(data: data, encoding: .utf8)
    else { throw RedressError(.badData, "\(path) cannot be read as a UTF-8 text file.") }
    return text
}
