/// Writes CSV (RFC 4180) that spreadsheets open safely: CRLF, quotes where needed, no cell that runs as a formula.
///
/// A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front, since
/// spreadsheets would calculate it; a plain negative number (`-12.5`) cannot do harm and stays a number.
public struct CSVWriter: Sendable {
    /// Whether the text begins with a byte order mark, without which Excel takes Korean for the local code page.
    public enum Opening: Sendable {
        /// No mark: for programs.
        case plain
        /// U+FEFF first: for Excel.
        case byteOrderMark
    }

    /// The text so far.
    public private(set) var text: String

    /// Makes an empty document.
    public init(_ opening: Opening = .plain) {
        text = opening == .byteOrderMark ? "\u{FEFF}" : ""
    }

    /// Adds one row.
    public mutating func append(_ fields: some Sequence<String>) {
        var isFirst = true
        for field in fields {
            if !isFirst { text += "," }
            text += CSVWriter.cell(field)
            isFirst = false
        }
        text += "\r\n"
    }

    /// Takes what was written so far, for writing to a file piece by piece.
    public mutating func takeText() -> String {
        defer { text = "" }
        return text
    }

    private static func cell(_ field: String) -> String {
        var safe = field
        if let first = field.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first),
            !isNegativeNumber(field)
        {
            safe = "'" + field
        }
        let needsQuotes = safe.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        guard needsQuotes else { return safe }
        var quoted = "\""
        for scalar in safe.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    private static func isNegativeNumber(_ field: String) -> Bool {
        guard field.hasPrefix("-") else { return false }
        let parts = field.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        return parts.count <= 2
            && parts.allSatisfy { !$0.isEmpty && $0.unicodeScalars.allSatisfy(\.isASCIIDigit) }
    }
}
