/// The caller's page: who, what was lost, what to say, why, and what to do next.
import RedressCore
import RedressDesk
import RedressEvidence

/// What the template of the caller's page shows.
struct CaseModel {
    struct Held {
        var when: String
        var site: String
    }

    struct Finding {
        var outcome: Badge
        var text: String
        var place: String?
    }

    struct Happening {
        var at: String
        var kind: String
        var text: String
        var actor: String
    }

    struct Choice {
        var choice: Int
        var when: String
        var site: String
        var distance: String
        var free: String
    }

    struct Request {
        var what: String
        var reason: String
        var sentence: String
        var by: String
        var similar: String
        var links: [Alike]
    }

    struct Alike {
        var outcome: String
        var receipts: [String]
    }

    var receipt: String
    var version: Int
    var key: String
    var state: Badge
    var overdue: Bool
    var due: String
    var firstDeadline: String
    var name: String
    var phone: String
    var birthDate: String?
    var origin: String
    var received: String
    var assignee: String
    var canUnmask: Bool
    var canWork: Bool
    var canDocument: Bool
    var typedNote: String
    var hasTypedNote: Bool
    var promises: [PromiseLine]
    var contact: ContactForm?
    var canBegin: Bool
    var typedContact: String
    var broken: [ContactLine]
    var talking: [String]
    var notices: [NoticeLine]
    var numberAskedBy: String?
    var answers: [String]
    var hasAnswers: Bool
    var offerUntil: OfferClock?
    var otherCases: [CaseLine]
    var booking: String
    var lost: String
    var lostSite: String
    var holds: [Held]
    var verdict: Badge?
    var readAloud: String
    var hasEvidence: Bool
    var findings: [Finding]
    var timeline: [Happening]
    var actions: [CaseActionModel]
    var hasMore: Bool
    var more: [CaseActionModel]
    var hasChoices: Bool
    var choices: [Choice]
    var request: Request?

    init(_ facts: CaseFacts, _ page: PageWriter, _ extra: CaseExtra) {
        let view = facts.detail.summary
        let language = page.language
        let (unmasked, typed) = (extra.unmasked, extra.typed)
        receipt = view.receipt
        version = view.version
        key = Self.freshKey()
        state = page.badge("state", view.state)
        overdue = view.overdue
        due = SpokenTime.moment(view.dueAt, language)
        firstDeadline = SpokenTime.moment(view.firstDeadline, language)
        name = unmasked?.name.value ?? facts.person?.name.value ?? view.person
        phone = unmasked?.phone.value ?? facts.person?.phone.value ?? "–"
        birthDate = unmasked?.birthDate.value
        origin = page.text("origin.\(view.origin)")
        received = SpokenTime.moment(view.receivedAt, language)
        assignee = view.assignee.value ?? page.text("nobody")
        canUnmask = page.may(.unmask) && unmasked == nil
        canWork = page.may(.workCases)
        canDocument = ["restored", "rejected", "not-affected", "closed"].contains(view.state)
        typedNote = extra.note
        hasTypedNote = !extra.note.isEmpty
        promises = facts.contacts.promises.prefix(2).map { PromiseLine($0, page) }
        let drafts = facts.contacts.unfinished.filter { $0.state == ContactState.draft.rawValue }
        let mine = drafts.first { $0.actor == page.actor?.name }
        contact = mine.map {
            ContactForm($0, isVerified: facts.contacts.isVerified, page, typed: extra.contact)
        }
        canBegin = canWork && mine == nil
        typedContact = extra.contact?["note"] ?? ""
        broken = facts.contacts.unfinished.filter { $0.state == ContactState.dropped.rawValue }
            .map { ContactLine($0, page) }
        talking = drafts.filter { $0.actor != page.actor?.name }.map(\.actor)
        notices = facts.notices.prefix(4).map { NoticeLine($0, page) }
        numberAskedBy = facts.reach.numberAskedBy
        answers = facts.answers
        hasAnswers = !answers.isEmpty
        offerUntil = facts.offer.map { OfferClock($0, page) }
        otherCases = (facts.person?.cases ?? []).filter { $0.receipt != view.receipt }.map {
            CaseLine($0, page)
        }
        booking = view.booking
        lost = view.lostSeat(page)
        lostSite = view.site.value.map { facts.sites[$0] ?? $0 } ?? ""
        holds = facts.held.map {
            Held(
                when: SpokenTime.seat(date: $0.date, slot: $0.slot, language),
                site: facts.sites[$0.site] ?? $0.site)
        }
        verdict = view.verdict.value.map { page.badge("verdict", $0) }
        readAloud = ReadAloud.sentence(facts, page)
        hasEvidence = !facts.detail.findings.isEmpty
        findings = Self.findings(facts, page)
        timeline = Happening.all(facts, page)
        let steps = CaseActionModel.all(facts, page, key: key, typed: typed)
        let first = Array(steps.filter(\.isFirst).prefix(3))
        actions = first
        more = steps.filter { step in !first.contains { $0.act == step.act } }
        hasMore = !more.isEmpty
        choices = facts.isEntitled && facts.offers?.freeOnLost == 0 ? Self.choices(facts, page) : []
        hasChoices = !choices.isEmpty
        request = facts.request.map { Self.request($0, facts.similar, page) }
    }

    /// Names one filled-in page, so that sending it twice does a thing once.
    static func freshKey() -> String {
        var random = SystemRandomNumberGenerator()
        return String(random.next(), radix: 36) + String(random.next(), radix: 36)
    }

    /// The decisive findings first; what does not apply to this person is not shown.
    private static func findings(_ facts: CaseFacts, _ page: PageWriter) -> [Finding] {
        let order = ["contradicts", "supports", "missing"]
        return order.flatMap { outcome in facts.detail.findings.filter { $0.outcome == outcome } }.map {
            Finding(
                outcome: page.badge("outcome", $0.outcome), text: page.language == .ko ? $0.textKo : $0.text,
                place: $0.citations.first.map { citation in
                    "\(citation.file.split(separator: "/").last ?? ""):\(citation.line)"
                })
        }
    }

    private static func choices(_ facts: CaseFacts, _ page: PageWriter) -> [Choice] {
        (facts.offers?.choices ?? []).prefix(3).map { choice in
            let isSame = choice.site == facts.detail.summary.site.value
            let kilometres = "\((choice.kilometres * 10).rounded() / 10)"
            return Choice(
                choice: choice.choice,
                when: SpokenTime.seat(date: choice.date, slot: choice.slot, page.language), site: choice.name,
                distance: isSame ? page.text("sameSite") : page.text("km", ["n": kilometres]),
                free: page.text("freeSeats", ["n": "\(choice.free)"]))
        }
    }

    private static func request(_ view: ApprovalView, _ similar: SimilarCases?, _ page: PageWriter) -> Request
    {
        let reason = view.reason.value.flatMap(ReasonCode.init)
        let outcomes = (similar?.outcomes ?? [:]).sorted { $0.key < $1.key }
            .map { "\(page.text("state.\($0.key)")) \($0.value)" }
        return Request(
            what: page.text("act.\(view.kind)"),
            reason: (page.language == .ko ? reason?.korean : reason?.english) ?? "", sentence: view.sentence,
            by: view.askedBy,
            similar: outcomes.isEmpty ? page.text("none") : outcomes.joined(separator: ", "),
            links: (similar?.receipts ?? [:]).sorted { $0.key < $1.key }.map {
                Alike(outcome: page.text("state.\($0.key)"), receipts: $0.value)
            })
    }
}
