/// How complete is each source for the minutes this verdict rests on?

import RedressCore

/// Says what the other findings stand on; never speaks for or against.
enum CoverageRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        let submitted = evidence.attemptTime
        let from = submitted.map { min(evidence.chain?.first ?? $0, $0) } ?? evidence.window.from.milliseconds
        let to = submitted ?? evidence.window.to.milliseconds
        var values: [String: String] = [:]
        var isComplete = true
        for kind in LogKind.allCases {
            let start = kind == .queue ? from : (submitted ?? from)
            let share = evidence.picture.coverage(kind).share(from: start, to: to)
            values[kind.rawValue] = percent(share)
            if share < 1 { isComplete = false }
        }
        return Finding(
            .coverage, isComplete ? .supports : .missing, source: .queue,
            message: isComplete ? .coverageComplete : .coveragePartial, values: values)
    }
}
