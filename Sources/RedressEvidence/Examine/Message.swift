/// The sentences of findings and verdicts.

/// A sentence's key.
public enum Message: Sendable, Hashable, Codable {
    case verdict(VerdictOutcome)

    func sentence(_ language: Language, _ values: [String: String]) -> String { "" }
}
