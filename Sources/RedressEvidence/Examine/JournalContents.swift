/// A fact's journal read into memory, as the rules use it.

/// Something with the line it stands on.
struct Located<Value> {
    var value: Value
    var line: Citation
}

/// An edge to another ticket, session, device or person, with its first line.
struct JournalEdge {
    var to: JoinHash
    var time: Int64
    var line: Citation
}

/// Client minus server time seen at one server.
struct ClockReading {
    var node: UInt64
    /// Milliseconds, to 16.384 s.
    var offset: Int64
    var first: Int64
    var firstLine: Citation
    var last: Int64
}

/// Everything one journal says. Which parts are filled depends on the kind of fact.
struct JournalContents {
    private(set) var first: (time: Int64, line: Citation)?
    private(set) var last: (time: Int64, line: Citation)?
    private(set) var polls: [(word: Int64, bits: UInt64)] = []
    private(set) var entered: [Located<QueueEvent>] = []
    private(set) var outcomes: [Located<QueueEvent>] = []
    private(set) var numbers: [(number: Int64, time: Int64, line: Citation)] = []
    private(set) var previous: [JournalEdge] = []
    private(set) var next: [JournalEdge] = []
    private(set) var sessions: [JournalEdge] = []
    private(set) var devices: [JournalEdge] = []
    private(set) var tickets: [JournalEdge] = []
    private(set) var nodes: [UInt64] = []
    private(set) var shownKey: [Located<BookingEvent>] = []
    private(set) var bookings: [Located<BookingEvent>] = []
    private(set) var dispatches: [Located<DispatchEvent>] = []
    private(set) var pages: [Located<PageEvent>] = []
    private(set) var clocks: [ClockReading] = []
    private(set) var admissions: [(ticket: JoinHash, number: Int64, time: Int64, line: Citation)] = []
    private(set) var token: [UInt8] = []
    private(set) var claims: PassClaims?
    private(set) var issued: [Located<QueueEvent>] = []
    private(set) var shownPass: [Located<BookingEvent>] = []

    /// Reads a payload.
    init(_ payload: [UInt8]) throws {
        var canonical: [UInt8] = []
        try self.init(payload, canonical: &canonical)
    }

    /// Reads a payload and appends what it says to `canonical`, without where it was read.
    init(_ payload: [UInt8], canonical: inout [UInt8]) throws {
        let bytes = payload.span
        var reader = try JournalReader(bytes)
        while let entry = try reader.next(bytes) {
            guard entry.value.count >= entry.tag.smallestValue else {
                throw Journal.damaged("a value is cut")
            }
            let parts = entry.tag.canonicalParts(entry.value)
            canonical.append(entry.tag.rawValue)
            canonical.append(bytes, entry.id)
            canonical.append(bytes, parts.first)
            canonical.append(bytes, parts.second)
            if try !readLine(entry, bytes), try !readEdge(entry, bytes) { try readEvent(entry, bytes) }
        }
    }

    /// Whether the waiting room itself ever wrote of this ticket (an application line alone may be made up).
    var isIssued: Bool { first != nil }

    private mutating func readLine(_ entry: JournalEntry, _ bytes: Span<UInt8>) throws -> Bool {
        let (id, value) = (entry.id.lowerBound, entry.value.lowerBound)
        switch entry.tag {
        case .firstLine: first = (bytes.time(at: value), bytes.citation(at: value + 8))
        case .lastLine: last = (bytes.time(at: value), bytes.citation(at: value + 8))
        case .polls:
            guard entry.id.count == 8 else { throw Journal.damaged("a poll is cut") }
            polls.append((bytes.time(at: id), bytes.bigEndian(at: value)))
        case .number:
            guard entry.id.count == 8 else { throw Journal.damaged("a number is cut") }
            numbers.append((bytes.time(at: id), bytes.time(at: value), bytes.citation(at: value + 8)))
        case .node:
            guard entry.id.count == 8 else { throw Journal.damaged("a server is cut") }
            nodes.append(bytes.bigEndian(at: id))
        case .clock:
            guard entry.id.count == 16 else { throw Journal.damaged("a clock is cut") }
            clocks.keep(
                ClockReading(
                    node: bytes.bigEndian(at: id), offset: bytes.time(at: id + 8) << ClockRow.bucketShift,
                    first: bytes.time(at: value), firstLine: bytes.citation(at: value + 8),
                    last: bytes.time(at: value + 8 + Citation.width)))
        case .admission:
            guard entry.id.count == 16 else { throw Journal.damaged("an admission is cut") }
            admissions.append(
                (
                    bytes.joinHash(at: id), bytes.time(at: value), bytes.time(at: value + 8),
                    bytes.citation(at: value + 17)
                ))
        case .token: token = bytes.copy(entry.value)
        case .claims: claims = PassClaims(bytes, entry.value)
        default: return false
        }
        return true
    }

    private mutating func readEdge(_ entry: JournalEntry, _ bytes: Span<UInt8>) throws -> Bool {
        guard entry.tag.isEdge else { return false }
        guard entry.id.count == 16 else { throw Journal.damaged("an edge is cut") }
        // No rule asks by which address, or for whom else, something came.
        if entry.tag == .address || entry.tag == .person { return true }
        let edge = JournalEdge(
            to: bytes.joinHash(at: entry.id.lowerBound), time: bytes.time(at: entry.value.lowerBound),
            line: bytes.citation(at: entry.value.lowerBound + 8))
        switch entry.tag {
        case .previous: previous.keep(edge)
        case .next: next.keep(edge)
        case .session: sessions.keep(edge)
        case .device: devices.keep(edge)
        default: tickets.keep(edge)
        }
        return true
    }

    private mutating func readEvent(_ entry: JournalEntry, _ bytes: Span<UInt8>) throws {
        func line() -> Citation { payloadLine(bytes, entry) }
        switch entry.tag {
        case .entered: entered.keep(Located(value: try event(bytes, entry), line: line()))
        case .outcome: outcomes.keep(Located(value: try event(bytes, entry), line: line()))
        case .issued: issued.keep(Located(value: try event(bytes, entry), line: line()))
        case .shownKey: shownKey.keep(Located(value: try booking(bytes, entry), line: line()))
        case .bookingEvent: bookings.keep(Located(value: try booking(bytes, entry), line: line()))
        case .shownPass: shownPass.keep(Located(value: try booking(bytes, entry), line: line()))
        case .dispatch:
            guard let event = DispatchEvent(bytes, entry.id) else { throw Journal.damaged("a text is cut") }
            dispatches.keep(Located(value: event, line: line()))
        case .page:
            guard let event = PageEvent(bytes, entry.id) else { throw Journal.damaged("a page is cut") }
            pages.keep(Located(value: event, line: line()))
        default: break
        }
    }

    private func event(_ bytes: Span<UInt8>, _ entry: JournalEntry) throws -> QueueEvent {
        guard let event = QueueEvent(bytes, entry.id) else { throw Journal.damaged("a queue line is cut") }
        return event
    }

    private func booking(_ bytes: Span<UInt8>, _ entry: JournalEntry) throws -> BookingEvent {
        guard let event = BookingEvent(bytes, entry.id) else {
            throw Journal.damaged("an application line is cut")
        }
        return event
    }
}

extension Array {
    /// Appends to one of a journal's lists: most have a few elements, and to grow one by one costs more than they do.
    fileprivate mutating func keep(_ element: Element) {
        if isEmpty { reserveCapacity(4) }
        append(element)
    }
}

/// The citation that is an event's whole value.
private func payloadLine(_ bytes: Span<UInt8>, _ entry: JournalEntry) -> Citation {
    bytes.citation(at: entry.value.lowerBound)
}

extension Tag {
    /// Whether the value is a time and a citation, and the id a hash.
    var isEdge: Bool {
        switch self {
        case .previous, .next, .session, .device, .address, .person, .ticket: true
        default: false
        }
    }

    /// Whether the id is an event and the value its citation.
    var isEvent: Bool {
        switch self {
        case .entered, .outcome, .issued, .shownKey, .bookingEvent, .shownPass, .dispatch, .page: true
        default: false
        }
    }

    /// Bytes a value has at least.
    var smallestValue: Int {
        switch self {
        case .firstLine, .lastLine, .number: 8 + Citation.width
        case .clock: 16 + Citation.width
        case .admission: 17 + Citation.width
        case .polls, .numberBits: 8
        case .span: 16
        default: isEdge ? 8 + Citation.width : isEvent ? Citation.width : 0
        }
    }

    /// The parts of a value that say what happened, not where it was read.
    func canonicalParts(_ value: Range<Int>) -> (first: Range<Int>, second: Range<Int>) {
        let start = value.lowerBound
        let none = start..<start
        switch self {
        case .firstLine, .lastLine, .number: return (start..<(start + 8), none)
        case .clock:
            let second = start + 8 + Citation.width
            return (start..<(start + 8), second..<(second + 8))
        case .admission: return (start..<(start + 17), none)
        default:
            if isEvent { return (none, none) }
            return isEdge ? (start..<(start + 8), none) : (value, none)
        }
    }
}
