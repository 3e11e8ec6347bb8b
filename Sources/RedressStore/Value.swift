/// What a column holds, and how the product's own values become columns and come back.
public import RedressCore

/// A value as both engines can store it.
public enum Value: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    case boolean(Bool)
}

/// One row of an answer, its columns in the order the query names them.
public struct Row: Sendable {
    /// The columns.
    public let values: [Value]

    /// Makes a row of columns.
    public init(_ values: [Value]) {
        self.values = values
    }

    /// The column at `index` as the type the caller asks for.
    ///
    /// - Throws: `RedressError(.fault)` when the column is of another kind: the database is not ours or is damaged.
    public subscript<T: Storable>(index: Int) -> T {
        get throws {
            guard index < values.count, let value = T(stored: values[index]) else {
                let held = index < values.count ? "\(values[index])".prefix(40) : "nothing"
                throw RedressError(
                    .fault,
                    "Column \(index + 1) of a stored row is not a \(T.self) (it holds \(held)). Run `redress check`."
                )
            }
            return value
        }
    }
}

/// A type that can be a column.
public protocol Storable {
    /// Reads the column; nil when it is of another kind.
    init?(stored value: Value)
    /// The column.
    var stored: Value { get }
}

extension Optional: Storable where Wrapped: Storable {
    /// Null is nil; anything else must read as the wrapped type.
    public init?(stored value: Value) {
        if case .null = value {
            self = .none
        } else if let wrapped = Wrapped(stored: value) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }

    /// Null when nil.
    public var stored: Value { self?.stored ?? .null }
}

extension String: Storable {
    /// Reads a text column.
    public init?(stored value: Value) {
        guard case .text(let text) = value else { return nil }
        self = text
    }

    /// A text column.
    public var stored: Value { .text(self) }
}

extension Int: Storable {
    /// Reads an integer column.
    public init?(stored value: Value) {
        guard case .integer(let number) = value else { return nil }
        self = Int(number)
    }

    /// An integer column.
    public var stored: Value { .integer(Int64(self)) }
}

extension Int64: Storable {
    /// Reads an integer column.
    public init?(stored value: Value) {
        guard case .integer(let number) = value else { return nil }
        self = number
    }

    /// An integer column.
    public var stored: Value { .integer(self) }
}

extension Double: Storable {
    /// Reads a real column; a whole number reads as well.
    public init?(stored value: Value) {
        switch value {
        case .real(let number): self = number
        case .integer(let number): self = Double(number)
        default: return nil
        }
    }

    /// A real column.
    public var stored: Value { .real(self) }
}

extension Bool: Storable {
    /// Reads a boolean column; SQLite answers 0 and 1.
    public init?(stored value: Value) {
        switch value {
        case .boolean(let flag): self = flag
        case .integer(let number): self = number != 0
        default: return nil
        }
    }

    /// A boolean column.
    public var stored: Value { .boolean(self) }
}

extension [UInt8]: Storable {
    /// Reads a column of bytes.
    public init?(stored value: Value) {
        guard case .blob(let bytes) = value else { return nil }
        self = bytes
    }

    /// A column of bytes.
    public var stored: Value { .blob(self) }
}

extension Instant: Storable {
    /// Reads milliseconds since 1970.
    public init?(stored value: Value) {
        guard case .integer(let number) = value else { return nil }
        self.init(milliseconds: number)
    }

    /// Milliseconds since 1970.
    public var stored: Value { .integer(milliseconds) }
}

extension CivilDate: Storable {
    /// Reads `YYYY-MM-DD`.
    public init?(stored value: Value) {
        guard case .text(let text) = value else { return nil }
        self.init(text)
    }

    /// `YYYY-MM-DD`, which sorts by time.
    public var stored: Value { .text(description) }
}

extension TimeOfDay: Storable {
    /// Reads `HH:MM`.
    public init?(stored value: Value) {
        guard case .text(let text) = value else { return nil }
        self.init(text)
    }

    /// `HH:MM`, which sorts by time.
    public var stored: Value { .text(description) }
}

extension Storable where Self: RawRepresentable, RawValue == String {
    /// Reads the name of a case.
    public init?(stored value: Value) {
        guard case .text(let text) = value else { return nil }
        self.init(rawValue: text)
    }

    /// The name of the case.
    public var stored: Value { .text(rawValue) }
}
