/// Makes one row of a register file into what is stored, or says why it cannot.
import RedressCore
import RedressStore

struct RegisterLoading: Sendable {
    enum Result: Sendable {
        case loaded
        case kept(String, differs: Bool)
        case quarantined(String)
    }

    let desk: Desk
    let register: Register
    let incident: String
    let sites: Set<String>
    let actor: Actor

    /// Stores a row inside a transaction; a row that fails is set aside and changes nothing else.
    func take(_ record: RegisterRecord, _ connection: any Connection) throws -> Result {
        do {
            if let problem = record.problem { throw RedressError(.badData, problem) }
            return try connection.nested {
                switch register {
                case .sites: try takeSite(record, connection)
                case .register: try takeBooking(record, connection)
                case .revocations: try takeRevocation(record, connection)
                case .allotments: try takeAllotment(record, connection)
                }
            }
        } catch let error as RedressError where [.badData, .refused, .notFound].contains(error.code) {
            try RegisterStore(connection).quarantine(
                register: register.rawValue, origin: record.origin, reason: error.message, incident: incident)
            return .quarantined(error.message)
        }
    }

    private func takeSite(_ record: RegisterRecord, _ connection: any Connection) throws -> Result {
        let latitude = try record.required("latitude", "a number from -90 to 90") { number($0, within: 90) }
        let longitude = try record.required("longitude", "a number from -180 to 180") {
            number($0, within: 180)
        }
        let site = Site(
            site: try record.required("site"), name: try record.required("name"),
            province: try record.required("province"), municipality: try record.required("municipality"),
            latitude: latitude, longitude: longitude)
        try IncidentStore(connection).upsert(site, incident: incident)
        return .loaded
    }

    private func takeBooking(_ record: RegisterRecord, _ connection: any Connection) throws -> Result {
        let person = try record.required("person")
        let booking = Booking(
            booking: try record.required("booking"), person: person, slot: try slot(record),
            dose: try record.required("dose", "a number from 1 to 9") {
                Int($0).flatMap { (1...9).contains($0) ? $0 : nil }
            },
            bookedAt: try record.optional("booked_at", "an RFC 3339 time with an offset") { Instant($0) },
            status: try record.required("status", Self.statuses) { text in
                BookingStatus.inRegister.first { $0.rawValue == text }
            }, origin: record.origin)
        let store = RegisterStore(connection)
        try store.upsert(try personRow(record, person), incident: incident)
        try PersonIndexing(connection, desk).index(PersonKey(incident: incident, person: person))
        switch try store.upsert(booking, incident: incident) {
        case .stored: return .loaded
        case .kept(let differs): return .kept(booking.booking, differs: differs)
        case .secondActive:
            throw RedressError(
                .badData, "the person already has another confirmed booking for dose \(booking.dose)")
        }
    }

    private static let statuses =
        "one of " + BookingStatus.inRegister.map(\.rawValue).joined(separator: ", ")

    private func personRow(_ record: RegisterRecord, _ person: String) throws -> PersonRow {
        for field in ["person", "name", "phone", "birth_date"] {
            try FreeText.refuseIdentityNumbers(record[field] ?? "", field: field)
        }
        let phone = try phone(record)
        let birthDate = try record.optional("birth_date", "a date YYYY-MM-DD") { CivilDate($0) }
        return PersonRow(
            person: person,
            nameSealed: try record["name"].map {
                try desk.keys.seal($0, for: PersonalData.name(person, incident))
            },
            phoneSealed: try phone.map {
                try desk.keys.seal($0.digits, for: PersonalData.phone(person, incident))
            },
            phoneIndex: phone.map { desk.keys.index($0.digits, kind: "phone") },
            birthDateSealed: try birthDate.map {
                try desk.keys.seal($0.description, for: PersonalData.birthDate(person, incident))
            })
    }

    private func takeRevocation(_ record: RegisterRecord, _ connection: any Connection) throws -> Result {
        let row = Revocation(
            booking: try record.required("booking"), person: try record.required("person"),
            revokedAt: try record.required("revoked_at", "an RFC 3339 time with an offset") { Instant($0) },
            batch: try record.required("batch"), reason: record["reason"] ?? "", origin: record.origin)
        try FreeText.refuseIdentityNumbers(record["text"] ?? "", field: "text")
        let phone = try phone(record)
        let store = RegisterStore(connection)
        if let booking = try store.booking(row.booking, incident: incident), booking.person != row.person {
            throw RedressError(.badData, "the register has this booking for another person")
        }
        try store.upsert(
            row,
            phoneSealed: try phone.map {
                try desk.keys.seal($0.digits, for: PersonalData.revocationPhone(row.booking, incident))
            },
            phoneIndex: phone.map { desk.keys.index($0.digits, kind: "phone") },
            textSealed: try record["text"].map {
                try desk.keys.seal($0, for: PersonalData.revocationText(row.booking, incident))
            },
            incident: incident)
        try PersonIndexing(connection, desk).index(PersonKey(incident: incident, person: row.person))
        return .loaded
    }

    private func takeAllotment(_ record: RegisterRecord, _ connection: any Connection) throws -> Result {
        let seats = try record.required("seats", "a whole number of 1 or more") {
            Int($0).flatMap { $0 > 0 ? $0 : nil }
        }
        let slot = try slot(record)
        let authority = try record.required("authority")
        let seating = try Seating(connection, desk, incident: incident)
        try PoolDesk.requireAllottable(seats, slot, authority, seating)
        try PoolDesk.allot(seats, to: slot, authority: authority, by: actor, seating)
        return .loaded
    }

    private func slot(_ record: RegisterRecord) throws -> Slot {
        let site = try record.required("site")
        guard sites.contains(site) else {
            throw RedressError(.badData, "the site \(site) is not known; load sites first")
        }
        return Slot(
            site: site, vaccine: try record.required("vaccine"),
            date: try record.required("date", "a date YYYY-MM-DD") { CivilDate($0) },
            time: try record.required("slot", "a time HH:MM") { TimeOfDay($0) })
    }

    private func phone(_ record: RegisterRecord) throws -> PhoneNumber? {
        guard let text = record["phone"] else { return nil }
        do {
            return try PhoneNumber(text)
        } catch {
            // The number itself stays out of the reason: quarantine holds nothing personal.
            throw RedressError(.badData, "phone is not a phone number")
        }
    }

    private func number(_ text: String, within limit: Double) -> Double? {
        Double(text).flatMap { abs($0) <= limit ? $0 : nil }
    }
}
