/// Was the number served when they submitted, or their wait no shorter than that of others beside them?

import RedressCore

/// Rests on the waiting room's log.
enum InTurnRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        guard let submitted = evidence.attemptTime, let chain = evidence.chain else {
            return Finding(.inTurn, .notApplicable, source: .queue, message: .admittedNoWait)
        }
        let policy = evidence.policy
        let lines = [chain.entered?.line].compactMap { $0 }
        let served = evidence.picture.queue.served(queue: chain.queue, at: submitted)
        if let number = chain.number, let served {
            let slack =
                Int64(Double(span(evidence)) * policy.frontierSlackShare) + Int64(policy.frontierSlackNumbers)
            if number <= served + slack {
                return Finding(
                    .inTurn, .supports, source: .queue, message: .inTurnServed,
                    values: ["number": String(number), "served": String(served)], citations: lines)
            }
        }
        if let finding = byWait(evidence, chain, submitted, lines) { return finding }
        guard let number = chain.number, let served else {
            return Finding(.inTurn, .missing, source: .queue, message: .inTurnUnknown, citations: lines)
        }
        let beyond =
            Int64(Double(span(evidence)) * policy.beyondFrontierShare) + Int64(policy.beyondFrontierNumbers)
        let values = ["number": String(number), "served": String(served)]
        let hasBypass = chain.outcomes.contains { $0.value.code == .bypass }
        guard number > served + beyond, !hasBypass else {
            return Finding(
                .inTurn, .missing, source: .queue, message: .inTurnUnknown, values: values, citations: lines)
        }
        let isComplete = evidence.picture.coverage(.queue).isComplete(
            from: min(chain.first, submitted), to: submitted)
        return Finding(
            .inTurn, .contradicts, source: .queue, message: .inTurnAhead, values: values, citations: lines,
            conclusive: isComplete)
    }

    private static func byWait(
        _ evidence: PersonEvidence, _ chain: TicketChain, _ submitted: Int64, _ lines: [Citation]
    ) -> Finding? {
        // Whoever was never let on has not waited to the end, however long it was.
        guard let entered = chain.entered?.time, let admission = chain.admission(before: submitted + 20_000),
            let usual = evidence.picture.queue.neighbourWait(entered: entered, evidence.policy)
        else { return nil }
        let wait = admission.value.time - entered
        guard Double(wait) >= Double(usual) * evidence.policy.neighbourWaitShare else { return nil }
        return Finding(
            .inTurn, .supports, source: .queue, message: .inTurnWaited,
            values: ["minutes": String(wait / 60_000), "others": String(usual / 60_000)],
            citations: lines + [admission.line])
    }

    /// How many numbers were given out that evening.
    private static func span(_ evidence: PersonEvidence) -> Int64 {
        evidence.picture.queue.numbers.map { $0.upperBound - $0.lowerBound } ?? 0
    }
}
