/// What a text message weighs, as Korean carriers count it, and which texts may leave at all.

/// A text message ready to be sent.
public struct NoticeText: Sendable, Equatable {
    /// Which of the carriers' two message types carries it.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// At most 90 bytes.
        case short
        /// At most 2,000 bytes.
        case long
    }

    /// The text; characters that carriers' encoding lacks are question marks.
    public let text: String
    /// Its length in bytes of CP949.
    public let bytes: Int

    /// The longest short message, in bytes of CP949 (the Korean carriers' SMS).
    public static let shortBytes = 90
    /// The longest long message, in bytes of CP949 (the Korean carriers' LMS).
    public static let longBytes = 2000

    /// Takes a text; throws `badData` when it is too long or holds a link.
    public init(_ text: String) throws(RedressError) {
        let kept = String(
            String.UnicodeScalarView(text.unicodeScalars.map { NoticeText.isCarried($0) ? $0 : "?" }))
        let bytes = kept.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) }
        guard bytes <= NoticeText.longBytes else {
            throw RedressError(
                .badData,
                "The text has \(bytes) bytes as carriers count them; \(NoticeText.longBytes) is the most.")
        }
        guard !NoticeText.hasLink(kept) else {
            throw RedressError(
                .badData,
                "The text holds a link or an address. No notice carries one: people are warned of such texts."
            )
        }
        self.text = kept
        self.bytes = bytes
    }

    /// Which message type carries it.
    public var kind: Kind { bytes <= NoticeText.shortBytes ? .short : .long }

    /// Whether a text holds something a phone would make into a link.
    public static func hasLink(_ text: some StringProtocol) -> Bool {
        let plain = plainCharacters(text).lowercased()
        if plain.contains("://") || plain.contains("www.") { return true }
        let words = plain.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-")) }
        return words.contains { word in
            // The last word of a sentence is no address.
            let labels = word.split(separator: ".")
            guard labels.count >= 2, let last = labels.last else { return false }
            return labels[0].contains(where: \.isLetter) && topDomains.contains(String(last))
        }
    }

    /// Endings that phones make links of; the ones seen in reported phishing texts.
    private static let topDomains: Set<String> = [
        "kr", "com", "net", "org", "info", "biz", "io", "me", "ly", "gl", "to", "cc", "xyz", "top", "site",
        "shop", "online", "link", "app", "click", "club", "live", "ru", "cn", "tk",
    ]

    /// Whether CP949 has the character: ASCII, Hangul, Hanja of the common block, full-width forms and punctuation.
    private static func isCarried(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x20...0x7E, 0xAC00...0xD7A3, 0x3131...0x318E, 0x3001...0x3003, 0x3008...0x3011,
            0xFF01...0xFF5E, 0x00B7, 0x2026, 0x25CB, 0x203B:
            true
        default: false
        }
    }
}
