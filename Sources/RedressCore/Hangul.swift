/// Hangul syllables taken apart and put together (Unicode Standard, section 3.12), without tables.
enum Hangul {
    /// The parts of a syllable as positions in Unicode's order.
    struct Syllable: Hashable {
        /// 0 to 18: ㄱ ㄲ ㄴ ㄷ ㄸ ㄹ ㅁ ㅂ ㅃ ㅅ ㅆ ㅇ ㅈ ㅉ ㅊ ㅋ ㅌ ㅍ ㅎ.
        var initial: Int
        /// 0 to 20: ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅘ ㅙ ㅚ ㅛ ㅜ ㅝ ㅞ ㅟ ㅠ ㅡ ㅢ ㅣ.
        var vowel: Int
        /// 0 for none, 1 to 27: ㄱ ㄲ ㄳ ㄴ ㄵ ㄶ ㄷ ㄹ ㄺ ㄻ ㄼ ㄽ ㄾ ㄿ ㅀ ㅁ ㅂ ㅄ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ.
        var final = 0

        /// The composed syllable.
        var scalar: Unicode.Scalar? {
            Unicode.Scalar(UInt32(0xAC00 + (initial * 21 + vowel) * 28 + final))
        }
    }

    /// The parts of a composed syllable; nil for any other character.
    static func parts(of scalar: Unicode.Scalar) -> Syllable? {
        guard isSyllable(scalar) else { return nil }
        let index = Int(scalar.value) - 0xAC00
        return Syllable(initial: index / 588, vowel: index / 28 % 21, final: index % 28)
    }

    /// Whether a scalar is a composed syllable, 가 to 힣.
    static func isSyllable(_ scalar: Unicode.Scalar) -> Bool {
        (0xAC00...0xD7A3).contains(scalar.value)
    }
}
