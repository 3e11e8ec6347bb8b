// The day after: one batch of revocations at 11:00, the texts, and those who book again before 18:00.
import RedressCore

extension Evening {
    /// The batch in which the bookings of the window were revoked.
    var batch: String { "R-\(timetable.revocation.date)-1" }

    /// Revokes every booking that the register says was made in the window, in turn or not.
    func revokeAll() throws {
        var affected: [(person: Person, visitor: Visitor)] = []
        for (person, visitor) in booked {
            guard let first = person.bookings.first, first.status == .confirmed,
                timetable.from <= first.bookedAt, first.bookedAt < timetable.to
            else { continue }
            let delayMilliseconds = Int64(affected.count) * 40
            affected.append((person, visitor))
            at(now.adding(milliseconds: delayMilliseconds)) { try self.revoke(person) }
        }
        // A few rows never reached the register: the collapse lost them between two systems.
        let honest = affected.map(\.person).filter { $0.trick == nil }
        for _ in 0..<(affected.count / 250) {
            dice.pick(honest)?.bookings[0].isInRegister = false
        }
        affected.shuffle(using: &dice)
        let returning = Int((Double(affected.count) * settings.rebookedShare).rounded())
        for (place, (person, visitor)) in affected.enumerated() {
            let answer = dice.weighted([70, 12, 18])
            person.answer = answer == 0 ? .yes : answer == 1 ? .no : .silent
            if place < returning, person.bookings[0].isInRegister { planReturn(person, visitor) }
        }
    }

    private func revoke(_ person: Person) throws {
        person.bookings[0].status = .revoked
        person.bookings[0].revokedAt = now
        slots.release(person.bookings[0].slot)
        try application.revoke(person, booking: person.bookings[0].id, batch: batch, at: now)
        let booking = person.bookings[0]
        after(3_000...600_000) { try self.tell(person, "BOOKING_REVOKED", booking) }
    }

    /// Comes back on the same device in a new session; by day nobody has to wait.
    private func planReturn(_ person: Person, _ visitor: Visitor) {
        let earliestMilliseconds = timetable.revocation.milliseconds + 900_000
        let latestMilliseconds = timetable.rebookingEnd.milliseconds - 600_000
        let arrival = Instant(milliseconds: dice.within(earliestMilliseconds...latestMilliseconds))
        let again = Visitor(
            device: visitor.device, session: visitor.session + "n" + person.id.dropFirst(),
            agent: visitor.agent, address: visitor.address, clockMilliseconds: visitor.clockMilliseconds,
            node: visitor.node,
            members: [person], arrival: arrival)
        at(arrival) {
            try self.visit("/", again, bytes: 18_342)
            self.after(800...4_000) {
                try self.visit("/queue", again, referer: FrontDoor.address + "/", bytes: 6_120)
                self.after(200...900) {
                    again.entry = try self.room.enterAtOnce(again, at: self.now)
                    self.holders.append(again)
                    self.after(1_500...12_000) {
                        try self.signIn(again, member: 0, pages: true, instead: person.bookings[0].slot)
                    }
                }
            }
        }
    }
}
