// How the queue was jumped: each trick does what its player did and leaves what the system would log.
import RedressCore

extension Evening {
    /// Plays the visitor's trick, unless their turn has come in the meantime.
    func play(_ visitor: Visitor) throws {
        guard let trick = visitor.trick else { return }
        switch trick {
        case .airplaneMode:
            try jump(visitor, showing: Entry(key: Evening.timedOutKey), pages: true)
        case .changedClock:
            changeClock(visitor)
        case .borrowedKey:
            try borrowKey(visitor)
        case .forgedPass:
            try jump(visitor, showing: forgedEntry(visitor), pages: true)
        case .skippedAhead:
            try jump(visitor, showing: Entry(key: ownKey(visitor)), pages: true)
        case .directCall:
            try jump(visitor, showing: Entry(), pages: false)
        case .script:
            try jump(visitor, showing: Entry(key: ownKey(visitor)), pages: false)
        }
    }

    /// A script draws tickets one after the other on one device and polls as fast as it likes.
    func drawManyTickets(_ visitor: Visitor) throws {
        for _ in 0..<(8 + dice.below(7)) {
            after(0...4_000) {
                guard !self.timetable.isDown(node: visitor.node, at: self.now) else { return }
                try self.drawTicket(visitor, ownPaceMilliseconds: 3_000)
            }
        }
    }

    private func jump(_ visitor: Visitor, showing entry: Entry, pages: Bool) throws {
        visitor.isWaiting = false
        visitor.entry = entry
        try signIn(visitor, member: 0, pages: pages)
    }

    private func ownKey(_ visitor: Visitor) -> String? {
        visitor.tickets.first.map { room.tickets[$0].key }
    }

    /// The clock is put forward while the page still polls; then the page's own timer lets them on.
    private func changeClock(_ visitor: Visitor) {
        visitor.clockMilliseconds += (1 + Int64(dice.below(5))) * 1_800_000 + 3_600_000
        after(8_000...45_000) {
            guard visitor.trick != nil else { return }
            try self.jump(visitor, showing: Entry(key: self.ownKey(visitor)), pages: true)
        }
    }

    /// Somebody who has just been let in sends on a copy of the link.
    private func borrowKey(_ visitor: Visitor) throws {
        let latest = now.adding(milliseconds: -60_000)
        let earliest = now.adding(minutes: -8)
        let lenders = redeemers.filter { earliest <= $0.at && $0.at <= latest }.map(\.visitor)
        guard let lender = dice.pick(lenders), let entry = lender.entry else {
            // Nobody is being let in at the moment: wait for a lender as long as the evening lasts.
            if now < timetable.to.adding(minutes: -5) {
                after(20_000...40_000) { try self.play(visitor) }
            } else {
                visitor.trick = nil
                for member in visitor.members { member.trick = nil }
            }
            return
        }
        lender.note(.copiedPass)
        try jump(visitor, showing: Entry(key: entry.key, pass: entry.pass), pages: true)
    }

    private func forgedEntry(_ visitor: Visitor) -> Entry {
        let key = ownKey(visitor)
        let number = room.servedNumber - dice.below(40)
        let issued = now.adding(milliseconds: -dice.within(5_000...60_000))
        return Entry(key: key, pass: mint.forgedPass(key: key ?? "K0", number: number, issued: issued))
    }
}
