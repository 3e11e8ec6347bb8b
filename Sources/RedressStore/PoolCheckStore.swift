/// What the check asks of the pool, worked out by the engine so that a million entries take a second or two.
import RedressCore

/// Compares the journal, the balances and the holds; every answer is empty when all is well.
public struct PoolCheckStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Slots whose balance is not the fold of their journal.
    public func unfolded() throws -> [String] {
        try connection.all(
            """
            SELECT s.id FROM pool_slot AS s LEFT JOIN pool_entry AS e ON e.slot_id = s.id GROUP BY s.id
            HAVING s.allotted <> coalesce(sum(CASE WHEN kind IN ('allot', 'take-in') THEN seats END), 0)
                OR s.released <> coalesce(sum(CASE WHEN kind IN ('release', 'keep-end-outside')
                    THEN seats END), 0)
                OR s.reserved <> coalesce(sum(\(Self.reserved)), 0)
                OR s.held <> coalesce(sum(\(Self.held)), 0)
                OR s.seated <> coalesce(sum(\(Self.seated)), 0)
                OR s.kept <> coalesce(sum(\(Self.kept)), 0)
                OR s.reserved + s.held + s.seated + s.kept <> s.allotted - s.released
            ORDER BY s.id
            """
        ) { try $0[0] }
    }

    /// Entries after which an account of their slot was below zero.
    public func overdrawn() throws -> [Int] {
        try connection.all(
            """
            SELECT seq FROM (SELECT seq, sum(\(Self.reserved)) OVER journal AS reserved,
                sum(\(Self.held)) OVER journal AS held, sum(\(Self.seated)) OVER journal AS seated
                FROM pool_entry WINDOW journal AS (PARTITION BY slot_id ORDER BY seq ROWS UNBOUNDED PRECEDING))
                AS running
            WHERE reserved < 0 OR held < 0 OR seated < 0 ORDER BY seq
            """
        ) { try $0[0] }
    }

    /// Holds with more than one entry that ends them.
    public func resolvedTwice() throws -> [String] {
        try connection.all(
            """
            SELECT hold_id FROM pool_entry WHERE hold_id IS NOT NULL AND kind IN ('seat', 'expire', 'void')
            GROUP BY hold_id HAVING count(*) > 1 ORDER BY hold_id
            """
        ) { try $0[0] }
    }

    /// Slots whose counts of held and seated are not those of their holds.
    public func disagreeing() throws -> [String] {
        try connection.all(
            """
            SELECT s.id FROM pool_slot AS s LEFT JOIN (SELECT slot_id,
                sum(CASE state WHEN 'live' THEN 1 ELSE 0 END) AS held,
                sum(CASE state WHEN 'seated' THEN 1 ELSE 0 END) AS seated FROM pool_hold GROUP BY slot_id) AS h
                ON h.slot_id = s.id
            WHERE s.held <> coalesce(h.held, 0) OR s.seated <> coalesce(h.seated, 0) ORDER BY s.id
            """
        ) { try $0[0] }
    }

    private static let reserved: SQL = """
        CASE WHEN kind IN ('allot', 'expire', 'void', 'vacate', 'keep-end-reserved') THEN seats
            WHEN kind IN ('hold', 'release') THEN -seats ELSE 0 END
        """
    private static let held: SQL = """
        CASE WHEN kind = 'hold' THEN seats WHEN kind IN ('seat', 'expire', 'void') THEN -seats ELSE 0 END
        """
    private static let seated: SQL = """
        CASE WHEN kind = 'seat' THEN seats WHEN kind = 'vacate' THEN -seats ELSE 0 END
        """
    private static let kept: SQL = """
        CASE WHEN kind = 'take-in' THEN seats
            WHEN kind IN ('keep-end-reserved', 'keep-end-outside') THEN -seats ELSE 0 END
        """
}
