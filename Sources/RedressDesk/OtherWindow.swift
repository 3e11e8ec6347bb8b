/// The windows that others publish for the same failure: a verdict says whether it would be another under them.
public import RedressCore
import RedressEvidence
public import RedressStore

/// A window of an incident as somebody other than the agency gives it.
public struct OtherWindow: Sendable, Codable, Equatable {
    /// Who gives it: a newspaper, another office.
    public var source: String
    /// Its start, RFC 3339.
    public var from: String
    /// Its end, RFC 3339.
    public var to: String

    /// Makes a window.
    public init(source: String, from: Instant, to: Instant) {
        self.source = source
        self.from = from.description
        self.to = to.description
    }

    /// Reads `SOURCE=FROM/TO`; nil when the text is anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let ends = parts[1].split(separator: "/", maxSplits: 1)
        guard ends.count == 2, let from = Instant(ends[0]), let to = Instant(ends[1]) else { return nil }
        self.init(source: String(parts[0]), from: from, to: to)
    }

    /// The window as the rules take it.
    func window() throws -> IncidentWindow {
        guard let from = Instant(from), let to = Instant(to) else {
            throw RedressError(.fault, "A stored window does not read. Run `redress check`.")
        }
        return IncidentWindow(source: source, from: from, to: to)
    }

    /// Refuses windows that name nobody, end before they start, or name one source twice.
    static func check(_ windows: [OtherWindow]) throws {
        for window in windows {
            let read = try window.window()
            guard (1...64).contains(window.source.count), window.source != "agency" else {
                throw RedressError(
                    .badData,
                    "A window needs a source of 1 to 64 letters other than `agency`, the main window's.")
            }
            guard read.from < read.to else {
                throw RedressError(
                    .badData,
                    "The window of \(window.source) must start before it ends: \(read.from) to \(read.to).")
            }
        }
        guard Set(windows.map(\.source)).count == windows.count else {
            throw RedressError(.badData, "One source gives two windows. Give each its own name.")
        }
    }
}

extension IncidentRow {
    /// The windows that others publish.
    public func publishedWindows() throws -> [OtherWindow] {
        try JSONDocument.read([OtherWindow].self, from: otherWindows)
    }
}
