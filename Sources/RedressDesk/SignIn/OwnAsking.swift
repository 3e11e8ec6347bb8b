/// What a citizen asks for: a booking back in the way they want it, one that no register has, an answer to a question.
public import RedressCore
import RedressStore

extension OwnDesk {
    /// Claims of bookings that no register has, for one person.
    static let mostUnlisted = 3

    /// Asks for a revoked booking back, writes down which seat the person wants, and does at once what needs no human:
    /// the logs are read, and whoever they verify is seated or, when they hold a later booking, offered the seat.
    public func ask(
        forBooking booking: String, incident: String, wanting remedy: Remedy, by actor: Actor
    ) async throws -> OwnCase {
        let opened = try await ask(forBooking: booking, incident: incident, by: actor)
        let receipt = try ReceiptNumber(opened.summary.receipt)
        try await want(remedy, in: receipt, by: actor)
        try await help(receipt, remedy)
        return try await show(receipt, by: actor)
    }

    /// Says of a booking that no register has: a case is opened for a human to look into, with what the person says.
    ///
    /// - Parameter key: names one filled-in form, so that sending it twice opens one case.
    public func claim(unlisted text: String, key: String, by actor: Actor) async throws -> OwnCase {
        try Self.requireCitizen(actor)
        let text = try FreeText(text, field: "What you say").text
        guard (1...40).contains(key.count), key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }),
            let who = actor.people.sorted().last.flatMap(Self.key)
        else { throw RedressError(.badData, "The form is incomplete. Load it again.") }
        let booking = "unlisted-\(key)"
        let receipt = try await desk.database.write { connection in
            let earlier = try CaseStore(connection).all(incident: who.incident, person: who.person)
            if let known = earlier.first(where: { $0.booking == booking }) { return known.receipt }
            guard earlier.count(where: { $0.booking.hasPrefix("unlisted-") }) < Self.mostUnlisted else {
                throw RedressError(
                    .refused, "\(Self.mostUnlisted) such claims were opened already. Please call us.")
            }
            var row = try CaseOpening(connection, desk).open(
                Claim(person: who.person, booking: booking), incident: who.incident, origin: .applied,
                channel: .page, isListed: false, by: Actor(name: actor.name, role: .system)
            ).row
            let owner = Actor(name: "citizen:\(row.receipt)", role: .citizen, people: actor.people)
            try NoteDesk.add(text, isShown: true, to: &row, CaseEditing(connection, desk), by: owner)
            return row.receipt
        }
        return try await show(receipt, by: actor)
    }

    /// Answers what was asked; the clock runs on.
    public func answer(
        _ receipt: ReceiptNumber, text: String, version: Int? = nil, by actor: Actor
    ) async throws -> OwnCase {
        let owner = try await owner(of: receipt, actor)
        _ = try await desk.reviews.answered(receipt, note: text, version: version, by: owner)
        return try await show(receipt, by: actor)
    }

    /// Writes down which seat the person wants.
    private func want(_ remedy: Remedy, in receipt: ReceiptNumber, by actor: Actor) async throws {
        let owner = try await owner(of: receipt, actor)
        _ = try await desk.editCaseOrOwn(receipt, nil, by: owner) { editing, row in
            guard row.remedy != remedy, row.state.isOpen else { return }
            row.remedy = remedy
            try CaseStore(editing.connection).update(&row)
            try editing.audit("case.want", row, by: owner, detail: ["remedy": remedy.rawValue])
        }
    }

    /// Reads the logs and seats or offers what is free; what a rule refuses waits for staff.
    private func help(_ receipt: ReceiptNumber, _ remedy: Remedy) async throws {
        let row = try await desk.database.read { try RestoreDesk.find(receipt, $0) }
        do {
            if row.state == .received { _ = try await desk.cases.verify(receipt, by: .system) }
            let verified = try await desk.database.read { try RestoreDesk.find(receipt, $0) }
            guard verified.state == .verifying, verified.isEntitled else { return }
            if remedy == .originalSlot {
                _ = try await desk.restoration.restore(receipt, by: .system)
                return
            }
            let list = try await desk.offers.list(receipt, by: .system)
            guard let choice = list.choices.first(where: { $0.rung == remedy.rawValue }) else { return }
            _ = try await desk.offers.choose(choice.choice, for: receipt, by: .system)
        } catch let error as RedressError where [.refused, .tryAgain].contains(error.code) {
            // The case stands: staff see it in their list, and the plan finds it a seat.
        }
    }
}
