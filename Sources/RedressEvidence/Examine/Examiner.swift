/// Judges people: reads their facts in batches, applies the rules, adds up the verdict.

import Crypto
import RedressCore

/// Judges people of one incident.
public struct Examiner {
    let picture: IncidentPicture
    let source: any FactSource

    /// Name and version of the rules in this build.
    public static let ruleSet = "redress-rules 2"

    /// People whose facts are read together.
    private static let batch = 64

    /// Makes an examiner and the picture it needs.
    public init(context: IncidentContext, source: any FactSource) throws {
        self.init(picture: try IncidentPicture(context: context, source: source), source: source)
    }

    /// Makes an examiner over a picture already built (rebuild it after more logs came in).
    public init(picture: IncidentPicture, source: any FactSource) {
        self.picture = picture
        self.source = source
    }

    /// One person's verdict.
    public func verdict(for record: PersonRecord) throws -> Verdict {
        let keys = PersonKeys(record, picture.context.joinKey)
        var reader = EvidenceReader(source)
        let reach = try reader.read([keys])[0]
        return judge(record, keys, reach, reader)
    }

    /// Many people's verdicts, in their order; facts are read in batches.
    public func verdicts(for records: [PersonRecord]) throws -> [Verdict] {
        var out: [Verdict] = []
        out.reserveCapacity(records.count)
        var reader = EvidenceReader(source)
        for start in stride(from: 0, to: records.count, by: Self.batch) {
            let part = records[start..<min(start + Self.batch, records.count)]
            let keys = part.map { PersonKeys($0, picture.context.joinKey) }
            let reaches = try reader.read(keys)
            for ((record, keys), reach) in zip(zip(part, keys), reaches) {
                out.append(judge(record, keys, reach, reader))
            }
        }
        return out
    }

    private func judge(
        _ record: PersonRecord, _ keys: PersonKeys, _ reach: PersonReach, _ reader: EvidenceReader
    ) -> Verdict {
        let context = picture.context
        let evidence = PersonEvidence(record, keys, reach, reader, picture, context.window)
        let findings = RuleSet.findings(evidence)
        let outcome = RuleSet.outcome(findings, evidence)
        var verdict = Verdict(
            outcome: outcome, findings: findings, missing: RuleSet.missing(findings),
            attemptedAt: evidence.attemptedAt, seat: evidence.seat, evidenceDigest: evidence.digest,
            ruleSet: Self.ruleSet, policyDigest: context.policy.digest, digest: "", sensitivity: [])
        verdict.sensitivity = sensitivity(evidence, outcome, keys, reach, reader)
        verdict.digest = digest(of: verdict)
        return verdict
    }

    /// The other windows under which the verdict would be another; only a submit they disagree on can change it.
    private func sensitivity(
        _ evidence: PersonEvidence, _ outcome: VerdictOutcome, _ keys: PersonKeys, _ reach: PersonReach,
        _ reader: EvidenceReader
    ) -> [WindowSensitivity] {
        let slack = picture.context.policy.windowSlackSeconds
        return picture.context.otherWindows.compactMap { window in
            let differs = evidence.events.contains { event in
                let time = Instant(milliseconds: event.value.time)
                return event.value.isAttempt
                    && window.contains(time, slackSeconds: slack)
                        != evidence.window.contains(time, slackSeconds: slack)
            }
            guard differs else { return nil }
            let other = PersonEvidence(evidence.record, keys, reach, reader, picture, window)
            let verdict = RuleSet.outcome(RuleSet.findings(other), other)
            return verdict == outcome ? nil : WindowSensitivity(windowSource: window.source, outcome: verdict)
        }
    }

    private func digest(of verdict: Verdict) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        func add(_ line: String) {
            bytes += line.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        for line in [verdict.evidenceDigest, verdict.ruleSet, verdict.policyDigest] { add(line) }
        for line in picture.windowEnds { add(line) }
        bytes += verdict.outcome.rawValue.utf8
        return hexadecimal(SHA256.hash(data: bytes))
    }
}
