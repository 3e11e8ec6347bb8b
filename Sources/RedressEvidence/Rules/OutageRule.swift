/// Did other people's tickets on the same servers fall silent too? It explains gaps, never accuses.

import RedressCore

/// Rests on the waiting room's log.
enum OutageRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        guard let submitted = evidence.attemptTime, evidence.picture.queue.sampled > 0 else {
            return Finding(.outage, .notApplicable, source: .queue, message: .outageUnknown)
        }
        let nodes = evidence.chain?.nodes ?? evidence.picture.queue.nodes
        let from = evidence.chain?.last.map { min($0.time, submitted) } ?? submitted - 300_000
        var worst = evidence.outageShare(nodes, from: from, to: submitted)
        for gap in evidence.chain?.silences ?? [] {
            worst = max(worst, evidence.outageShare(nodes, from: gap.from, to: gap.to))
        }
        let isOutage = worst >= evidence.policy.outageMissedShare
        return Finding(
            .outage, isOutage ? .supports : .notApplicable, source: .queue,
            message: isOutage ? .outageExplains : .outageNone, values: ["share": percent(worst)],
            citations: isOutage ? [evidence.chain?.last?.line].compactMap { $0 } : [])
    }
}
