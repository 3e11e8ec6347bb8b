/// How complete each source is, minute by minute: which lines a server wrote that are not here.

/// One server's minute.
struct MinuteCoverage: Sendable {
    /// Lines here.
    var lines = 0
    /// Lines that the counters prove are not here, shared out over the minutes in which they may lie.
    var missing = 0
    /// Whether two different lines claim one number, or the minute cannot be judged.
    var isDisputed = false
    var isUnknown = false

    var isComplete: Bool { missing == 0 && !isDisputed && !isUnknown }
}

/// One server of one source.
struct NodeCoverage: Sendable {
    var name: String
    var mark: UInt64
    var minutes: [Int64: MinuteCoverage] = [:]
}

/// One source's servers and their minutes, as far as they have been read.
struct SourceMinutes {
    var nodes: [NodeCoverage] = []
    var firstMinute: Int64 = .max
    var lastMinute: Int64 = .min
    /// Minutes that something outside the servers' counters proves incomplete.
    var otherwiseIncomplete: Set<Int64> = []
}

/// One source: its servers, and for quick answers the minutes that are not complete. Every verdict asks it, so it
/// is shared, never copied.
final class SourceCoverage: Sendable {
    let nodes: [NodeCoverage]
    let firstMinute: Int64
    let lastMinute: Int64
    let otherwiseIncomplete: Set<Int64>
    private let incompleteBefore: [Int32]
    private let disputed: Set<DisputedMinute>

    private struct DisputedMinute: Hashable {
        var mark: UInt64
        var minute: Int64
    }

    /// Adds up the servers' minutes; at most ten years of minutes are looked at.
    init(_ minutes: SourceMinutes) {
        nodes = minutes.nodes
        firstMinute = minutes.firstMinute
        otherwiseIncomplete = minutes.otherwiseIncomplete
        let hasLines = minutes.firstMinute <= minutes.lastMinute
        let count = hasLines ? Int(min(minutes.lastMinute - minutes.firstMinute + 1, 5_256_000)) : 0
        let last = hasLines ? minutes.firstMinute + Int64(count) - 1 : minutes.lastMinute
        lastMinute = last
        var bad = Array(repeating: false, count: count)
        var disputed: Set<DisputedMinute> = []
        for node in minutes.nodes {
            for (minute, cell) in node.minutes where !cell.isComplete {
                if minute >= firstMinute, minute <= last { bad[Int(minute - firstMinute)] = true }
                if cell.isDisputed { disputed.insert(DisputedMinute(mark: node.mark, minute: minute)) }
            }
        }
        for minute in minutes.otherwiseIncomplete where minute >= firstMinute && minute <= last {
            bad[Int(minute - firstMinute)] = true
        }
        var before: [Int32] = [0]
        before.reserveCapacity(count + 1)
        for isBad in bad { before.append((before.last ?? 0) + (isBad ? 1 : 0)) }
        incompleteBefore = before
        self.disputed = disputed
    }

    var hasLines: Bool { firstMinute <= lastMinute }

    /// Whether every line of the minutes from `from` to `to` (milliseconds) is here.
    func isComplete(from: Int64, to: Int64) -> Bool {
        let start = from.floorQuotient(60_000)
        let end = max(start, to.floorQuotient(60_000))
        guard hasLines, start >= firstMinute, end <= lastMinute else { return false }
        return incompleteBefore[Int(end - firstMinute) + 1] == incompleteBefore[Int(start - firstMinute)]
    }

    /// The share of the minutes from `from` to `to` (milliseconds) that are complete.
    func share(from: Int64, to: Int64) -> Double {
        let start = from.floorQuotient(60_000)
        let end = max(start, to.floorQuotient(60_000))
        guard hasLines else { return 0 }
        let low = max(start, firstMinute)
        let high = min(end, lastMinute)
        guard low <= high else { return 0 }
        let bad = incompleteBefore[Int(high - firstMinute) + 1] - incompleteBefore[Int(low - firstMinute)]
        return Double(high - low + 1 - Int64(bad)) / Double(end - start + 1)
    }

    /// Whether lines of this server in this minute are good for nobody.
    func isDisputed(_ mark: UInt64, _ time: Int64) -> Bool {
        !disputed.isEmpty && disputed.contains(DisputedMinute(mark: mark, minute: time.floorQuotient(60_000)))
    }
}

/// Reads the coverage facts of one source into its servers' minutes.
struct CoverageReader {
    /// Consecutive numbers in one minute.
    private struct Run {
        var start: UInt64
        var end: UInt64
        var minute: Int64
    }

    private struct NodeLines {
        var cells: [(minute: Int64, set: SequenceSet)] = []
    }

    private var nodes: [CoverageNode: NodeLines] = [:]

    private struct CoverageNode: Hashable {
        var kind: LogKind
        var name: [UInt8]
    }

    /// Takes one coverage fact.
    mutating func add(_ payload: [UInt8]) throws {
        let bytes = payload.span
        var reader = try JournalReader(bytes)
        var label: CoverageLabel?
        var set: SequenceSet?
        while let entry = try reader.next(bytes) {
            if entry.tag == .label { label = CoverageLabel(bytes, entry.value) }
            if entry.tag == .sequences { set = try SequenceSet(bytes, entry.value) }
        }
        guard let label, let set else { throw Journal.damaged("a coverage fact lacks its parts") }
        nodes[CoverageNode(kind: label.kind, name: label.node), default: NodeLines()].cells
            .append((label.minute, set))
    }

    /// The coverage of one source, by its servers' counters alone.
    func source(_ kind: LogKind, _ policy: Policy) -> SourceMinutes {
        var out = SourceMinutes()
        for (key, lines) in nodes where key.kind == kind {
            for cell in lines.cells {
                out.firstMinute = min(out.firstMinute, cell.minute)
                out.lastMinute = max(out.lastMinute, cell.minute)
            }
            let mark = FastSeeds(a: 1, b: 1).hash(key.name.span, 0, key.name.count).open
            out.nodes.append(
                NodeCoverage(name: String(decoding: key.name, as: UTF8.self), mark: mark))
        }
        for index in out.nodes.indices {
            let key = CoverageNode(kind: kind, name: Array(out.nodes[index].name.utf8))
            let cells = (nodes[key]?.cells ?? []).sorted { $0.minute < $1.minute }
            out.nodes[index].minutes = judge(cells, from: out.firstMinute, to: out.lastMinute, policy)
        }
        out.nodes.sort { $0.name < $1.name }
        return out
    }

    /// Judges one server's minutes by its counters.
    private func judge(
        _ cells: [(minute: Int64, set: SequenceSet)], from: Int64, to: Int64, _ policy: Policy
    ) -> [Int64: MinuteCoverage] {
        var minutes: [Int64: MinuteCoverage] = [:]
        var lives: [[Run]] = [[]]
        var highest: UInt64 = 0
        for cell in cells {
            minutes[cell.minute, default: MinuteCoverage()].lines += cell.set.lines
            if cell.set.disputed { minutes[cell.minute, default: MinuteCoverage()].isDisputed = true }
            let runs = runs(of: cell.set, minute: cell.minute)
            guard let lowest = runs.first?.start, let top = runs.last?.end else { continue }
            // A counter that begins anew is a server that was started anew.
            if lowest <= 1, highest > top {
                lives.append([])
                highest = 0
            }
            lives[lives.count - 1] += runs
            highest = max(highest, top)
        }
        for (index, life) in lives.enumerated() {
            walk(life.sorted { ($0.start, $0.minute) < ($1.start, $1.minute) }, &minutes)
            if index > 0, let end = lives[index - 1].last?.minute, let start = life.first?.minute {
                mark(end, start, &minutes) { $0.isUnknown = true }
            }
        }
        noteEnds(cells, lives, from, to, policy, &minutes)
        return minutes
    }

    /// Finds what is missing between runs, and what is claimed twice.
    private func walk(_ runs: [Run], _ minutes: inout [Int64: MinuteCoverage]) {
        guard var last = runs.first else { return }
        for run in runs.dropFirst() {
            if run.start <= last.end {
                mark(run.minute, run.minute, &minutes) { $0.isDisputed = true }
                mark(last.minute, last.minute, &minutes) { $0.isDisputed = true }
            } else if run.start > last.end + 1 {
                let missing = Int(clamping: run.start - last.end - 1)
                let low = min(last.minute, run.minute)
                let high = max(last.minute, run.minute)
                let each = max(1, missing / Int(high - low + 1))
                mark(low, high, &minutes) { $0.missing += each }
            }
            if run.end >= last.end { last = run }
        }
    }

    /// Before a server's first number and after its last line nothing proves that it wrote nothing.
    private func noteEnds(
        _ cells: [(minute: Int64, set: SequenceSet)], _ lives: [[Run]], _ from: Int64, _ to: Int64,
        _ policy: Policy, _ minutes: inout [Int64: MinuteCoverage]
    ) {
        guard let first = cells.first?.minute, let last = cells.last?.minute,
            let lowest = lives[0].map(\.start).min()
        else { return }
        if lowest > 1, first > from { mark(from, first, &minutes) { $0.isUnknown = true } }
        let lines = cells.reduce(0) { $0 + $1.set.lines }
        let rate = Double(lines) / Double(last - first + 1)
        if Double(to - last) * rate >= Double(policy.silenceLines) {
            mark(last + 1, to, &minutes) { $0.isUnknown = true }
        }
    }

    private func mark(
        _ from: Int64, _ to: Int64, _ minutes: inout [Int64: MinuteCoverage],
        _ change: (inout MinuteCoverage) -> Void
    ) {
        guard from <= to, to - from < 100_000 else { return }
        for minute in from...to { change(&minutes[minute, default: MinuteCoverage()]) }
    }

    private func runs(of set: SequenceSet, minute: Int64) -> [Run] {
        var runs: [Run] = []
        for line in set.numbered {
            if let last = runs.last, last.end + 1 == line.sequence {
                runs[runs.count - 1].end = line.sequence
            } else {
                runs.append(Run(start: line.sequence, end: line.sequence, minute: minute))
            }
        }
        return runs
    }
}
