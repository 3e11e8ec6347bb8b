/// Opening a case: one per person and revoked booking, whoever asks first.
import RedressCore
import RedressEvidence
import RedressStore

/// A person and the booking they lost.
struct Claim: Hashable, Sendable {
    var person: String
    var booking: String
}

/// Opens cases inside a transaction.
struct CaseOpening {
    let connection: any Connection
    let desk: Desk

    /// A grievance is answered within seven days: Enforcement Decree of the Civil Petitions Treatment Act, article 17.
    static let handlingDays = 7

    init(_ connection: any Connection, _ desk: Desk) {
        self.connection = connection
        self.desk = desk
    }

    /// Opens the case of a claim, or finds the one there is.
    ///
    /// - Parameter isListed: false for a booking that only the person knows of, which a human looks for.
    func open(
        _ claim: Claim, incident: String, origin: CaseOrigin, channel: Channel, isListed: Bool = true,
        by actor: Actor
    ) throws -> (row: Case, isNew: Bool) {
        let store = CaseStore(connection)
        if let row = try store.find(incident: incident, person: claim.person, booking: claim.booking) {
            return (row, false)
        }
        let booking = isListed ? try requireLoss(claim, incident) : nil
        let now = connection.now
        let year = now.date.parts.year
        let calendar = try ClockStore(connection).calendar(desk.calendar)
        let deadline = try calendar.due(received: now, days: Self.handlingDays)
        var province: String?
        if let slot = booking?.slot {
            province = try IncidentStore(connection).site(slot.site, incident: incident)?.province
        }
        var row = Case(
            id: Identifier.make(at: now),
            receipt: try ReceiptNumber(
                year: year, counter: try CounterStore(connection).next("receipt/\(year)")),
            incident: incident, person: claim.person, booking: claim.booking, origin: origin,
            channel: channel, slot: booking?.slot, dose: try booking?.dose ?? bookableDose(incident),
            province: province, ageBand: try ageBand(of: claim.person, incident, on: now.date),
            receivedAt: now,
            dueAt: deadline.due, dueTrace: deadline.trace.map(\.description))
        row.clock.days = Self.handlingDays
        row.clock.calendar = calendar.version
        guard try store.insert(row) else {
            throw RedressError.changed(
                "The case of booking \(claim.booking) was opened meanwhile. Look at it.")
        }
        try store.append(
            CaseMoveRow(from: nil, to: .received, actor: actor.name, reason: origin.korean, at: now),
            to: row.id)
        try AuditStore(connection).append(
            "case.open", subject: row.receipt.description, by: actor,
            detail: [
                "incident": incident, "booking": claim.booking, "origin": origin.rawValue,
                "channel": channel.rawValue, "due": "\(row.dueAt)",
            ])
        return (row, true)
    }

    /// The one dose that could be booked in this incident, by its policy; nil when there were more.
    private func bookableDose(_ incident: String) throws -> Int? {
        let policy = try Policy(yaml: Array(try IncidentStore(connection).find(incident).policy.utf8))
        return policy.doses.count == 1 ? policy.doses.first : nil
    }

    /// The person's age in decades, which is all that the statistics keep of the birth date.
    private func ageBand(of person: String, _ incident: String, on day: CivilDate) throws -> String? {
        guard
            let sealed = try RegisterStore(connection).person(person, incident: incident)?.birthDateSealed,
            let birthDate = CivilDate(
                try desk.keys.open(sealed, for: PersonalData.birthDate(person, incident)))
        else { return nil }
        let (born, today) = (birthDate.parts, day.parts)
        let hadBirthday = (today.month, today.day) >= (born.month, born.day)
        let age = today.year - born.year - (hadBirthday ? 0 : 1)
        return "\(max(0, age) / 10 * 10)s"
    }

    /// The lost booking's row, if the register has it; makes sure that the registers know of the loss at all.
    private func requireLoss(_ claim: Claim, _ incident: String) throws -> Booking? {
        let register = RegisterStore(connection)
        let booking = try register.booking(claim.booking, incident: incident)
        if let booking, booking.person != claim.person {
            throw RedressError(.refused, "Booking \(claim.booking) is another person's. Check the number.")
        }
        let isListed = try register.revocations(of: claim.person, incident: incident)
            .contains { $0.booking == claim.booking }
        guard booking != nil || isListed else {
            throw RedressError(
                .notFound,
                "No register and no revocation list of \(incident) has booking \(claim.booking) for this person."
            )
        }
        if try register.person(claim.person, incident: incident) == nil {
            try register.upsert(
                PersonRow(
                    person: claim.person, nameSealed: nil, phoneSealed: nil, phoneIndex: nil,
                    birthDateSealed: nil),
                incident: incident)
        }
        return booking
    }
}
