/// Backups: a folder with a copy of one moment, signed, without the keys; and bringing such a folder back.
import Crypto
import Foundation
public import RedressCore
public import RedressStore

/// What a backup holds, as its file `backup.json` says and signs.
public struct BackupManifest: Sendable, Codable, Equatable {
    /// One file of a backup.
    public struct File: Sendable, Codable, Equatable {
        /// Its name in the folder.
        public var name: String
        /// Its length in bytes.
        public var bytes: Int
        /// The SHA-256 of its bytes, in hex.
        public var sha256: String
    }

    /// When it was begun, RFC 3339.
    public var at: String
    /// The schema version of the desk's database.
    public var schema: Int
    /// How many rows the audit trail had when it was begun; the copy has at least these.
    public var auditRows: Int
    /// Every file, by name.
    public var files: [File]
}

/// What bringing a backup back came to.
public struct RestoreReport: Sendable, Codable, Equatable {
    /// What the backup holds.
    public var backup: BackupManifest
    /// What signed heads that were kept elsewhere know of and the backup does not have; empty when nothing is lost.
    public var lost: [String]
}

/// A manifest with what proves that the installation made it.
private struct SignedManifest: Codable {
    static let kind = "backup"
    static let name = "backup.json"

    var manifest: BackupManifest
    var signature: Data
}

/// Makes backups of a running installation.
public struct BackupDesk: Sendable {
    let desk: Desk
    let installation: Installation

    /// Works on the desk of an installation.
    public init(_ desk: Desk, _ installation: Installation) {
        self.desk = desk
        self.installation = installation
    }

    /// Copies both databases, the signed heads, kept logs and released statistics into a fresh folder.
    ///
    /// The desk may be at work meanwhile: each database is copied as of one moment, the desk's before the evidence,
    /// which only grows. The keys are not in it: whoever finds a backup finds nothing personal.
    /// - Throws: `.refused` when the folder is there already.
    public func make(in folder: String, by actor: Actor) async throws -> BackupManifest {
        try actor.require(.operate)
        let files = FileManager.default
        guard !files.fileExists(atPath: folder) else {
            throw RedressError(
                .refused, "There is something at \(folder) already; it was left as it is. Name a new folder.")
        }
        try makePrivateFolder(folder)
        do {
            // The heads first: a head that was signed later would name a row that the copy does not have.
            try await desk.audit.anchorHead()
            let (now, rows) = try await desk.database.read { connection in
                (connection.now, try AuditStore(connection).head()?.seq ?? 0)
            }
            try copyFile(installation.anchors, folder + "/anchors.jsonl")
            try await desk.database.copy(to: folder + "/redress.sqlite")
            try await desk.evidence.copy(to: folder + "/evidence.sqlite")
            for (source, name) in [(installation.spool, "spool"), (installation.statistics, "statistics")]
            where files.fileExists(atPath: source) {
                try files.copyItem(atPath: source, toPath: folder + "/" + name)
            }
            let manifest = BackupManifest(
                at: now.description, schema: Schema.desk.version, auditRows: rows,
                files: try BackupFolder(folder).fingerprints())
            let text = try JSONDocument.stored(manifest)
            let signed = SignedManifest(
                manifest: manifest, signature: try desk.anchor.sign(text, as: SignedManifest.kind))
            try PrivateFile.create(
                folder + "/" + SignedManifest.name, contents: Array(try JSONDocument.stored(signed).utf8))
            try await desk.database.write { connection in
                try AuditStore(connection).append(
                    "installation.backup", subject: "installation", by: actor,
                    detail: ["files": "\(manifest.files.count)"])
            }
            return manifest
        } catch {
            // Half a backup must not be taken for one.
            try? files.removeItem(atPath: folder)
            throw error
        }
    }
}

extension Installation {
    /// Makes this installation of a backup: checked file by file, opened with the keys, and proven whole.
    ///
    /// - Parameters:
    ///   - keys: the key ring's copy; nil when it lies in its place already or stands in the environment.
    ///   - anchorKey: the copy of the key that signs; nil when it lies in its place already.
    /// - Throws: `.refused` when there is a database here, `.badData` naming the file that is not the one that was
    ///   backed up, `.unavailable` when a key is missing or another's. Nothing is left behind then.
    public func restore(
        from backup: String, keys: String? = nil, anchorKey key: String? = nil, by actor: Actor,
        open: OpenDatabase
    ) async throws -> RestoreReport {
        try actor.require(.operate)
        let files = FileManager.default
        guard !files.fileExists(atPath: database) else {
            throw RedressError(
                .refused,
                "There is an installation in \(folder) already; it was left as it is. Choose another --data-dir."
            )
        }
        let wasThere = files.fileExists(atPath: folder)
        var made: [String] = []
        do {
            if !wasThere { try makePrivateFolder(folder) }
            for (source, target) in [(keys, keyRing), (key, anchorKey)] {
                guard let source else { continue }
                try PrivateFile.create(target, contents: try PrivateFile.read(source))
                made.append(target)
            }
            let anchor = try AuditAnchor.read(key: anchorKey, anchors: anchors)
            let manifest = try BackupFolder(backup).proven(by: anchor)
            for file in manifest.files where !file.name.contains("/") {
                let target = file.name == "anchors.jsonl" ? anchors : folder + "/" + file.name
                // Heads kept on another disk know of more than the backup does, and stay.
                if file.name == "anchors.jsonl", files.fileExists(atPath: anchors) { continue }
                try copyFile(backup + "/" + file.name, target)
                made.append(target)
            }
            for name in ["spool", "statistics"] where files.fileExists(atPath: backup + "/" + name) {
                guard !files.fileExists(atPath: folder + "/" + name) else { continue }
                try files.copyItem(atPath: backup + "/" + name, toPath: folder + "/" + name)
                made.append(folder + "/" + name)
            }
            try makePrivateFolder(spool)
            return RestoreReport(backup: manifest, lost: try await prove(by: actor, open: open))
        } catch {
            for path in made { try? files.removeItem(atPath: path) }
            for path in [database, evidence] {
                for end in ["-wal", "-shm", ".lock"] { try? files.removeItem(atPath: path + end) }
            }
            if !wasThere { try? files.removeItem(atPath: folder) }
            throw error
        }
    }

    /// Opens what was brought back, checks that it is whole and that the keys open it, and writes down that it was.
    ///
    /// - Returns: the audit rows that are known to be lost.
    private func prove(by actor: Actor, open: OpenDatabase) async throws -> [String] {
        let desk = try self.open(open: open)
        do {
            let report = try await desk.check.run(by: actor)
            let lost = report.violations.filter {
                $0.hasPrefix("audit: rows ") && $0.contains(" are missing")
            }
            let wrong = report.violations.filter { !lost.contains($0) }
            guard wrong.isEmpty else {
                throw RedressError(
                    .badData,
                    "The backup does not hold what it must: \(wrong.prefix(3).joined(separator: "; ")).")
            }
            try await desk.requireFittingKeys()
            try await desk.database.write { connection in
                try AuditStore(connection).append(
                    "installation.restore-backup", subject: "installation", by: actor)
            }
            try await desk.close()
            return lost
        } catch {
            try? await desk.database.close()
            try? await desk.evidence.close()
            throw error
        }
    }
}

extension Desk {
    /// Throws when the key ring is not the one that the personal data was sealed with.
    func requireFittingKeys() async throws {
        let sealed = try await database.read { connection in
            try RegisterStore(connection).anySealedName()
        }
        guard let sealed else { return }
        do {
            _ = try keys.open(sealed.name, for: PersonalData.name(sealed.who.person, sealed.who.incident))
        } catch {
            throw RedressError(
                .unavailable,
                "The key ring does not open the personal data: it is another installation's, or older than the last rotation. Bring back the copy that belongs to this database."
            )
        }
    }
}

/// A folder that says it is a backup.
private struct BackupFolder {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    /// Every file under the folder but the manifest, by name.
    func fingerprints() throws -> [BackupManifest.File] {
        let names = FileManager.default.subpaths(atPath: path) ?? []
        return try names.sorted().compactMap { name in
            var isFolder: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder),
                !isFolder.boolValue, name != SignedManifest.name
            else { return nil }
            return try fingerprint(name)
        }
    }

    /// The manifest, when this installation signed it and every file is the one it names.
    func proven(by anchor: AuditAnchor) throws -> BackupManifest {
        guard let data = FileManager.default.contents(atPath: path + "/" + SignedManifest.name) else {
            throw RedressError(.notFound, "\(path) is no backup: it has no \(SignedManifest.name).")
        }
        guard let signed = try? JSONDecoder().decode(SignedManifest.self, from: data),
            anchor.isSigned(
                try JSONDocument.stored(signed.manifest), as: SignedManifest.kind, signed.signature)
        else {
            throw RedressError(
                .badData,
                "\(path)/\(SignedManifest.name) was not signed with this anchor key: it was changed, or is another installation's backup."
            )
        }
        try Schema.desk.refuseNewer(signed.manifest.schema)
        let found = try fingerprints()
        for file in signed.manifest.files {
            guard let there = found.first(where: { $0.name == file.name }) else {
                throw RedressError(.badData, "\(path)/\(file.name) is missing from the backup.")
            }
            guard there == file else {
                throw RedressError(
                    .badData, "\(path)/\(file.name) is not the file that was backed up: take another copy.")
            }
        }
        return signed.manifest
    }

    private func fingerprint(_ name: String) throws -> BackupManifest.File {
        guard let file = FileHandle(forReadingAtPath: path + "/" + name) else {
            throw RedressError(.unavailable, "\(path)/\(name) cannot be read.")
        }
        defer { try? file.close() }
        var hasher = SHA256()
        var bytes = 0
        while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
            hasher.update(data: part)
            bytes += part.count
        }
        return BackupManifest.File(name: name, bytes: bytes, sha256: hexadecimal(hasher.finalize()))
    }
}

/// Makes a folder that only its owner can enter, if it is not there yet.
private func makePrivateFolder(_ path: String) throws {
    do {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: NSNumber(value: 0o700)])
    } catch {
        throw RedressError(.unavailable, "The folder \(path) cannot be made. Check its name and permissions.")
    }
}

private func copyFile(_ source: String, _ target: String) throws {
    do {
        try FileManager.default.copyItem(atPath: source, toPath: target)
        // Later writes sync only the pages they touch.
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: target))
        try file.synchronize()
        try file.close()
    } catch {
        throw RedressError(
            .unavailable, "\(source) cannot be copied to \(target): is the disk full, or the file gone?")
    }
}
