/// One installation's folder: two databases, the key ring, and what proves that the audit trail is whole.
import Foundation
import RedressCore
public import RedressStore

/// The files of an installation, all in one folder that only its owner can enter.
public struct Installation: Sendable {
    /// The folder.
    public let folder: String
    let keyRing: String
    let anchorKey: String
    let anchors: String
    let keyRingText: String?

    /// Names the installation in `folder`; nothing is opened or made yet.
    ///
    /// - Parameter environment: `REDRESS_KEYS`, `REDRESS_ANCHOR_KEY` and `REDRESS_ANCHORS` put the key ring, the
    ///   anchor's key and the signed heads elsewhere (another disk or host); `REDRESS_KEY_RING` is the ring itself.
    public init(folder: String, environment given: [String: String]? = nil) {
        let environment = given ?? ProcessInfo.processInfo.environment
        self.folder = folder
        func place(_ name: String, _ file: String) -> String {
            if let path = environment[name], !path.isEmpty { path } else { folder + file }
        }
        keyRing = place("REDRESS_KEYS", "/keys.json")
        anchorKey = place("REDRESS_ANCHOR_KEY", "/anchor.key")
        anchors = place("REDRESS_ANCHORS", "/anchors.jsonl")
        keyRingText = environment["REDRESS_KEY_RING"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Cases, bookings, pool and audit.
    public var database: String { folder + "/redress.sqlite" }
    /// Facts distilled from logs.
    public var evidence: String { folder + "/evidence.sqlite" }
    /// Log files that came on standard input, kept so that citations can be read again.
    public var spool: String { folder + "/spool" }
    /// Where the facts of logs wait while they are being read; nothing stays there.
    public var runs: String { folder + "/runs" }
    /// The weekly statistics as released.
    public var statistics: String { folder + "/statistics" }

    /// Where notices are written while no gateway is named.
    public var notices: String { folder + "/notices.jsonl" }

    /// Whether an installation is there.
    public var exists: Bool {
        FileManager.default.fileExists(atPath: database) || FileManager.default.fileExists(atPath: keyRing)
    }

    /// Makes the folder, fresh keys and empty databases.
    ///
    /// - Parameter open: opens one database file, making it when asked to.
    /// - Throws: `.refused` when an installation is there already; it is left as it is.
    public func create(open: OpenDatabase) async throws -> Desk {
        guard !exists else {
            throw RedressError(
                .refused,
                "There is an installation in \(folder) already; it was left as it is. Choose another --data-dir."
            )
        }
        do {
            try FileManager.default.createDirectory(
                atPath: spool, withIntermediateDirectories: true,
                attributes: [.posixPermissions: NSNumber(value: 0o700)])
        } catch {
            throw RedressError(
                .unavailable, "The folder \(folder) cannot be made. Check its name and permissions.")
        }
        if keyRingText == nil { try KeyRing.create(at: keyRing) }
        try AuditAnchor.createKey(at: anchorKey)
        let desk = try desk(open: open, create: true)
        try await desk.database.write { connection in
            let actor = Actor(name: "operator:init", role: .operator)
            try AuditStore(connection).append("installation.create", subject: "installation", by: actor)
        }
        return desk
    }

    /// Opens the installation that is there.
    ///
    /// - Throws: `.notFound` when there is none, `.unavailable` when a part is missing, damaged or newer.
    public func open(open: OpenDatabase) throws -> Desk {
        guard exists else {
            throw RedressError(
                .notFound,
                "There is no installation in \(folder). Run `redress init --data-dir \(folder)` first.")
        }
        return try desk(open: open, create: false)
    }

    private func desk(open: OpenDatabase, create: Bool) throws -> Desk {
        Desk(
            database: try open(database, .desk, create),
            evidence: try open(evidence, .evidence, create),
            keys: try keyRingText.map(KeyRing.read(text:)) ?? KeyRing.read(from: keyRing),
            anchor: try AuditAnchor.read(key: anchorKey, anchors: anchors),
            calendar: .korean)
    }
}

/// Opens a database file of a schema; makes it when the last argument says so.
public typealias OpenDatabase =
    @Sendable (_ path: String, _ schema: Schema, _ create: Bool) throws -> any Database
