/// What the weekly statistics count, asked of the journal of moves so that any past week can be recounted.
public import RedressCore

/// How many moves led from one state to another.
public struct MoveCount: Sendable {
    /// The state left; nil for the opening of a case.
    public var from: CaseState?
    /// The state reached.
    public var to: CaseState
    /// The rung of the ladder, for moves that seat a person.
    public var rung: Remedy?
    /// How many.
    public var count: Int
}

/// Counts cases, moves and verdicts.
public struct StatisticsStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Moves made in `[from, to)`, by the states they join.
    public func moves(from: Instant, to: Instant) throws -> [MoveCount] {
        try connection.all(
            """
            SELECT from_state, to_state, rung, count(*) FROM case_move WHERE at >= $1 AND at < $2
            GROUP BY from_state, to_state, rung ORDER BY from_state, to_state, rung
            """, [from.stored, to.stored]
        ) { MoveCount(from: try $0[0], to: try $0[1], rung: try $0[2], count: try $0[3]) }
    }

    /// The verdicts that cases stood at when `end` came, by name: the last one of each case before it.
    public func verdicts(before end: Instant) throws -> [String: Int] {
        let counts = try connection.all(
            """
            SELECT outcome, count(*) FROM case_verdict AS last
            WHERE at < $1 AND NOT EXISTS (SELECT 1 FROM case_verdict AS later
                WHERE later.case_id = last.case_id AND later.seq > last.seq AND later.at < $2)
            GROUP BY outcome
            """, [end.stored, end.stored]
        ) { (outcome: try $0[0] as String, count: try $0[1] as Int) }
        return Dictionary(counts.map { ($0.outcome, $0.count) }, uniquingKeysWith: +)
    }

    /// Cases whose last move before `end` left them in each state, with the rung where it seated somebody.
    public func states(before end: Instant) throws -> [MoveCount] {
        try connection.all(
            """
            SELECT to_state, rung, count(*) FROM case_move AS last
            WHERE at < $1 AND NOT EXISTS (SELECT 1 FROM case_move AS later
                WHERE later.case_id = last.case_id AND later.seq > last.seq AND later.at < $2)
            GROUP BY to_state, rung ORDER BY to_state, rung
            """, [end.stored, end.stored]
        ) { MoveCount(from: nil, to: try $0[0], rung: try $0[1], count: try $0[2]) }
    }

    /// Cases received in `[from, to)` by channel.
    public func received(from: Instant, to: Instant) throws -> [String: Int] {
        let counts = try connection.all(
            """
            SELECT channel, count(*) FROM grievance_case WHERE received_at >= $1 AND received_at < $2
            GROUP BY channel
            """, [from.stored, to.stored]
        ) { (channel: try $0[0] as String, count: try $0[1] as Int) }
        return Dictionary(counts.map { ($0.channel, $0.count) }, uniquingKeysWith: +)
    }
}
