/// What the desks refuse, said in the language of the page: the sentence they throw is the key.
import RedressEvidence

/// Says refusals.
enum ErrorWords {
    /// A refusal as a page shows it: its sentence, the language that is in, and the desk's own words where ours say less.
    struct Said: Equatable {
        var text: String
        var language: Language
        var detail: String?
    }

    private static let templates = table.map { (literals: literals(of: $0.0), korean: $0.1) }

    /// A desk's sentence in the language of the page.
    static func said(_ message: String, _ language: Language) -> Said {
        let english = withoutCommands(message)
        guard language == .ko else { return Said(text: english, language: .en, detail: nil) }
        // A page's own sentence, or one that a colleague typed, is in Korean already.
        guard message.count(where: isHangul) <= message.count(where: \.isASCII) / 2 else {
            return Said(text: message, language: .ko, detail: nil)
        }
        guard let (korean, values) = values(in: message) else {
            return Said(text: Words.text("notDoneBecause", .ko), language: .ko, detail: english)
        }
        let filled = values.enumerated().reduce(korean) { text, value in
            text.replacing("{\(value.offset + 1)}", with: inKorean(value.element))
        }
        return Said(text: filled, language: .ko, detail: nil)
    }

    /// The parts of a template between its gaps.
    static func literals(of template: String) -> [String] {
        template.split(separator: "{}", omittingEmptySubsequences: false).map(String.init)
    }

    /// What stands in the gaps of a message when it was made from a template.
    static func values(of message: String, in literals: [String]) -> [String]? {
        guard let first = literals.first, message.hasPrefix(first) else { return nil }
        var rest = message.dropFirst(first.count)
        var values: [String] = []
        for (index, literal) in literals.enumerated().dropFirst() {
            // The last literal ends the message; the others end at their next place.
            if index == literals.count - 1 {
                guard rest.hasSuffix(literal) else { return nil }
                values.append(String(rest.dropLast(literal.count)))
                return values
            }
            guard let place = rest.firstRange(of: literal) else { return nil }
            values.append(String(rest[..<place.lowerBound]))
            rest = rest[place.upperBound...]
        }
        return rest.isEmpty ? values : nil
    }

    private static func values(in message: String) -> (korean: String, values: [String])? {
        for template in templates {
            if let values = values(of: message, in: template.literals) { return (template.korean, values) }
        }
        return nil
    }

    /// Page users have no command line: sentences and asides that name a command are left out.
    private static func withoutCommands(_ message: String) -> String {
        let plain = message.replacing(/\s\([^()]*`redress [^`]*`\)/, with: "")
            .replacing(/[^.:]*`redress [^`]*`[^.]*\./, with: "").trimmingWhitespace
        return plain.isEmpty ? message : plain
    }

    /// A state, a role or a field in Korean; anything else as it is.
    private static func inKorean(_ value: String) -> String {
        for group in ["state", "role", "field", "verdict"] where Words.table["\(group).\(value)"] != nil {
            return Words.text("\(group).\(value)", .ko)
        }
        return value
    }

    private static func isHangul(_ character: Character) -> Bool {
        character.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) }
    }
}
