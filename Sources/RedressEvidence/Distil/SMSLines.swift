/// Distils the text message dispatch's lines.

extension Distiller {
    /// One message sent, or one receipt for it.
    mutating func smsLine(
        _ values: Span<UInt8>, _ fields: LineFields, _ place: LinePlace
    ) throws(LineFault) {
        guard fields.has(.op), fields.has(.phone) else {
            throw LineFault(reason: .missingField, position: 0)
        }
        let isReceipt = matches(values, fields.start(.op), fields.end(.op), "receipt")
        guard isReceipt || matches(values, fields.start(.op), fields.end(.op), "send") else {
            throw LineFault(reason: .badValue, position: fields.start(.op))
        }
        let template = try fields.text(.template, values, limit: 64)
        let site = try fields.text(.site, values, limit: 64)
        let (date, slot) = try seat(values, fields)
        let event = DispatchEvent(
            time: place.time, isReceipt: isReceipt, node: place.mark, sequence: place.sequence,
            booking: value(.booking, .booking, values, fields), date: date, slot: slot,
            failed: failed(values, fields), template: template, site: site)
        var id: [UInt8] = []
        event.write(&id)
        let phone = value(.phone, .phone, values, fields)
        logs[FactKind.phone.slot].event(phone, .dispatch, id, place.line)
    }

    private func failed(_ values: Span<UInt8>, _ fields: LineFields) -> Bool {
        guard fields.has(.status) else { return false }
        let (start, end) = (fields.start(.status), fields.end(.status))
        return matches(values, start, end, "failed") || matches(values, start, end, "error")
            || matches(values, start, end, "rejected") || matches(values, start, end, "undelivered")
    }
}
