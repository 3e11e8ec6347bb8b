// From the sign-in to the text message: calendar, submit, commit, and the ways in which they go wrong.
import RedressCore

extension Evening {
    /// Signs a member in; scripts leave the pages out and call the interface only.
    func signIn(_ visitor: Visitor, member: Int, pages: Bool, instead: Slot? = nil) throws {
        let person = visitor.members[member]
        let renews = visitor.habits.contains(.sessionRotation) || member > 0 && dice.chance(0.5)
        if renews, visitor.trick == nil {
            person.lookAlikes.insert(.sessionRotation)
            visitor.session += "r\(member)"
        }
        try door.answer(
            Request(
                method: "POST", path: "/api/login", bytes: 214, referer: FrontDoor.address + "/login",
                key: visitor.entry?.key), to: visitor, at: now)
        try application.login(person, visitor, at: now)
        if pages {
            after(1_500...8_000) { try self.openCalendar(visitor, member: member, instead: instead) }
        } else {
            after(700...4_000) { try self.submit(visitor, member: member, instead: instead) }
        }
    }

    private func openCalendar(_ visitor: Visitor, member: Int, instead: Slot?) throws {
        let entry = visitor.entry ?? Entry()
        try door.answer(
            Request(
                path: "/calendar", bytes: 21_904, referer: FrontDoor.address + "/queue", key: entry.key),
            to: visitor, at: now)
        try application.calendar(visitor.members[member], visitor, entry, at: now)
        if visitor.trick == nil, entry.pass != nil, now < timetable.closing {
            redeemers.append((now, visitor))
        }
        after(25_000...150_000) { try self.submit(visitor, member: member, instead: instead) }
    }

    private func submit(_ visitor: Visitor, member: Int, instead: Slot?) throws {
        if let end = timetable.freezeEnd(at: now) {
            let waitMilliseconds = end.milliseconds - now.milliseconds
            return after(waitMilliseconds...(waitMilliseconds + 40_000)) {
                try self.submit(visitor, member: member, instead: instead)
            }
        }
        let person = visitor.members[member]
        if instead == nil { person.attemptedAt = now }
        bookingCount += 1
        let attempt = Attempt(
            person: person, visitor: visitor, entry: visitor.entry ?? Entry(), member: member,
            booking: "B" + padded(bookingCount, to: 5),
            slot: instead.map { slots.take(after: $0) } ?? slots.take(centre: person.home))
        if let issued = attempt.entry.issuedAt,
            timetable.rotations.contains(where: { issued < $0 && $0 <= now })
        {
            person.lookAlikes.insert(.secretRotation)
        }
        let isFirst = member == 0 && instead == nil && visitor.trick == nil
        if isFirst, visitor.habits.contains(.doubleSubmit) { return try submitTwice(attempt) }
        if isFirst, dice.chance(0.008) { return try failToSubmit(attempt) }
        try send(attempt, status: 200)
        after(300...3_800) { try self.commit(attempt, answer: 200) }
    }

    private func send(_ attempt: Attempt, status: Int, reason: String? = nil) throws {
        try application.submit(
            attempt.person, attempt.visitor, attempt.entry, booking: attempt.booking, attempt.slot,
            status: status, reason: reason, at: now)
    }

    private func answerPost(_ attempt: Attempt, status: Int) throws {
        try door.answer(
            Request(
                method: "POST", path: "/api/bookings", status: status, bytes: status == 200 ? 512 : 173,
                referer: FrontDoor.address + "/calendar", key: attempt.entry.key),
            to: attempt.visitor, at: now)
    }

    /// No answer comes, the button is pressed again: either of the two calls may be the one that counts.
    private func submitTwice(_ attempt: Attempt) throws {
        attempt.person.lookAlikes.insert(.doubleSubmit)
        try send(attempt, status: 504, reason: "timeout")
        after(3_000...4_800) { try self.answerPost(attempt, status: 504) }
        guard dice.chance(0.5) else {
            return after(8_000...15_000) {
                try self.send(attempt, status: 200)
                self.after(300...3_800) { try self.commit(attempt, answer: 200) }
            }
        }
        after(5_000...7_000) { try self.commit(attempt, answer: nil) }
        after(9_000...16_000) {
            try self.send(attempt, status: 409, reason: "already-booked")
            self.after(100...900) {
                try self.settle("reject", attempt, status: 409, reason: "already-booked")
                try self.answerPost(attempt, status: 409)
            }
        }
    }

    private func failToSubmit(_ attempt: Attempt) throws {
        try send(attempt, status: 503, reason: "overload")
        after(300...3_000) {
            try self.settle("reject", attempt, status: 503, reason: "overload")
            try self.answerPost(attempt, status: 503)
            self.slots.release(attempt.slot)
            attempt.person.bookings.append(
                Booking(id: attempt.booking, slot: attempt.slot, bookedAt: self.now, status: .incomplete))
        }
    }

    private func settle(_ operation: String, _ attempt: Attempt, status: Int, reason: String? = nil) throws {
        try application.settle(
            operation, attempt.person, attempt.visitor, booking: attempt.booking, attempt.slot,
            status: status, reason: reason, at: now)
    }

    /// The booking is in the database; `answer` is nil when the browser no longer waits for it.
    private func commit(_ attempt: Attempt, answer: Int?) throws {
        try settle("commit", attempt, status: 200)
        if let answer { try answerPost(attempt, status: answer) }
        let booking = Booking(id: attempt.booking, slot: attempt.slot, bookedAt: now, status: .confirmed)
        attempt.person.bookings.append(booking)
        after(2_000...45_000) { try self.tell(attempt.person, "BOOKING_COMPLETE", booking) }
        let visitor = attempt.visitor
        let isEvening = now < timetable.revocation
        if isEvening { booked.append((attempt.person, visitor)) }
        if isEvening, visitor.trick == nil, dice.chance(0.012) { planCancellation(attempt) }
        if visitor.trick == nil, attempt.member + 1 < visitor.members.count {
            return after(20_000...80_000) {
                try self.signIn(visitor, member: attempt.member + 1, pages: true)
            }
        }
        visitor.isWaiting = false
        if visitor.trick == nil, let key = visitor.entry?.key, key != Evening.timedOutKey {
            after(200...1_500) { try self.room.complete(key, visitor, at: self.now) }
        }
    }

    func tell(_ person: Person, _ template: String, _ booking: Booking) throws {
        let message = try texts.send(template, to: person, booking, at: now)
        guard dice.chance(0.97) else { return }
        after(1_000...12_000) { try self.texts.receipt(of: message, template, by: person, at: self.now) }
    }

    private func planCancellation(_ attempt: Attempt) {
        after(1_200_000...36_000_000) {
            let person = attempt.person
            guard let place = person.bookings.firstIndex(where: { $0.id == attempt.booking }),
                person.bookings[place].status == .confirmed
            else { return }
            person.bookings[place].status = .cancelled
            self.slots.release(attempt.slot)
            try self.application.cancel(person, attempt.visitor, booking: attempt.booking, at: self.now)
            try self.door.answer(
                Request(
                    method: "POST", path: "/api/bookings/\(attempt.booking)/cancel", bytes: 96,
                    referer: FrontDoor.address + "/my"), to: attempt.visitor, at: self.now)
        }
    }
}

/// One press of the button: who asks for what, and what they show for it.
struct Attempt {
    let person: Person
    let visitor: Visitor
    let entry: Entry
    let member: Int
    let booking: String
    let slot: Slot
}
