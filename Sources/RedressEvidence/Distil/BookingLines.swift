/// Distils the application's lines.

import RedressCore

extension Distiller {
    /// One line of the application.
    mutating func bookingLine(
        _ values: Span<UInt8>, _ fields: LineFields, _ place: LinePlace
    ) throws(LineFault) {
        let event = try bookingEvent(values, fields, place)
        let clientTime = try fields.whole(.cts, values)
        var id: [UInt8] = []
        event.write(&id)
        if !event.person.isZero {
            logs[FactKind.person.slot].event(event.person, .bookingEvent, id, place.line)
        }
        if !event.booking.isZero {
            logs[FactKind.booking.slot].event(event.booking, .bookingEvent, id, place.line)
        }
        if event.code == .submit || event.code == .calendar {
            if event.keyShown == .ticket {
                logs[FactKind.ticket.slot].event(event.ticket, .shownKey, id, place.line)
            }
            if !event.pass.isZero {
                notePass(event.pass, values, fields)
                logs[FactKind.pass.slot].event(event.pass, .shownPass, id, place.line)
            }
        }
        if event.code == .submit {
            noteMark(.submitMark, place.time, event.session, event.device)
        }
        joinPerson(event, place)
        if let clientTime, fields.has(.did) || fields.has(.sid) {
            noteClock(clock: clockRow(values, fields), clientTime, place)
        }
    }

    private mutating func bookingEvent(
        _ values: Span<UInt8>, _ fields: LineFields, _ place: LinePlace
    ) throws(LineFault) -> BookingEvent {
        let code = try bookingCode(values, fields)
        let status = try fields.whole(.status, values) ?? 0
        let site = try fields.label(.site, values)
        let vaccine = try fields.label(.vaccine, values)
        let (date, slot) = try seat(values, fields)
        let (shown, ticket) = keyShown(values, fields)
        return BookingEvent(
            time: place.time, code: code, node: place.mark, sequence: place.sequence,
            status: UInt16(clamping: status), keyShown: shown,
            person: value(.person, .person, values, fields),
            session: session(values, fields) ?? .zero, ticket: ticket,
            device: device(values, fields) ?? .zero,
            booking: value(.booking, .booking, values, fields), pass: value(.pass, .pass, values, fields),
            date: date, slot: slot, site: site, vaccine: vaccine)
    }

    private func bookingCode(_ values: Span<UInt8>, _ fields: LineFields) throws(LineFault) -> BookingCode {
        guard fields.has(.op) else { throw LineFault(reason: .missingField, position: 0) }
        let (start, end) = (fields.start(.op), fields.end(.op))
        if matches(values, start, end, "submit") { return .submit }
        if matches(values, start, end, "commit") { return .commit }
        if matches(values, start, end, "calendar") { return .calendar }
        if matches(values, start, end, "login") { return .login }
        if matches(values, start, end, "reject") { return .reject }
        if matches(values, start, end, "cancel") { return .cancel }
        if matches(values, start, end, "revoke") { return .revoke }
        throw LineFault(reason: .badValue, position: start)
    }

    /// Date and time of the seat a line names.
    func seat(
        _ values: Span<UInt8>, _ fields: LineFields
    ) throws(LineFault) -> (date: Int32?, slot: UInt16?) {
        var day: Int32?
        var minutes: UInt16?
        if fields.has(.date) {
            guard let date = CivilDate(bytes: values.extracting(fields.start(.date)..<fields.end(.date)))
            else {
                throw LineFault(reason: .badValue, position: fields.start(.date))
            }
            day = Int32(date.daysSinceEpoch)
        }
        if fields.has(.slot) {
            guard let slot = TimeOfDay(bytes: values.extracting(fields.start(.slot)..<fields.end(.slot)))
            else {
                throw LineFault(reason: .badValue, position: fields.start(.slot))
            }
            minutes = UInt16(slot.minutes)
        }
        return (day, minutes)
    }

    /// The hash of a field's value; zero when the line does not have the field.
    mutating func value(
        _ field: Field, _ kind: JoinKind, _ values: Span<UInt8>, _ fields: LineFields
    ) -> JoinHash {
        guard fields.has(field), fields.end(field) > fields.start(field) else { return .zero }
        return joins.hash(kind, values, fields.start(field), fields.end(field))
    }

    /// A key shown is no proof that the ticket is the person's: only session and device are joined.
    private mutating func joinPerson(_ event: BookingEvent, _ place: LinePlace) {
        if !event.session.isZero, !event.device.isZero { joinSession(event.session, event.device, place) }
        guard !event.person.isZero else { return }
        if !event.session.isZero {
            logs[FactKind.session.slot].edge(event.session, .person, event.person, place.time, place.line)
        }
        if !event.device.isZero {
            logs[FactKind.device.slot].edge(event.device, .person, event.person, place.time, place.line)
        }
    }

    /// Marks a submit in its minute, so that the two systems that saw it can be compared.
    mutating func noteMark(_ tag: Tag, _ time: Int64, _ session: JoinHash, _ device: JoinHash) {
        guard !session.isZero || !device.isZero else { return }
        var label: [UInt8] = []
        label.append(time: time.floorQuotient(60_000))
        let hash = joins.place("minute", label)
        let slot = FactKind.minute.slot
        logs[slot].begin(hash, .label)
        logs[slot].value()
        logs[slot].add { $0 += label }
        logs[slot].end()
        logs[slot].begin(hash, tag)
        logs[slot].add {
            $0.append(session)
            $0.append(device)
            $0.append(time: time)
        }
        logs[slot].value()
        logs[slot].end()
    }
}
