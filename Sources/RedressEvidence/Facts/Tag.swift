/// The entries a journal is made of, and the law by which two of the same name become one.

/// How two values under one name merge. Each law is commutative, associative and idempotent.
enum MergeLaw {
    /// The value whose bytes sort first stays: the earliest time, the smallest citation.
    case least
    /// The value whose bytes sort last stays.
    case greatest
    /// Bits are joined.
    case union
    /// Two parts: the least of the first, the greatest of the last eight bytes.
    case span
    /// Sets of numbered lines, see `SequenceSet`.
    case sequences
}

/// What an entry says. The raw values are stored: never reuse or renumber one.
enum Tag: UInt8, CaseIterable {
    /// id empty; value time + citation of the first line.
    case firstLine = 1
    /// id empty; value time + citation of the last line.
    case lastLine = 2
    /// id word number (time / 640 s); value 64 bits, one a 10-second bin with a poll in it.
    case polls = 3
    /// id event; value citation. Entering the queue.
    case entered = 4
    /// id event; value citation. An answer other than "wait", or completion.
    case outcome = 5
    /// id ticket number; value time + citation.
    case number = 6
    /// id ticket hash that this one replaces; value time + citation.
    case previous = 7
    /// id ticket hash that replaces this one; value time + citation.
    case next = 8
    /// id session hash; value time + citation.
    case session = 9
    /// id device hash; value time + citation.
    case device = 10
    /// id address hash; value time + citation.
    case address = 11
    /// id person hash; value time + citation.
    case person = 12
    /// id ticket hash; value time + citation.
    case ticket = 13
    /// id node name; value time + citation of its first line here.
    case node = 14
    /// id booking event; value citation. The ticket's key was shown to the application.
    case shownKey = 15
    /// id booking event; value citation.
    case bookingEvent = 16
    /// id dispatch event; value citation.
    case dispatch = 17
    /// id page request; value citation.
    case page = 18
    /// id node fingerprint + bucket of client minus server time; value time + citation, then last time.
    case clock = 19
    /// id ticket hash; value number + time + citation.
    case admission = 20
    /// id empty; value the pass itself.
    case token = 21
    /// id empty; value subject ticket hash + issued-at + number, as the pass claims, unchecked.
    case claims = 22
    /// id queue event; value citation. The waiting room handed the pass out.
    case issued = 23
    /// id booking event; value citation. The pass was shown to the application.
    case shownPass = 24
    /// id empty; value a label in clear: source, node, minute; never personal.
    case label = 25
    /// id empty; value the lines of one server's minute.
    case sequences = 26
    /// id word 0 to 3; value 64 bits, one a ticket number seen.
    case numberBits = 27
    /// id empty; value first and last time of a number block.
    case span = 28
    /// id session hash + ticket hash + time; value empty. A submit in the application log.
    case submitMark = 29
    /// id session hash + ticket hash + time; value empty. A submit at the front door.
    case postMark = 30
    /// id the tag that overflowed; value empty.
    case overflow = 31

    /// How two values under one id merge.
    var law: MergeLaw {
        switch self {
        case .lastLine: .greatest
        case .polls, .numberBits: .union
        case .clock, .span: .span
        case .sequences: .sequences
        default: .least
        }
    }

    /// Entries kept a journal: those whose ids sort first. Beyond it the journal is marked as overflowing.
    var cap: Int {
        switch self {
        case .firstLine, .lastLine, .token, .claims, .label, .sequences, .span: 1
        case .polls: 1024
        case .entered, .number, .address: 16
        case .outcome, .previous, .next, .session, .device, .person, .node, .shownKey, .dispatch, .admission:
            64
        case .issued, .shownPass: 64
        case .ticket, .bookingEvent, .page, .clock: 256
        case .numberBits: 4
        case .submitMark, .postMark: 4096
        case .overflow: 32
        }
    }
}
