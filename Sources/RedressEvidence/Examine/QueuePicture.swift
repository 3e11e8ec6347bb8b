/// How the waiting room behaved that evening: whose turn it was, who was cut off, what was usual.

/// A sampled ticket.
struct SampledTicket: Sendable {
    var first: Int64
    var last: Int64
    var entered: Int64?
    var number: Int64?
    var nodes: [UInt64]
    /// Whether the waiting room itself ended or replaced it.
    var isExplained: Bool
    /// Stretches without a poll far beyond its usual interval, in milliseconds.
    var silences: [(from: Int64, to: Int64)]
    var hasSession: Bool
    var hasDevice: Bool
}

/// What was normal in the queue.
struct QueuePicture: Sendable {
    /// The served frontier of a queue: from when on which number was served.
    private var frontiers: [UInt64: [(time: Int64, number: Int64)]] = [:]
    /// Entry times by number, for the sampled tickets.
    private var entries: [(number: Int64, time: Int64)] = []
    /// Waits of sampled admissions, by entry time.
    private var waits: [(entered: Int64, wait: Int64)] = []
    private var live: [NodeMinute: (live: Int, missed: Int)] = [:]
    /// Servers any sampled ticket was on.
    private(set) var nodes: [UInt64] = []
    /// Lowest and highest number in the sample.
    private(set) var numbers: ClosedRange<Int64>?
    private(set) var sampled = 0
    /// Shares of sampled tickets that name a session, a device.
    private(set) var sessionShare = 0.0
    private(set) var deviceShare = 0.0

    private struct NodeMinute: Hashable {
        var node: UInt64
        var minute: Int64
    }

    init() {}

    init(tickets: [SampledTicket], admissions: [UInt64: [(number: Int64, time: Int64)]], policy: Policy) {
        sampled = tickets.count
        if sampled > 0 {
            sessionShare = Double(tickets.count { $0.hasSession }) / Double(sampled)
            deviceShare = Double(tickets.count { $0.hasDevice }) / Double(sampled)
        }
        for (queue, all) in admissions { frontiers[queue] = Self.frontier(all, policy) }
        entries = tickets.compactMap { ticket in
            guard let number = ticket.number, let entered = ticket.entered else { return nil }
            return (number, entered)
        }
        entries.sort { ($0.number, $0.time) < ($1.number, $1.time) }
        if let low = entries.first?.number, let high = entries.last?.number { numbers = low...high }
        for all in admissions.values {
            for one in all {
                if let entered = entryTime(number: one.number), one.time >= entered {
                    waits.append((entered, one.time - entered))
                }
            }
        }
        waits.sort { ($0.entered, $0.wait) < ($1.entered, $1.wait) }
        countLive(tickets, policy)
        nodes = Set(live.keys.map(\.node)).sorted()
    }

    /// The number served at `time`; nil when nobody had been admitted by number.
    func served(queue: UInt64, at time: Int64) -> Int64? {
        guard let steps = frontiers[queue] ?? frontiers.values.first else { return nil }
        let index = steps.partitionPoint { $0.time > time }
        return index == 0 ? nil : steps[index - 1].number
    }

    /// The median wait of those who entered beside `entered`; nil when too few did.
    func neighbourWait(entered: Int64, _ policy: Policy) -> Int64? {
        let reach = Int64(policy.neighbourSeconds) * 1000
        let low = waits.partitionPoint { $0.entered >= entered - reach }
        let high = waits.partitionPoint { $0.entered > entered + reach }
        guard high - low >= policy.neighbourMinimum else { return nil }
        let sorted = waits[low..<high].map(\.wait).sorted()
        return sorted[sorted.count / 2]
    }

    /// The largest share of other live tickets on these servers that missed polls in any minute of a stretch.
    func missedShare(nodes: [UInt64], from: Int64, to: Int64, _ policy: Policy) -> Double {
        var worst = 0.0
        let start = from.floorQuotient(60_000)
        let end = min(max(start, to.floorQuotient(60_000)), start + 1440)
        for minute in start...end {
            for node in nodes {
                guard let count = live[NodeMinute(node: node, minute: minute)],
                    count.live >= policy.outageMinimum
                else { continue }
                worst = max(worst, Double(count.missed) / Double(count.live))
            }
        }
        return worst
    }

    /// Among the last twenty admitted, a high quantile: one number out of turn does not move it.
    private static func frontier(
        _ all: [(number: Int64, time: Int64)], _ policy: Policy
    ) -> [(time: Int64, number: Int64)] {
        let sorted = all.filter { $0.number >= 0 }.sorted { ($0.time, $0.number) < ($1.time, $1.number) }
        var steps: [(time: Int64, number: Int64)] = []
        var highest: Int64 = -1
        for index in sorted.indices {
            let recent = sorted[max(0, index - 19)...index].map(\.number).sorted()
            let number = recent[min(recent.count - 1, Int(Double(recent.count) * policy.frontierQuantile))]
            if recent.count >= 3, number > highest {
                highest = number
                steps.append((sorted[index].time, number))
            }
        }
        return steps
    }

    /// When about a number entered, between the sampled tickets beside it.
    private func entryTime(number: Int64) -> Int64? {
        let index = entries.partitionPoint { $0.number >= number }
        guard index < entries.count else { return nil }
        if entries[index].number == number { return entries[index].time }
        guard index > 0 else { return nil }
        let (low, high) = (entries[index - 1], entries[index])
        let share = Double(number - low.number) / Double(high.number - low.number)
        return low.time + Int64(Double(high.time - low.time) * share)
    }

    private mutating func countLive(_ tickets: [SampledTicket], _ policy: Policy) {
        for ticket in tickets {
            // A ticket that ends unexplained counts as live and silent for three minutes more.
            let end = ticket.isExplained ? ticket.last : ticket.last + 180_000
            let start = ticket.first.floorQuotient(60_000)
            let stop = min(end.floorQuotient(60_000), start + 1440)
            guard start <= stop else { continue }
            for minute in start...stop {
                let (from, to) = (minute * 60_000, minute * 60_000 + 60_000)
                let isSilent =
                    from > ticket.last || ticket.silences.contains { $0.from < to && $0.to > from }
                for node in ticket.nodes {
                    live[NodeMinute(node: node, minute: minute), default: (0, 0)].live += 1
                    if isSilent { live[NodeMinute(node: node, minute: minute), default: (0, 0)].missed += 1 }
                }
            }
        }
    }
}

extension RandomAccessCollection {
    /// The first index from which on `belongs` holds; the collection must be so ordered.
    func partitionPoint(_ belongs: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[index(startIndex, offsetBy: middle)]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension [JoinHash] {
    /// Whether a hash is among these, which stand in their order.
    func containsSorted(_ hash: JoinHash) -> Bool {
        let index = partitionPoint { $0 >= hash }
        return index < count && self[index] == hash
    }
}

/// The 10-second bins in which a ticket polled.
enum PollBins {
    /// Milliseconds of the bins' starts, in order.
    static func times(_ polls: [(word: Int64, bits: UInt64)]) -> [Int64] {
        var times: [Int64] = []
        times.reserveCapacity(polls.reduce(0) { $0 + $1.bits.nonzeroBitCount })
        for poll in polls.sorted(by: { $0.word < $1.word }) {
            var bits = poll.bits
            while bits != 0 {
                let bit = bits.trailingZeroBitCount
                times.append((poll.word * 64 + Int64(bit)) * 10_000)
                bits &= bits - 1
            }
        }
        return times
    }

    /// Stretches between polls that are far beyond the usual.
    static func silences(_ times: [Int64], _ policy: Policy) -> [(from: Int64, to: Int64)] {
        guard times.count >= 3, let first = times.first, let last = times.last else { return [] }
        let usual = Double(last - first) / Double(times.count - 1)
        let limit = max(
            Int64(policy.outageSilenceSeconds) * 1000, Int64(usual * policy.outageSilenceFactor))
        return zip(times, times.dropFirst()).compactMap { pair in
            pair.1 - pair.0 > limit ? (pair.0 + 10_000, pair.1) : nil
        }
    }
}
