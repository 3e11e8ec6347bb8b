/// How an engine reports that the schema itself refused a change.
public import RedressCore

/// Marks and recognises errors that come from a constraint of the schema.
public enum ConstraintViolation {
    private static let mark = "constraint"

    /// The error for a change that a constraint refused; `text` is the engine's own description of it.
    public static func error(_ text: String, details: [String: String]) -> RedressError {
        RedressError(
            .refused, "The change would break a rule of the database: \(text).",
            details: details.merging([mark: text]) { _, new in new })
    }

    /// Whether `error` says that a constraint refused the change.
    public static func caused(_ error: any Error) -> Bool {
        (error as? RedressError)?.details[mark] != nil
    }
}
