/// A person's evening as the logs tell it, line by line.

public import RedressCore

/// One moment of a person's evening, with its line.
public struct TimelineEntry: Sendable, Hashable {
    /// What happened.
    public enum Event: String, Sendable, Codable, CaseIterable {
        case enteredQueue = "entered-queue"
        case lastPoll = "last-poll"
        case admitted, bypassed
        case queueAnswer = "queue-answer"
        case loggedIn = "logged-in"
        case calendar, submitted, committed, rejected, cancelled, revoked
        case textSent = "text-sent"
        case mainPage = "main-page"
        case queuePage = "queue-page"
        case calendarPage = "calendar-page"
        case submitPage = "submit-page"
    }

    /// When the line was written.
    public var time: Instant
    /// The system that wrote it.
    public var source: EvidenceSource
    /// What happened.
    public var event: Event
    /// The line.
    public var citation: Citation
}

extension Examiner {
    /// A person's evening in order of time; at most 1,000 moments.
    public func timeline(for record: PersonRecord) throws -> [TimelineEntry] {
        let keys = PersonKeys(record, picture.context.joinKey)
        var reader = EvidenceReader(source)
        let reach = try reader.read([keys])[0]
        let evidence = PersonEvidence(record, keys, reach, reader, picture, picture.context.window)
        var out: [TimelineEntry] = []
        func add(_ time: Int64, _ source: EvidenceSource, _ event: TimelineEntry.Event, _ line: Citation) {
            out.append(
                TimelineEntry(time: Instant(milliseconds: time), source: source, event: event, citation: line)
            )
        }
        for chain in evidence.chains {
            if let entered = chain.entered { add(entered.time, .queue, .enteredQueue, entered.line) }
            if let last = chain.last { add(last.time, .queue, .lastPoll, last.line) }
            for outcome in chain.outcomes {
                add(outcome.value.time, .queue, Self.event(outcome.value.code), outcome.line)
            }
        }
        for line in evidence.allEvents {
            add(line.value.time, .booking, Self.event(line.value.code), line.line)
        }
        for text in evidence.dispatches where !text.value.isReceipt {
            add(text.value.time, .sms, .textSent, text.line)
        }
        for page in evidence.pages {
            if let event = Self.event(page.value.page) { add(page.value.time, .web, event, page.line) }
        }
        out.sort {
            ($0.time, $0.event.rawValue, $0.citation.offset) < (
                $1.time, $1.event.rawValue, $1.citation.offset
            )
        }
        return Array(out.prefix(1000))
    }

    private static func event(_ code: QueueCode) -> TimelineEntry.Event {
        switch code {
        case .pass, .express: .admitted
        case .bypass: .bypassed
        default: .queueAnswer
        }
    }

    private static func event(_ code: BookingCode) -> TimelineEntry.Event {
        switch code {
        case .login: .loggedIn
        case .calendar: .calendar
        case .submit: .submitted
        case .commit: .committed
        case .reject: .rejected
        case .cancel: .cancelled
        case .revoke: .revoked
        }
    }

    private static func event(_ page: PageCode) -> TimelineEntry.Event? {
        switch page {
        case .main: .mainPage
        case .queue: .queuePage
        case .calendar: .calendarPage
        case .submit: .submitPage
        case .login, .other: nil
        }
    }
}
