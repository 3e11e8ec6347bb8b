/// A fair sample of the evening's tickets: keyed hashes order them at random, so the first are as good as any.

import Crypto
import RedressCore

/// Sampled tickets and what follows from them.
struct TicketSample {
    private(set) var tickets: [SampledTicket] = []
    /// Per minute: submits by people whose ticket has a pass, and how many of those showed it.
    private(set) var passShares: [Int64: (all: Int, shown: Int)] = [:]
    private(set) var digest: [UInt8] = []

    init(_ source: any FactSource, _ policy: Policy) throws {
        var hasher = SHA256()
        var canonical: [UInt8] = []
        for fact in try source.facts(of: .ticket, limit: policy.sample) {
            canonical.removeAll(keepingCapacity: true)
            let contents = try JournalContents(fact.payload, canonical: &canonical)
            hasher.update(data: canonical)
            guard let first = contents.first?.time, let last = contents.last?.time else { continue }
            tickets.append(Self.sampled(contents, first, last, policy))
            notePass(contents)
        }
        digest = Array(hasher.finalize())
    }

    /// Minutes in which a validly signed pass was handed out for a ticket that no log line knows.
    func minutesOfUnseenTickets(
        _ source: any FactSource, _ keys: PassKeys?, _ policy: Policy
    ) throws -> Set<Int64> {
        guard let keys else { return [] }
        var unseen: [JoinHash: [JournalContents]] = [:]
        for fact in try source.facts(of: .pass, limit: policy.sample) {
            let pass = try JournalContents(fact.payload)
            if let claims = pass.claims { unseen[claims.ticket, default: []].append(pass) }
        }
        let wanted = unseen.keys.sorted().map { FactKey(kind: .ticket, hash: $0) }
        for start in stride(from: 0, to: wanted.count, by: 4096) {
            let part = Array(wanted[start..<min(start + 4096, wanted.count)])
            try source.each(part) { key, payload in
                if try JournalContents(payload).isIssued { unseen[key.hash] = nil }
            }
        }
        var minutes: Set<Int64> = []
        for pass in unseen.values.joined() {
            guard let issued = pass.claims?.issuedAt, issued > 0,
                keys.verifies(pass.token, at: Instant(milliseconds: issued))
            else { continue }
            // The ticket waited before it was issued, for nobody knows how long: an hour is taken.
            let minute = issued.floorQuotient(60_000)
            minutes.formUnion((minute - 60)...(minute + 1))
        }
        return minutes
    }

    private static func sampled(
        _ contents: JournalContents, _ first: Int64, _ last: Int64, _ policy: Policy
    ) -> SampledTicket {
        SampledTicket(
            first: first, last: last, entered: contents.entered.first?.value.time,
            number: contents.numbers.first?.number, nodes: contents.nodes,
            isExplained: contents.outcomes.contains { $0.value.code != .error } || !contents.next.isEmpty,
            silences: PollBins.silences(PollBins.times(contents.polls), policy),
            hasSession: !contents.sessions.isEmpty, hasDevice: !contents.devices.isEmpty)
    }

    private mutating func notePass(_ contents: JournalContents) {
        guard contents.outcomes.contains(where: { !$0.value.pass.isZero }) else { return }
        for shown in contents.shownKey where shown.value.code == .submit {
            let minute = shown.value.time.floorQuotient(60_000)
            passShares[minute, default: (0, 0)].all += 1
            if !shown.value.pass.isZero { passShares[minute, default: (0, 0)].shown += 1 }
        }
    }
}
