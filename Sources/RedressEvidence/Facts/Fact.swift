/// What ingestion keeps of the logs: facts under keyed hashes, merged in any order to the same bytes.

/// What a fact is about.
public enum FactKind: UInt8, Sendable, CaseIterable, Comparable {
    /// One waiting-room ticket: entry, polls, outcome, edges to other tickets, sessions, devices.
    case ticket = 1
    /// One browser session: its tickets, devices, persons and page requests.
    case session = 2
    /// One device: its tickets, sessions, persons, page requests and clock.
    case device = 3
    /// One person in the application log.
    case person = 4
    /// One booking in the application log.
    case booking = 5
    /// One phone number's text messages.
    case phone = 6
    /// One signed admission pass: where issued, where shown.
    case pass = 7
    /// One minute of one queue: a sample of who was admitted.
    case frontier = 8
    /// A block of 256 ticket numbers: which were ever seen.
    case numbers = 9
    /// One minute of one server's log: which lines are here.
    case coverage = 10
    /// One minute across the application and the front door: who submitted, who posted.
    case minute = 11

    /// Orders kinds by their stored number.
    public static func < (left: FactKind, right: FactKind) -> Bool { left.rawValue < right.rawValue }
}

/// Names one fact. Because the hash is keyed, the first facts of a kind are a fair sample of that kind.
public struct FactKey: Hashable, Comparable, Sendable {
    /// What the fact is about.
    public var kind: FactKind
    /// Whom or which, as a keyed hash.
    public var hash: JoinHash

    /// Makes a key from its parts.
    public init(kind: FactKind, hash: JoinHash) {
        self.kind = kind
        self.hash = hash
    }

    /// One hash seldom names facts of two kinds, so the kind is left to the comparison.
    public func hash(into hasher: inout Hasher) { hasher.combine(hash.low) }

    /// Orders keys by kind, then hash.
    public static func < (left: FactKey, right: FactKey) -> Bool {
        (left.kind.rawValue, left.hash.high, left.hash.low)
            < (right.kind.rawValue, right.hash.high, right.hash.low)
    }
}

/// A key with its journal in stored form.
public struct Fact: Hashable, Sendable {
    /// Which fact.
    public var key: FactKey
    /// The journal, in the compact versioned form that only this module reads.
    public var payload: [UInt8]

    /// Makes a fact from its parts.
    public init(key: FactKey, payload: [UInt8]) {
        self.key = key
        self.payload = payload
    }
}

/// Where an examiner reads facts; the evidence store conforms.
public protocol FactSource {
    /// Hands over the facts of these keys, in any order; a key without a fact is left out. `keys` holds no
    /// duplicates, at most 4,096; keys of one kind that stand together are looked for together.
    func each(_ keys: [FactKey], _ body: (_ key: FactKey, _ payload: [UInt8]) throws -> Void) throws
    /// The first `limit` facts of a kind in the order of their hashes (all of them when nil).
    func facts(of kind: FactKind, limit: Int?) throws -> [Fact]
}
