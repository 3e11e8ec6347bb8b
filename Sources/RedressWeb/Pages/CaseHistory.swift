/// The history of a case in the words of the page, the newest first; looks that follow one another are one line.
import RedressDesk

extension CaseModel.Happening {
    static func all(_ facts: CaseFacts, _ page: PageWriter) -> [CaseModel.Happening] {
        var all: [CaseModel.Happening] = []
        var before: RedressDesk.TimelineEntry?
        for entry in facts.timeline.reversed() {
            defer { before = entry }
            if entry.kind == "view", before?.kind == "view", before?.actor == entry.actor { continue }
            all.append(
                CaseModel.Happening(
                    at: SpokenTime.moment(entry.at, page.language), kind: page.text("kind.\(entry.kind)"),
                    text: words(entry, page), actor: entry.actor))
        }
        return all
    }

    /// What happened, with values of ours in the words of the page and people's own words as they are.
    private static func words(_ entry: RedressDesk.TimelineEntry, _ page: PageWriter) -> String {
        let parts = entry.text.split(separator: ":", maxSplits: 1).map {
            $0.trimmingPrefix(while: \.isWhitespace)
        }
        .map(String.init)
        let (head, rest) = (parts.first ?? "", parts.count > 1 ? parts[1] : "")
        switch entry.kind {
        case "move": return page.word("state", head.split(separator: " ").last.map(String.init) ?? head)
        case "notice": return "\(page.word("notice", head)): \(page.word("outbox", rest))"
        case "verdict":
            return page.word("verdict", head.split(separator: " ").first.map(String.init) ?? head)
        case "decision": return "\(page.word("state", head)): \(rest)"
        case "view": return ""
        case "contact":
            return entry.text.split(separator: ", ", maxSplits: 3).map { piece in
                said(String(piece), ["channel", "speaker", "wrap"], page)
            }.joined(separator: ", ")
        default: return entry.text
        }
    }

    private static func said(_ word: String, _ groups: [String], _ page: PageWriter) -> String {
        let halves = word.split(separator: ":").map { String($0.trimmingPrefix(while: \.isWhitespace)) }
        if halves.count == 2, ["accept", "decline"].contains(halves[1]) {
            return page.word("channel", halves[0]) + ": " + page.text("act.\(halves[1])")
        }
        let group = groups.first { Words.table["\($0).\(word)"] != nil }
        return group.map { page.text("\($0).\(word)") } ?? word
    }
}
