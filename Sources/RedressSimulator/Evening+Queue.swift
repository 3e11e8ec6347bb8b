// How visitors come to the waiting room, wait, and are let in, or not.
import RedressCore

extension Evening {
    /// Opens the main page, then the waiting page.
    func arrive(_ visitor: Visitor) throws {
        if visitor.trick == .script { return try drawManyTickets(visitor) }
        try visit("/", visitor, bytes: 18_342)
        after(800...4_000) {
            try self.visit("/queue", visitor, referer: FrontDoor.address + "/", bytes: 6_120)
            // The phone went offline in this moment: the queue is never asked, the client goes on by itself.
            if let jump = visitor.jump, jump.milliseconds - self.now.milliseconds < 120_000 { return }
            self.after(200...900) { try self.enter(visitor) }
        }
    }

    private func enter(_ visitor: Visitor) throws {
        guard now < timetable.closing else { return }
        if timetable.isDown(node: visitor.node, at: now) {
            // The page keeps asking until the node answers again; a new page has no ticket to lose.
            return after(5_000...10_000) { try self.enter(visitor) }
        }
        try drawTicket(visitor)
        if visitor.habits.contains(.tabs) {
            visitor.note(.tabs)
            for _ in 0...dice.below(2) {
                after(3_000...240_000) {
                    guard visitor.isWaiting, !self.timetable.isDown(node: visitor.node, at: self.now) else {
                        return
                    }
                    try self.visit("/queue", visitor, bytes: 6_120)
                    try self.drawTicket(visitor)
                }
            }
        }
        if visitor.habits.contains(.reload) {
            for _ in 0...dice.below(3) { after(60_000...2_400_000) { try self.reload(visitor) } }
        }
        if visitor.habits.contains(.addressChange) {
            after(120_000...2_400_000) { self.changeAddress(visitor) }
        }
        if settings.lostNodes.contains(Timetable.roomNodes[visitor.node]) { visitor.note(.lostLog) }
        if (settings.nodeClocksMilliseconds[Timetable.roomNodes[visitor.node]] ?? 0) != 0 {
            visitor.note(.skewedNode)
        }
        if visitor.habits.contains(.wrongClock) { visitor.note(.wrongClock) }
        if visitor.habits.contains(.sharedAddress) { visitor.note(.sharedAddress) }
    }

    func drawTicket(_ visitor: Visitor, ownPaceMilliseconds: Int64? = nil) throws {
        let ticket = try room.enter(visitor, at: now, ownPaceMilliseconds: ownPaceMilliseconds)
        visitor.tickets.append(ticket)
        holders.append(visitor)
        agenda.poll(ticket: ticket, at: now.milliseconds + dice.within(3_000...6_000))
    }

    private func reload(_ visitor: Visitor) throws {
        guard visitor.isWaiting, visitor.entry == nil, let ticket = visitor.tickets.first else { return }
        visitor.note(.reload)
        try visit("/queue", visitor, referer: FrontDoor.address + "/queue", bytes: 6_120)
        try room.reload(ticket, visitor, at: now)
    }

    private func changeAddress(_ visitor: Visitor) {
        guard visitor.isWaiting, visitor.entry == nil else { return }
        visitor.note(.addressChange)
        visitor.address = Crowd.address(crowd.visitors.count + visitor.tickets[0])
    }

    /// One poll of one tab.
    func poll(_ ticket: Int) throws {
        let visitor = holders[ticket]
        guard visitor.isWaiting, now < timetable.closing else { return }
        if let end = visitor.patienceEnd, now >= end, visitor.entry == nil {
            visitor.isWaiting = false
            return
        }
        switch try room.poll(ticket, visitor, at: now) {
        case .wait(let nextMilliseconds):
            agenda.poll(ticket: ticket, at: now.milliseconds + nextMilliseconds)
        case .noAnswer(let nextMilliseconds):
            if visitor.entry == nil { visitor.note(.missedPolls) }
            if visitor.entry == nil, visitor.trick == nil,
                room.tickets[ticket].failures >= WaitingRoom.patience
            {
                visitor.note(.outage)
                admit(visitor, Entry(key: Evening.timedOutKey))
            } else {
                agenda.poll(ticket: ticket, at: now.milliseconds + nextMilliseconds)
            }
        case .pass(let entry):
            if visitor.entry == nil { admit(visitor, entry) }
        case .bypass:
            if visitor.entry == nil {
                visitor.note(.failedOpen)
                admit(visitor, Entry(key: room.tickets[ticket].key))
            }
        }
    }

    /// The page goes on to the sign-in; what the visitor shows from now on is settled.
    private func admit(_ visitor: Visitor, _ entry: Entry) {
        visitor.entry = entry
        if visitor.trick != nil {
            // Their turn came before they played the trick: they stand in line like anybody else.
            visitor.trick = nil
            for member in visitor.members { member.trick = nil }
        }
        guard !visitor.isIdle else { return }
        after(1_500...12_000) { try self.signIn(visitor, member: 0, pages: true) }
    }
}
