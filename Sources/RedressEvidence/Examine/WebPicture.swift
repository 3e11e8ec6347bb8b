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
        Self.minutes(of: submits, lackingIn: posts, policy)
    }

    /// Minutes in which too few of the front door's submits reached a log of the application: a lost server.
    func bookingIncompleteMinutes(_ policy: Policy) -> Set<Int64> {
        Self.minutes(of: posts, lackingIn: submits, policy)
    }

    private static func minutes(of marks: [Mark], lackingIn others: [Mark], _ policy: Policy) -> Set<Int64> {
        // Where the other system has no log at all there is nothing to compare with.
        guard !others.isEmpty else { return [] }
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
        var out: Set<Int64> = []
        for (minute, count) in counts where Double(count.found) < Double(count.all) * policy.webCompleteShare
        {
            out.insert(minute)
        }
        return out
    }
}
