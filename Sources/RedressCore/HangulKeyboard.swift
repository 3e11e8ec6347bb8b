/// Hangul typed while the keyboard was in English: `qkrwlsgh` is 박진호 on the two-set layout (KS X 5002).
enum HangulKeyboard {
    /// The Hangul these keys would have typed, as they are and, for caps lock, all without shift; empty when
    /// they do not make whole syllables. Spaces are kept.
    static func hangul(typed text: String) -> Set<String> {
        Set([text, text.lowercased()].compactMap(compose))
    }

    private static let initials = Array("rRseEfaqQtTdwWczxvg")
    private static let vowels = [
        "k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b", "m",
        "ml", "l",
    ]
    private static let finals = [
        "", "r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "a", "q",
        "qt", "t",
        "T", "d", "w", "c", "z", "x", "v", "g",
    ]

    private static func compose(_ text: String) -> String? {
        var keys = text.map(key)[...]
        var result = ""
        while let first = keys.first {
            if first == " " {
                result.append(" ")
                keys = keys.dropFirst()
                continue
            }
            guard let initial = initials.firstIndex(of: first) else { return nil }
            keys = keys.dropFirst()
            guard let vowel = longest(in: vowels, at: keys) else { return nil }
            keys = keys.dropFirst(vowels[vowel].count)
            let final = longestFinal(at: keys)
            keys = keys.dropFirst(finals[final].count)
            guard let scalar = Hangul.Syllable(initial: initial, vowel: vowel, final: final).scalar else {
                return nil
            }
            result.unicodeScalars.append(scalar)
        }
        return result.isEmpty ? nil : result
    }

    /// A consonant is the next syllable's initial, not this one's final, when a vowel follows it.
    private static func longestFinal(at keys: ArraySlice<Character>) -> Int {
        for length in [2, 1] where keys.count >= length {
            guard let final = finals.firstIndex(of: String(keys.prefix(length))) else { continue }
            let next = keys.dropFirst(length).first
            if next.map({ vowels.contains(String($0)) }) != true { return final }
        }
        return 0
    }

    private static func longest(in table: [String], at keys: ArraySlice<Character>) -> Int? {
        [2, 1].lazy.compactMap { table.firstIndex(of: String(keys.prefix($0))) }.first
    }

    /// Shift changes only seven keys; with any other it types the plain letter.
    private static func key(_ character: Character) -> Character {
        "RQTEWOP".contains(character) ? character : Character(character.lowercased())
    }
}
