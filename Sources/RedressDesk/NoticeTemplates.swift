/// The texts that citizens get, in two languages: read from `data/templates/`, checked whole before anything is sent.
public import RedressCore

/// The language of a text.
public enum NoticeLanguage: String, Sendable, CaseIterable {
    case korean = "ko"
    case english = "en"
}

/// What a citizen may be told of, and which values its text may name.
public enum NoticeEvent: String, Sendable, CaseIterable {
    case restored
    case offered
    case confirmDecline = "confirm-decline"
    case declined
    case lapsed
    case vacated
    case undone
    case rejected
    case notAffected = "not-affected"
    case withdrawn
    case transferred
    case needsInformation = "needs-information"
    case extended
    case message
    case mass
    case numberChanged = "number-changed"
    case correction
    case code

    /// The names that may stand in braces in its text.
    public var placeholders: Set<String> {
        let common: Set<String> = ["sender", "contact", "name", "receipt"]
        return switch self {
        case .restored, .offered, .confirmDecline: common.union(["seat", "site", "until"])
        case .vacated, .undone: common.union(["seat"])
        case .rejected, .notAffected: common.union(["sentence", "reason", "object_within_days"])
        case .transferred: common.union(["agency"])
        case .needsInformation: common.union(["question"])
        case .extended: common.union(["reason", "due"])
        case .message, .mass: common.union(["text"])
        case .correction: common.union(["when", "text"])
        case .declined, .lapsed, .withdrawn: common
        case .numberChanged: ["sender", "contact"]
        case .code: ["sender", "code"]
        }
    }

    /// The event of an outbox row: what stands before the mark that sets several of one case apart.
    public init?(row event: String) {
        self.init(rawValue: String(event.prefix { $0 != "/" }))
    }
}

/// Every text, in every language.
public struct NoticeTemplates: Sendable {
    private let texts: [NoticeLanguage: [NoticeEvent: String]]

    /// The texts the program was built with.
    public static func shipped() throws -> NoticeTemplates {
        try NoticeTemplates([
            .korean: String(decoding: PackageResources.notices_ko_txt, as: UTF8.self),
            .english: String(decoding: PackageResources.notices_en_txt, as: UTF8.self),
        ])
    }

    /// Reads the texts of each language.
    ///
    /// - Throws: `.badData` naming language and event when a text is missing, names a value nobody gives, does not
    ///   begin with its sender, holds a link, or is too long.
    public init(_ files: [NoticeLanguage: String]) throws {
        var texts: [NoticeLanguage: [NoticeEvent: String]] = [:]
        for language in NoticeLanguage.allCases {
            let read = try Self.read(files[language] ?? "", language)
            for event in NoticeEvent.allCases {
                guard let text = read[event] else { throw Self.wrong(language, event.rawValue, "is missing") }
                try Self.check(text, event, language)
            }
            texts[language] = read
        }
        self.texts = texts
    }

    /// Fills a text in.
    ///
    /// - Throws: `.badData` when a value is missing, or the filled text is too long or holds a link.
    public func render(
        _ event: NoticeEvent, _ language: NoticeLanguage, _ values: [String: String]
    ) throws -> NoticeText {
        var filled = ""
        for piece in Self.pieces(texts[language]?[event] ?? "") {
            switch piece {
            case .words(let words): filled += words
            case .value(let name):
                guard let value = values[name] else {
                    throw RedressError(
                        .badData, "The text of `\(event.rawValue)` needs {\(name)}, which is not known.")
                }
                filled += value
            }
        }
        return try NoticeText(filled)
    }

    private enum Piece {
        case words(String)
        case value(String)
    }

    private static func pieces(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        for (number, part) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard number > 0, let end = part.firstIndex(of: "}") else {
                pieces.append(.words(String(part)))
                continue
            }
            pieces.append(.value(String(part[..<end])))
            pieces.append(.words(String(part[part.index(after: end)...])))
        }
        return pieces
    }

    private static func read(_ file: String, _ language: NoticeLanguage) throws -> [NoticeEvent: String] {
        var found: [NoticeEvent: String] = [:]
        var current: NoticeEvent?
        for line in file.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("["), line.hasSuffix("]"), !line.contains("{") {
                let name = String(line.dropFirst().dropLast())
                guard let event = NoticeEvent(rawValue: name), found[event] == nil else {
                    throw wrong(language, name, "is no event, or is there twice")
                }
                current = event
                found[event] = ""
            } else if let event = current {
                found[event, default: ""] += (found[event] == "" ? "" : "\n") + line
            } else {
                throw wrong(language, "the first line", "belongs to no event")
            }
        }
        return found
    }

    private static func check(_ text: String, _ event: NoticeEvent, _ language: NoticeLanguage) throws {
        for case .value(let name) in pieces(text) where !event.placeholders.contains(name) {
            throw wrong(language, event.rawValue, "names {\(name)}, which is no value of this event")
        }
        guard text.hasPrefix("[{sender}]") else {
            throw wrong(language, event.rawValue, "does not begin with [{sender}]")
        }
        do {
            _ = try NoticeText(text)
        } catch {
            throw wrong(language, event.rawValue, "cannot be sent: \(error.message)")
        }
    }

    private static func wrong(_ language: NoticeLanguage, _ event: String, _ what: String) -> RedressError {
        RedressError(.badData, "data/templates/notices.\(language.rawValue).txt: `\(event)` \(what).")
    }
}

/// Times as people say them in a text message.
enum NoticeWords {
    private static let koreanDays = ["월", "화", "수", "목", "금", "토", "일"]
    private static let englishDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let englishMonths = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func moment(_ date: CivilDate, _ time: TimeOfDay, _ language: NoticeLanguage) -> String {
        let (_, month, day) = date.parts
        switch language {
        case .korean: return "\(month)/\(day)(\(koreanDays[date.isoWeekday - 1]))\(time)"
        case .english:
            return "\(englishDays[date.isoWeekday - 1]) \(day) \(englishMonths[month - 1]) \(time)"
        }
    }

    static func moment(_ instant: Instant, _ language: NoticeLanguage) -> String {
        moment(instant.date, instant.timeOfDay, language)
    }
}
