/// One wait in the queue: a ticket and all that replaced it.

/// A chain of tickets.
struct TicketChain {
    var tickets: [JoinHash]
    var entered: (time: Int64, line: Citation)?
    var first: Int64 = .max
    var last: (time: Int64, line: Citation)?
    var number: Int64?
    var queue: UInt64 = 0
    var nodes: [UInt64] = []
    var outcomes: [Located<QueueEvent>] = []
    var silences: [(from: Int64, to: Int64)] = []
    /// Hashes of passes handed out to it.
    var passes = DistinctHashes()

    init(tickets: [JoinHash], facts: [LoadedFact], picture: IncidentPicture) {
        self.tickets = tickets
        let coverage = picture.coverage(.queue)
        var polls: [(word: Int64, bits: UInt64)] = []
        for loaded in facts {
            let fact = loaded.contents
            for event in fact.entered where !coverage.isDisputed(event.value.node, event.value.time) {
                let time = picture.clock.corrected(event.value.time, event.value.node)
                if entered.map({ time < $0.time }) ?? true { entered = (time, event.line) }
                queue = event.value.queue
            }
            for event in fact.outcomes where !coverage.isDisputed(event.value.node, event.value.time) {
                var corrected = event
                corrected.value.time = picture.clock.corrected(event.value.time, event.value.node)
                outcomes.append(corrected)
                queue = event.value.queue
                if !event.value.pass.isZero { passes.insert(event.value.pass) }
            }
            if let time = fact.first?.time { first = min(first, time) }
            if let end = fact.last, last.map({ end.time > $0.time }) ?? true { last = end }
            for one in fact.numbers { number = min(number ?? one.number, one.number) }
            for node in fact.nodes where !nodes.contains(node) { nodes.append(node) }
            polls += fact.polls
        }
        nodes.sort()
        outcomes.sort { ($0.value.time, $0.line.offset) < ($1.value.time, $1.line.offset) }
        silences = PollBins.silences(PollBins.times(polls), picture.context.policy)
        if entered == nil, let fact = facts.compactMap(\.contents.first).min(by: { $0.time < $1.time }) {
            entered = fact
        }
    }

    /// The first answer that let the browser on, at or before `time`.
    func admission(before time: Int64) -> Located<QueueEvent>? {
        outcomes.first { $0.value.code.admits && $0.value.time <= time }
    }

    /// Tickets grouped into waits by the edges between them, in order of their first line.
    ///
    /// - Parameter tickets: in their own order.
    static func chains(of tickets: [JoinHash], _ reader: EvidenceReader, _ picture: IncidentPicture)
        -> [TicketChain]
    {
        var left = tickets
        var chains: [TicketChain] = []
        while let start = left.first {
            var group = DistinctHashes()
            group.insert(start)
            var facts: [LoadedFact] = []
            var next = 0
            while next < group.all.count {
                let ticket = group.all[next]
                next += 1
                guard let fact = reader[.ticket, ticket] else { continue }
                facts.append(fact)
                let (previous, following) = (fact.contents.previous, fact.contents.next)
                for edge in previous where left.containsSorted(edge.to) { group.insert(edge.to) }
                for edge in following where left.containsSorted(edge.to) { group.insert(edge.to) }
            }
            left.removeAll { group.contains($0) }
            if facts.contains(where: \.contents.isIssued) {
                chains.append(TicketChain(tickets: group.all, facts: facts, picture: picture))
            }
        }
        return chains.sorted { ($0.first, $0.number ?? -1) < ($1.first, $1.number ?? -1) }
    }
}
