/// Reads the facts of many people in a few rounds, following the edges between them.

import RedressCore

/// Facts read so far for one batch of people.
struct EvidenceReader {
    private let source: any FactSource
    private var facts = FactTable()
    private var scratch: [UInt8] = []

    /// Keys asked for at once.
    private static let batch = 4096
    /// Sessions, devices or tickets followed a person.
    private static let reach = 128

    init(_ source: any FactSource) {
        self.source = source
    }

    /// A fact already read.
    subscript(_ kind: FactKind, _ hash: JoinHash) -> LoadedFact? { facts[kind, hash] }

    /// Reads what these people's verdicts need, in place of what was read before; what one person is judged by never
    /// depends on who else is read.
    ///
    /// - Returns: what belongs to each of them, in their order.
    mutating func read(_ people: [PersonKeys]) throws -> [PersonReach] {
        facts.removeAll()
        try load(people.flatMap(\.roots))
        var reaches = people.map { PersonReach(events: events($0)) }
        // A session rotates at log-in and only the device links the old one: session, device, session.
        try follow(&reaches, rounds: 3) { $0.addCircle(&$1, &$2) }
        try follow(&reaches, rounds: 17) { $0.addTickets(&$1, &$2) }
        return reaches
    }

    /// Works out round by round what each person's evidence needs next; who needs nothing new has it all.
    private mutating func follow(
        _ reaches: inout [PersonReach], rounds: Int,
        _ step: (EvidenceReader, inout PersonReach, inout [FactKey]) -> Void
    ) throws {
        var open = Array(reaches.indices)
        for _ in 0..<rounds {
            var fresh: [FactKey] = []
            var left: [Int] = []
            for index in open {
                let count = fresh.count
                step(self, &reaches[index], &fresh)
                if fresh.count > count { left.append(index) }
            }
            if fresh.isEmpty { return }
            try load(fresh)
            open = left
        }
    }

    /// Sessions and devices of the application's lines and those a device or session ties to them, in order.
    private func addCircle(_ reach: inout PersonReach, _ fresh: inout [FactKey]) {
        var sessions = DistinctHashes()
        var devices = DistinctHashes()
        for event in reach.events {
            if !event.value.session.isZero { sessions.insert(event.value.session) }
            if !event.value.device.isZero { devices.insert(event.value.device) }
        }
        for session in sessions.all {
            for edge in self[.session, session]?.contents.devices ?? [] { devices.insert(edge.to) }
        }
        reach.devices = Array(devices.all.sorted().prefix(Self.reach))
        for device in reach.devices {
            for edge in self[.device, device]?.contents.sessions ?? [] { sessions.insert(edge.to) }
        }
        reach.sessions = Array(sessions.all.sorted().prefix(Self.reach))
        for session in reach.sessions { note(.session, session, &fresh) }
        for device in reach.devices { note(.device, device, &fresh) }
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

    /// Tickets of a person's sessions and devices, with those that replaced or were replaced; and the tickets and
    /// passes that were shown, the person's own or not.
    private func addTickets(_ reach: inout PersonReach, _ fresh: inout [FactKey]) {
        var own = DistinctHashes()
        for session in reach.sessions {
            guard let fact = self[.session, session] else { continue }
            for edge in fact.contents.tickets { own.insert(edge.to) }
            for page in fact.contents.pages where !page.value.ticket.isZero {
                note(.ticket, page.value.ticket, &fresh)
            }
        }
        for device in reach.devices {
            for edge in self[.device, device]?.contents.tickets ?? [] { own.insert(edge.to) }
        }
        var next = 0
        while next < own.all.count, own.all.count < 1024 {
            let ticket = own.all[next]
            next += 1
            guard let fact = self[.ticket, ticket] else { continue }
            for edge in fact.contents.previous { own.insert(edge.to) }
            for edge in fact.contents.next { own.insert(edge.to) }
        }
        reach.tickets = own.all.sorted()
        for ticket in reach.tickets { note(.ticket, ticket, &fresh) }
        for event in reach.events {
            if !event.value.ticket.isZero { note(.ticket, event.value.ticket, &fresh) }
            guard !event.value.pass.isZero else { continue }
            note(.pass, event.value.pass, &fresh)
            if let claims = self[.pass, event.value.pass]?.contents.claims {
                note(.ticket, claims.ticket, &fresh)
            }
        }
    }

    /// Puts a key down that no round before has asked for.
    private func note(_ kind: FactKind, _ hash: JoinHash, _ fresh: inout [FactKey]) {
        let key = FactKey(kind: kind, hash: hash)
        if !facts.contains(key) { fresh.append(key) }
    }

    /// Reads keys not yet asked for.
    private mutating func load(_ keys: [FactKey]) throws {
        var fresh: [FactKey] = []
        for key in keys where facts.insert(key) { fresh.append(key) }
        fresh.sort()
        for start in stride(from: 0, to: fresh.count, by: Self.batch) {
            let part = Array(fresh[start..<min(start + Self.batch, fresh.count)])
            try source.each(part) { facts.keep(try LoadedFact($1, &scratch), of: $0) }
        }
    }
}

/// Hashes, each once, in the order they came; mostly so few that looking through them beats a table.
struct DistinctHashes {
    private(set) var all: [JoinHash] = []
    private var table: Set<JoinHash> = []
    private static let few = 16

    func contains(_ hash: JoinHash) -> Bool {
        table.isEmpty ? all.contains(hash) : table.contains(hash)
    }

    mutating func insert(_ hash: JoinHash) {
        if contains(hash) { return }
        if all.isEmpty { all.reserveCapacity(4) }
        all.append(hash)
        if !table.isEmpty {
            table.insert(hash)
        } else if all.count > Self.few {
            table = Set(all)
        }
    }
}

/// What belongs to a person: their lines, and what shared sessions and devices tie to them.
struct PersonReach {
    /// The application's lines about the person or the claimed booking.
    var events: [Located<BookingEvent>]
    var sessions: [JoinHash] = []
    var devices: [JoinHash] = []
    /// Tickets with those that replaced or were replaced, in order.
    var tickets: [JoinHash] = []
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
