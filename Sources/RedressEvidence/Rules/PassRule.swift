/// Does the signed pass verify, was its key issued, and who redeemed it first?

import RedressCore

/// Rests on the application's log.
enum PassRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        guard let attempt = evidence.attempt else {
            return Finding(.pass, .notApplicable, source: .booking, message: .passNoAttempt)
        }
        func isShown(_ event: BookingEvent) -> Bool {
            !event.pass.isZero && event.time <= attempt.value.time + 60_000
        }
        let events = evidence.events
        if let event = events.last(where: { $0.value.code == .submit && isShown($0.value) })
            ?? events.last(where: { isShown($0.value) })
        {
            return judge(evidence, event)
        }
        if let finding = keyRedeemedElsewhere(evidence, attempt) { return finding }
        return notShown(evidence, attempt)
    }

    private static func judge(_ evidence: PersonEvidence, _ event: Located<BookingEvent>) -> Finding {
        let isComplete = isComplete(evidence, event.value.time)
        guard let pass = evidence.pass(event.value.pass)?.contents, !pass.token.isEmpty else {
            return Finding(.pass, .missing, source: .booking, message: .passUnknown, citations: [event.line])
        }
        guard let keys = evidence.picture.context.passKeys else {
            return Finding(.pass, .missing, source: .booking, message: .passNoKeys, citations: [event.line])
        }
        // A key is judged by when the pass was signed, else by when it was shown; never by today.
        let signed = pass.claims.map(\.issuedAt).flatMap { $0 > 0 ? $0 : nil } ?? event.value.time
        let isGood =
            keys.verifies(pass.token, at: Instant(milliseconds: signed))
            || keys.verifies(pass.token, at: Instant(milliseconds: event.value.time))
        guard isGood else {
            return Finding(
                .pass, .contradicts, source: .booking, message: .passForged, citations: [event.line],
                conclusive: isComplete)
        }
        if let earlier = earlierElsewhere(evidence, pass.shownPass, event.value) {
            return Finding(
                .pass, .contradicts, source: .booking, message: .passElsewhere,
                values: ["time": Instant(milliseconds: earlier.value.time).clockText],
                citations: [earlier.line, event.line], conclusive: isComplete)
        }
        let isOwn = pass.claims.map { evidence.owns($0.ticket) } ?? false
        return Finding(
            .pass, isOwn ? .supports : .missing, source: .booking,
            message: isOwn ? .passValid : .passUnlinked,
            citations: [event.line] + pass.issued.prefix(1).map(\.line))
    }

    /// Shown earlier on another device: both devices known, and neither device nor session the person's.
    private static func earlierElsewhere(
        _ evidence: PersonEvidence, _ shown: [Located<BookingEvent>], _ mine: BookingEvent
    ) -> Located<BookingEvent>? {
        let first = shown.filter {
            !evidence.picture.coverage(.booking).isDisputed($0.value.node, $0.value.time)
        }
        .min { $0.value.time < $1.value.time }
        guard let first, first.value.time < mine.time, !first.value.device.isZero, !mine.device.isZero,
            !evidence.devices.contains(first.value.device), !evidence.sessions.contains(first.value.session)
        else { return nil }
        return first
    }

    private static func keyRedeemedElsewhere(
        _ evidence: PersonEvidence, _ attempt: Located<BookingEvent>
    ) -> Finding? {
        guard attempt.value.keyShown == .ticket, !evidence.owns(attempt.value.ticket),
            let ticket = evidence.ticket(attempt.value.ticket),
            let earlier = earlierElsewhere(evidence, ticket.contents.shownKey, attempt.value)
        else { return nil }
        return Finding(
            .pass, .contradicts, source: .booking, message: .passElsewhere,
            values: ["time": Instant(milliseconds: earlier.value.time).clockText],
            citations: [earlier.line, attempt.line], conclusive: isComplete(evidence, attempt.value.time))
    }

    /// Nothing shown speaks only when nearly everybody who had a pass showed it, and the queue was answering.
    private static func notShown(_ evidence: PersonEvidence, _ attempt: Located<BookingEvent>) -> Finding {
        let policy = evidence.policy
        // A commit line never carries a pass; the submit that did may be lost.
        guard attempt.value.code == .submit else {
            return Finding(
                .pass, .missing, source: .booking, message: .passUnknown, citations: [attempt.line])
        }
        let minute = attempt.value.time.floorQuotient(60_000)
        var all = 0
        var shown = 0
        for near in (minute - Int64(policy.passShownMinutes))...(minute + Int64(policy.passShownMinutes)) {
            all += evidence.picture.passShares[near]?.all ?? 0
            shown += evidence.picture.passShares[near]?.shown ?? 0
        }
        let share = all == 0 ? 0 : Double(shown) / Double(all)
        guard all >= policy.passShownMinimum, share >= policy.passShownShare else {
            return Finding(
                .pass, .missing, source: .booking, message: .passNotUsual, citations: [attempt.line])
        }
        let isBypassed = evidence.chains.contains { $0.outcomes.contains { $0.value.code == .bypass } }
        let nodes = evidence.chain?.nodes ?? evidence.picture.queue.nodes
        // Whoever was cut off before their turn has no pass to show.
        let lastHeard = evidence.chain?.last?.time ?? attempt.value.time
        let outage = evidence.outageShare(
            nodes, from: min(lastHeard, attempt.value.time - 300_000), to: attempt.value.time)
        if isBypassed || outage >= policy.outageMissedShare {
            return Finding(
                .pass, .missing, source: .booking, message: .passExplained,
                values: ["share": percent(outage)],
                citations: [attempt.line])
        }
        return Finding(
            .pass, .contradicts, source: .booking, message: .passNotShown, values: ["share": percent(share)],
            citations: [attempt.line],
            conclusive: isComplete(evidence, attempt.value.time)
                && evidence.isQueueComplete(before: attempt.value.time))
    }

    private static func isComplete(_ evidence: PersonEvidence, _ time: Int64) -> Bool {
        evidence.picture.coverage(.booking).isComplete(from: time, to: time)
    }
}
