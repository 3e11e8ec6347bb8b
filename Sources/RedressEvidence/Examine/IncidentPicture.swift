/// What was normal that evening: coverage, frontier, outages, clocks. Read once from the facts, then shared.

import Crypto
import RedressCore

/// The shared facts of an incident, summed up. Build it again after more logs came in.
public final class IncidentPicture: Sendable {
    /// The incident.
    public let context: IncidentContext
    let queue: QueuePicture
    let clock: ClockPicture
    private let sources: [SourceCoverage]
    /// Per minute: submits by people whose ticket has a pass, and how many of those showed it.
    let passShares: [Int64: (all: Int, shown: Int)]
    /// The share of sampled submits and calendar requests at the front door that carry a ticket key.
    let webKeyShare: Double
    /// The window's ends as every verdict's digest holds them.
    let windowEnds: [String]
    /// Digest of everything read here.
    let digest: [UInt8]

    /// Reads the shared facts of an incident.
    public init(context: IncidentContext, source: any FactSource) throws {
        self.context = context
        windowEnds = [context.window.from.description, context.window.to.description]
        let policy = context.policy
        var hasher = SHA256()
        var coverage = CoverageReader()
        for fact in try source.facts(of: .coverage, limit: nil) {
            hasher.update(data: fact.payload)
            try coverage.add(fact.payload)
        }
        var sources: [LogKind: SourceMinutes] = [:]
        for kind in LogKind.allCases { sources[kind] = coverage.source(kind, policy) }
        var web = WebPicture()
        for fact in try source.facts(of: .minute, limit: nil) { try web.add(fact.payload) }
        sources[.web]?.otherwiseIncomplete = web.webIncompleteMinutes(policy)
        sources[.booking]?.otherwiseIncomplete = web.bookingIncompleteMinutes(policy)
        let holes = try NumberHoles(source.facts(of: .numbers, limit: nil))
        sources[.queue]?.otherwiseIncomplete = holes.minutes
        let sample = try TicketSample(source, policy)
        hasher.update(data: sample.digest)
        sources[.queue]?.otherwiseIncomplete.formUnion(
            try sample.minutesOfUnseenTickets(source, context.passKeys, policy))
        self.sources = LogKind.allCases.map { SourceCoverage(sources[$0] ?? SourceMinutes()) }
        queue = QueuePicture(
            tickets: sample.tickets, admissions: try Self.admissions(source), policy: policy)
        passShares = sample.passShares
        clock = ClockPicture(devices: try Self.readings(source, policy))
        webKeyShare = try Self.keyShare(source, policy)
        digest = Array(hasher.finalize())
    }

    /// The coverage of a source.
    func coverage(_ kind: LogKind) -> SourceCoverage { sources[Int(kind.code) - 1] }

    private static func admissions(
        _ source: any FactSource
    ) throws -> [UInt64: [(number: Int64, time: Int64)]] {
        var out: [UInt64: [(number: Int64, time: Int64)]] = [:]
        for fact in try source.facts(of: .frontier, limit: nil) {
            let bytes = fact.payload.span
            var reader = try JournalReader(bytes)
            var queue: UInt64?
            while let entry = try reader.next(bytes) {
                if queue == nil, entry.tag == .label, entry.value.count >= 8 {
                    queue = bytes.bigEndian(at: entry.value.lowerBound)
                }
            }
            guard let queue else { throw Journal.damaged("an admission has no queue") }
            for one in try JournalContents(fact.payload).admissions {
                out[queue, default: []].append((one.number, one.time))
            }
        }
        return out
    }

    private static func readings(_ source: any FactSource, _ policy: Policy) throws -> [[ClockReading]] {
        var out = try source.facts(of: .device, limit: policy.sample).map {
            try JournalContents($0.payload).clocks
        }
        if out.allSatisfy(\.isEmpty) {
            out = try source.facts(of: .session, limit: policy.sample).map {
                try JournalContents($0.payload).clocks
            }
        }
        return out.filter { !$0.isEmpty }
    }

    private static func keyShare(_ source: any FactSource, _ policy: Policy) throws -> Double {
        var all = 0
        var shown = 0
        for fact in try source.facts(of: .session, limit: policy.sample) {
            for page in try JournalContents(fact.payload).pages
            where page.value.page == .submit || page.value.page == .calendar {
                all += 1
                if page.value.keyShown != .none { shown += 1 }
            }
        }
        return all == 0 ? 0 : Double(shown) / Double(all)
    }
}
