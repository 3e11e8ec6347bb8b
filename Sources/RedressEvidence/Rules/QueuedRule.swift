/// Is there a wait in the queue before the submit?

import RedressCore

/// A wait is the person's only through a shared device or session; a key alone never.
enum QueuedRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        guard let attempt = evidence.attempt, let submitted = evidence.attemptTime else {
            return Finding(.queued, .notApplicable, source: .queue, message: .queuedNoAttempt)
        }
        if let chain = evidence.chain, let entered = chain.entered, entered.time <= submitted + 60_000 {
            let time = Instant(milliseconds: entered.time)
            return Finding(
                .queued, .supports, source: .queue, message: .queuedYes,
                values: ["time": time.clockText, "number": chain.number.map(String.init) ?? "-"],
                citations: [entered.line, chain.last?.line].compactMap { $0 })
        }
        guard isLinkable(evidence, attempt.value) else {
            return Finding(
                .queued, .missing, source: .queue, message: .queuedUnlinked, citations: [attempt.line])
        }
        let coverage = evidence.picture.coverage(.queue)
        let from = max(coverage.firstMinute * 60_000, submitted - 4 * 3_600_000)
        guard coverage.hasLines, coverage.isComplete(from: from, to: submitted) else {
            return Finding(
                .queued, .missing, source: .queue, message: .queuedUnknown, citations: [attempt.line])
        }
        return Finding(
            .queued, .contradicts, source: .queue, message: .queuedNone,
            values: ["others": String(evidence.picture.queue.sampled)], citations: [attempt.line],
            conclusive: true)
    }

    /// Whether a wait of this person could be recognised at all, if there was one.
    private static func isLinkable(_ evidence: PersonEvidence, _ attempt: BookingEvent) -> Bool {
        let queue = evidence.picture.queue
        guard queue.sampled > 0 else { return false }
        let byDevice = !attempt.device.isZero && queue.deviceShare > 0.5
        let bySession = !attempt.session.isZero && queue.sessionShare > 0.5
        guard byDevice || bySession else { return false }
        if byDevice { return true }
        // Known by session alone: the session may have changed at log-in. A shown key that the queue issued
        // to a session we cannot compare leaves the question open.
        guard let shown = evidence.ticket(attempt.ticket)?.contents, shown.isIssued else { return true }
        return false
    }
}
