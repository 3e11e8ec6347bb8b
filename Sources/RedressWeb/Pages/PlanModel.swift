/// What the preview of bulk restoration shows.
import RedressCore
import RedressDesk

/// A plan before it is carried out.
struct PlanModel {
    struct Line {
        var receipt: String
        var what: String
        var when: String
        var site: String
    }

    var incident: String
    var digest: String
    var canApply: Bool
    var totals: [NamedFigure]
    var seats: [Line]
    var unmet: [Line]
    var suggested: [Line]
    /// Whether a list is longer than what of it is shown.
    var isCut: Bool

    /// How many lines of each list the page shows; the figures above count all.
    private static let shown = 500

    /// - Parameter canApply: whether the reader is the second person that the plan waits for.
    init(_ plan: Plan, canApply: Bool, _ sites: [String: String], _ page: PageWriter) {
        incident = plan.incident
        digest = plan.digest
        self.canApply = canApply
        let longest = max(plan.seats.count, plan.unmet.count, plan.suggestedAllotments.count)
        isCut = longest > Self.shown
        totals = [
            NamedFigure(name: page.text("whoGetsWhat"), value: "\(plan.seats.count)"),
            NamedFigure(name: page.text("whoIsLeft"), value: "\(plan.unmet.count)"),
            NamedFigure(
                name: page.text("wouldSeatAll"),
                value: "\(plan.suggestedAllotments.reduce(0) { $0 + $1.seats })"),
        ]
        seats = plan.seats.prefix(Self.shown).map {
            Line(
                receipt: $0.receipt, what: page.text("plan.\($0.action.rawValue)"),
                when: SpokenTime.seat(date: $0.date, slot: $0.slot, page.language),
                site: sites[$0.site] ?? $0.site)
        }
        unmet = plan.unmet.prefix(Self.shown).map {
            Line(receipt: $0.receipt, what: page.text("unmet.\($0.reason)"), when: "", site: "")
        }
        suggested = plan.suggestedAllotments.prefix(Self.shown).map {
            Line(
                receipt: "", what: "\($0.seats)",
                when: SpokenTime.seat(date: $0.date, slot: $0.slot, page.language),
                site: sites[$0.site] ?? $0.site)
        }
    }
}
