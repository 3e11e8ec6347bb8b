/// Distils the waiting room's lines.

extension Distiller {
    /// One line of the waiting room.
    mutating func queueLine(
        _ values: Span<UInt8>, _ fields: LineFields, _ place: LinePlace
    ) throws(LineFault) {
        let (isEntry, code) = try queueCode(values, fields)
        let number = try fields.whole(.number, values)
        let clientTime = try fields.whole(.cts, values)
        guard fields.has(.key) else { return }
        let fast = joinKey.seeds.hash(values, fields.start(.key), fields.end(.key))
        let (row, isNew) = ticketIndex.row(fast)
        if isNew {
            tickets.append(
                TicketRow(hash: joins.hash(.ticket, fast, values, fields.start(.key), fields.end(.key))))
        }
        sum(row, place)
        noteEdges(row, values, fields, place)
        if let number, number >= 0 { note(number, row, place) }
        if let clientTime { noteClock(row, clientTime, values, fields, place) }
        if fields.has(.prev) { notePrevious(row, values, fields, place) }
        if isEntry || code != .wait {
            noteEvent(row, isEntry, code, number ?? -1, values, fields, place)
        }
    }

    private func queueCode(
        _ values: Span<UInt8>, _ fields: LineFields
    ) throws(LineFault) -> (isEntry: Bool, code: QueueCode) {
        guard fields.has(.op) else { throw LineFault(reason: .missingField, position: 0) }
        let (start, end) = (fields.start(.op), fields.end(.op))
        let isEntry = matches(values, start, end, "enter")
        let isComplete = !isEntry && matches(values, start, end, "complete")
        guard isEntry || isComplete || matches(values, start, end, "poll") else {
            throw LineFault(reason: .badValue, position: start)
        }
        if isComplete { return (false, .complete) }
        guard fields.has(.rc) else { return (isEntry, .wait) }
        let (from, to) = (fields.start(.rc), fields.end(.rc))
        if matches(values, from, to, "wait") { return (isEntry, .wait) }
        if matches(values, from, to, "pass") { return (isEntry, .pass) }
        if matches(values, from, to, "bypass") { return (isEntry, .bypass) }
        if matches(values, from, to, "express") { return (isEntry, .express) }
        if matches(values, from, to, "block") { return (isEntry, .block) }
        if matches(values, from, to, "expired") { return (isEntry, .expired) }
        if matches(values, from, to, "duplicate") { return (isEntry, .duplicate) }
        if matches(values, from, to, "wrong-ip") { return (isEntry, .wrongAddress) }
        if matches(values, from, to, "error") { return (isEntry, .error) }
        throw LineFault(reason: .badValue, position: from)
    }

    /// Adds a line to a ticket's sums.
    @inline(__always)
    private mutating func sum(_ row: Int, _ place: LinePlace) {
        let time = place.time
        if time < tickets[row].first {
            tickets[row].first = time
            tickets[row].firstLine = place.line
        }
        if time >= tickets[row].last {
            tickets[row].last = time
            tickets[row].lastLine = place.line
        }
        let bin = time.floorQuotient(10_000)
        let word = bin.floorQuotient(64)
        if word != tickets[row].word {
            logs[FactKind.ticket.slot].polls(tickets[row])
            tickets[row].word = word
            tickets[row].bits = 0
        }
        tickets[row].bits |= 1 << UInt64(bin - word * 64)
        let bit: UInt64 = place.node < 64 ? 1 << UInt64(place.node) : 0
        if bit == 0 || tickets[row].nodes & bit == 0 {
            tickets[row].nodes |= bit
            noteNode(tickets[row].hash, place)
        }
    }

    private mutating func noteNode(_ ticket: JoinHash, _ place: LinePlace) {
        logs[FactKind.ticket.slot].begin(ticket, .node)
        logs[FactKind.ticket.slot].add { $0.append(bigEndian: place.mark) }
        logs[FactKind.ticket.slot].value()
        logs[FactKind.ticket.slot].end()
    }

    @inline(__always)
    private mutating func noteEdges(
        _ row: Int, _ values: Span<UInt8>, _ fields: LineFields, _ place: LinePlace
    ) {
        var isNews = false
        if fields.has(.sid) {
            let fast = joinKey.seeds.hash(values, fields.start(.sid), fields.end(.sid))
            if tickets[row].session.isNews(fast.keyed, place.time) {
                let session = joins.hash(.session, fast, values, fields.start(.sid), fields.end(.sid))
                join(row, .session, session, place)
                isNews = true
            }
        }
        if fields.has(.did) {
            let fast = joinKey.seeds.hash(values, fields.start(.did), fields.end(.did))
            if tickets[row].device.isNews(fast.keyed, place.time) {
                let device = joins.hash(.device, fast, values, fields.start(.did), fields.end(.did))
                join(row, .device, device, place)
                isNews = true
            }
        }
        if isNews, let session = session(values, fields), let device = device(values, fields) {
            joinSession(session, device, place)
        }
        if fields.has(.ip) {
            let fast = joinKey.seeds.hash(values, fields.start(.ip), fields.end(.ip))
            if tickets[row].address.isNews(fast.keyed, place.time) {
                let address = joins.hash(.address, fast, values, fields.start(.ip), fields.end(.ip))
                logs[FactKind.ticket.slot].edge(
                    tickets[row].hash, .address, address, place.time, place.line)
            }
        }
    }

    private mutating func join(_ row: Int, _ kind: FactKind, _ other: JoinHash, _ place: LinePlace) {
        let ticket = tickets[row].hash
        let tag: Tag = kind == .session ? .session : .device
        logs[FactKind.ticket.slot].edge(ticket, tag, other, place.time, place.line)
        logs[kind.slot].edge(other, .ticket, ticket, place.time, place.line)
    }

    @inline(__always)
    private mutating func note(_ number: Int64, _ row: Int, _ place: LinePlace) {
        if tickets[row].number != number {
            noteNumber(tickets[row])
            tickets[row].number = number
            tickets[row].numberFirst = .max
            tickets[row].numberLast = .min
        }
        if place.time < tickets[row].numberFirst {
            tickets[row].numberFirst = place.time
            tickets[row].numberLine = place.line
        }
        tickets[row].numberLast = max(tickets[row].numberLast, place.time)
    }

    /// Puts down a ticket's number, on the ticket and in the block of numbers it belongs to.
    mutating func noteNumber(_ row: TicketRow) {
        guard row.number >= 0, row.numberFirst != .max else { return }
        logs[FactKind.ticket.slot].begin(row.hash, .number)
        logs[FactKind.ticket.slot].add { $0.append(time: row.number) }
        logs[FactKind.ticket.slot].value()
        logs[FactKind.ticket.slot].add {
            $0.append(time: row.numberFirst)
            $0.append(row.numberLine)
        }
        logs[FactKind.ticket.slot].end()
        noteNumberBlock(row)
    }

    private mutating func noteNumberBlock(_ row: TicketRow) {
        let block = row.number >> 8
        var label: [UInt8] = []
        label.append(time: block)
        let hash = joins.place("numbers", label)
        let slot = FactKind.numbers.slot
        logs[slot].begin(hash, .label)
        logs[slot].value()
        logs[slot].add { $0 += label }
        logs[slot].end()
        logs[slot].begin(hash, .numberBits)
        logs[slot].add { $0.append(UInt8(truncatingIfNeeded: (row.number >> 6) & 3)) }
        logs[slot].value()
        logs[slot].add { $0.append(bigEndian: UInt64(1) << UInt64(row.number & 63)) }
        logs[slot].end()
        logs[slot].begin(hash, .span)
        logs[slot].value()
        logs[slot].add {
            $0.append(time: row.numberFirst)
            $0.append(time: row.numberLast)
        }
        logs[slot].end()
    }

    private mutating func notePrevious(
        _ row: Int, _ values: Span<UInt8>, _ fields: LineFields, _ place: LinePlace
    ) {
        let previous = joins.hash(.ticket, values, fields.start(.prev), fields.end(.prev))
        let ticket = tickets[row].hash
        guard previous != ticket else { return }
        logs[FactKind.ticket.slot].edge(ticket, .previous, previous, place.time, place.line)
        logs[FactKind.ticket.slot].edge(previous, .next, ticket, place.time, place.line)
    }

    private mutating func noteEvent(
        _ row: Int, _ isEntry: Bool, _ code: QueueCode, _ number: Int64, _ values: Span<UInt8>,
        _ fields: LineFields, _ place: LinePlace
    ) {
        let ticket = tickets[row].hash
        let queue = joinKey.seeds.hash(
            values, fields.start(.queue), fields.has(.queue) ? fields.end(.queue) : 0)
        let pass =
            fields.has(.pass) ? joins.hash(.pass, values, fields.start(.pass), fields.end(.pass)) : .zero
        let event = QueueEvent(
            time: place.time, isEntry: isEntry, code: code, node: place.mark, sequence: place.sequence,
            number: number, ticket: ticket, session: session(values, fields) ?? .zero,
            device: device(values, fields) ?? .zero, pass: pass, queue: fields.has(.queue) ? queue.open : 0)
        var id: [UInt8] = []
        event.write(&id)
        if isEntry { logs[FactKind.ticket.slot].event(ticket, .entered, id, place.line) }
        if code != .wait { logs[FactKind.ticket.slot].event(ticket, .outcome, id, place.line) }
        if code.admits { noteAdmission(event, place.line) }
        if fields.has(.pass) {
            notePass(pass, values, fields)
            logs[FactKind.pass.slot].event(pass, .issued, id, place.line)
        }
    }

    /// Samples who was admitted in a minute of a queue: the served frontier is read off these.
    private mutating func noteAdmission(_ event: QueueEvent, _ line: Citation) {
        var label: [UInt8] = []
        label.append(bigEndian: event.queue)
        label.append(time: event.time.floorQuotient(60_000))
        let hash = joins.place("frontier", label)
        let slot = FactKind.frontier.slot
        logs[slot].begin(hash, .label)
        logs[slot].value()
        logs[slot].add { $0 += label }
        logs[slot].end()
        logs[slot].begin(hash, .admission)
        logs[slot].add { $0.append(event.ticket) }
        logs[slot].value()
        logs[slot].add {
            $0.append(time: event.number)
            $0.append(time: event.time)
            $0.append(event.code.rawValue)
            $0.append(line)
        }
        logs[slot].end()
    }
}
