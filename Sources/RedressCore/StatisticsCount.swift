/// What is counted for the statistics, and at which levels: the vocabulary of the week's tallies.

/// One thing that is counted, week by week.
///
/// A *flow* happens in a week (cases received); a *stock* stands at its end (cases open) and is the sum of all its
/// changes up to then.
public enum StatisticsCount: String, Sendable, CaseIterable {
    case received
    case reopened
    case transferredIn = "transferred-in"
    case processed
    case transferredOut = "transferred-out"
    case merged
    /// A stock: received or opened again, and the result not yet told.
    case open
    /// A stock: found affected, which every case is until a human finds otherwise.
    case affected
    /// A stock: back on the date, site and time that were lost.
    case backOnOriginal = "back-on-original"
    /// Decisions, by what they decided.
    case outcome
    /// A stock: cases by state.
    case state
    /// A stock: cases by their latest verdict.
    case verdict
    /// A stock: open cases by the day they were received.
    case openSince = "open-since"
    /// A stock: open cases past their due time, by the kind of clock.
    case overdue
    /// A stock: found by the sweep, and nobody has spoken with or written to the person yet.
    case unreached
    /// Results told, by clock, whether the case was extended, and whether in time.
    case timeliness
    case origin
    case age
    case restoredAge = "restored-age"
    case objected
    /// Objections decided, by result.
    case objection
    case extended
    /// Results told, by how many contacts the case had by then.
    case contactsNeeded = "contacts-needed"
    /// Notices, by what became of them.
    case notice
    /// A stock: seats of the pool, by kind of entry.
    case pool

    /// The levels it is counted at.
    public var levels: [StatisticsLevel] {
        switch self {
        case .received, .reopened, .transferredIn, .processed, .transferredOut, .merged, .open, .affected,
            .backOnOriginal, .outcome:
            StatisticsLevel.allCases
        default: [.all]
        }
    }
}

/// The levels that every line of the statistics is broken down by; a case's place in each is fixed at receipt.
public enum StatisticsLevel: String, Sendable, CaseIterable {
    case all
    case incident
    case channel
    case category
    case province
    case site

    /// The word on Korean pages.
    public var korean: String {
        switch self {
        case .all: "전체"
        case .incident: "시스템 장애"
        case .channel: "접수 경로"
        case .category: "민원 유형"
        case .province: "시·도"
        case .site: "예방접종센터"
        }
    }
}

/// How long something took, measured once a case.
public enum StatisticsDuration: String, Sendable, CaseIterable {
    /// From receipt to the first answered call, visit, letter or delivered notice.
    case firstAnswer = "first-answer"
    /// From receipt to the first verdict.
    case verdict
    /// From receipt to the first seat given back.
    case restoration
}

/// A change of one count at one time.
public struct StatisticsChange: Sendable, Equatable {
    /// When.
    public var at: Instant
    /// What is counted.
    public var count: StatisticsCount
    /// The kind within the count, for example the outcome; empty when there is none.
    public var detail: String
    /// By how much: 1 or −1.
    public var amount: Int
}
