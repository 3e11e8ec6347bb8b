/// The confirmation a citizen prints: what it confirms, line by line, and the code to check it with.
import RedressCore
import RedressDesk
import RedressEvidence

/// A paper to print: what it confirms, and the code to check it with.
struct CitizenPaper {
    struct Line {
        var name: String
        var text: String
    }

    var title: String
    var sentence: String
    var lines: [Line]
    var code: String
    var printed: String
    var back: String
    var other: String
    var otherWord: String

    init(_ story: OwnStory, _ place: Int, _ page: CitizenWriter, isLarge: Bool) {
        let view = story.own.summary
        let isRestored = view.restored.value != nil
        let kind = isRestored ? "restored" : "received"
        title = page.text("paper.\(kind)")
        sentence = page.text("paper.\(kind).text")
        func site(_ id: String?) -> String { id.map { story.sites[$0] ?? $0 } ?? "" }
        let lost = "\(page.lost(view)) \(site(view.site.value))"
        var rows = [
            ("receipt", view.receipt), ("paper.name", story.name ?? "–"),
            ("paper.receivedAt", SpokenTime.moment(view.receivedAt, page.language)),
            ("paper.lost", lost),
        ]
        if let seat = view.restored.value {
            rows.append(("paper.seat", "\(SpokenTime.seat(seat, page.language)) \(site(seat.site))"))
        } else {
            rows.append(("paper.state", page.text("own.state.\(view.state)")))
            rows.append(("dueDate", SpokenTime.date(view.dueAt, page.language)))
        }
        lines = rows.map { Line(name: page.text($0.0), text: $0.1) }
        code = story.code
        printed = SpokenTime.moment(WallClock.system.now(), page.language)
        back = "/my/cases/\(place)"
        other = "\(back)/confirmation\(isLarge ? "" : "-large")"
        otherWord = page.text(isLarge ? "paper.normal" : "largePrint")
    }
}

extension SpokenTime {
    /// The date of what a view writes in RFC 3339, said.
    static func date(_ text: String, _ language: Language) -> String {
        Instant(text).map { date($0.date, language) } ?? text
    }
}
