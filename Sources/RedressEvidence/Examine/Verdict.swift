/// What the findings add up to, with the digest of everything it follows from.

public import RedressCore

/// The four verdicts.
public enum VerdictOutcome: String, Sendable, Codable, CaseIterable {
    /// Really booked, in turn, and the register or revocation list knows the booking: may be restored at once.
    case verified
    /// Two or more independent sources speak against it: a human reviews.
    case contradicted
    /// The booking stands, was given up by choice, or with complete logs was never attempted: a human confirms.
    case notAffected = "not-affected"
    /// The logs cannot show it either way: a human decides.
    case undetermined
}

/// A seat: where and when.
public struct ClaimedSeat: Sendable, Hashable {
    /// Site id.
    public var site: String
    /// Vaccine; empty when no source says.
    public var vaccine: String
    /// Date; nil when no source says.
    public var date: CivilDate?
    /// Time; nil when no source says.
    public var slot: TimeOfDay?

    /// Makes a seat from its parts.
    public init(site: String, vaccine: String, date: CivilDate?, slot: TimeOfDay?) {
        self.site = site
        self.vaccine = vaccine
        self.date = date
        self.slot = slot
    }
}

/// What another reading of the disputed window would change.
public struct WindowSensitivity: Sendable, Hashable, Codable {
    /// Who gives that window.
    public var windowSource: String
    /// The verdict under it.
    public var outcome: VerdictOutcome
}

/// One person's verdict.
public struct Verdict: Sendable, Hashable, Codable {
    /// What the findings add up to.
    public var outcome: VerdictOutcome
    /// One finding a rule, in the order of `Rule`.
    public var findings: [Finding]
    /// The rules whose evidence is missing and would have to be shown for `verified`.
    public var missing: [Rule]
    /// The earliest time at which any source has the person attempt this booking; seats go in this order.
    public var attemptedAt: Instant?
    /// The seat as the most reliable source names it: register, then application, then text message.
    public var seat: ClaimedSeat?
    /// SHA-256 of the canonical facts this verdict rests on (times, nodes, counters, fields; not which file was read).
    public var evidenceDigest: String
    /// Name and version of the rules.
    public var ruleSet: String
    /// SHA-256 of the policy's bytes.
    public var policyDigest: String
    /// SHA-256 over evidence digest, rule set, policy digest and outcome: printed on the verdict.
    public var digest: String
    /// The other published windows under which the verdict would be another.
    public var sensitivity: [WindowSensitivity]

    /// The verdict in one sentence to read out.
    public func text(_ language: Language) -> String {
        Message.verdict(outcome).sentence(language, [:])
    }
}

extension Verdict {
    /// What changed between an earlier verdict and this one: rules whose outcome differs, old then new.
    public func changes(since earlier: Verdict) -> [(
        rule: Rule, before: Finding.Outcome, after: Finding.Outcome
    )] {
        Rule.allCases.compactMap { rule in
            let before = earlier.findings.first { $0.rule == rule }?.outcome ?? .notApplicable
            let after = findings.first { $0.rule == rule }?.outcome ?? .notApplicable
            return before == after ? nil : (rule, before, after)
        }
    }
}

extension Instant {
    /// Seoul wall-clock `HH:MM:SS`, as sentences quote it.
    var clockText: String {
        let seconds = milliseconds.floorQuotient(1000).floorRemainder(60)
        return "\(timeOfDay):" + (seconds < 10 ? "0\(seconds)" : "\(seconds)")
    }
}
