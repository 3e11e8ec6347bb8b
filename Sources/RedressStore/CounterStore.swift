/// Numbers that count up without holes: journal places and receipt numbers.
import RedressCore

/// Hands out the next number of a name.
public struct CounterStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The next number of this name, from 1; a transaction that is rolled back gives its number back.
    public func next(_ name: String) throws -> Int {
        try take(1, of: name)
    }

    /// Takes the next `count` numbers of this name at once and answers with the first of them.
    public func take(_ count: Int, of name: String) throws -> Int {
        // With it comes the time, which what is numbered mostly carries.
        try connection.ahead { _ = try CounterStore($0).value(of: name) }
        let last = try value(of: name)
        try connection.send(
            """
            INSERT INTO counter (name, value) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE counter.value = $3
            """, [name.stored, (last + count).stored, last.stored], changing: 1
        ) { RedressError(.fault, "The counter \(name) moved while its number was taken.") }
        return last + 1
    }

    /// The number of this name that was taken last; 0 when none was.
    public func value(of name: String) throws -> Int {
        try connection.first("SELECT value FROM counter WHERE name = $1", [name.stored]) { try $0[0] } ?? 0
    }
}
