/// What operators watch: whether the desk can do its work and why not, and a few counts that name nobody.
import Foundation
import Glibc
import RedressCore
public import RedressStore

/// Whether the desk can do its work.
public struct Readiness: Sendable, Codable, Equatable {
    /// One thing that it needs.
    public struct Check: Sendable, Codable, Equatable {
        /// What: `database`, `evidence`, `migration`, `keys`, `anchor`, `disk`.
        public var what: String
        /// What is wrong with it; empty when nothing.
        public var wrong: String
    }

    /// Everything that was looked at.
    public var checks: [Check]
    /// Whether nothing is wrong.
    public var isReady: Bool { checks.allSatisfy(\.wrong.isEmpty) }
    /// What is wrong, in one sentence; empty when nothing.
    public var why: String {
        checks.filter { !$0.wrong.isEmpty }.map { "\($0.what): \($0.wrong)" }.joined(separator: "; ")
    }
}

/// Looks after a running desk.
public struct MonitorDesk: Sendable {
    let desk: Desk
    /// Less free space than this and nothing is promised any more, in bytes.
    static let leastFreeBytes = 64 << 20

    /// The counts.
    public func figures() async throws -> ServiceFigures {
        try await desk.database.read { try MonitorStore($0).figures() }
    }

    /// Looks at everything the work needs.
    ///
    /// - Parameter folder: the installation's folder; its disk is not looked at when nil.
    public func readiness(folder: String?) async -> Readiness {
        var checks = [
            await database("database", desk.database, .desk),
            await database("evidence", desk.evidence, .evidence),
            await check("keys", "the key ring does not open the personal data") {
                try await desk.requireFittingKeys()
            },
            await check("anchor", "the head of the audit trail cannot be signed: see the log") {
                try desk.anchor.requireWritable()
            },
        ]
        if let folder { checks.append(disk(folder)) }
        return Readiness(checks: checks)
    }

    private func database(_ what: String, _ database: any Database, _ schema: Schema) async -> Readiness.Check
    {
        let found: Int?? = await Self.within(desk.patience) {
            try? await database.read { try MonitorStore($0).schemaVersion() }
        }
        switch found {
        case nil: return Readiness.Check(what: what, wrong: silence)
        case .some(nil): return Readiness.Check(what: what, wrong: "cannot be read: see the log")
        case .some(.some(schema.version)): return Readiness.Check(what: what, wrong: "")
        case .some(.some(let version)):
            return Readiness.Check(
                what: what,
                wrong:
                    "has schema version \(version), this program knows \(schema.version): start the newer one"
            )
        }
    }

    private func disk(_ folder: String) -> Readiness.Check {
        guard (unsafe access(folder, W_OK)) == 0 else {
            return Readiness.Check(what: "disk", wrong: "the data folder cannot be written")
        }
        let system = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        let free = (system?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
        guard free >= Self.leastFreeBytes else {
            return Readiness.Check(what: "disk", wrong: "only \(free >> 20) MiB are free")
        }
        return Readiness.Check(what: "disk", wrong: "")
    }

    private func check(
        _ what: String, _ wrong: String, _ work: @escaping @Sendable () async throws -> Void
    ) async -> Readiness.Check {
        let isFine = await Self.within(desk.patience) {
            do {
                try await work()
                return true
            } catch {
                return false
            }
        }
        switch isFine {
        case nil: return Readiness.Check(what: what, wrong: silence)
        case true?: return Readiness.Check(what: what, wrong: "")
        case false?: return Readiness.Check(what: what, wrong: wrong)
        }
    }

    private var silence: String { "does not answer in \(desk.patience)" }

    /// What `work` answers, or nil when it takes longer; it is left to itself then.
    private static func within<T: Sendable>(
        _ patience: Duration, _ work: @escaping @Sendable () async -> T
    ) async -> T? {
        let (answers, told) = AsyncStream.makeStream(of: T?.self)
        let worker = Task { told.yield(await work()) }
        let timer = Task {
            try? await Task.sleep(for: patience)
            told.yield(nil)
        }
        defer {
            worker.cancel()
            timer.cancel()
        }
        var iterator = answers.makeAsyncIterator()
        return await iterator.next() ?? nil
    }
}

extension Desk {
    /// What operators watch.
    public var monitor: MonitorDesk { MonitorDesk(desk: self) }
}
