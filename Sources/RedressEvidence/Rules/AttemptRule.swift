/// Did this person submit inside the incident window?

import RedressCore

/// Rests on the application's log.
enum AttemptRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        if let attempt = evidence.attempt {
            let time = Instant(milliseconds: attempt.value.time)
            return Finding(
                .attempt, .supports, source: .booking, message: .attemptInside,
                values: ["time": time.clockText, "date": time.date.description],
                citations: evidence.lines(attempt.line) { $0.isAttempt && evidence.isInWindow($0.time) })
        }
        if let other = evidence.events.first(where: { $0.value.isAttempt }) {
            let time = Instant(milliseconds: other.value.time)
            return Finding(
                .attempt, .notApplicable, source: .booking, message: .attemptOutside,
                values: ["time": time.clockText, "date": time.date.description], citations: [other.line])
        }
        let isComplete = evidence.picture.coverage(.booking).isComplete(
            from: evidence.window.from.milliseconds, to: evidence.window.to.milliseconds)
        return Finding(
            .attempt, .missing, source: .booking, message: isComplete ? .attemptNone : .attemptUnknown,
            conclusive: isComplete)
    }
}
