/// Reads the facts of many people in a few rounds, following the edges between them.

import Crypto
import RedressCore

/// A fact in memory, with the digest of what it says.
final class LoadedFact {
    let contents: JournalContents
    let digest: [UInt8]

    init(_ payload: [UInt8]) throws {
        var canonical: [UInt8] = []
        contents = try JournalContents(payload, canonical: &canonical)
        digest = Array(SHA256.hash(data: canonical))
    }
}

/// Facts read so far for one batch of people.
struct EvidenceReader {
    private let source: any FactSource
    private let joinKey: JoinKey
    private var facts: [FactKey: LoadedFact] = [:]
    private var asked: Set<FactKey> = []

    /// Keys asked for at once.
    private static let batch = 4096
    /// Sessions, devices or tickets followed a person.
    private static let reach = 128

    init(_ source: any FactSource, _ joinKey: JoinKey) {
        self.source = source
        self.joinKey = joinKey
    }

    /// A fact already read.
    subscript(_ kind: FactKind, _ hash: JoinHash) -> LoadedFact? {
        facts[FactKey(kind: kind, hash: hash)]
    }

    /// Reads what these people's verdicts need.
    mutating func read(_ people: [PersonKeys]) throws {
        var wanted: [FactKey] = []
        for person in people { wanted += person.roots }
        try load(wanted)
        try load(people.flatMap { near($0) })
        // Twice: a session rotates at log-in, and only the device links the old one.
        try load(people.flatMap { near($0) })
        try load(people.flatMap { far($0) })
        for _ in 0..<16 {
            let more = people.flatMap { chained($0) }
            if try !load(more) { break }
        }
    }

    /// Sessions and devices of a person, as far as they are known by now.
    func circle(_ person: PersonKeys) -> (sessions: Set<JoinHash>, devices: Set<JoinHash>) {
        var sessions: Set<JoinHash> = []
        var devices: Set<JoinHash> = []
        for event in events(person) {
            if !event.value.session.isZero { sessions.insert(event.value.session) }
            if !event.value.device.isZero { devices.insert(event.value.device) }
        }
        for session in sessions {
            for edge in self[.session, session]?.contents.devices ?? [] { devices.insert(edge.to) }
        }
        for device in devices.prefix(Self.reach) {
            for edge in self[.device, device]?.contents.sessions ?? [] { sessions.insert(edge.to) }
        }
        return (sessions, devices)
    }

    /// The application's lines about a person or their claimed booking.
    func events(_ person: PersonKeys) -> [Located<BookingEvent>] {
        var out = person.person.flatMap { self[.person, $0] }?.contents.bookings ?? []
        for event in person.booking.flatMap({ self[.booking, $0] })?.contents.bookings ?? []
        where event.value.person.isZero || person.person == nil {
            out.append(event)
        }
        return out
    }

    /// Tickets of a person through a shared session or device, with those that replaced or were replaced.
    func tickets(_ person: PersonKeys) -> Set<JoinHash> {
        let (sessions, devices) = circle(person)
        var own: Set<JoinHash> = []
        for session in sessions {
            for edge in self[.session, session]?.contents.tickets ?? [] { own.insert(edge.to) }
        }
        for device in devices {
            for edge in self[.device, device]?.contents.tickets ?? [] { own.insert(edge.to) }
        }
        var open = Array(own)
        while let ticket = open.popLast(), own.count < 1024 {
            guard let contents = self[.ticket, ticket]?.contents else { continue }
            for edge in contents.previous + contents.next where own.insert(edge.to).inserted {
                open.append(edge.to)
            }
        }
        return own
    }

    private func near(_ person: PersonKeys) -> [FactKey] {
        let (sessions, devices) = circle(person)
        return sessions.sorted().prefix(Self.reach).map { FactKey(kind: .session, hash: $0) }
            + devices.sorted().prefix(Self.reach).map { FactKey(kind: .device, hash: $0) }
    }

    private func far(_ person: PersonKeys) -> [FactKey] {
        var keys = tickets(person).map { FactKey(kind: .ticket, hash: $0) }
        for event in events(person) {
            if !event.value.ticket.isZero { keys.append(FactKey(kind: .ticket, hash: event.value.ticket)) }
            if !event.value.pass.isZero { keys.append(FactKey(kind: .pass, hash: event.value.pass)) }
        }
        let (sessions, _) = circle(person)
        for session in sessions {
            for page in self[.session, session]?.contents.pages ?? [] where !page.value.ticket.isZero {
                keys.append(FactKey(kind: .ticket, hash: page.value.ticket))
            }
        }
        return keys
    }

    private func chained(_ person: PersonKeys) -> [FactKey] {
        var keys = tickets(person).map { FactKey(kind: .ticket, hash: $0) }
        for event in events(person) where !event.value.pass.isZero {
            if let claims = self[.pass, event.value.pass]?.contents.claims {
                keys.append(FactKey(kind: .ticket, hash: claims.ticket))
            }
        }
        return keys
    }

    /// Reads keys not yet asked for; false when there were none.
    @discardableResult
    private mutating func load(_ keys: [FactKey]) throws -> Bool {
        var fresh: [FactKey] = []
        for key in keys where asked.insert(key).inserted { fresh.append(key) }
        guard !fresh.isEmpty else { return false }
        fresh.sort()
        for start in stride(from: 0, to: fresh.count, by: Self.batch) {
            let part = Array(fresh[start..<min(start + Self.batch, fresh.count)])
            for (key, payload) in try source.facts(part) { facts[key] = try LoadedFact(payload) }
        }
        return true
    }
}

/// The hashes under which a person is looked up.
struct PersonKeys {
    var person: JoinHash?
    var booking: JoinHash?
    var phone: JoinHash?

    init(_ record: PersonRecord, _ joinKey: JoinKey) {
        person = record.person.map { joinKey.hash(.person, $0) }
        booking = record.claimed.map { joinKey.hash(.booking, $0) }
        phone = record.phone.map { joinKey.hash(.phone, $0) }
    }

    var roots: [FactKey] {
        var keys: [FactKey] = []
        if let person { keys.append(FactKey(kind: .person, hash: person)) }
        if let booking { keys.append(FactKey(kind: .booking, hash: booking)) }
        if let phone { keys.append(FactKey(kind: .phone, hash: phone)) }
        return keys
    }
}
