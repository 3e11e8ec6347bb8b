/// What a citizen has done on the way to their case, sealed for the browser to keep between two pages.
import FoundationEssentials
import RedressCore

/// The steps behind a citizen on the pages: nothing of it is stored here, and nobody but this service can read it.
public struct CitizenWay: Sendable, Codable, Equatable {
    /// The number the code went to, in its canonical digits.
    public var phone = ""
    /// The request the code is bound to.
    public var request = ""
    /// When the code dies, RFC 3339.
    public var expiresAt = ""
    /// When another one may be asked for, RFC 3339.
    public var nextAt = ""
    /// Whether the citizen came to follow a case and not to ask for one.
    public var follows = false
    /// The incident of the booking that was chosen.
    public var incident = ""
    /// The booking that was chosen.
    public var booking = ""
    /// The page whose form was cut off by the end of a session.
    public var draftPath = ""
    /// What was typed there, by field.
    public var draft: [String: String] = [:]

    /// Nothing done yet.
    public init(follows: Bool = false) {
        self.follows = follows
    }
}

extension CitizenSignInDesk {
    private static let wayPlace = "citizen.way"
    /// The longest text of a form that a cookie has room for beside the rest, in bytes.
    static let draftBytes = 1800

    /// Seals the way for a cookie; what was typed is cut to what a cookie holds, the longest first.
    public func seal(_ way: CitizenWay) throws -> String {
        var way = way
        var room = Self.draftBytes
        for (field, text) in way.draft.sorted(by: { $0.value.utf8.count < $1.value.utf8.count }) {
            var kept = text
            while kept.utf8.count > max(0, room) { kept.removeLast() }
            way.draft[field] = kept
            room -= kept.utf8.count
        }
        let sealed = try desk.keys.seal(try JSONDocument.stored(way), for: Self.wayPlace)
        return Data(sealed).base64EncodedString()
            .map { ["+": "-", "/": "_", "=": ""][$0] ?? String($0) }.joined()
    }

    /// Opens what `seal` made; nil when it is anything else.
    public func open(_ text: String) -> CitizenWay? {
        let plain = text.map { ["-": "+", "_": "/"][$0] ?? String($0) }.joined()
        let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
        guard let sealed = Data(base64Encoded: padded),
            let document = try? desk.keys.open([UInt8](sealed), for: Self.wayPlace)
        else { return nil }
        return try? JSONDocument.read(CitizenWay.self, from: document)
    }
}

extension SessionDesk {
    /// How long a citizen's session lives without being used, in seconds, as a page may promise it.
    public static var citizenIdleSeconds: Int {
        citizenIdleMinutes * 60 - Int(touchMilliseconds / 1000)
    }
}
