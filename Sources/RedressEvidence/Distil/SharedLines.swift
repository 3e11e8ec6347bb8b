/// What the lines of several logs have in common: sessions, devices, clocks, passes.

extension Distiller {
    /// The session a line names.
    mutating func session(_ values: Span<UInt8>, _ fields: LineFields) -> JoinHash? {
        fields.has(.sid) ? joins.hash(.session, values, fields.start(.sid), fields.end(.sid)) : nil
    }

    /// The device a line names.
    mutating func device(_ values: Span<UInt8>, _ fields: LineFields) -> JoinHash? {
        fields.has(.did) ? joins.hash(.device, values, fields.start(.did), fields.end(.did)) : nil
    }

    /// What a line shows as its ticket key, and that ticket.
    mutating func keyShown(_ values: Span<UInt8>, _ fields: LineFields) -> (KeyShown, JoinHash) {
        guard fields.has(.key), fields.end(.key) > fields.start(.key) else { return (.none, .zero) }
        if matches(values, fields.start(.key), fields.end(.key), "connection_timeout") {
            return (.timeout, .zero)
        }
        return (.ticket, joins.hash(.ticket, values, fields.start(.key), fields.end(.key)))
    }

    /// One line names both: whoever is known by one is known by the other.
    mutating func joinSession(_ session: JoinHash, _ device: JoinHash, _ place: LinePlace) {
        logs[FactKind.session.slot].edge(session, .device, device, place.time, place.line)
        logs[FactKind.device.slot].edge(device, .session, session, place.time, place.line)
    }

    /// Notes client minus server time for a ticket's device (its session where no device is named).
    @inline(__always)
    mutating func noteClock(
        _ row: Int, _ clientTime: Int64, _ values: Span<UInt8>, _ fields: LineFields, _ place: LinePlace
    ) {
        let field: Field = fields.has(.did) ? .did : .sid
        guard fields.has(field) else { return }
        let mark = field == .did ? tickets[row].device.mark : tickets[row].session.mark
        if tickets[row].clock < 0 || tickets[row].clockOwner != mark {
            tickets[row].clock = Int32(truncatingIfNeeded: clockRow(values, fields))
            tickets[row].clockOwner = mark
        }
        noteClock(clock: Int(tickets[row].clock), clientTime, place)
    }

    /// The row of the clock a line belongs to; the line names a device or a session.
    mutating func clockRow(_ values: Span<UInt8>, _ fields: LineFields) -> Int {
        let isDevice = fields.has(.did)
        let field: Field = isDevice ? .did : .sid
        var fast = joinKey.seeds.hash(values, fields.start(field), fields.end(field))
        if !isDevice { fast.keyed = ~fast.keyed }
        let found = clockIndex.row(fast)
        if found.isNew {
            let owner = joins.hash(
                isDevice ? .device : .session, values, fields.start(field), fields.end(field))
            clocks.append(ClockRow(owner: owner, kind: isDevice ? .device : .session))
        }
        return found.row
    }

    /// Notes client minus server time in a clock's row.
    @inline(__always)
    mutating func noteClock(clock: Int, _ clientTime: Int64, _ place: LinePlace) {
        let bucket = (clientTime &- place.time) >> ClockRow.bucketShift
        for index in 0..<4
        where clocks[clock].cells[index].node == place.mark && clocks[clock].cells[index].bucket == bucket
            && clocks[clock].cells[index].first != .max
        {
            if place.time < clocks[clock].cells[index].first {
                clocks[clock].cells[index].first = place.time
                clocks[clock].cells[index].firstLine = place.line
            }
            clocks[clock].cells[index].last = max(clocks[clock].cells[index].last, place.time)
            return
        }
        let slot = clocks[clock].next
        clocks[clock].next = (slot + 1) & 3
        if clocks[clock].cells[slot].first != .max {
            logs[clocks[clock].kind.slot].clock(clocks[clock].owner, clocks[clock].cells[slot])
        }
        clocks[clock].cells[slot] = ClockRow.Cell(
            node: place.mark, bucket: bucket, first: place.time, last: place.time, firstLine: place.line)
    }

    /// Keeps a pass and what it says of itself; the signature is checked when a verdict needs it.
    mutating func notePass(_ pass: JoinHash, _ values: Span<UInt8>, _ fields: LineFields) {
        let token = values.copy(fields.start(.pass)..<fields.end(.pass))
        guard token.count <= 8192 else { return }
        let slot = FactKind.pass.slot
        logs[slot].begin(pass, .token)
        logs[slot].value()
        logs[slot].add { $0 += token }
        logs[slot].end()
        guard let claims = PassClaims(token: token, joinKey: joinKey) else { return }
        logs[slot].begin(pass, .claims)
        logs[slot].value()
        logs[slot].add { claims.write(&$0) }
        logs[slot].end()
    }
}

extension LineFields {
    /// A whole number; nil when the line does not have the field.
    @inline(__always)
    func whole(_ field: Field, _ values: Span<UInt8>) throws(LineFault) -> Int64? {
        guard has(field) else { return nil }
        guard let number = wholeNumber(values, start(field), end(field)) else {
            throw LineFault(reason: .badValue, position: start(field))
        }
        return number
    }

    /// A short text, which the scanner has found to be UTF-8; empty when the line does not have the field.
    func label(_ field: Field, _ values: Span<UInt8>) throws(LineFault) -> String {
        guard has(field) else { return "" }
        guard end(field) - start(field) <= 64 else {
            throw LineFault(reason: .badValue, position: start(field))
        }
        return values.text(start(field)..<end(field))
    }

    /// A short text's bytes; empty when the line does not have the field.
    func text(_ field: Field, _ values: Span<UInt8>, limit: Int) throws(LineFault) -> [UInt8] {
        guard has(field) else { return [] }
        guard end(field) - start(field) <= limit else {
            throw LineFault(reason: .badValue, position: start(field))
        }
        return values.copy(start(field)..<end(field))
    }
}

extension JoinCache {
    /// The hash under which a shared fact is kept.
    mutating func place(_ what: StaticString, _ label: [UInt8]) -> JoinHash {
        var name: [UInt8] = unsafe Array(
            UnsafeBufferPointer(start: what.utf8Start, count: what.utf8CodeUnitCount))
        name += label
        return hash(.place, name.span, 0, name.count)
    }
}

/// What a pass claims, unchecked: whose ticket it is, since when, with which number.
struct PassClaims {
    var ticket: JoinHash
    /// Milliseconds since 1970; 0 when the pass does not say.
    var issuedAt: Int64
    /// Milliseconds since 1970; 0 when the pass does not say.
    var expires: Int64
    var number: Int64

    init?(token: [UInt8], joinKey: JoinKey) {
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let json = base64URLBytes(parts[1]) else { return nil }
        var fields = LineFields()
        let claims = json.span
        guard (try? JSONScanner.scan(claims, 0, json.count, &fields)) != nil, fields.has(.sub) else {
            return nil
        }
        ticket = joinKey.hash(.ticket, claims.copy(fields.start(.sub)..<fields.end(.sub)))
        func whole(_ field: Field) -> Int64? {
            fields.has(field) ? wholeNumber(json.span, fields.start(field), fields.end(field)) : nil
        }
        issuedAt = (whole(.iat) ?? 0) &* 1000
        expires = (whole(.exp) ?? 0) &* 1000
        number = whole(.number) ?? -1
    }

    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard range.count == 40 else { return nil }
        ticket = bytes.joinHash(at: range.lowerBound)
        issuedAt = bytes.time(at: range.lowerBound + 16)
        expires = bytes.time(at: range.lowerBound + 24)
        number = bytes.time(at: range.lowerBound + 32)
    }

    func write(_ out: inout [UInt8]) {
        out.append(ticket)
        out.append(time: issuedAt)
        out.append(time: expires)
        out.append(time: number)
    }
}
