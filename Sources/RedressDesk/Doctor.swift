/// The doctor: looks at an installation from the outside, says what is wrong, and what to do about each thing.
import Foundation
import Glibc
public import RedressCore
import RedressStore

/// What the doctor says of one thing.
public struct Diagnosis: Sendable, Codable, Equatable {
    /// How bad it is.
    public enum State: String, Sendable, Codable {
        case ok
        case warning
        case wrong
    }

    /// What was looked at.
    public var what: String
    /// How it is.
    public var state: State
    /// What was seen.
    public var found: String
    /// What to do; empty when nothing.
    public var todo: String
}

/// Looks at an installation that may not even open; changes nothing.
public struct Doctor: Sendable {
    private let installation: Installation
    private let open: OpenDatabase
    private let now: Instant
    /// Less free space than this, or than the databases themselves take, is a warning.
    private static let leastFreeBytes = 1 << 30
    /// A backup older than this is a warning.
    private static let backupHours = 24
    /// Holidays known for less than this many days ahead are a warning.
    private static let calendarDays = 180

    /// Looks at `installation` by the time `now`.
    public init(
        _ installation: Installation, now: Instant = WallClock.system.now(), open: @escaping OpenDatabase
    ) {
        self.installation = installation
        self.now = now
        self.open = open
    }

    /// Everything that was looked at, in the order in which to mend it.
    public func examine() async -> [Diagnosis] {
        guard FileManager.default.fileExists(atPath: installation.folder) else {
            return [
                wrong(
                    "folder", "\(installation.folder) is not there",
                    "Pass --data-dir, make one with `redress init`, or bring a backup back with `redress restore-backup`."
                )
            ]
        }
        var list = [folder(), space(), anchors()]
        list += secrets()
        list.append(calendar())
        do {
            let desk = try installation.open(open: open)
            list.append(fine("databases", "both open, schema \(Schema.desk.version)"))
            list += await inside(desk)
            try await desk.database.close()
            try await desk.evidence.close()
        } catch {
            list.append(
                wrong(
                    "databases", said(error),
                    "Mend what stands above first; if a file is damaged, `redress restore-backup` into a new folder."
                ))
        }
        return list
    }

    private func inside(_ desk: Desk) async -> [Diagnosis] {
        var list: [Diagnosis] = []
        list.append(
            await look("key ring", "opens the personal data", "Bring back the keys.json of this database.") {
                try await desk.requireFittingKeys()
                return nil
            })
        list.append(
            await look(
                "files", "whole, every reference points at something",
                "Stop the service and bring the newest backup back into a new folder."
            ) {
                let damage = try await desk.database.damage() + desk.evidence.damage()
                return damage.first
            })
        list.append(
            await look(
                "audit trail", "unbroken, and reaches every signed head",
                "Keep the files as they are, and tell the auditors: `redress audit verify` names the rows."
            ) {
                let report = try await desk.audit.verify(by: Actor(name: "operator:doctor", role: .operator))
                return report.faults.first
            })
        let rows = (try? await desk.database.read { try AuditStore($0).latest(1) }) ?? []
        let backups =
            (try? await desk.database.read { try AuditStore($0).latest(200, subject: "installation") }) ?? []
        list.append(clock(last: rows.first?.at))
        list.append(backup(last: backups.first { $0.action == "installation.backup" }?.at))
        return list
    }

    // MARK: Each thing

    private func folder() -> Diagnosis {
        let mode = mode(of: installation.folder)
        guard mode & 0o077 == 0 else {
            return wrong(
                "folder", "others can enter it (mode \(String(mode, radix: 8)))",
                "chmod 700 \(installation.folder)")
        }
        guard (unsafe access(installation.folder, W_OK)) == 0 else {
            return wrong(
                "folder", "cannot be written", "Run redress as the owner of \(installation.folder).")
        }
        return fine("folder", "\(installation.folder), for its owner alone")
    }

    private func space() -> Diagnosis {
        let files = FileManager.default
        let system = try? files.attributesOfFileSystem(forPath: installation.folder)
        let free = (system?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
        let taken = [installation.database, installation.evidence].reduce(0) { sum, path in
            let size = (try? files.attributesOfItem(atPath: path))?[.size] as? NSNumber
            return sum + (size?.intValue ?? 0)
        }
        let found = "\(free >> 20) MiB free, the databases take \(taken >> 20) MiB"
        guard free > max(Self.leastFreeBytes, taken) else {
            return warning(
                "disk", found, "Make room: a backup beside it needs as much as the databases take.")
        }
        return fine("disk", found)
    }

    private func secrets() -> [Diagnosis] {
        var list: [Diagnosis] = []
        if installation.keyRingText == nil {
            list.append(secret("keys.json", installation.keyRing) { _ = try KeyRing.read(from: $0) })
        } else {
            list.append(fine("keys.json", "the key ring stands in REDRESS_KEY_RING"))
        }
        list.append(
            secret("anchor.key", installation.anchorKey) {
                _ = try AuditAnchor.read(key: $0, anchors: installation.anchors)
            })
        return list
    }

    private func secret(_ name: String, _ path: String, _ read: (String) throws -> Void) -> Diagnosis {
        do {
            try read(path)
            return fine(name, "\(path), for its owner alone")
        } catch {
            return wrong(name, said(error), "Without it nothing opens: bring its copy back, mode 600.")
        }
    }

    private func anchors() -> Diagnosis {
        guard FileManager.default.fileExists(atPath: installation.anchors) else {
            return wrong(
                "signed heads", "\(installation.anchors) is not there",
                "Bring its copy back: without it nobody can prove that the audit trail's end is not cut off.")
        }
        let isBeside = installation.anchors.hasPrefix(installation.folder + "/")
        guard !isBeside else {
            return warning(
                "signed heads", "\(installation.anchors) lies beside the database",
                "Set REDRESS_ANCHORS to a file on another disk or host: who can change one must not reach the other."
            )
        }
        return fine("signed heads", installation.anchors)
    }

    private func calendar() -> Diagnosis {
        let last = WorkingCalendar.korean.years.upperBound
        guard now.date.adding(days: Self.calendarDays).parts.year <= last else {
            return warning(
                "calendar", "holidays are known to the end of \(last)",
                "Install a redress with newer holidays: no due date beyond them can be counted.")
        }
        return fine("calendar", "holidays are known to the end of \(last)")
    }

    private func clock(last: Instant?) -> Diagnosis {
        guard let last, now < last else { return fine("clock", "\(now)") }
        return wrong(
            "clock", "it shows \(now), before the last act at \(last)",
            "Set the machine's clock: deadlines and holds are counted by it.")
    }

    private func backup(last: Instant?) -> Diagnosis {
        let todo = "redress backup FOLDER --data-dir \(installation.folder)"
        guard let last else { return warning("backup", "none was ever made", todo) }
        guard now < last.adding(minutes: Self.backupHours * 60) else {
            return warning("backup", "the last one was made at \(last)", todo)
        }
        return fine("backup", "the last one was made at \(last)")
    }

    // MARK: Words

    /// A look that answers with what is wrong, or nil.
    private func look(
        _ what: String, _ good: String, _ todo: String, _ body: () async throws -> String?
    ) async -> Diagnosis {
        do {
            guard let fault = try await body() else { return fine(what, good) }
            return wrong(what, fault, todo)
        } catch {
            return wrong(what, said(error), todo)
        }
    }

    private func said(_ error: any Error) -> String {
        (error as? RedressError)?.message ?? "\(error)"
    }

    private func mode(of path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }

    private func fine(_ what: String, _ found: String) -> Diagnosis {
        Diagnosis(what: what, state: .ok, found: found, todo: "")
    }

    private func warning(_ what: String, _ found: String, _ todo: String) -> Diagnosis {
        Diagnosis(what: what, state: .warning, found: found, todo: todo)
    }

    private func wrong(_ what: String, _ found: String, _ todo: String) -> Diagnosis {
        Diagnosis(what: what, state: .wrong, found: found, todo: todo)
    }
}
