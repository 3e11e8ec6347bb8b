/// How complete each source is, minute by minute, for charts.

public import RedressCore

/// One server's minute as a chart shows it.
public struct CoverageCell: Sendable, Hashable, Codable {
    /// Which log.
    public var kind: LogKind
    /// Which server; empty where the log names none.
    public var node: String
    /// Minutes since 1970.
    public var minute: Int64
    /// Lines here.
    public var lines: Int
    /// Lines proven missing, shared out over the minutes in which they may lie.
    public var missing: Int
    /// Whether two different lines claim one number: good for nobody.
    public var isDisputed: Bool
    /// Whether every line of that minute is known to be here.
    public var isComplete: Bool
}

extension IncidentPicture {
    /// Every server's minutes, in order of log, server and minute.
    public var coverageReport: [CoverageCell] {
        var out: [CoverageCell] = []
        for kind in LogKind.allCases {
            let source = coverage(kind)
            for node in source.nodes {
                for (minute, cell) in node.minutes.sorted(by: { $0.key < $1.key }) {
                    let isHidden = source.otherwiseIncomplete.contains(minute)
                    out.append(
                        CoverageCell(
                            kind: kind, node: node.name, minute: minute, lines: cell.lines,
                            missing: cell.missing,
                            isDisputed: cell.isDisputed, isComplete: cell.isComplete && !isHidden))
                }
            }
        }
        return out
    }

    /// The share of a log's minutes in an interval that are complete, 0 to 1.
    public func completeness(_ kind: LogKind, from: Instant, to: Instant) -> Double {
        coverage(kind).share(from: from.milliseconds, to: to.milliseconds)
    }
}
