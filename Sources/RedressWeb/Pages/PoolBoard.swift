/// The board of the pool: one week, centres down, dates across, each slot with what is free, held, seated and asked for.
import RedressCore
import RedressDesk

/// One slot of the board.
struct BoardSlot {
    var slug: String
    var time: String
    var reserved: Int
    var held: Int
    var seated: Int
    var claims: Int
    var lacking: Int
    var isShort: Bool
    var said: String

    init(_ slot: PoolStatus, _ page: PageWriter) {
        slug = slot.slug
        let spoken = TimeOfDay(slot.slot).map { SpokenTime.time($0, page.language) } ?? slot.slot
        time = slot.slot
        (reserved, held, seated, claims) = (slot.reserved, slot.held, slot.seated, slot.claims)
        lacking = slot.lacking
        isShort = lacking > 0
        let counts = [
            ("reserved", reserved), ("held", held), ("seated", seated), ("claims", claims),
        ].map { "\(page.text($0.0)) \($0.1)" }
        let ending = isShort ? [page.text("shortBy", ["n": "\(lacking)"])] : []
        said = ([spoken, slot.vaccine] + counts + ending).joined(separator: ", ")
    }
}

extension PoolStatus {
    /// Seats that open claims on the slot lack.
    var lacking: Int { max(0, claims - reserved - held) }

    /// What stands for the slot in an address.
    var slug: String {
        "\(site)_\(vaccine)_\(date)_\(slot)".map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
            .reduce(into: "") { $0.append($1) }
    }
}

/// A week of the pool.
struct PoolBoard {
    struct Column {
        var date: String
    }

    struct Row {
        var site: String
        var cells: [Cell]
    }

    struct Cell {
        var date: String
        var slots: [BoardSlot]
    }

    /// The most slots of one page: a board that a browser draws at once.
    private static let most = 150

    var incident: String
    var weeks: [PageShell.Link]
    var columns: [Column]
    var rows: [Row]
    var pages: [PageShell.Link]
    var hasPages: Bool

    /// The board of a week; of the first that has a slot short of seats, when none is named.
    init(
        _ incident: String, _ slots: [PoolStatus], _ sites: [String: String], week: String?, number: Int,
        _ page: PageWriter
    ) {
        self.incident = incident
        let byWeek = Dictionary(grouping: slots) { slot in
            CivilDate(slot.date).map { Week(containing: $0).description } ?? slot.date
        }
        let names = byWeek.keys.sorted()
        let short = names.first { byWeek[$0]?.contains { $0.lacking > 0 } == true }
        let chosen = week.flatMap { byWeek[$0] == nil ? nil : $0 } ?? short ?? names.first ?? ""
        weeks = names.map { name in
            let lacking = byWeek[name]?.reduce(0) { $0 + $1.lacking } ?? 0
            let first = byWeek[name]?.map(\.date).min().flatMap { CivilDate($0) }
            let said = first.map { SpokenTime.date($0, page.language) } ?? name
            return PageShell.Link(
                href: "/staff/pool/\(incident)/weeks/\(name)/1",
                text: said + (lacking > 0 ? " ▲\(lacking)" : ""),
                isHere: name == chosen)
        }
        let shown = byWeek[chosen] ?? []
        let dates = Set(shown.map(\.date)).sorted()
        columns = dates.map { date in
            Column(date: Self.said(date, page))
        }
        let bySite = Dictionary(grouping: shown, by: \.site)
        // The centres that lack most come first.
        let ordered = bySite.map { site, slots in
            (site: site, slots: slots, lacking: slots.reduce(0) { $0 + $1.lacking })
        }.sorted { (-$0.lacking, sites[$0.site] ?? $0.site) < (-$1.lacking, sites[$1.site] ?? $1.site) }
        var parts: [[(site: String, slots: [PoolStatus], lacking: Int)]] = [[]]
        var count = 0
        for entry in ordered {
            if count > 0, count + entry.slots.count > Self.most {
                parts.append([])
                count = 0
            }
            parts[parts.count - 1].append(entry)
            count += entry.slots.count
        }
        let index = min(max(1, number), parts.count) - 1
        rows = parts[index].map { entry in
            let byDate = Dictionary(grouping: entry.slots, by: \.date)
            return Row(
                site: sites[entry.site] ?? entry.site,
                cells: dates.map { date in
                    Cell(
                        date: Self.said(date, page),
                        slots: (byDate[date] ?? []).sorted {
                            (-$0.lacking, $0.slot, $0.vaccine) < (-$1.lacking, $1.slot, $1.vaccine)
                        }.map { BoardSlot($0, page) })
                })
        }
        hasPages = parts.count > 1
        pages = parts.indices.map {
            PageShell.Link(
                href: "/staff/pool/\(incident)/weeks/\(chosen)/\($0 + 1)", text: "\($0 + 1)",
                isHere: $0 == index)
        }
    }

    private static func said(_ date: String, _ page: PageWriter) -> String {
        CivilDate(date).map { SpokenTime.date($0, page.language) } ?? date
    }
}
