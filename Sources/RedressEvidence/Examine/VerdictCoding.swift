/// How a verdict's times are written when it is stored: as the texts the rest of the product uses.

import RedressCore

extension ClaimedSeat: Codable {
    private enum Key: String, CodingKey {
        case site
        case vaccine
        case date
        case slot
    }

    /// Reads a seat; a date or time that does not parse is an error.
    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: Key.self)
        site = try box.decode(String.self, forKey: .site)
        vaccine = try box.decode(String.self, forKey: .vaccine)
        date = try box.decodeIfPresent(String.self, forKey: .date).map { text in
            guard let date = CivilDate(text) else {
                throw DecodingError.dataCorruptedError(forKey: .date, in: box, debugDescription: "not a date")
            }
            return date
        }
        slot = try box.decodeIfPresent(String.self, forKey: .slot).map { text in
            guard let slot = TimeOfDay(text) else {
                throw DecodingError.dataCorruptedError(forKey: .slot, in: box, debugDescription: "not a time")
            }
            return slot
        }
    }

    /// Writes a seat with date and time as texts.
    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        try box.encode(site, forKey: .site)
        try box.encode(vaccine, forKey: .vaccine)
        try box.encodeIfPresent(date?.description, forKey: .date)
        try box.encodeIfPresent(slot?.description, forKey: .slot)
    }
}

extension Verdict {
    private enum Key: String, CodingKey {
        case outcome
        case findings
        case missing
        case attemptedAt = "attempted_at_ms"
        case seat
        case evidenceDigest = "evidence_digest"
        case ruleSet = "rule_set"
        case policyDigest = "policy_digest"
        case digest
        case sensitivity
    }

    /// Reads a verdict as `encode(to:)` wrote it.
    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: Key.self)
        outcome = try box.decode(VerdictOutcome.self, forKey: .outcome)
        findings = try box.decode([Finding].self, forKey: .findings)
        missing = try box.decode([Rule].self, forKey: .missing)
        attemptedAt = try box.decodeIfPresent(Int64.self, forKey: .attemptedAt).map(
            Instant.init(milliseconds:))
        seat = try box.decodeIfPresent(ClaimedSeat.self, forKey: .seat)
        evidenceDigest = try box.decode(String.self, forKey: .evidenceDigest)
        ruleSet = try box.decode(String.self, forKey: .ruleSet)
        policyDigest = try box.decode(String.self, forKey: .policyDigest)
        digest = try box.decode(String.self, forKey: .digest)
        sensitivity = try box.decode([WindowSensitivity].self, forKey: .sensitivity)
    }

    /// Writes a verdict; times in milliseconds since 1970.
    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        try box.encode(outcome, forKey: .outcome)
        try box.encode(findings, forKey: .findings)
        try box.encode(missing, forKey: .missing)
        try box.encodeIfPresent(attemptedAt?.milliseconds, forKey: .attemptedAt)
        try box.encodeIfPresent(seat, forKey: .seat)
        try box.encode(evidenceDigest, forKey: .evidenceDigest)
        try box.encode(ruleSet, forKey: .ruleSet)
        try box.encode(policyDigest, forKey: .policyDigest)
        try box.encode(digest, forKey: .digest)
        try box.encode(sensitivity, forKey: .sensitivity)
    }
}
