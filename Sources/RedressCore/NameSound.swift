/// How a Korean name sounds, brought to one spelling whether it is written in Hangul or any romanisation.
///
/// Romanisations differ in voicing (Park, Bak, Pak), in vowels (Jung, Jeong, Chong) and in silent letters (Lee, Yi;
/// Ahn, An). Sounds that they mix up are therefore one letter here: k p t j s for plain, tense and aspirated
/// alike, `o` for ㅓ ㅗ ㅜ ㅡ. That finds more than the one person meant, never less; people choose among
/// candidates by birth date. `N` is the sound ng, `E` that of 최.
enum NameSound {
    /// The most readings kept of one Latin spelling; more come only from text that is no name.
    static let mostReadings = 32

    /// The sounds of a Hangul name, with and without the ㄹ that speakers drop at the start of a part
    /// (류 and 유, 림 and 임, 라 and 나). Empty when a character is no syllable.
    static func ofHangul(_ parts: [String]) -> Set<String> {
        var sounds: Set<String> = [""]
        for part in parts {
            var sound = ""
            for scalar in part.unicodeScalars {
                guard let syllable = Hangul.parts(of: scalar) else { return [] }
                sound += initials[syllable.initial] + vowels[syllable.vowel] + finals[syllable.final]
            }
            let openings = withDroppedOpening(sound)
            sounds = Set(sounds.flatMap { before in openings.map { before + $0 } })
        }
        return Set(sounds.map(withoutDoubles))
    }

    /// The sounds a name in Latin letters can have: words in the order given, each split at its hyphens.
    static func ofLatin(_ words: [[String]]) -> Set<String> {
        var sounds = [""]
        for word in words {
            let ofWord = word.reduce([""]) { before, piece in joined(before, readings(of: piece)) }
            sounds = joined(sounds, ofWord.flatMap(withDroppedOpening))
        }
        return Set(sounds.map(withoutDoubles)).subtracting([""])
    }

    private static func joined(_ heads: [String], _ tails: [String]) -> [String] {
        var found: [String] = []
        for head in heads {
            for tail in tails where !found.contains(head + tail) { found.append(head + tail) }
        }
        return Array(found.prefix(mostReadings))
    }

    private static let initials = [
        "k", "k", "n", "t", "t", "l", "m", "p", "p", "s", "s", "", "j", "j", "j", "k", "t", "p", "h",
    ]
    private static let vowels = [
        "a", "e", "ya", "ye", "o", "e", "yo", "ye", "o", "wa", "E", "E", "yo", "o", "wo", "E", "wi", "yo",
        "o", "i", "i",
    ]
    private static let finals = [
        "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t",
        "t", "N", "t",
        "t", "k", "t", "p", "",
    ]

    /// What a run of Latin letters can stand for; a spelling with two readings has two entries.
    private static let spellings: [String: [String]] = [
        "a": ["a"], "ae": ["e"], "ai": ["e"], "ay": ["e"], "e": ["e"], "ea": ["e"], "ei": ["e"], "ey": ["e"],
        "eo": ["o"], "eu": ["o"], "o": ["o"], "oo": ["o"], "ou": ["o"], "u": ["o"], "ow": ["o"],
        "i": ["i"], "ee": ["i"], "ie": ["i"], "y": ["i"], "yi": ["i"], "yee": ["i"], "ui": ["i"],
        "eui": ["i"],
        "oe": ["E"], "oi": ["E"], "oy": ["E"], "we": ["E"], "wae": ["E"],
        "ya": ["ya"], "ye": ["ye"], "yae": ["ye"], "yeo": ["yo"], "yo": ["yo"], "you": ["yo"], "yu": ["yo"],
        "yoo": ["yo"], "yeu": ["yo"],
        "wa": ["wa"], "wo": ["wo"], "weo": ["wo"], "woo": ["o", "wo"], "wu": ["o", "wo"], "wi": ["wi"],
        "wee": ["wi"],
        "ng": ["N", "nk"], "ch": ["j"], "j": ["j"], "z": ["j"], "g": ["k"], "k": ["k"], "c": ["k"],
        "q": ["k"],
        "x": ["ks"], "d": ["t"], "t": ["t"], "th": ["t", "th"], "b": ["p"], "p": ["p"], "ph": ["p", "ph"],
        "f": ["p"], "v": ["p"], "s": ["s"], "sh": ["s"], "n": ["n"], "m": ["m"], "l": ["l"], "r": ["l"],
        "rh": ["l"], "kh": ["k", "kh"], "gh": ["k", "kh"], "h": ["h"], "wh": ["hw"], "w": [""],
    ]

    private static func isVowel(_ letter: Character) -> Bool { "aeiouyw".contains(letter) }

    /// All readings of one piece of letters, at most `mostReadings`.
    private static func readings(of piece: String) -> [String] {
        let letters = Array(withoutSilentLetters(piece))
        // readingsFrom[i]: the readings of everything from letter i on.
        var readingsFrom = Array(repeating: [String](), count: letters.count + 1)
        readingsFrom[letters.count] = [""]
        for start in letters.indices.reversed() {
            let found = lengths(at: start, in: letters).flatMap { length in
                let spelling = String(letters[start..<start + length])
                return joined(spellings[spelling] ?? [], readingsFrom[start + length])
            }
            readingsFrom[start] = joined([""], found)
        }
        return readingsFrom[0]
    }

    /// Vowels may be parted in any way (`aeu` is ㅏ·ㅡ or ㅐ·ㅜ); consonants are read as the longest
    /// spelling, and a y before a vowel always glides into it.
    private static func lengths(at start: Int, in letters: [Character]) -> [Int] {
        let known = [3, 2, 1].filter {
            start + $0 <= letters.count && spellings[String(letters[start..<start + $0])] != nil
        }
        switch letters[start] {
        case "a", "e", "i", "o", "u": return known
        case "y": return known.count > 1 ? known.filter { $0 > 1 } : known
        default: return Array(known.prefix(1))
        }
    }

    /// Without the h and r that only lengthen a vowel (Ahn, Park, Huh).
    private static func withoutSilentLetters(_ piece: String) -> String {
        let letters = Array(piece)
        var kept = ""
        for (index, letter) in letters.enumerated() {
            let next = index + 1 < letters.count ? letters[index + 1] : nil
            let isBeforeVowel = next.map(isVowel) ?? false
            let isAfterVowel = index > 0 && isVowel(letters[index - 1])
            if letter == "h" || letter == "r", isAfterVowel, !isBeforeVowel { continue }
            kept.append(letter)
        }
        return kept
    }

    private static func withDroppedOpening(_ sound: String) -> [String] {
        guard sound.first == "l" else { return [sound] }
        let rest = sound.dropFirst()
        return rest.first == "i" || rest.first == "y" ? [sound, String(rest)] : [sound, "n" + rest]
    }

    private static func withoutDoubles(_ sound: String) -> String {
        var kept = ""
        for letter in sound where letter != kept.last || "aeiowyE".contains(letter) { kept.append(letter) }
        return kept
    }
}
