/// Does the front door show main page, queue, calendar, submit, with the person's own key?

import RedressCore

/// Rests on the front door's log.
enum PathRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        guard let attempt = evidence.attempt else {
            return Finding(.path, .notApplicable, source: .web, message: .pathUnknown)
        }
        let end = attempt.value.time + Int64(evidence.policy.webMatchSeconds) * 1000
        let from = evidence.window.from.milliseconds - 6 * 3_600_000
        let pages = evidence.pages.filter { $0.value.time >= from && $0.value.time <= end }
        let late = pages.filter { $0.value.page == .calendar || $0.value.page == .submit }
        guard !late.isEmpty, evidence.picture.webKeyShare >= 0.5 else {
            return Finding(
                .path, .missing, source: .web, message: .pathUnknown, citations: pages.prefix(4).map(\.line))
        }
        if let odd = late.first(where: { $0.value.keyShown == .timeout }) {
            return adverse(evidence, .pathTimeout, odd)
        }
        if let odd = late.first(where: { isAnothers($0.value, evidence) }) {
            return adverse(evidence, .pathOtherDevice, odd)
        }
        let hasOwnKey = late.contains { $0.value.keyShown == .ticket }
        if !hasOwnKey, let odd = late.first { return adverse(evidence, .pathNoKey, odd) }
        let hasCalendar = late.contains { $0.value.page == .calendar }
        let hasSubmit = late.contains { $0.value.page == .submit }
        let lines = Array(late.prefix(6).map(\.line))
        if hasCalendar, hasSubmit {
            return Finding(.path, .supports, source: .web, message: .pathComplete, citations: lines)
        }
        return Finding(.path, .missing, source: .web, message: .pathPartial, citations: lines)
    }

    /// A key that the queue gave to a device (and session) that is not the person's.
    private static func isAnothers(_ page: PageEvent, _ evidence: PersonEvidence) -> Bool {
        guard page.keyShown == .ticket, !evidence.owns(page.ticket),
            let ticket = evidence.ticket(page.ticket)?.contents,
            ticket.isIssued, !ticket.devices.isEmpty, !evidence.devices.isEmpty
        else { return false }
        return !ticket.devices.contains { evidence.devices.containsSorted($0.to) }
            && !ticket.sessions.contains { evidence.sessions.containsSorted($0.to) }
    }

    private static func adverse(
        _ evidence: PersonEvidence, _ message: Message, _ page: Located<PageEvent>
    ) -> Finding {
        let isBypassed = evidence.chains.contains { $0.outcomes.contains { $0.value.code == .bypass } }
        let nodes = evidence.chain?.nodes ?? evidence.picture.queue.nodes
        let lastHeard = evidence.chain?.last?.time ?? page.value.time
        let share = evidence.outageShare(
            nodes, from: min(lastHeard, page.value.time - 300_000), to: page.value.time)
        if isBypassed || share >= evidence.policy.outageMissedShare {
            return Finding(
                .path, .missing, source: .web, message: .pathExplained, values: ["share": percent(share)],
                citations: [page.line])
        }
        // What a lost part of the queue's log may hold (a bypass, an outage) could explain it.
        let isComplete =
            evidence.picture.coverage(.web).isComplete(from: page.value.time, to: page.value.time)
            && evidence.isQueueComplete(before: page.value.time)
        return Finding(
            .path, .contradicts, source: .web, message: message,
            values: ["time": Instant(milliseconds: page.value.time).clockText], citations: [page.line],
            conclusive: isComplete)
    }
}
