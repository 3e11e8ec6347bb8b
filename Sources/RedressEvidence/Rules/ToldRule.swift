/// Was a "booking complete" text sent to this person?

import RedressCore

/// Rests on the dispatch's log.
enum ToldRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        let texts = evidence.completeTexts
        if let first = texts.first {
            return Finding(
                .told, .supports, source: .sms, message: .toldYes,
                values: ["time": Instant(milliseconds: first.value.time).clockText],
                citations: texts.prefix(4).map(\.line))
        }
        guard evidence.record.phone != nil else {
            return Finding(.told, .missing, source: .sms, message: .toldUnknown)
        }
        let coverage = evidence.picture.coverage(.sms)
        let isComplete = coverage.isComplete(
            from: evidence.window.from.milliseconds,
            to: min(evidence.window.to.milliseconds, coverage.lastMinute &* 60_000))
        return Finding(
            .told, .missing, source: .sms, message: isComplete ? .toldNone : .toldUnknown,
            conclusive: isComplete)
    }
}
