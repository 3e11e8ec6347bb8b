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
    private var known: [PersonKeys: PersonReach] = [:]

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

    /// Reads what these people's verdicts need; what one person is judged by never depends on who else is read.
    mutating func read(_ people: [PersonKeys]) throws {
        try load(people.flatMap(\.roots))
        let events = people.map { self.events($0) }
        // A session rotates at log-in and only the device links the old one: session, device, session.
        for _ in 0..<3 {
            if try !load(events.flatMap { near($0) }) { break }
        }
        var reaches = people.map { reach($0) }
        try load(reaches.flatMap { far($0) })
        for _ in 0..<16 {
            reaches = people.map { reach($0) }
            if try !load(reaches.flatMap { chained($0) }) { break }
        }
        for (person, reach) in zip(people, reaches) { known[person] = reach }
    }

    /// What belongs to a person, as far as it is known by now.
    func reach(_ person: PersonKeys) -> PersonReach {
        if let reach = known[person] { return reach }
        let events = events(person)
        let (sessions, devices) = circle(events)
        return PersonReach(
            events: events, sessions: sessions, devices: devices, tickets: tickets(sessions, devices))
    }

    /// Sessions and devices of the application's lines and those a device or session ties to them, in order.
    private func circle(
        _ events: [Located<BookingEvent>]
    ) -> (sessions: [JoinHash], devices: [JoinHash]) {
        var sessions: Set<JoinHash> = []
        var devices: Set<JoinHash> = []
        for event in events {
            if !event.value.session.isZero { sessions.insert(event.value.session) }
            if !event.value.device.isZero { devices.insert(event.value.device) }
        }
        for session in sessions {
            for edge in self[.session, session]?.contents.devices ?? [] { devices.insert(edge.to) }
        }
        let followed = Array(devices.sorted().prefix(Self.reach))
        for device in followed {
            for edge in self[.device, device]?.contents.sessions ?? [] { sessions.insert(edge.to) }
        }
        return (Array(sessions.sorted().prefix(Self.reach)), followed)
    }

    /// The application's lines about a person or their claimed booking.
    private func events(_ person: PersonKeys) -> [Located<BookingEvent>] {
        var out = person.person.flatMap { self[.person, $0] }?.contents.bookings ?? []
        for event in person.booking.flatMap({ self[.booking, $0] })?.contents.bookings ?? []
        where event.value.person.isZero || person.person == nil {
            out.append(event)
        }
        return out
    }

    /// Tickets of these sessions and devices, with those that replaced or were replaced.
    private func tickets(_ sessions: [JoinHash], _ devices: [JoinHash]) -> Set<JoinHash> {
        var own: Set<JoinHash> = []
        for session in sessions {
            for edge in self[.session, session]?.contents.tickets ?? [] { own.insert(edge.to) }
        }
        for device in devices {
            for edge in self[.device, device]?.contents.tickets ?? [] { own.insert(edge.to) }
        }
        var open = own.sorted()
        while let ticket = open.popLast(), own.count < 1024 {
            guard let contents = self[.ticket, ticket]?.contents else { continue }
            for edge in contents.previous where own.insert(edge.to).inserted { open.append(edge.to) }
            for edge in contents.next where own.insert(edge.to).inserted { open.append(edge.to) }
        }
        return own
    }

    private func near(_ events: [Located<BookingEvent>]) -> [FactKey] {
        let (sessions, devices) = circle(events)
        return sessions.map { FactKey(kind: .session, hash: $0) }
            + devices.map { FactKey(kind: .device, hash: $0) }
    }

    private func far(_ reach: PersonReach) -> [FactKey] {
        var keys = reach.tickets.map { FactKey(kind: .ticket, hash: $0) }
        for event in reach.events {
            if !event.value.ticket.isZero { keys.append(FactKey(kind: .ticket, hash: event.value.ticket)) }
            if !event.value.pass.isZero { keys.append(FactKey(kind: .pass, hash: event.value.pass)) }
        }
        for session in reach.sessions {
            for page in self[.session, session]?.contents.pages ?? [] where !page.value.ticket.isZero {
                keys.append(FactKey(kind: .ticket, hash: page.value.ticket))
            }
        }
        return keys
    }

    private func chained(_ reach: PersonReach) -> [FactKey] {
        var keys = reach.tickets.map { FactKey(kind: .ticket, hash: $0) }
        for event in reach.events where !event.value.pass.isZero {
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

/// What belongs to a person: their lines, and what shared sessions and devices tie to them.
struct PersonReach {
    /// The application's lines about the person or the claimed booking.
    var events: [Located<BookingEvent>]
    var sessions: [JoinHash]
    var devices: [JoinHash]
    /// Tickets with those that replaced or were replaced.
    var tickets: Set<JoinHash>
}

/// The hashes under which a person is looked up.
struct PersonKeys: Hashable {
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
