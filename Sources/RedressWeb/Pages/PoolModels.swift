/// What the pages of the pool show: the board with what is short and what waits, one slot, and the reserve to keep.
import RedressCore
import RedressDesk

/// The pool of an incident.
struct PoolModel {
    struct Short {
        var slug: String
        var when: String
        var site: String
        var badge: Badge
        var claims: Int
        var reserved: Int
        var held: Int
    }

    struct Asked {
        var id: String
        var slot: String
        var seats: Int
        var authority: String
        var by: String
        var when: String
    }

    /// A plan that waits for a second person.
    struct Waiting {
        var href: String
        var open: String
        var by: String
        var isMine: Bool

        init(_ plan: WaitingPlan, _ page: PageWriter) {
            href = "/staff/plan/\(plan.plan.incident)/\(plan.plan.digest)"
            open = page.text("planOpen", ["n": "\(plan.open)", "of": "\(plan.plan.seats.count)"])
            by = plan.madeBy + ", " + SpokenTime.moment(plan.madeAt, page.language)
            isMine = plan.madeBy == page.actor?.name
        }
    }

    private static let mostShort = 12

    var incident: String
    var canPlan: Bool
    var plan: Waiting?
    var totals: [NamedFigure]
    var board: PoolBoard
    var shorts: [Short]
    var hasShorts: Bool
    var requests: [Asked]
    var hasRequests: Bool
    var sites: [Choice]
    var vaccines: [String]
    var authority: String

    init(
        _ incident: String, _ slots: [PoolStatus], _ names: [String: String],
        _ asked: [AllotmentRequestView], _ plan: WaitingPlan?, _ board: PoolBoard, _ page: PageWriter,
        _ typed: PageForm?
    ) {
        self.incident = incident
        self.board = board
        canPlan = page.may(.manageCapacity)
        self.plan = plan.map { Waiting($0, page) }
        let columns: [(String, KeyPath<PoolStatus, Int>)] = [
            ("allotted", \.allotted), ("reserved", \.reserved), ("held", \.held), ("seated", \.seated),
            ("claims", \.claims), ("lacking", \.lacking),
        ]
        totals = columns.map { name, path in
            NamedFigure(name: page.text(name), value: "\(slots.reduce(0) { $0 + $1[keyPath: path] })")
        }
        shorts = slots.filter { $0.lacking > 0 }
            .sorted { (-$0.lacking, $0.date, $0.slot, $0.site) < (-$1.lacking, $1.date, $1.slot, $1.site) }
            .prefix(Self.mostShort).map { slot in
                Short(
                    slug: slot.slug, when: SpokenTime.seat(date: slot.date, slot: slot.slot, page.language),
                    site: names[slot.site] ?? slot.site,
                    badge: Badge(kind: "bad", text: page.text("shortBy", ["n": "\(slot.lacking)"])),
                    claims: slot.claims, reserved: slot.reserved, held: slot.held)
            }
        hasShorts = !shorts.isEmpty
        requests = asked.map {
            Asked(
                id: $0.request, slot: $0.slot, seats: $0.seats, authority: $0.authority, by: $0.askedBy,
                when: SpokenTime.moment($0.askedAt, page.language))
        }
        hasRequests = !requests.isEmpty
        sites = names.sorted { $0.value < $1.value }.map {
            Choice(value: $0.key, text: $0.value, isChosen: $0.key == typed?["site"])
        }
        vaccines = Set(slots.map(\.vaccine)).sorted()
        authority = typed?["authority"] ?? ""
    }
}

/// One slot of the pool.
struct SlotModel {
    struct Entry {
        var when: String
        var kind: String
        var seats: Int
        var receipt: String?
        var authority: String
        var actor: String
    }

    var incident: String
    var slug: String
    var when: String
    var site: String
    var vaccine: String
    var totals: [NamedFigure]
    var short: Badge
    var entries: [Entry]
    var canAllot: Bool
    var seats: String
    var authority: String

    init(
        _ incident: String, _ slot: PoolStatus, _ sites: [String: String], _ journal: [EntryView],
        _ page: PageWriter, _ typed: PageForm?
    ) {
        self.incident = incident
        slug = slot.slug
        when = SpokenTime.seat(date: slot.date, slot: slot.slot, page.language)
        site = sites[slot.site] ?? slot.site
        vaccine = slot.vaccine
        totals = [
            ("allotted", slot.allotted), ("reserved", slot.reserved), ("held", slot.held),
            ("seated", slot.seated), ("kept", slot.kept), ("released", slot.released),
            ("claims", slot.claims),
        ].map { NamedFigure(name: page.text($0.0), value: "\($0.1)") }
        short =
            slot.lacking > 0
            ? Badge(kind: "bad", text: page.text("shortBy", ["n": "\(slot.lacking)"]))
            : Badge(kind: "good", text: page.text("enough"))
        entries = journal.map {
            Entry(
                when: SpokenTime.moment($0.at, page.language), kind: page.word("entry", $0.kind),
                seats: $0.seats, receipt: $0.receipt.value, authority: $0.authority.value ?? "",
                actor: $0.actor)
        }
        canAllot = page.may(.manageCapacity)
        seats = typed?["seats"] ?? ""
        authority = typed?["authority"] ?? ""
    }
}

/// How many seats to reserve, and what other chances would cost.
struct ReserveModel {
    struct What {
        var chance: String
        var seats: Int
        var lacking: Int
        var all: String
    }

    struct Line {
        var when: String
        var site: String
        var verified: Int
        var undecided: Int
        var needed: Int
        var reserved: Int
        var lacking: Int
        var now: String
    }

    var incident: String
    var chance: String
    var whatIf: [What]
    var slots: [Line]
    var assumed: [NamedFigure]

    init(_ incident: String, _ advice: ReserveAdvice, _ sites: [String: String], _ page: PageWriter) {
        self.incident = incident
        chance = "\(advice.chance)"
        whatIf = advice.whatIf.map {
            What(
                chance: Self.percent($0.chance), seats: $0.seats, lacking: $0.lacking,
                all: Self.percent($0.chanceOfAll))
        }
        slots = advice.slots.sorted { $0.lacking > $1.lacking }.prefix(100).map { slot in
            Line(
                when: SpokenTime.seat(slot.seat, page.language),
                site: sites[slot.seat.site] ?? slot.seat.site,
                verified: slot.verified, undecided: slot.undecided, needed: slot.needed,
                reserved: slot.reserved, lacking: slot.lacking, now: Self.percent(slot.chanceNow))
        }
        assumed = advice.assumed.sorted { $0.key < $1.key }.map {
            NamedFigure(
                name: page.word("verdict", $0.key)
                    + " (\(page.text("decidedSoFar", ["n": "\(advice.decided[$0.key] ?? 0)"])))",
                value: Self.percent($0.value))
        }
    }

    private static func percent(_ chance: Double) -> String { "\((chance * 1000).rounded() / 10)%" }
}
