/// Finds where a row of a CSV log ends: a quoted cell may hold line breaks (RFC 4180), so a row may span lines.

/// The row ends of one CSV mapping. What it finds depends on the bytes alone, never on how they were cut into blocks.
struct RowEnds: Sendable {
    private let separator: UInt8
    private let skip: [[UInt8]]

    /// Lines a row spans at most; a quote that is open longer was never closed, and its line stands alone.
    static let mostLines = 64

    /// Nil for mappings whose rows are always one line.
    init?(_ mapping: Mapping?) {
        guard let mapping, case .csv(let separator, _) = mapping.format else { return nil }
        self.separator = separator
        skip = mapping.skip.map { Array($0.utf8) }
    }

    /// The line feed that ends the row at `start` (the end of the bytes for a last row without one).
    ///
    /// - Returns: nil when more bytes must come before that can be said.
    func end(_ bytes: Span<UInt8>, _ start: Int, isLast: Bool) -> Int? {
        guard let first = lineFeed(bytes, start) else { return isLast ? bytes.count : nil }
        if skips(bytes, start, first) { return first }
        var isQuoted = false
        var isCellStart = true
        var closed = -1
        var lines = 1
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                // A quote opens only where a cell begins; within, a doubled one closes and opens again.
                if isQuoted {
                    isQuoted = false
                    closed = index
                } else if isCellStart || closed == index - 1 {
                    isQuoted = true
                }
                isCellStart = false
            } else if byte == 10 {
                if !isQuoted { return index }
                lines += 1
                if lines > Self.mostLines { return first }
            } else {
                isCellStart = byte == separator && !isQuoted
            }
            index += 1
            if index - start > Distiller.longestLine { return first }
        }
        if !isLast { return nil }
        return isQuoted ? first : bytes.count
    }

    /// How many bytes at the front of these are whole rows.
    func wholeRows(_ bytes: [UInt8]) -> Int {
        let span = bytes.span
        var start = 0
        while start < bytes.count, let end = end(span, start, isLast: false) { start = end + 1 }
        return start
    }

    private func skips(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        skip.contains { word in
            end - start >= word.count && word.indices.allSatisfy { bytes[start + $0] == word[$0] }
        }
    }
}
