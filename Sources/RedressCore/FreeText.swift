/// What people type into notes and fields: bounded, and never with a number the law forbids us to keep.

/// A text that staff or citizens typed.
public struct FreeText: Hashable, Sendable {
    /// The text as it is kept.
    public let text: String

    /// The longest text that is taken, in characters.
    public static let longest = 4000

    /// Takes a text; throws `badData` when it is empty, too long, or holds a resident registration number, a
    /// foreigner registration number or a passport number. The error never repeats the number.
    public init(_ text: some StringProtocol, field: String = "text") throws(RedressError) {
        let kept = String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }))
        guard kept.contains(where: { !$0.isWhitespace }), kept.count <= FreeText.longest else {
            throw RedressError(
                .badData, "\(field) has 1 to \(FreeText.longest) characters.", details: ["field": field])
        }
        try FreeText.refuseIdentityNumbers(kept, field: field)
        self.text = kept
    }

    /// Throws `badData` when a text holds a resident, foreigner or passport number.
    public static func refuseIdentityNumbers(
        _ text: some StringProtocol, field: String
    ) throws(RedressError) {
        let characters = Array(plainCharacters(text))
        let found: String? =
            if hasRegistrationNumber(characters) {
                "a resident or foreigner registration number"
            } else if hasPassportNumber(characters) {
                "a passport number"
            } else {
                nil
            }
        guard let found else { return }
        throw RedressError(
            .badData,
            "\(field) seems to hold \(found), which redress does not keep. Leave the number out and try again.",
            details: ["field": field, "problem": "identity-number"])
    }

    /// Six digits that are a date, a seventh from 1 to 8 that gives century and sex, and six more.
    private static func hasRegistrationNumber(_ characters: [Character]) -> Bool {
        runs(of: characters, joinedBy: "- .").contains { run in
            guard run.count == 13, let digits = numbers(run) else { return false }
            let month = digits[2] * 10 + digits[3]
            let day = digits[4] * 10 + digits[5]
            return (1...12).contains(month) && (1...31).contains(day) && (1...8).contains(digits[6])
        }
    }

    /// A Korean passport: a letter of its kind and eight digits, or three digits, a letter and four digits.
    private static func hasPassportNumber(_ characters: [Character]) -> Bool {
        let words = String(characters).uppercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        return words.contains { word in
            guard word.count == 9, let kind = word.first, "MSRGDO".contains(kind) else { return false }
            let rest = Array(word.dropFirst())
            let isOld = rest.allSatisfy(\.isNumber)
            let isNew =
                rest[0...2].allSatisfy(\.isNumber) && rest[3].isLetter && rest[4...].allSatisfy(\.isNumber)
            return isOld || isNew
        }
    }

    /// Runs of digits; single characters of `joints` between two digits do not end one.
    private static func runs(of characters: [Character], joinedBy joints: String) -> [[Character]] {
        var found: [[Character]] = []
        var run: [Character] = []
        var isJoined = false
        for character in characters {
            if character.isASCII, character.isNumber {
                run.append(character)
                isJoined = false
            } else if !run.isEmpty, !isJoined, run.count == 6, joints.contains(character) {
                isJoined = true
            } else {
                if !run.isEmpty { found.append(run) }
                run = []
                isJoined = false
            }
        }
        return run.isEmpty ? found : found + [run]
    }

    private static func numbers(_ run: [Character]) -> [Int]? {
        let digits = run.compactMap(\.wholeNumberValue)
        return digits.count == run.count ? digits : nil
    }
}
