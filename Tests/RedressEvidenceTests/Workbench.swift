/// Writes lines to files in a folder of their own, ingests them, and examines people.

import FoundationEssentials
import RedressCore
import RedressEvidence

let testKey = JoinKey(secret: Array("an invented join key".utf8))

/// A folder that is gone when the bench is.
final class Workbench {
    let folder: String
    let store = MemoryFacts()
    private var count = 0

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/redress-evidence-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Where facts wait while a log is read.
    var runs: String { folder + "/runs" }

    /// Writes bytes to a new file and returns its path.
    func write(_ bytes: [UInt8]) throws -> String {
        count += 1
        let path = folder + "/log-\(count)"
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    @discardableResult
    func ingest(
        _ bytes: [UInt8], _ kind: LogKind, into store: MemoryFacts? = nil,
        limits: IngestLimits = IngestLimits()
    ) async throws -> IngestProgress {
        let file = try await LogFile.identify(path: try write(bytes))
        return try await ingest(file, kind, into: store, limits: limits)
    }

    @discardableResult
    func ingest(
        _ file: LogFile, _ kind: LogKind, into other: MemoryFacts? = nil,
        limits: IngestLimits = IngestLimits()
    ) async throws -> IngestProgress {
        let store = other ?? store
        return try await store.add(
            LogIngest(file: file, kind: kind, joinKey: testKey, limits: limits), in: runs)
    }

    func ingest(_ evening: Evening) async throws {
        try await ingest(lines(evening.queue), .queue)
        try await ingest(lines(evening.booking), .booking)
        try await ingest(lines(evening.web), .web)
        try await ingest(lines(evening.sms), .sms)
    }

    func context() async throws -> IncidentContext {
        IncidentContext(
            incident: "I1", window: Evening.window, policy: try Policy.shipped(),
            passKeys: try await PassKeys(json: Evening.passKeys), joinKey: testKey)
    }

    func examiner() async throws -> Examiner {
        try Examiner(context: try await context(), source: store)
    }
}

func lines(_ lines: some Sequence<String>) -> [UInt8] {
    Array(lines.map { $0 + "\n" }.joined().utf8)
}
