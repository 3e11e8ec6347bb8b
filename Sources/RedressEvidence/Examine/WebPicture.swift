/// How complete the front door's log is, judged by the submits that the application logged.

/// Minutes in which the front door's log lacks what the application saw.
struct WebPicture: Sendable {

    private var submits: [(session: JoinHash, device: JoinHash, time: Int64)] = []
    private var posts: [JoinHash: [Int64]] = [:]

    /// Takes one minute's fact.
    mutating func add(_ payload: [UInt8]) throws {
        let bytes = payload.span
        var reader = try JournalReader(bytes)
        while let entry = try reader.next(bytes) {
            guard entry.tag == .submitMark || entry.tag == .postMark else { continue }
            guard entry.id.count == 40 else { throw Journal.damaged("a mark is cut") }
            let session = bytes.joinHash(at: entry.id.lowerBound)
            let device = bytes.joinHash(at: entry.id.lowerBound + 16)
            let time = bytes.time(at: entry.id.lowerBound + 32)
            if entry.tag == .submitMark {
                submits.append((session, device, time))
            } else {
                if !session.isZero { posts[session, default: []].append(time) }
                if !device.isZero { posts[device, default: []].append(time) }
            }
        }
    }

    /// Minutes in which too few submits have their request at the front door.
    func incompleteMinutes(_ policy: Policy) -> Set<Int64> {
        var counts: [Int64: (all: Int, found: Int)] = [:]
        let reach = Int64(policy.webMatchSeconds) * 1000
        for submit in submits {
            let times = (posts[submit.session] ?? []) + (posts[submit.device] ?? [])
            let isFound = times.contains { abs($0 - submit.time) <= reach }
            let minute = submit.time.floorQuotient(60_000)
            counts[minute, default: (0, 0)].all += 1
            if isFound { counts[minute, default: (0, 0)].found += 1 }
        }
        var out: Set<Int64> = []
        for (minute, count) in counts where Double(count.found) < Double(count.all) * policy.webCompleteShare
        {
            out.insert(minute)
        }
        return out
    }
}
