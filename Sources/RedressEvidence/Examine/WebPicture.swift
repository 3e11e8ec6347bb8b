/// How complete the front door's and the application's logs are, each judged by the submits the other logged.

/// The submits of an evening as both systems saw them.
struct WebPicture: Sendable {
    private struct Mark {
        var session: JoinHash
        var device: JoinHash
        var time: Int64
    }

    private var submits: [Mark] = []
    private var posts: [Mark] = []

    /// Takes one minute's fact.
    mutating func add(_ payload: [UInt8]) throws {
        let bytes = payload.span
        var reader = try JournalReader(bytes)
        while let entry = try reader.next(bytes) {
            guard entry.tag == .submitMark || entry.tag == .postMark else { continue }
            guard entry.id.count == 40 else { throw Journal.damaged("a mark is cut") }
            let mark = Mark(
                session: bytes.joinHash(at: entry.id.lowerBound),
                device: bytes.joinHash(at: entry.id.lowerBound + 16),
                time: bytes.time(at: entry.id.lowerBound + 32))
            if entry.tag == .submitMark { submits.append(mark) } else { posts.append(mark) }
        }
    }

    /// Minutes in which too few of the application's submits have their request at the front door.
    func webIncompleteMinutes(_ policy: Policy) -> Set<Int64> {
        let counts = Self.counts(of: submits, in: posts, policy)
        return Set(
            counts.filter { Double($0.value.found) < Double($0.value.all) * policy.webCompleteShare }.keys)
    }

    /// Minutes around which so many of the front door's submits reached no log of the application that one of
    /// its servers must be lost.
    func bookingIncompleteMinutes(_ policy: Policy) -> Set<Int64> {
        let counts = Self.counts(of: posts, in: submits, policy)
        var out: Set<Int64> = []
        for minute in counts.keys {
            var all = 0
            var found = 0
            let reach = Int64(policy.lostServerMinutes)
            for near in (minute - reach)...(minute + reach) {
                all += counts[near]?.all ?? 0
                found += counts[near]?.found ?? 0
            }
            if all - found >= 2, Double(all - found) >= Double(all) * policy.lostServerShare {
                out.insert(minute)
            }
        }
        return out
    }

    /// Per minute: submits that one system logged, and those among them that the other logged too.
    private static func counts(
        of marks: [Mark], in others: [Mark], _ policy: Policy
    ) -> [Int64: (all: Int, found: Int)] {
        // Where the other system has no log at all there is nothing to compare with.
        guard !others.isEmpty else { return [:] }
        var times: [JoinHash: [Int64]] = [:]
        for other in others {
            if !other.session.isZero { times[other.session, default: []].append(other.time) }
            if !other.device.isZero { times[other.device, default: []].append(other.time) }
        }
        var counts: [Int64: (all: Int, found: Int)] = [:]
        let reach = Int64(policy.webMatchSeconds) * 1000
        for mark in marks {
            let near = (times[mark.session] ?? []) + (times[mark.device] ?? [])
            let minute = mark.time.floorQuotient(60_000)
            counts[minute, default: (0, 0)].all += 1
            if near.contains(where: { abs($0 - mark.time) <= reach }) {
                counts[minute, default: (0, 0)].found += 1
            }
        }
        return counts
    }
}
