/// The one error that reaches a person: what was wrong, where, and what to do about it.
public struct RedressError: Error, Sendable, Equatable {
    /// The few kinds of failure a caller can act on; each has one exit code (sysexits.h where it has one).
    public enum Code: String, Sendable, CaseIterable {
        /// A rule of the product says no; repeating it changes nothing.
        case refused
        /// The command or request is not of the form asked for.
        case usage
        /// The input was read and is not what it should be.
        case badData = "bad-data"
        /// The named file, incident, case or person is not there.
        case notFound = "not-found"
        /// The database, disk or another system cannot be used now.
        case unavailable
        /// A fault of redress itself.
        case fault = "internal"
        /// Somebody else holds it, and the same call may work later; or has changed it (`changed`): look at it first.
        case tryAgain = "try-again"
        /// The person asking may not do this.
        case notAllowed = "not-allowed"

        /// The exit code of the command line for this kind of failure.
        public var exitCode: Int32 {
            switch self {
            case .refused: 1
            case .usage: 2
            case .badData: 65
            case .notFound: 66
            case .unavailable: 69
            case .fault: 70
            case .tryAgain: 75
            case .notAllowed: 77
            }
        }
    }

    /// The kind of failure.
    public var code: Code
    /// One or two sentences for the person: what was wrong, where, and what to do.
    public var message: String
    /// Machine-readable particulars (never personal data).
    public var details: [String: String]

    /// Makes an error of a kind with its sentence and particulars.
    public init(_ code: Code, _ message: String, details: [String: String] = [:]) {
        self.code = code
        self.message = message
        self.details = details
    }
}

extension RedressError {
    /// What somebody looked at is another by now: `tryAgain`, which over HTTP is a conflict (409) and no fault of ours (503).
    public static func changed(_ message: String) -> RedressError {
        RedressError(.tryAgain, message, details: ["changed": "meanwhile"])
    }

    /// Whether it says that something changed since somebody looked.
    public var isChanged: Bool { code == .tryAgain && details["changed"] != nil }
}

extension RedressError: CustomStringConvertible {
    /// The sentence for the person.
    public var description: String { message }
}
