/// Is the client's clock steady against the servers'?

import RedressCore

/// A constant offset is innocent; only a step speaks. Rests on the application's source.
enum ClockRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        guard let submitted = evidence.attemptTime else {
            return Finding(.clock, .notApplicable, source: .booking, message: .clockUnknown)
        }
        let limit = Int64(evidence.policy.clockStepSeconds) * 1000
        var steady: [Citation] = []
        for readings in evidence.clocks {
            let before = readings.filter { $0.first <= submitted + 60_000 }
            guard let base = before.first else { continue }
            let baseOffset = offset(base, evidence)
            for reading in before.dropFirst() {
                let step = offset(reading, evidence) - baseOffset
                if abs(step) > limit { return stepped(evidence, base, reading, step, submitted) }
            }
            steady.append(base.firstLine)
        }
        if steady.isEmpty { return Finding(.clock, .notApplicable, source: .booking, message: .clockUnknown) }
        return Finding(
            .clock, .supports, source: .booking, message: .clockSteady, citations: Array(steady.prefix(4)))
    }

    private static func stepped(
        _ evidence: PersonEvidence, _ base: ClockReading, _ reading: ClockReading, _ step: Int64,
        _ submitted: Int64
    ) -> Finding {
        let isComplete = evidence.picture.coverage(.booking).isComplete(from: submitted, to: submitted)
        return Finding(
            .clock, .contradicts, source: .booking, message: .clockStepped,
            values: ["minutes": String(abs(step) / 60_000)], citations: [base.firstLine, reading.firstLine],
            conclusive: isComplete)
    }

    /// Client minus server time, with the server's own error taken out.
    private static func offset(_ reading: ClockReading, _ evidence: PersonEvidence) -> Int64 {
        reading.offset - evidence.picture.clock.bias(reading.node, at: reading.first)
    }
}
