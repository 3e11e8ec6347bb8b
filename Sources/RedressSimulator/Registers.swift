// The registers of the incident in the published columns, and the truth beside them.
import RedressCore

/// Quotes a CSV field where RFC 4180 asks for it.
private func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
}

/// A CSV file under way: header first, then row by row.
private struct Table {
    private let file: OutputFile

    init(_ path: String, _ header: String) throws {
        file = try OutputFile(path: path)
        try file.write(Array((header + "\n").utf8))
    }

    func row(_ fields: String...) throws {
        try file.write(Array((fields.map(quoted).joined(separator: ",") + "\n").utf8))
    }

    func close() throws { try file.close() }
}

extension Evening {
    /// Writes the register of people and bookings: everyone of the evening, and people with older bookings.
    func writeRegister(to path: String, bystanders: [Person]) throws {
        let table = try Table(
            path, "booking,person,name,phone,birth_date,site,vaccine,dose,date,slot,booked_at,status")
        for person in crowd.people + bystanders {
            for booking in person.bookings where booking.isInRegister {
                try table.row(
                    booking.id, person.id, person.name, person.phone, person.birthDate.description,
                    centres.all[booking.slot.centre].site, SlotBook.vaccine, "1",
                    booking.slot.date.description, booking.slot.time.description,
                    booking.bookedAt.description, booking.status.rawValue)
            }
        }
        try table.close()
    }

    /// Writes the revocation list with the text that was sent.
    func writeRevocations(to path: String) throws {
        let table = try Table(path, "booking,person,phone,revoked_at,batch,reason,text")
        let text =
            "[질병관리청] 19일 저녁 발송된 예약 완료 문자는 시스템 오류로 잘못 발송된 것으로, 예약이 취소되었습니다. 오늘 18시까지 다시 예약해 주시기 바랍니다."
            .replacing("19일", with: "\(settings.evening.parts.day)일")
        for person in crowd.people {
            for booking in person.bookings {
                guard let revokedAt = booking.revokedAt else { continue }
                try table.row(
                    booking.id, person.id, person.phone, revokedAt.description, batch, "system-error", text)
            }
        }
        try table.close()
    }

    /// Writes the allotments of the reserved pool.
    func writeAllotments(to path: String) throws {
        let table = try Table(path, "site,vaccine,date,slot,seats,authority")
        var pool = Pool(centres: centres, dice: Dice(seed: settings.seed, purpose: "pool"))
        let lost = crowd.people.compactMap { person in
            person.bookings.first.flatMap { $0.status == .revoked ? $0.slot : nil }
        }
        for (slot, seats) in pool.allot(for: lost) {
            try table.row(
                centres.all[slot.centre].site, SlotBook.vaccine, slot.date.description,
                slot.time.description, String(seats), "질병관리청 \(settings.evening.parts.year)-예약복구-01")
        }
        try table.close()
    }

    /// Writes the truth; no part of `redress` but the scoring may read it.
    func writeTruth(_ people: [PersonTruth], to path: String) throws {
        let table = try Table(
            path,
            "person,name,phone,birth_date,booking,kind,trick,look_alikes,affected,attempted_at,site,vaccine,"
                + "date,slot,later_booking,later_site,later_date,later_slot,answer,expected")
        for person in people {
            try table.row(
                person.person, person.name, person.phone, person.birthDate, person.booking ?? "",
                person.trick == nil ? "honest" : "trick", person.trick?.rawValue ?? "",
                person.lookAlikes.map(\.rawValue).joined(separator: " "),
                person.affected ? "true" : "false", person.attemptedAt?.description ?? "",
                person.original?.site ?? "", person.original?.vaccine ?? "",
                person.original?.date ?? "", person.original?.slot ?? "",
                person.laterBooking ?? "", person.later?.site ?? "", person.later?.date ?? "",
                person.later?.slot ?? "", person.answer?.rawValue ?? "", person.expected.rawValue)
        }
        try table.close()
    }

    /// What is true of a person, from what the person did.
    func truth(of person: Person) -> PersonTruth {
        func named(_ booking: Booking?) -> SimulatedSlot? {
            booking.map {
                SimulatedSlot(
                    site: centres.all[$0.slot.centre].site, vaccine: SlotBook.vaccine,
                    date: $0.slot.date.description, slot: $0.slot.time.description)
            }
        }
        let first = person.bookings.first
        let later = person.bookings.count > 1 ? person.bookings[1] : nil
        let met = person.trick == nil ? LookAlike.allCases.filter(person.lookAlikes.contains) : []
        return PersonTruth(
            person: person.id, name: person.name, phone: person.phone,
            birthDate: person.birthDate.description, booking: first?.id, trick: person.trick,
            lookAlikes: met, affected: first?.status == .revoked, attemptedAt: person.attemptedAt,
            original: named(first), laterBooking: later?.id, later: named(later), answer: person.answer)
    }
}
