/// A rule's sentence for people who have no command line before them: what to type is left out, what is wrong stays.

enum NeutralWords {
    /// The text without the program's own commands and options.
    static func text(_ text: String) -> String {
        guard text.contains("redress ") || text.contains("--") else { return text }
        var text = text
        text.replace(#/\x20\(`redress [^`]*`\)/#, with: "")
        text.replace(#/: `redress [^`]*`/#, with: "")
        let kept = sentences(text).filter { !$0.contains("`redress ") && !$0.contains(#/(^|\s)--[a-z]/#) }
        return kept.isEmpty ? "It was not done." : kept.joined(separator: " ")
    }

    /// The sentences of a text, each with its own end.
    private static func sentences(_ text: String) -> [String] {
        var found: [String] = []
        var rest = text[...]
        while let end = rest.firstRange(of: #/[.!?]\x20/#) {
            found.append(String(rest[..<rest.index(before: end.upperBound)]))
            rest = rest[end.upperBound...]
        }
        return found + [String(rest)]
    }
}
