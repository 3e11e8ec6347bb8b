/// What a notice claims, read again just before it leaves: whether it is still true, to whom it goes, and its values.
import RedressCore
import RedressStore

/// What is to be done with a notice now.
enum NoticeJudgement {
    /// Send this text to these numbers.
    case send(NoticeText, to: [NoticeRecipient], who: PersonKey)
    /// It is not true any more; why.
    case drop(String)
    /// A text message does not do: somebody tells it by voice or letter.
    case call(String)
}

/// Reads the facts behind notices.
struct NoticeFacts {
    let connection: any Connection
    let desk: Desk
    let templates: NoticeTemplates
    let settings: NoticeSettings

    /// Judges one notice by what is committed now.
    ///
    /// - Throws: `.badData` when it has no text that can be sent.
    func judge(_ row: OutboxRow) throws -> NoticeJudgement {
        guard let event = NoticeEvent(row: row.event),
            let found = try CaseStore(connection).find(id: row.caseID)
        else { throw RedressError(.badData, "there is no text for `\(row.event.prefix { $0 != "/" })`") }
        if let why = try staleness(event, row, found) { return .drop(why) }
        var values = try JSONDocument.read(
            [String: String].self,
            from: desk.keys.open(row.valuesSealed, for: PersonalData.notice(row.id)))
        let route = try NoticeRoute.finder(connection, desk).route(event, found, values)
        guard case .text(let numbers) = route else {
            guard case .call(let reason) = route else { return .drop("nobody is to be told") }
            return .call(reason)
        }
        let language =
            try PersonStore(connection).language(of: found.who)
            .flatMap { NoticeLanguage(rawValue: $0) } ?? .korean
        values.merge(try known(event, row, found, values, language)) { $1 }
        return .send(try templates.render(event, language, values), to: numbers, who: found.who)
    }

    private func mark(_ row: OutboxRow) -> String {
        String(row.event.drop { $0 != "/" }.dropFirst())
    }

    /// Why a notice must not leave any more; nil while it is true.
    private func staleness(_ event: NoticeEvent, _ row: OutboxRow, _ found: Case) throws -> String? {
        let mark = mark(row)
        switch event {
        case .restored:
            let hold = try DeliveryStore(connection).hold(mark)
            return hold?.state == "seated" ? nil : "the seat was given up before this was sent"
        case .offered, .confirmDecline:
            let live = try OfferStore(connection).live(row.caseID)
            return live?.holdID == mark && connection.now < live?.expiresAt ?? connection.now
                ? nil : "the offer ended before this was sent"
        case .declined, .lapsed, .vacated, .undone:
            let live = try OfferStore(connection).live(row.caseID)
            return live == nil && found.state != .restored ? nil : "the case moved on before this was sent"
        case .rejected, .notAffected:
            let latest = try DecisionStore(connection).decisions(of: row.caseID).first
            return latest?.id == mark && [.rejected, .notAffected, .closed].contains(found.state)
                ? nil : "the decision was changed before this was sent"
        case .withdrawn:
            return [.withdrawn, .closed].contains(found.state) ? nil : "the case was taken up again"
        case .transferred:
            return [.transferred, .closed].contains(found.state) ? nil : "the case was taken up again"
        case .needsInformation:
            return found.state == .needsInformation ? nil : "the question was answered before this was sent"
        case .extended:
            return found.state.isOpen && "\(found.clock.extensions)" == mark
                ? nil : "the case was settled, or extended again, before this was sent"
        case .mass:
            return try MassNoticeStore(connection).find(mark)?.state == .stopped
                ? "the notice to everyone was stopped" : nil
        case .message, .numberChanged, .correction, .code: return nil
        }
    }

    private func known(
        _ event: NoticeEvent, _ row: OutboxRow, _ found: Case, _ values: [String: String],
        _ language: NoticeLanguage
    ) throws -> [String: String] {
        var known = settings.values
        known["receipt"] = found.receipt.description
        known["name"] = try PersonIndexing(connection, desk).known(found.who).name?.masked ?? ""
        if event.placeholders.contains("seat"), let hold = try DeliveryStore(connection).hold(mark(row)),
            let slot = try PoolStore(connection).slot(hold.slotID)?.slot
        {
            known["seat"] = NoticeWords.moment(slot.date, slot.time, language)
            known["site"] =
                try IncidentStore(connection).site(slot.site, incident: found.incident)?.name ?? slot.site
        }
        if event.placeholders.contains("until") {
            let end = try OfferStore(connection).live(row.caseID)?.expiresAt
            known["until"] = end.map { NoticeWords.moment($0, language) }
        }
        for name in ["due", "when"] {
            if let instant = values[name].flatMap({ Instant($0) }) {
                known[name] = NoticeWords.moment(instant, language)
            }
        }
        return known
    }
}

/// One number that a notice goes to.
struct NoticeRecipient {
    var number: PhoneNumber
    /// What sets the message's id apart; empty for the person, whose replies count as their word.
    var mark: String
}

/// To whom a notice goes.
enum NoticeRoute {
    case text([NoticeRecipient])
    case call(String)
    case nobody
}

extension NoticeRoute {
    /// Finds it in what the person asked for, the register and the mandates.
    struct Finder {
        let connection: any Connection
        let desk: Desk

        /// Where a notice of this case goes.
        func route(_ event: NoticeEvent, _ found: Case, _ values: [String: String]) throws -> NoticeRoute {
            if event == .numberChanged {
                guard let old = values["to"].flatMap({ try? PhoneNumber($0) }), old.isMobile else {
                    return .nobody
                }
                return .text([NoticeRecipient(number: old, mark: "")])
            }
            let preferred = try PersonStore(connection).preferredChannel(of: found.who)
            if let preferred, [.call, .letter, .email].contains(preferred) {
                return .call(preferred.rawValue)
            }
            let mandates = try RepresentativeStore(connection).live(of: found.who)
            let phones = try mandates.filter { $0.noticesTo != .person || preferred == .representative }.map {
                try PhoneNumber(desk.keys.open($0.phoneSealed, for: PersonalData.representativePhone($0.id)))
            }
            let others = phones.filter(\.isMobile).enumerated().map {
                NoticeRecipient(number: $0.element, mark: "-\($0.offset + 1)")
            }
            let isInstead =
                preferred == .representative || mandates.contains { $0.noticesTo == .representative }
            if isInstead, !others.isEmpty { return .text(others) }
            guard let own = try PersonIndexing(connection, desk).known(found.who).phone else {
                return others.isEmpty ? .call("no-number") : .text(others)
            }
            guard own.isMobile else { return others.isEmpty ? .call("landline") : .text(others) }
            return .text([NoticeRecipient(number: own, mark: "")] + others)
        }
    }

    /// Makes the finder inside a transaction.
    static func finder(_ connection: any Connection, _ desk: Desk) -> Finder {
        Finder(connection: connection, desk: desk)
    }
}
