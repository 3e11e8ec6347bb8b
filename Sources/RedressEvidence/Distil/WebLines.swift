/// Distils the front door's lines.

extension Distiller {
    /// One page request.
    mutating func webLine(
        _ values: Span<UInt8>, _ fields: LineFields, _ place: LinePlace
    ) throws(LineFault) {
        let status = try fields.whole(.status, values) ?? 0
        let page =
            fields.has(.path)
            ? pages.page(values, fields.start(.path), fields.end(.path), isPost: isPost(values, fields))
            : .other
        let session = session(values, fields) ?? .zero
        let device = device(values, fields) ?? .zero
        if page == .submit { noteMark(.postMark, place.time, session, device) }
        if !session.isZero, !device.isZero { joinSession(session, device, place) }
        guard page != .other else { return }
        let (shown, ticket) = keyShown(values, fields)
        let event = PageEvent(
            time: place.time, page: page, status: UInt16(clamping: status), keyShown: shown, session: session,
            ticket: ticket, device: device)
        var id: [UInt8] = []
        event.write(&id)
        if !session.isZero {
            logs[FactKind.session.slot].event(session, .page, id, place.line)
        } else if !device.isZero {
            logs[FactKind.device.slot].event(device, .page, id, place.line)
        }
    }

    private func isPost(_ values: Span<UInt8>, _ fields: LineFields) -> Bool {
        fields.has(.method) && matches(values, fields.start(.method), fields.end(.method), "POST")
    }
}

/// Which paths are which page; a mapping file may name others.
struct PageRules: Sendable, Hashable {
    /// Path prefixes; the first that fits decides, so the more particular stand first.
    var rules: [Rule]

    struct Rule: Sendable, Hashable {
        var prefix: [UInt8]
        var page: PageCode
        var postOnly: Bool
    }

    init(_ rules: [(String, PageCode, postOnly: Bool)]) {
        self.rules = rules.map { Rule(prefix: Array($0.0.utf8), page: $0.1, postOnly: $0.postOnly) }
    }

    /// The paths of the system whose log format this product publishes.
    static let shipped = PageRules([
        ("/api/bookings", .submit, postOnly: true), ("/bookings", .submit, postOnly: true),
        ("/booking/submit", .submit, postOnly: true), ("/submit", .submit, postOnly: true),
        ("/calendar", .calendar, postOnly: false), ("/api/calendar", .calendar, postOnly: false),
        ("/login", .login, postOnly: false), ("/api/login", .login, postOnly: false),
        ("/queue", .queue, postOnly: false), ("/wait", .queue, postOnly: false),
        ("/api/queue", .queue, postOnly: false), ("/main", .main, postOnly: false),
        ("/index", .main, postOnly: false),
    ])

    /// The page of a path; its query does not matter.
    func page(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, isPost: Bool) -> PageCode {
        var stop = start
        while stop < end, bytes[stop] != UInt8(ascii: "?"), bytes[stop] != UInt8(ascii: "#") { stop += 1 }
        if stop == start + 1, bytes[start] == UInt8(ascii: "/") { return .main }
        for rule in rules where fits(bytes, start, stop, rule) {
            if rule.postOnly, !isPost { continue }
            return rule.page
        }
        return .other
    }

    private func fits(_ bytes: Span<UInt8>, _ start: Int, _ stop: Int, _ rule: Rule) -> Bool {
        guard stop - start >= rule.prefix.count else { return false }
        for offset in 0..<rule.prefix.count where bytes[start + offset] != rule.prefix[offset] {
            return false
        }
        let next = start + rule.prefix.count
        return next == stop || bytes[next] == UInt8(ascii: "/") || bytes[next] == UInt8(ascii: ".")
    }
}
