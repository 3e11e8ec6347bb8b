/// Everything the logs and registers hold of one person, gathered for the rules.

import Crypto
import RedressCore

/// One person's evidence under one window.
struct PersonEvidence {
    let record: PersonRecord
    let picture: IncidentPicture
    let window: IncidentWindow
    /// The claimed row of the register.
    let row: RegisterBooking?
    /// The claimed row of the revocation list.
    let revocation: RevocationRow?
    /// The application's lines about the claimed booking, in order of time.
    let events: [Located<BookingEvent>]
    /// All of the application's lines about the person, in order of time.
    let allEvents: [Located<BookingEvent>]
    let dispatches: [Located<DispatchEvent>]
    /// Texts that said "booking complete" for the claimed booking, or for none by name, sent in the window or
    /// in the hour after it.
    let completeTexts: [Located<DispatchEvent>]
    /// The claimed booking's hash.
    let claimed: JoinHash?
    let sessions: [JoinHash]
    let devices: [JoinHash]
    let chains: [TicketChain]
    let pages: [Located<PageEvent>]
    /// Clock readings, one list a device.
    let clocks: [[ClockReading]]
    /// The earliest submit (or commit, where no submit is logged) inside the window.
    let attempt: Located<BookingEvent>?
    /// The wait that the attempt rests on.
    let chain: TicketChain?
    let digest: String
    private let facts: EvidenceReader

    var policy: Policy { picture.context.policy }

    init(
        _ record: PersonRecord, _ keys: PersonKeys, _ reach: PersonReach, _ facts: EvidenceReader,
        _ picture: IncidentPicture, _ window: IncidentWindow
    ) {
        self.record = record
        self.picture = picture
        self.window = window
        self.facts = facts
        row = record.bookings.first { $0.booking == record.claimed }
        revocation = record.revocations.first { $0.booking == record.claimed }
        let coverage = picture.coverage(.booking)
        let all = reach.events
            .filter { !coverage.isDisputed($0.value.node, $0.value.time) }
            .sorted { ($0.value.time, $0.value.code.rawValue) < ($1.value.time, $1.value.code.rawValue) }
        allEvents = all
        let mine = all.filter { event in
            event.value.booking.isZero || keys.booking == nil || event.value.booking == keys.booking
        }
        events = mine
        let texts = picture.coverage(.sms)
        dispatches = (keys.phone.flatMap { facts[.phone, $0] }?.contents.dispatches ?? [])
            .filter { !texts.isDisputed($0.value.node, $0.value.time) }
            .sorted { $0.value.time < $1.value.time }
        claimed = keys.booking
        let policy = picture.context.policy
        let (from, to) = (
            window.from.adding(minutes: -1).milliseconds, window.to.adding(minutes: 60).milliseconds
        )
        completeTexts = dispatches.filter { text in
            !text.value.isReceipt && !text.value.failed && text.value.time >= from && text.value.time <= to
                && (text.value.booking.isZero || keys.booking == nil || text.value.booking == keys.booking)
                && policy.completeTemplates.contains { $0.utf8.elementsEqual(text.value.template) }
        }
        (sessions, devices) = (reach.sessions, reach.devices)
        chains = TicketChain.chains(of: reach.tickets, facts, picture)
        pages = Self.pages(facts, reach)
        clocks = Self.clocks(facts, reach)
        let slack = picture.context.policy.windowSlackSeconds
        func isInside(_ event: BookingEvent) -> Bool {
            event.isAttempt && window.contains(Instant(milliseconds: event.time), slackSeconds: slack)
        }
        let attempt =
            mine.first { $0.value.code == .submit && isInside($0.value) } ?? mine.first { isInside($0.value) }
        self.attempt = attempt
        chain = Self.choose(chains, attempt)
        digest = Self.digest(keys, facts, reach, record, picture)
    }

    /// A ticket, the person's own or not.
    func ticket(_ hash: JoinHash) -> LoadedFact? { facts[.ticket, hash] }

    /// A pass's contents.
    func pass(_ hash: JoinHash) -> LoadedFact? { facts[.pass, hash] }

    /// Whether a ticket is the person's, through a shared device or session.
    func owns(_ ticket: JoinHash) -> Bool { chains.contains { $0.tickets.contains(ticket) } }

    /// When the attempt was made, on the clock most servers agree on.
    var attemptTime: Int64? {
        attempt.map { picture.clock.corrected($0.value.time, $0.value.node) }
    }

    /// The wait whose key was shown; else the last one let on before the attempt; else the first.
    private static func choose(_ chains: [TicketChain], _ attempt: Located<BookingEvent>?) -> TicketChain? {
        guard let attempt else { return chains.first }
        if let shown = chains.first(where: { $0.tickets.contains(attempt.value.ticket) }) { return shown }
        if !attempt.value.pass.isZero,
            let shown = chains.first(where: { $0.passes.contains(attempt.value.pass) })
        {
            return shown
        }
        let admitted = chains.filter { $0.admission(before: attempt.value.time) != nil }
        let latest = admitted.max { one, two in
            (one.admission(before: attempt.value.time)?.value.time ?? 0)
                < (two.admission(before: attempt.value.time)?.value.time ?? 0)
        }
        return latest ?? chains.first { $0.first <= attempt.value.time }
    }

    private static func pages(
        _ facts: EvidenceReader, _ reach: PersonReach
    ) -> [Located<PageEvent>] {
        var out: [Located<PageEvent>] = []
        for session in reach.sessions { out += facts[.session, session]?.contents.pages ?? [] }
        for device in reach.devices { out += facts[.device, device]?.contents.pages ?? [] }
        return out.sorted { ($0.value.time, $0.line.offset) < ($1.value.time, $1.line.offset) }
    }

    private static func clocks(
        _ facts: EvidenceReader, _ reach: PersonReach
    ) -> [[ClockReading]] {
        var out: [[ClockReading]] = []
        for device in reach.devices { out.append(facts[.device, device]?.contents.clocks ?? []) }
        for session in reach.sessions { out.append(facts[.session, session]?.contents.clocks ?? []) }
        return out.filter { !$0.isEmpty }.map { $0.sorted { ($0.first, $0.node) < ($1.first, $1.node) } }
    }

    /// SHA-256 over the shared picture, the register's rows and the canonical facts, in order of their keys.
    private static func digest(
        _ keys: PersonKeys, _ facts: EvidenceReader, _ reach: PersonReach, _ record: PersonRecord,
        _ picture: IncidentPicture
    ) -> String {
        var names = keys.roots
        names.reserveCapacity(
            names.count + reach.sessions.count + reach.devices.count + reach.tickets.count
                + reach.events.count)
        names += reach.sessions.map { FactKey(kind: .session, hash: $0) }
        names += reach.devices.map { FactKey(kind: .device, hash: $0) }
        names += reach.tickets.map { FactKey(kind: .ticket, hash: $0) }
        for event in reach.events where !event.value.pass.isZero {
            names.append(FactKey(kind: .pass, hash: event.value.pass))
        }
        var bytes = picture.digest
        bytes.reserveCapacity(bytes.count + names.count * 49 + 512)
        names.sort()
        var last: FactKey?
        for key in names where key != last {
            last = key
            guard let fact = facts[key.kind, key.hash] else { continue }
            bytes.append(key.kind.rawValue)
            bytes.append(key.hash)
            bytes += fact.digest
        }
        record.writeRows(&bytes)
        return hexadecimal(SHA256.hash(data: bytes))
    }
}

extension PersonRecord {
    /// Appends what the registers say, without where it was read, in a fixed order.
    func writeRows(_ out: inout [UInt8]) {
        for text in [person ?? "", claimed ?? ""] { out.append(counted: text) }
        out.append(bigEndian: Int32(truncatingIfNeeded: birthYear ?? -1))
        for row in bookings.sorted(by: { $0.booking < $1.booking }) {
            for text in [row.booking, row.site, row.vaccine, row.status.rawValue] {
                out.append(counted: text)
            }
            out.append(bigEndian: Int32(truncatingIfNeeded: row.dose))
            out.append(bigEndian: Int32(truncatingIfNeeded: row.date?.daysSinceEpoch ?? .min))
            out.append(bigEndian: Int32(truncatingIfNeeded: row.slot?.minutes ?? -1))
            out.append(bigEndian: row.bookedAt?.milliseconds ?? .min)
        }
        for row in revocations.sorted(by: { $0.booking < $1.booking }) {
            for text in [row.booking, row.batch] { out.append(counted: text) }
            out.append(bigEndian: row.revokedAt.milliseconds)
        }
    }
}

extension Array where Element == UInt8 {
    /// Appends a text behind its length, so that no two rows write the same bytes.
    fileprivate mutating func append(counted text: String) {
        append(bigEndian: UInt32(truncatingIfNeeded: text.utf8.count))
        append(contentsOf: text.utf8)
    }
}
