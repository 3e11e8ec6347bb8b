/// Which lines of one server's minute are here: their counters with a fingerprint each.

/// A set of numbered lines. Two lines with one number and different content make the set disputed for good.
struct SequenceSet: Equatable {
    /// Counter and keyed fingerprint, by counter.
    var numbered: [Numbered] = []
    /// Keyed fingerprints of lines without a counter, sorted, each once.
    var unnumbered: [UInt32] = []
    /// Whether two different lines ever claimed one number.
    var disputed = false

    struct Numbered: Equatable {
        var sequence: UInt64
        var fingerprint: UInt32
    }

    init() {}

    /// Reads the stored form.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws {
        let part = bytes.extracting(range)
        var index = 1
        guard part.count >= 1, let count = part.variable(at: &index), count <= UInt64(part.count) else {
            throw Journal.damaged("a set of lines is cut")
        }
        disputed = part[0] == 1
        numbered.reserveCapacity(Int(count))
        var previous: UInt64 = 0
        for position in 0..<Int(count) {
            guard let step = part.variable(at: &index), index + 4 <= part.count else {
                throw Journal.damaged("a set of lines is cut")
            }
            previous = position == 0 ? step : previous &+ step &+ 1
            numbered.append(Numbered(sequence: previous, fingerprint: part.bigEndian32(at: index)))
            index += 4
        }
        guard (part.count - index) % 4 == 0 else { throw Journal.damaged("a set of lines is cut") }
        while index < part.count {
            unnumbered.append(part.bigEndian32(at: index))
            index += 4
        }
    }

    /// Adds lines in any order.
    mutating func insert(_ more: [Numbered]) {
        let sorted = more.sorted { ($0.sequence, $0.fingerprint) < ($1.sequence, $1.fingerprint) }
        for line in sorted {
            if let last = numbered.last, last.sequence == line.sequence {
                if last.fingerprint != line.fingerprint { disputed = true }
            } else {
                numbered.append(line)
            }
        }
    }

    /// The lines of either set; order does not matter.
    func union(_ other: SequenceSet) -> SequenceSet {
        var out = SequenceSet()
        out.disputed = disputed || other.disputed
        out.numbered.reserveCapacity(numbered.count + other.numbered.count)
        var left = 0
        var right = 0
        while left < numbered.count || right < other.numbered.count {
            if right == other.numbered.count
                || (left < numbered.count && numbered[left].sequence < other.numbered[right].sequence)
            {
                out.numbered.append(numbered[left])
                left += 1
            } else if left == numbered.count || other.numbered[right].sequence < numbered[left].sequence {
                out.numbered.append(other.numbered[right])
                right += 1
            } else {
                let one = numbered[left]
                let two = other.numbered[right]
                if one.fingerprint != two.fingerprint { out.disputed = true }
                out.numbered.append(one.fingerprint <= two.fingerprint ? one : two)
                left += 1
                right += 1
            }
        }
        out.unnumbered = Array(Set(unnumbered).union(other.unnumbered)).sorted()
        return out
    }

    /// Distinct lines.
    var lines: Int { numbered.count + unnumbered.count }

    /// A flag, the count, each counter as its distance from the one before with its fingerprint, then the rest.
    var stored: [UInt8] {
        var out: [UInt8] = [disputed ? 1 : 0]
        out.reserveCapacity(8 + numbered.count * 5 + unnumbered.count * 4)
        out.append(variable: UInt64(numbered.count))
        var previous: UInt64 = 0
        for (position, line) in numbered.enumerated() {
            out.append(variable: position == 0 ? line.sequence : line.sequence &- previous &- 1)
            out.append(bigEndian: line.fingerprint)
            previous = line.sequence
        }
        for fingerprint in unnumbered { out.append(bigEndian: fingerprint) }
        return out
    }
}
