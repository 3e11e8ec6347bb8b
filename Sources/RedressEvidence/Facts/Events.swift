/// The stored forms of single events: what an entry's id says, read and written in one place.

/// What the waiting room did.
enum QueueCode: UInt8 {
    case wait = 1
    case pass = 2
    case bypass = 3
    case express = 4
    case block = 5
    case expired = 6
    case duplicate = 7
    case wrongAddress = 8
    case error = 9
    case complete = 10

    /// Whether this answer let the browser on.
    var admits: Bool { self == .pass || self == .bypass || self == .express }
}

/// One line of the waiting room.
struct QueueEvent {
    var time: Int64
    var isEntry: Bool
    var code: QueueCode
    var node: UInt64
    var sequence: Int64
    var number: Int64
    var ticket: JoinHash
    var session: JoinHash
    var device: JoinHash
    var pass: JoinHash
    var queue: UInt64

    func write(_ out: inout [UInt8]) {
        out.append(time: time)
        out.append((isEntry ? 0x80 : 0) | code.rawValue)
        out.append(bigEndian: node)
        out.append(time: sequence)
        out.append(time: number)
        out.append(ticket)
        out.append(session)
        out.append(device)
        out.append(pass)
        out.append(bigEndian: queue)
    }
}

extension QueueEvent {
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let at = range.lowerBound
        guard range.count == 105, let code = QueueCode(rawValue: bytes[at + 8] & 0x7F) else { return nil }
        self.init(
            time: bytes.time(at: at), isEntry: bytes[at + 8] & 0x80 != 0, code: code,
            node: bytes.bigEndian(at: at + 9), sequence: bytes.time(at: at + 17),
            number: bytes.time(at: at + 25), ticket: bytes.joinHash(at: at + 33),
            session: bytes.joinHash(at: at + 49), device: bytes.joinHash(at: at + 65),
            pass: bytes.joinHash(at: at + 81), queue: bytes.bigEndian(at: at + 97))
    }
}

/// What the application did.
enum BookingCode: UInt8 {
    case login = 1
    case calendar = 2
    case submit = 3
    case commit = 4
    case reject = 5
    case cancel = 6
    case revoke = 7
}

/// What a request showed as its ticket key.
enum KeyShown: UInt8 {
    case none = 0
    case ticket = 1
    /// `connection_timeout`, which some clients store by themselves when the queue could not be reached.
    case timeout = 2
}

/// One line of the application.
struct BookingEvent {
    var time: Int64
    var code: BookingCode
    var node: UInt64
    var sequence: Int64
    /// HTTP status; 0 when the line has none.
    var status: UInt16
    var keyShown: KeyShown
    var person: JoinHash
    var session: JoinHash
    var ticket: JoinHash
    var device: JoinHash
    var booking: JoinHash
    var pass: JoinHash
    /// Days since 1970; nil when the line has none.
    var date: Int32?
    /// Minutes since midnight; nil when the line has none.
    var slot: UInt16?
    /// Short texts stand in the value itself, where an array would be an allocation each.
    var site: String
    var vaccine: String

    var isAttempt: Bool { code == .submit || code == .commit }

    func write(_ out: inout [UInt8]) {
        out.append(time: time)
        out.append(code.rawValue)
        out.append(bigEndian: node)
        out.append(time: sequence)
        out.append(bigEndian: status)
        out.append(keyShown.rawValue)
        out.append(person)
        out.append(session)
        out.append(ticket)
        out.append(device)
        out.append(booking)
        out.append(pass)
        out.append(bigEndian: date ?? Int32.min)
        out.append(bigEndian: slot ?? UInt16.max)
        out.append(UInt8(truncatingIfNeeded: site.utf8.count))
        out += site.utf8
        out += vaccine.utf8
    }
}

extension BookingEvent {
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let at = range.lowerBound
        guard range.count >= 131, let code = BookingCode(rawValue: bytes[at + 8]),
            let shown = KeyShown(rawValue: bytes[at + 27]), range.count >= 131 + Int(bytes[at + 130])
        else { return nil }
        let date = Int32(bitPattern: bytes.bigEndian32(at: at + 124))
        let slot = bytes.bigEndian16(at: at + 128)
        let siteEnd = at + 131 + Int(bytes[at + 130])
        self.init(
            time: bytes.time(at: at), code: code, node: bytes.bigEndian(at: at + 9),
            sequence: bytes.time(at: at + 17), status: bytes.bigEndian16(at: at + 25), keyShown: shown,
            person: bytes.joinHash(at: at + 28), session: bytes.joinHash(at: at + 44),
            ticket: bytes.joinHash(at: at + 60), device: bytes.joinHash(at: at + 76),
            booking: bytes.joinHash(at: at + 92), pass: bytes.joinHash(at: at + 108),
            date: date == Int32.min ? nil : date, slot: slot == UInt16.max ? nil : slot,
            site: bytes.text((at + 131)..<siteEnd), vaccine: bytes.text(siteEnd..<range.upperBound))
    }
}

/// One line of the text message dispatch.
struct DispatchEvent {
    var time: Int64
    /// Whether this is the carrier's receipt, not the sending.
    var isReceipt: Bool
    var node: UInt64
    var sequence: Int64
    var booking: JoinHash
    var date: Int32?
    var slot: UInt16?
    /// Whether the status says that it failed.
    var failed: Bool
    var template: [UInt8]
    var site: [UInt8]

    func write(_ out: inout [UInt8]) {
        out.append(time: time)
        out.append((isReceipt ? 1 : 0) | (failed ? 2 : 0))
        out.append(bigEndian: node)
        out.append(time: sequence)
        out.append(booking)
        out.append(bigEndian: date ?? Int32.min)
        out.append(bigEndian: slot ?? UInt16.max)
        out.append(UInt8(truncatingIfNeeded: template.count))
        out += template
        out += site
    }
}

extension DispatchEvent {
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let at = range.lowerBound
        guard range.count >= 48, range.count >= 48 + Int(bytes[at + 47]) else { return nil }
        let date = Int32(bitPattern: bytes.bigEndian32(at: at + 41))
        let slot = bytes.bigEndian16(at: at + 45)
        let templateEnd = at + 48 + Int(bytes[at + 47])
        self.init(
            time: bytes.time(at: at), isReceipt: bytes[at + 8] & 1 != 0, node: bytes.bigEndian(at: at + 9),
            sequence: bytes.time(at: at + 17), booking: bytes.joinHash(at: at + 25),
            date: date == Int32.min ? nil : date, slot: slot == UInt16.max ? nil : slot,
            failed: bytes[at + 8] & 2 != 0, template: bytes.copy((at + 48)..<templateEnd),
            site: bytes.copy(templateEnd..<range.upperBound))
    }
}

/// What a page request was for.
enum PageCode: UInt8 {
    case other = 0
    case main = 1
    case queue = 2
    case login = 3
    case calendar = 4
    case submit = 5
}

/// One page request at the front door.
struct PageEvent {
    var time: Int64
    var page: PageCode
    var status: UInt16
    var keyShown: KeyShown
    var session: JoinHash
    var ticket: JoinHash
    var device: JoinHash

    func write(_ out: inout [UInt8]) {
        out.append(time: time)
        out.append(page.rawValue)
        out.append(bigEndian: status)
        out.append(keyShown.rawValue)
        out.append(session)
        out.append(ticket)
        out.append(device)
    }
}

extension PageEvent {
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let at = range.lowerBound
        guard range.count == 60, let page = PageCode(rawValue: bytes[at + 8]),
            let shown = KeyShown(rawValue: bytes[at + 11])
        else { return nil }
        self.init(
            time: bytes.time(at: at), page: page, status: bytes.bigEndian16(at: at + 9), keyShown: shown,
            session: bytes.joinHash(at: at + 12), ticket: bytes.joinHash(at: at + 28),
            device: bytes.joinHash(at: at + 44))
    }
}

extension Span where Element == UInt8 {
    /// The text of a range; bytes that are no text are replaced.
    func text(_ range: Range<Int>) -> String {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a range.
    func copy(_ range: Range<Int>) -> [UInt8] {
        var out: [UInt8] = []
        out.append(self, range)
        return out
    }
}

extension Array where Element == UInt8 {
    /// Appends a range of bytes.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
