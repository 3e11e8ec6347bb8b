/// How another system's log lines feed the fields this product reads.

import RedressCore

/// One mapping file.
public struct Mapping: Sendable, Hashable {
    /// The mapping's name.
    public var name: String
    /// Which paths are which page.
    var pages = PageRules.shipped

    /// Reads a mapping file.
    public init(yaml bytes: [UInt8]) throws {
        throw RedressError(.fault, "not yet")
    }

    /// Finds the fields of one line, standing in `values`; returns the line's time.
    func read(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ kind: LogKind, _ values: inout [UInt8],
        _ fields: inout LineFields
    ) throws(LineFault) -> Int64? {
        throw LineFault(reason: .malformed, position: start)
    }
}
