/// The log as one JSON object a line: time, level, message and what belongs to it; control characters escaped.
import Foundation
public import Logging
import RedressCore
import RedressDesk

/// Writes each event as a line of JSON.
public struct JSONLog: LogHandler {
    /// What is logged and what is not.
    public var logLevel = Logger.Level.info
    /// What goes with every line.
    public var metadata: Logger.Metadata = [:]
    private let label: String
    private let write: @Sendable (String) -> Void

    /// Logs under `label` to standard error.
    ///
    /// - Parameter write: where a line goes, its end included.
    public init(label: String, level: Logger.Level = .info, write: @escaping @Sendable (String) -> Void) {
        self.label = label
        self.write = write
        logLevel = level
    }

    /// Logs under `label` to standard error.
    public static func standardError(_ label: String, level: Logger.Level) -> JSONLog {
        JSONLog(label: label, level: level) { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) }
    }

    /// What goes with every line, by key.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var line: [String: String] = [:]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
            line[key == "hb.request.id" ? "request" : key] = "\(value)"
        }
        line["at"] = WallClock.system.now().description
        line["level"] = event.level.rawValue
        line["log"] = label
        line["message"] = event.message.description
        guard let text = try? JSONDocument.line(line) else { return }
        write(text.hasSuffix("\n") ? text : text + "\n")
    }
}
