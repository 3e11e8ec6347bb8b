// What a person is called: one tidy spelling, a masked form, and keys to be found by.

import Foundation

/// A person's name: tidied, masked, and found again however it is written or typed.
public struct PersonName: Hashable, Sendable {
    /// The name with composed syllables, without outer spaces and with single inner ones.
    public let text: String

    /// The longest name that is taken, in characters.
    public static let longest = 100

    /// Tidies a name; throws `badData` when nothing is left, or it is longer than `longest`, or holds control
    /// characters or digits (a number in a name field is a shifted column).
    public init(_ name: some StringProtocol) throws(RedressError) {
        let composed = name.precomposedStringWithCanonicalMapping.unicodeScalars
        let visible = composed.filter { $0.properties.generalCategory != .format }
        let words = String(String.UnicodeScalarView(visible)).split { $0.isWhitespace }
        let text = words.joined(separator: " ")
        guard !text.isEmpty, text.count <= PersonName.longest else {
            throw RedressError(
                .badData, "A name has 1 to \(PersonName.longest) characters.", details: ["field": "name"])
        }
        let hasWrong = text.unicodeScalars.contains {
            $0.properties.generalCategory == .control || $0.properties.numericType != nil && $0.value < 0x3000
        }
        guard !hasWrong else {
            throw RedressError(
                .badData, "A name holds no digits and no control characters.", details: ["field": "name"])
        }
        self.text = text
    }

    /// The name with its middle hidden: 박○호, 박○, 남○○수; in Latin letters the initials, `J. P.`
    public var masked: String {
        if isLatin {
            return latinWords.compactMap { $0.first?.first }.map { "\($0.uppercased())." }.joined(
                separator: " ")
        }
        let characters = text.filter { $0 != " " }
        switch characters.count {
        case 1: return "○"
        case 2: return String(characters.prefix(1)) + "○"
        default:
            let hidden = String(repeating: "○", count: characters.count - 2)
            return String(characters.prefix(1)) + hidden + String(characters.suffix(1))
        }
    }

    /// What to index a person under, so that any of `queryKeys` finds them; opaque, stable text for a blind index.
    ///
    /// `h:` is the exact name without spaces, `r:` the sound of a Hangul name, `l:` the sound of one in Latin letters,
    /// family name first and last.
    public var searchKeys: Set<String> {
        var keys: Set<String> = ["h:" + exact]
        if isHangul {
            keys.formUnion(hangulSounds.map { "r:" + $0 })
        } else if isLatin {
            keys.formUnion(latinSounds.map { "l:" + $0 })
        }
        return keys
    }

    /// What to look up when this is what somebody typed: as written, by sound, and as Hangul typed with the
    /// keyboard in English.
    ///
    /// A name typed in Hangul finds Hangul names exactly, and names registered in Latin letters by sound.
    public var queryKeys: Set<String> {
        var keys: Set<String> = ["h:" + exact]
        if isHangul {
            keys.formUnion(hangulSounds.map { "l:" + $0 })
        } else if isLatin {
            keys.formUnion(latinSounds.flatMap { ["r:" + $0, "l:" + $0] })
            let typed = HangulKeyboard.hangul(typed: text)
            keys.formUnion(typed.map { "h:" + $0.filter { $0 != " " } })
        }
        return keys
    }

    /// Whether what somebody typed can mean this person.
    public func matches(_ query: PersonName) -> Bool {
        !searchKeys.isDisjoint(with: query.queryKeys)
    }
}

extension PersonName: CustomStringConvertible {
    /// The masked form, so that a name put into a message by mistake stays hidden.
    public var description: String { masked }
}

extension PersonName {
    /// Family names of two syllables; all others have one.
    private static let longFamilyNames: Set<String> = [
        "강전", "남궁", "독고", "동방", "망절", "사공", "서문", "선우", "소봉", "어금", "장곡", "제갈", "황보",
    ]

    private var exact: String { text.lowercased().filter { $0 != " " } }

    private var isHangul: Bool {
        text.unicodeScalars.allSatisfy { Hangul.isSyllable($0) || $0 == " " }
    }

    private var isLatin: Bool {
        let letters = text.unicodeScalars.filter { $0.properties.isAlphabetic }
        return !letters.isEmpty
            && letters.allSatisfy { $0.value < 0x250 || (0x1E00...0x1EFF).contains($0.value) }
    }

    /// Family name and given name joined both ways round.
    private var hangulSounds: Set<String> {
        let syllables = text.filter { $0 != " " }
        var sounds: Set<String> = []
        for length in [1, 2] where length < syllables.count {
            let family = String(syllables.prefix(length))
            guard length == 1 || PersonName.longFamilyNames.contains(family) else { continue }
            let given = String(syllables.dropFirst(length))
            sounds.formUnion(NameSound.ofHangul([family, given]))
            sounds.formUnion(NameSound.ofHangul([given, family]))
        }
        return sounds.isEmpty ? NameSound.ofHangul([syllables]) : sounds
    }

    /// The words as written, and with the last one first and the first one last.
    private var latinSounds: Set<String> {
        let words = latinWords
        var sounds = NameSound.ofLatin(words)
        if words.count > 1 {
            sounds.formUnion(NameSound.ofLatin([words[words.count - 1]] + Array(words.dropLast())))
            sounds.formUnion(NameSound.ofLatin(Array(words.dropFirst()) + [words[0]]))
        }
        return sounds
    }

    /// Lower-case words without accents, each split at its hyphens.
    private var latinWords: [[String]] {
        let plain = text.decomposedStringWithCanonicalMapping.lowercased().unicodeScalars
            .filter { $0.properties.generalCategory != .nonspacingMark }
        return String(String.UnicodeScalarView(plain))
            .split { $0 == " " || $0 == "," }
            .map { word in
                word.split { !$0.isLetter }.map { piece in String(piece.filter { ("a"..."z").contains($0) }) }
            }
            .filter { !$0.isEmpty }
    }
}
