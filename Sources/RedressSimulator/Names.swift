// Invented people: Korean names by real family-name frequency, birth dates, and numbers nobody has.
import RedressCore

/// Draws invented names, birth dates and phone numbers.
struct Names {
    /// Family names and about how many in a thousand bear them (Statistics Korea, census of 2015, rounded).
    private static let families: [(name: String, perMille: Double)] = [
        ("김", 215), ("이", 147), ("박", 84), ("최", 47), ("정", 43), ("강", 24), ("조", 21), ("윤", 21),
        ("장", 20), ("임", 17), ("한", 15), ("오", 15), ("서", 15), ("신", 15), ("권", 14), ("황", 14),
        ("안", 14), ("송", 14), ("류", 13), ("전", 11), ("홍", 11), ("고", 9), ("문", 9), ("양", 9),
        ("손", 9), ("배", 8), ("백", 8), ("허", 7), ("유", 6), ("남", 6), ("심", 5), ("노", 5),
    ]
    private static let first = [
        "영", "정", "미", "경", "성", "명", "은", "현", "상", "재", "종", "순", "혜", "인", "지", "기", "동", "수", "병", "광",
    ]
    private static let second = [
        "숙", "희", "자", "호", "수", "철", "옥", "식", "란", "석", "주", "환", "애", "선", "진", "규", "연", "남", "우", "아",
    ]
    private let weights = Names.families.map(\.perMille)
    /// Years of birth that could book that evening: people aged 53 and 54 in 2021.
    static let birthYears = [1967, 1968]

    func familyName(_ dice: inout Dice) -> String {
        Names.families[dice.weighted(weights)].name
    }

    func name(family: String, _ dice: inout Dice) -> String {
        family + (dice.pick(Names.first) ?? "영") + (dice.pick(Names.second) ?? "수")
    }

    func birthDate(_ dice: inout Dice) -> CivilDate {
        let year = dice.pick(Names.birthYears) ?? 1967
        let start = CivilDate(year: year, month: 1, day: 1) ?? CivilDate(daysSinceEpoch: -1096)
        return start.adding(days: dice.below(365))
    }

    /// A number under 010-0, which no subscriber has; different for every index below ten million.
    func phone(index: Int) -> String {
        let scattered = (index * 7_368_787 + 1_234_567) % 10_000_000
        return "0100" + padded(scattered, to: 7)
    }
}

/// The number in decimal with zeros in front up to this many digits.
func padded(_ number: Int, to digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// A short mark such as `K9f3a2`: the letter and a number that never repeats for one letter.
func mark(_ letter: String, _ counter: Int) -> String {
    // Multiplying by an odd number modulo a power of two visits every value once.
    let scattered = (UInt64(counter) &* 0x5_DEEC_E66D &+ 11) & 0x3FF_FFFF
    return letter + String(scattered, radix: 36)
}
