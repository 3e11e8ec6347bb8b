/// What one rule says of one person, with the lines it rests on and a sentence to read aloud.

/// The two languages everything a citizen hears exists in.
public enum Language: String, Sendable, Codable, CaseIterable {
    /// Korean, 합니다체.
    case ko
    /// English.
    case en
}

/// The independent systems a finding can rest on; two adverse findings of one system count once.
public enum EvidenceSource: String, Sendable, Codable, CaseIterable {
    /// The waiting room.
    case queue
    /// The booking application.
    case booking
    /// The front door.
    case web
    /// Text messages.
    case sms
    /// Registers and the revocation list.
    case register

    /// The source that a log of this kind is.
    public init(_ kind: LogKind) {
        switch kind {
        case .queue: self = .queue
        case .booking: self = .booking
        case .web: self = .web
        case .sms: self = .sms
        }
    }
}

/// The rules, in the order in which their findings are shown.
public enum Rule: String, Sendable, Codable, CaseIterable {
    case attempt
    case accepted
    case slot
    case queued
    case admitted
    case inTurn = "in-turn"
    case pass
    case clock
    case path
    case told
    case revoked
    case eligible
    case outage
    case coverage
}

/// One rule's answer.
public struct Finding: Sendable, Hashable, Codable {
    /// What a rule can say.
    public enum Outcome: String, Sendable, Codable, CaseIterable {
        /// Speaks for the person.
        case supports
        /// Speaks against the person.
        case contradicts
        /// The evidence that would tell is not here. Never counts against anyone.
        case missing
        /// The rule has nothing to say here.
        case notApplicable = "not-applicable"
    }

    /// Which rule.
    public var rule: Rule
    /// What it says.
    public var outcome: Outcome
    /// The system it rests on.
    public var source: EvidenceSource
    /// For `contradicts`: whether the logs it rests on are complete and no outage explains it, so that it counts
    /// towards `contradicted`. When false it only keeps the verdict from being `verified`.
    public var conclusive: Bool
    /// The sentence's key.
    public var message: Message
    /// The sentence's values (times, numbers, counts; never a name, phone or address).
    public var values: [String: String]
    /// The lines it rests on, in order of time.
    public var citations: [Citation]

    /// Makes a finding from its parts.
    public init(
        _ rule: Rule, _ outcome: Outcome, source: EvidenceSource, message: Message,
        values: [String: String] = [:], citations: [Citation] = [], conclusive: Bool = false
    ) {
        self.rule = rule
        self.outcome = outcome
        self.source = source
        self.conclusive = conclusive
        self.message = message
        self.values = values
        self.citations = citations
    }

    /// The finding as a full sentence, written to be read aloud to the person it is about.
    public func text(_ language: Language) -> String {
        message.sentence(language, values)
    }
}
