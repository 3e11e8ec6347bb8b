/// Did the wait end in an admission, in time before the submit?

import RedressCore

/// Rests on the waiting room's log.
enum AdmittedRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        guard let submitted = evidence.attemptTime, let chain = evidence.chain else {
            return Finding(.admitted, .notApplicable, source: .queue, message: .admittedNoWait)
        }
        let slack: Int64 = 20_000
        if let admission = chain.admission(before: submitted + slack) {
            let time = Instant(milliseconds: admission.value.time)
            let isOpen = admission.value.code == .bypass
            let validity = Int64(evidence.policy.passValidityMinutes) * 60_000
            guard isOpen || submitted - admission.value.time <= validity else {
                return Finding(
                    .admitted, .missing, source: .queue, message: .admittedLongAgo,
                    values: ["time": time.clockText], citations: [admission.line])
            }
            return Finding(
                .admitted, .supports, source: .queue, message: isOpen ? .admittedBypass : .admittedPass,
                values: ["time": time.clockText], citations: [admission.line])
        }
        let lines = [chain.entered?.line, chain.last?.line].compactMap { $0 }
        let last = chain.last?.time ?? chain.first
        let share = evidence.outageShare(chain.nodes, from: min(last, submitted), to: submitted)
        if share >= evidence.policy.outageMissedShare {
            return Finding(
                .admitted, .missing, source: .queue, message: .admittedOutage,
                values: ["share": percent(share)], citations: lines)
        }
        let coverage = evidence.picture.coverage(.queue)
        guard coverage.isComplete(from: min(chain.first, submitted), to: submitted) else {
            return Finding(.admitted, .missing, source: .queue, message: .admittedUnknown, citations: lines)
        }
        return Finding(
            .admitted, .contradicts, source: .queue, message: .admittedNone,
            values: ["time": Instant(milliseconds: last).clockText], citations: lines, conclusive: true)
    }
}

/// A share as whole per cent.
func percent(_ share: Double) -> String { String(Int((share * 100).rounded())) }
