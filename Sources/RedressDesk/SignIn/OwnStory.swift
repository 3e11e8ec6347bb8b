/// A citizen's case as a story: where it has been, what the logs show, what was decided, said and sent.
public import RedressCore
import RedressEvidence
import RedressStore

/// What a person may know of their own case.
public struct OwnStory: Sendable {
    /// A step of the case.
    public struct Step: Sendable {
        /// The state it reached.
        public var state: CaseState
        /// When.
        public var at: Instant
    }

    /// What one rule says.
    public struct Finding: Sendable {
        /// The rule.
        public var rule: String
        /// `supports`, `contradicts` or `missing`.
        public var outcome: String
        /// The sentence in Korean.
        public var korean: String
        /// The sentence in English.
        public var english: String
    }

    /// What a human decided.
    public struct Decision: Sendable {
        /// The state it led to.
        public var outcome: CaseState
        /// The reason's code; nil when the claim was upheld.
        public var reason: ReasonCode?
        /// The sentence for the person.
        public var sentence: String
        /// The last day to object; nil when there is nothing to object to.
        public var objectUntil: CivilDate?
    }

    /// What was said, by the person or to them.
    public struct Saying: Sendable {
        /// The words.
        public var text: String
        /// Whether the person said it.
        public var isOwn: Bool
        /// When.
        public var at: Instant
    }

    /// A text message.
    public struct Message: Sendable {
        /// What it told of.
        public var event: String
        /// `waiting`, `sent`, `dropped`, `failed` or `cancelled`.
        public var state: String
        /// When it was written.
        public var at: Instant
    }

    /// The case, its findings and its offer.
    public var own: OwnCase
    /// The name, masked; nil when no register gives it.
    public var name: String?
    /// Which seat the person wants.
    public var wanted: Remedy
    /// Where the case has been, in order.
    public var steps: [Step]
    /// What the logs show, without the rules that do not apply.
    public var findings: [Finding]
    /// The latest decision.
    public var decision: Decision?
    /// What was asked and is not answered.
    public var question: String?
    /// What was said.
    public var sayings: [Saying]
    /// The files that were added.
    public var files: [AttachmentView]
    /// The messages, the newest first.
    public var messages: [Message]
    /// What the person holds now.
    public var held: [FoundBooking]
    /// The sites' names by their ids.
    public var sites: [String: String]
    /// What a paper about this case can be checked with.
    public var code: String
}

/// What is public about an incident.
public struct PublicIncident: Sendable {
    /// When it began.
    public var from: Instant
    /// When it ended.
    public var to: Instant
}

extension OwnDesk {
    /// The newest incident, for the page that everybody sees; nil before there is one.
    public func latestIncident() async throws -> PublicIncident? {
        try await desk.database.read { connection in
            try IncidentStore(connection).all().first.map { PublicIncident(from: $0.from, to: $0.to) }
        }
    }

    /// The names of an incident's sites, for somebody who has a case or booking in it.
    public func siteNames(_ incident: String, by actor: Actor) async throws -> [String: String] {
        try Self.requireCitizen(actor)
        guard actor.people.contains(where: { $0.hasPrefix("\(incident)/") }) else { return [:] }
        return try await desk.database.read { try Self.names(incident, $0) }
    }

    /// Everything the person may know of one of their cases.
    public func story(of receipt: ReceiptNumber, by actor: Actor) async throws -> OwnStory {
        try await desk.pool.sweep()
        return try await desk.database.read { connection in
            let row = try Self.own(receipt, actor, connection)
            let cases = CaseStore(connection)
            let verdict = try cases.verdicts(of: row.id).first
                .flatMap { try? JSONDocument.read(Verdict.self, from: $0.document) }
            return OwnStory(
                own: try view(row, connection),
                name: try PersonIndexing(connection, desk).known(row.who).name?.masked, wanted: row.remedy,
                steps: try cases.moves(of: row.id).map { OwnStory.Step(state: $0.to, at: $0.at) },
                findings: (verdict?.findings ?? []).filter { $0.outcome != .notApplicable }.map {
                    OwnStory.Finding(
                        rule: $0.rule.rawValue, outcome: $0.outcome.rawValue, korean: $0.text(.ko),
                        english: $0.text(.en))
                },
                decision: try decision(of: row, connection), question: try question(of: row, connection),
                sayings: try sayings(in: row, connection),
                files: try AttachmentStore(connection).attachments(of: row.id).map(desk.attachments.view),
                messages: try OutboxStore(connection).notices(of: row.id).reversed().map {
                    OwnStory.Message(
                        event: String($0.event.prefix { $0 != "/" }), state: $0.state.rawValue,
                        at: $0.createdAt)
                },
                held: try RegisterStore(connection).bookings(of: row.person, incident: row.incident)
                    .filter { $0.status == .confirmed }.map(FoundBooking.init),
                sites: try Self.names(row.incident, connection),
                code: try desk.confirmations.code(of: row))
        }
    }

    private static func names(_ incident: String, _ connection: any Connection) throws -> [String: String] {
        Dictionary(
            try IncidentStore(connection).sites(incident).map { ($0.site, $0.name) },
            uniquingKeysWith: { $1 })
    }

    private func decision(of row: Case, _ connection: any Connection) throws -> OwnStory.Decision? {
        guard let decision = try DecisionStore(connection).decisions(of: row.id).first else { return nil }
        let canObject = [.rejected, .notAffected].contains(row.state)
        let lastDay = decision.at.date.adding(days: ObjectionPeriod.filingDays)
        return OwnStory.Decision(
            outcome: decision.outcome, reason: decision.reason,
            sentence: try desk.keys.open(
                decision.sentenceSealed, for: PersonalData.decision(decision.id)),
            objectUntil: canObject && connection.now.date <= lastDay ? lastDay : nil)
    }

    /// The question as the person was texted it.
    private func question(of row: Case, _ connection: any Connection) throws -> String? {
        guard row.state == .needsInformation,
            let notice = try OutboxStore(connection).notices(of: row.id)
                .last(where: { $0.event.hasPrefix("needs-information/") }),
            let values = try? desk.keys.open(notice.valuesSealed, for: PersonalData.notice(notice.id))
        else { return nil }
        return try JSONDocument.read([String: String].self, from: values)["question"]
    }

    private func sayings(in row: Case, _ connection: any Connection) throws -> [OwnStory.Saying] {
        try NoteStore(connection).notes(of: row.id).filter(\.isShown).map { note in
            OwnStory.Saying(
                text: try desk.keys.open(note.textSealed, for: PersonalData.note(note.id)),
                isOwn: note.actor.hasPrefix("citizen"), at: note.at)
        }
    }
}

extension FoundBooking {
    init(_ booking: Booking) {
        self.init(
            booking: booking.booking, site: booking.slot.site, vaccine: booking.slot.vaccine,
            date: booking.slot.date.description, slot: booking.slot.time.description,
            status: booking.status.rawValue)
    }
}
