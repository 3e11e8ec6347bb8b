/// Which of the four independent systems wrote a log.
public enum LogKind: String, Sendable, CaseIterable, Codable {
    /// The waiting room: tickets, polls, admissions.
    case queue
    /// The booking application: log-ins, submits, commits.
    case booking
    /// The front door: page requests.
    case web
    /// The dispatch of text messages.
    case sms
}
