/// Did the system accept it: a commit, a 2xx answer, or a "booking complete" text?

import RedressCore

/// Rests on the application's log, and on the dispatch where only the text is left.
enum AcceptedRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        func isYes(_ event: BookingEvent) -> Bool {
            (event.code == .commit || isAnsweredYes(event)) && evidence.isInWindow(event.time)
        }
        let events = evidence.events
        if let first = events.first(where: { $0.value.code == .commit && isYes($0.value) })
            ?? events.first(where: { isYes($0.value) })
        {
            return Finding(
                .accepted, .supports, source: .booking, message: .acceptedLogged,
                values: ["time": Instant(milliseconds: first.value.time).clockText],
                citations: evidence.lines(first.line, isYes))
        }
        if let text = evidence.completeTexts.first {
            return Finding(
                .accepted, .supports, source: .sms, message: .acceptedText,
                values: ["time": Instant(milliseconds: text.value.time).clockText], citations: [text.line])
        }
        let refusals = events.filter {
            ($0.value.code == .reject || $0.value.code == .submit) && evidence.isInWindow($0.value.time)
        }
        let isComplete = evidence.picture.coverage(.booking).isComplete(
            from: evidence.window.from.milliseconds, to: evidence.window.to.milliseconds)
        return Finding(
            .accepted, .missing, source: .booking, message: isComplete ? .acceptedNone : .acceptedUnknown,
            citations: refusals.prefix(8).map(\.line), conclusive: isComplete)
    }

    private static func isAnsweredYes(_ event: BookingEvent) -> Bool {
        event.code == .submit && (200..<300).contains(event.status)
    }
}
