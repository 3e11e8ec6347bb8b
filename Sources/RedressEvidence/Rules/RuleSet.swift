/// All rules in their order, and what their findings add up to.

import RedressCore

/// The rule set of this build.
enum RuleSet {
    /// One finding a rule, in the order of `Rule`.
    static func findings(_ evidence: PersonEvidence) -> [Finding] {
        [
            AttemptRule.finding(evidence), AcceptedRule.finding(evidence), SlotRule.finding(evidence),
            QueuedRule.finding(evidence), AdmittedRule.finding(evidence), InTurnRule.finding(evidence),
            PassRule.finding(evidence), ClockRule.finding(evidence), PathRule.finding(evidence),
            ToldRule.finding(evidence), RevokedRule.finding(evidence), EligibleRule.finding(evidence),
            OutageRule.finding(evidence), CoverageRule.finding(evidence),
        ]
    }

    /// The verdict.
    static func outcome(_ findings: [Finding], _ evidence: PersonEvidence) -> VerdictOutcome {
        func says(_ rule: Rule, _ outcome: Finding.Outcome) -> Bool {
            findings.contains { $0.rule == rule && $0.outcome == outcome }
        }
        func isShownAbsent(_ rule: Rule) -> Bool {
            findings.contains { $0.rule == rule && $0.outcome == .missing && $0.conclusive }
        }
        let standsOrGivenUp = findings.contains {
            $0.message == .revokedStands || $0.message == .revokedCancelled
                || $0.message == .eligibleCancelled
        }
        if standsOrGivenUp { return .notAffected }
        let isKnown = evidence.row != nil || evidence.revocation != nil
        if !isKnown, isShownAbsent(.attempt), isShownAbsent(.told) { return .notAffected }
        let isAdverse = findings.contains { $0.outcome == .contradicts }
        let clocksAgree =
            evidence.picture.clock.largestBias <= Int64(evidence.policy.clockTrustSeconds) * 1000
        if clocksAgree, isAdverse {
            let conclusive = findings.filter { $0.outcome == .contradicts && $0.conclusive }
            if Set(conclusive.map(\.source)).count >= 2 { return .contradicted }
        }
        // A number that was served shows the turn only with the pass that came of it: else whoever went ahead
        // without being let on would pass for someone whose admission the log has lost.
        // A shown outage of a fully logged queue does as well: it cut them off when their number was up. Only clocks that
        // agree show that it was then.
        let isCutOff =
            clocksAgree && says(.outage, .supports)
            && evidence.attemptTime.map { evidence.isQueueComplete(before: $0) } == true
        let hasTurn =
            says(.admitted, .supports) || (says(.inTurn, .supports) && (says(.pass, .supports) || isCutOff))
        // Log lines alone never verify anyone: a register or revocation row must know the booking.
        let isShown = says(.attempt, .supports) && says(.accepted, .supports) && hasTurn && isKnown
        let mayBeSeated = !isShownAbsent(.eligible)
        return isShown && !isAdverse && mayBeSeated ? .verified : .undetermined
    }

    /// The rules whose evidence is missing.
    static func missing(_ findings: [Finding]) -> [Rule] {
        findings.filter { $0.outcome == .missing }.map(\.rule)
    }
}

extension PersonEvidence {
    /// The earliest time at which any source has the person attempt this booking.
    var attemptedAt: Instant? {
        var times: [Instant] = []
        if let attemptTime { times.append(Instant(milliseconds: attemptTime)) }
        if let bookedAt = row?.bookedAt { times.append(bookedAt) }
        let slack = policy.windowSlackSeconds
        for page in pages where page.value.page == .submit {
            let time = Instant(milliseconds: page.value.time)
            if window.contains(time, slackSeconds: slack) { times.append(time) }
        }
        if times.isEmpty, let text = completeTexts.first {
            times.append(Instant(milliseconds: text.value.time))
        }
        return times.min()
    }

    /// The seat as the most reliable source names it.
    var seat: ClaimedSeat? {
        if let row {
            return ClaimedSeat(site: row.site, vaccine: row.vaccine, date: row.date, slot: row.slot)
        }
        if let event = seatEvent {
            return ClaimedSeat(
                site: event.value.site, vaccine: event.value.vaccine,
                date: event.value.date.map { CivilDate(daysSinceEpoch: Int($0)) },
                slot: event.value.slot.map { TimeOfDay(minutes: Int($0)) })
        }
        guard let text = completeTexts.first(where: { $0.value.date != nil }) else { return nil }
        return ClaimedSeat(
            site: String(decoding: text.value.site, as: UTF8.self), vaccine: "",
            date: text.value.date.map { CivilDate(daysSinceEpoch: Int($0)) },
            slot: text.value.slot.map { TimeOfDay(minutes: Int($0)) })
    }

    /// The application's line that names the seat: the commit, else the earliest submit.
    var seatEvent: Located<BookingEvent>? {
        func namesSeat(_ event: BookingEvent) -> Bool {
            event.isAttempt && !event.site.isEmpty && isInWindow(event.time)
        }
        return events.first { $0.value.code == .commit && namesSeat($0.value) }
            ?? events.first { namesSeat($0.value) }
    }

    /// This line and up to seven others of the application's lines about the claimed booking for which `belongs` holds.
    func lines(_ first: Citation, _ belongs: (BookingEvent) -> Bool) -> [Citation] {
        var lines = [first]
        for event in events where lines.count < 8 && event.line != first && belongs(event.value) {
            lines.append(event.line)
        }
        return lines
    }

    func isInWindow(_ time: Int64) -> Bool {
        window.contains(Instant(milliseconds: time), slackSeconds: policy.windowSlackSeconds)
    }

    /// Whether the queue's log is complete from the person's entry (else an hour) until `time`.
    func isQueueComplete(before time: Int64) -> Bool {
        let coverage = picture.coverage(.queue)
        let from = min(chain?.first ?? time, time - 3_600_000)
        return coverage.hasLines
            && coverage.isComplete(from: max(from, coverage.firstMinute * 60_000), to: time)
    }

    /// Whether an outage of the queue explains a gap on these servers.
    func outageShare(_ nodes: [UInt64], from: Int64, to: Int64) -> Double {
        picture.queue.missedShare(nodes: nodes, from: from, to: to, policy)
    }
}
