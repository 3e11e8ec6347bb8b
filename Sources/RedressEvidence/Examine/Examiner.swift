/// Judges people: reads their facts in batches, applies the rules, adds up the verdict.

import RedressCore

/// What was normal that evening: coverage, frontier, outages, clocks. Built once from the facts, then shared.
public struct IncidentPicture: Sendable {
    /// The incident.
    public let context: IncidentContext

    /// Reads the shared facts of an incident.
    public init(context: IncidentContext, source: any FactSource) throws {
        self.context = context
    }
}

/// Judges people of one incident.
public struct Examiner {
    let picture: IncidentPicture
    let source: any FactSource

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
        throw RedressError(.fault, "not yet")
    }

    /// Many people's verdicts, in their order; facts are read in batches.
    public func verdicts(for records: [PersonRecord]) throws -> [Verdict] {
        throw RedressError(.fault, "not yet")
    }
}
