/// A store of facts in memory, merged as the evidence store merges them.

import RedressEvidence

final class MemoryFacts: FactSource {
    private(set) var all: [FactKey: [UInt8]] = [:]
    private(set) var quarantined: [QuarantinedLine] = []
    private(set) var reads = 0

    func add(_ batch: IngestBatch) throws {
        for fact in batch.facts { try add(fact) }
        quarantined += batch.quarantined
    }

    func add(_ fact: Fact) throws {
        all[fact.key] = try all[fact.key].map { try Fact.merge($0, fact.payload) } ?? fact.payload
    }

    /// Reads a log and takes in what it comes to.
    @discardableResult
    func add(_ ingest: LogIngest, in runs: String) async throws -> IngestProgress {
        let log = try await ingest.run(in: runs)
        let facts = try log.facts()
        while let fact = try facts.next() { try add(fact) }
        try log.eachQuarantined { quarantined += $0 }
        log.remove()
        return log.progress
    }

    func each(_ keys: [FactKey], _ body: (_ key: FactKey, _ payload: [UInt8]) throws -> Void) throws {
        reads += 1
        for key in keys { if let payload = all[key] { try body(key, payload) } }
    }

    func facts(of kind: FactKind, limit: Int?) throws -> [Fact] {
        let keys = all.keys.filter { $0.kind == kind }.sorted()
        return keys.prefix(limit ?? keys.count).compactMap { key in
            all[key].map { Fact(key: key, payload: $0) }
        }
    }
}
