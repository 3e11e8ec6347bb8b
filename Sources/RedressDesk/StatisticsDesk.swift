/// Weekly complaint statistics: one line that reconciles, and what became of the people behind it.
public import RedressCore
import RedressStore

/// The statistics of one ISO week in Seoul.
public struct WeekStatistics: Sendable, Codable, Equatable {
    /// The week, `2021-W29`.
    public var week: String
    /// The week as people say it.
    public var label: String
    /// The line that reconciles.
    public var totals: Totals
    /// Cases received in the week, by channel.
    public var channels: [String: Int]
    /// The verdicts that cases stood at when the week ended.
    public var verdicts: [String: Int]
    /// Where cases stood when the week ended.
    public var states: [String: Int]
    /// How people were put back in the week, by rung of the remedy ladder.
    public var outcomes: [String: Int]
    /// The one figure: people back on their original date out of people found affected, as the week ended.
    public var headline: Headline

    /// opening + received + reopened + transferred in − processed − transferred out − merged = closing.
    public struct Totals: Sendable, Codable, Equatable {
        /// Cases open when the week began.
        public var opening = 0
        /// Cases received.
        public var received = 0
        /// Cases opened again.
        public var reopened = 0
        /// Cases taken over from another agency.
        public var transferredIn = 0
        /// Cases answered.
        public var processed = 0
        /// Cases handed to another agency.
        public var transferredOut = 0
        /// Cases joined to another case.
        public var merged = 0
        /// Cases open when the week ended.
        public var closing = 0

        /// Whether the line adds up.
        public var reconciles: Bool {
            opening + received + reopened + transferredIn - processed - transferredOut - merged == closing
        }
    }

    /// The headline figure, with its denominator.
    public struct Headline: Sendable, Codable, Equatable {
        /// People back on the date, site and time they had lost.
        public var backOnOriginal: Int
        /// People found affected: every case there was by the end of the week.
        public var affected: Int
    }
}

/// Counts weeks.
public struct StatisticsDesk: Sendable {
    let desk: Desk

    /// The statistics of a week; of the current one when nil.
    public func weekly(_ week: Week?, by actor: Actor) async throws -> WeekStatistics {
        try actor.require(.readStatistics)
        return try await desk.database.read { connection in
            let week = week ?? Week(containing: connection.now)
            let store = StatisticsStore(connection)
            let start = week.start
            let end = week.end
            let states = try store.states(before: end)
            let moves = try store.moves(from: start, to: end)
            var totals = Self.flows(moves)
            totals.opening = try Self.open(store.states(before: start))
            totals.closing = Self.open(states)
            guard totals.reconciles else {
                throw RedressError(
                    .fault, "The week \(week) does not reconcile: \(totals). Run `redress check`.")
            }
            let original = states.filter { $0.rung == .originalSlot && $0.to == .restored }
            return WeekStatistics(
                week: week.description, label: week.koreanLabel, totals: totals,
                channels: try store.received(from: start, to: end),
                verdicts: try store.verdicts(before: end),
                states: states.reduce(into: [:]) { $0[$1.to.rawValue, default: 0] += $1.count },
                outcomes: moves.reduce(into: [:]) { counts, move in
                    if let rung = move.rung { counts[rung.rawValue, default: 0] += move.count }
                },
                headline: WeekStatistics.Headline(
                    backOnOriginal: original.reduce(0) { $0 + $1.count },
                    affected: states.reduce(0) { $0 + $1.count }))
        }
    }

    private static func open(_ states: [MoveCount]) -> Int {
        states.reduce(0) { $0 + ($1.to.isOpen ? $1.count : 0) }
    }

    private static func flows(_ moves: [MoveCount]) -> WeekStatistics.Totals {
        moves.reduce(into: WeekStatistics.Totals()) { totals, move in
            switch (move.from?.isOpen, move.to) {
            case (nil, _): totals.received += move.count
            case (true, .transferred): totals.transferredOut += move.count
            case (true, .closed): totals.merged += move.count
            case (true, let to) where !to.isOpen: totals.processed += move.count
            case (false, let to) where to.isOpen: totals.reopened += move.count
            default: break
            }
        }
    }
}

extension Desk {
    /// Statistics.
    public var statistics: StatisticsDesk { StatisticsDesk(desk: self) }
}
