// Compares verdicts with the truth: the confusion table by which the rules are judged.

/// How well verdicts agree with the truth of a simulated incident.
public struct Score: Sendable, Equatable, Codable {
    /// What a row of the table is about.
    public enum Kind: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
        /// Affected people who waited their turn.
        case honest
        /// Affected people who went round the queue.
        case trick
        /// People whose booking was not revoked, or who never booked.
        case unaffected
    }

    /// People by kind and outcome, such as `["honest": ["verified": 700]]`; outcomes as the verdicts name them.
    public private(set) var table: [Kind: [String: Int]] = [:]
    /// Jumpers by trick and outcome.
    public private(set) var byTrick: [Trick: [String: Int]] = [:]
    /// Honest affected people by look-alike and outcome; one person may count under several.
    public private(set) var byLookAlike: [LookAlike: [String: Int]] = [:]
    /// Honest people found `contradicted`.
    public private(set) var wronglyContradicted: [String] = []
    /// Jumpers found `verified`.
    public private(set) var wronglyVerified: [String] = []
    /// Affected people for whom there was no outcome.
    public private(set) var missing: [String] = []
    /// People with an outcome who are not in the truth.
    public private(set) var unknown: [String] = []

    /// Scores outcomes by person: `verified`, `contradicted`, `undetermined`, `not-affected`.
    public init(truth: [PersonTruth], outcomes: [String: String]) {
        var left = outcomes
        for person in truth {
            guard let outcome = left.removeValue(forKey: person.person) else {
                if person.affected { missing.append(person.person) }
                continue
            }
            let kind: Kind = !person.affected ? .unaffected : person.trick == nil ? .honest : .trick
            table[kind, default: [:]][outcome, default: 0] += 1
            if person.trick == nil, outcome == "contradicted" { wronglyContradicted.append(person.person) }
            if person.trick != nil, outcome == "verified" { wronglyVerified.append(person.person) }
            guard person.affected else { continue }
            if let trick = person.trick { byTrick[trick, default: [:]][outcome, default: 0] += 1 }
            for lookAlike in person.lookAlikes {
                byLookAlike[lookAlike, default: [:]][outcome, default: 0] += 1
            }
        }
        unknown = left.keys.sorted()
    }

    /// People of this kind with this outcome.
    public func count(_ kind: Kind, _ outcome: String) -> Int {
        table[kind]?[outcome] ?? 0
    }

    /// Share of the people of this kind with this outcome, 0 to 1; nil when there is nobody of the kind.
    public func share(_ kind: Kind, _ outcome: String) -> Double? {
        let total = (table[kind] ?? [:]).values.reduce(0, +)
        return total == 0 ? nil : Double(count(kind, outcome)) / Double(total)
    }
}

extension Score: CustomStringConvertible {
    /// The confusion table as aligned text: kinds, then tricks, then look-alikes, one row each.
    public var description: String {
        let outcomes = ["verified", "contradicted", "undetermined", "not-affected"]
        var rows: [(name: String, counts: [String: Int])] = []
        rows += Kind.allCases.map { ($0.rawValue, table[$0] ?? [:]) }
        rows += Trick.allCases.compactMap { kind in byTrick[kind].map { ("  " + kind.rawValue, $0) } }
        rows += LookAlike.allCases.compactMap { kind in byLookAlike[kind].map { ("  " + kind.rawValue, $0) } }
        let width = 20
        func cell(_ text: String) -> String { String(repeating: " ", count: max(1, 14 - text.count)) + text }
        func label(_ text: String) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        var lines = [label("") + outcomes.map(cell).joined()]
        for row in rows {
            lines.append(label(row.name) + outcomes.map { cell(String(row.counts[$0] ?? 0)) }.joined())
        }
        lines.append("wrongly contradicted: \(wronglyContradicted.count)")
        lines.append("wrongly verified: \(wronglyVerified.count)")
        lines.append("affected without an outcome: \(missing.count)")
        return lines.joined(separator: "\n")
    }
}
