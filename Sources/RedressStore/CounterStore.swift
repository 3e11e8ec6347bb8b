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
        let value: Int? = try connection.first(
            """
            INSERT INTO counter (name, value) VALUES ($1, 1)
            ON CONFLICT (name) DO UPDATE SET value = counter.value + 1
            RETURNING value
            """, [name.stored]
        ) { try $0[0] }
        guard let value else { throw RedressError(.fault, "The counter \(name) gave no number.") }
        return value
    }
}
