/// A store of facts in memory, merged as the evidence store merges them.

import RedressEvidence

final class MemoryFacts: FactSource {
    private(set) var all: [FactKey: [UInt8]] = [:]
    private(set) var quarantined: [QuarantinedLine] = []
    private(set) var reads = 0

    func add(_ batch: IngestBatch) throws {
        for fact in batch.facts {
            if let held = all[fact.key] {
                all[fact.key] = try FactMerge.merge(fact.key.kind, held, fact.payload)
            } else {
                all[fact.key] = fact.payload
            }
        }
        quarantined += batch.quarantined
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
