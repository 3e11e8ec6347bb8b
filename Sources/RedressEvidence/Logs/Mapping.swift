/// How another system's log lines feed the fields this product reads.

import RedressCore

/// One mapping file.
public struct Mapping: Sendable, Hashable {
    /// The mapping's name.
    public var name: String

    /// Reads a mapping file.
    public init(yaml bytes: [UInt8]) throws {
        throw RedressError(.fault, "not yet")
    }
}
