/// What a verdict taken again says otherwise than the one before it, and what another window would make of it.
import RedressCore
import RedressEvidence

/// A rule that says something else than it said in the verdict before, with the sentence and the lines that say why.
public struct ChangeView: Sendable, Codable, Equatable {
    /// The rule.
    public var rule: String
    /// What it said before.
    public var before: String
    /// What it says now.
    public var after: String
    /// Why, as a sentence in English.
    public var text: String
    /// The same sentence in Korean.
    public var textKo: String
    /// The lines the new answer rests on.
    public var citations: [CitationView]
}

/// Another published window under which the verdict would be another.
public struct SensitivityView: Sendable, Codable, Equatable {
    /// Who gives that window.
    public var source: String
    /// The verdict under it.
    public var verdict: String
}

/// What the newest verdict says otherwise than the one before it.
struct VerdictChanges {
    /// What differs underneath: `logs`, `rules`, `policy`; empty when there is one verdict only.
    var because: [String] = []
    var changes: [ChangeView] = []

    init(_ verdict: Verdict?, since earlier: Verdict?, _ files: FileIndex) {
        guard let verdict, let earlier else { return }
        if verdict.evidenceDigest != earlier.evidenceDigest { because.append("logs") }
        if verdict.ruleSet != earlier.ruleSet { because.append("rules") }
        if verdict.policyDigest != earlier.policyDigest { because.append("policy") }
        changes = verdict.changes(since: earlier).compactMap { change in
            guard let finding = verdict.findings.first(where: { $0.rule == change.rule }) else { return nil }
            return ChangeView(
                rule: change.rule.rawValue, before: change.before.rawValue, after: change.after.rawValue,
                text: finding.text(.en), textKo: finding.text(.ko),
                citations: finding.citations.map(files.view))
        }
    }
}
