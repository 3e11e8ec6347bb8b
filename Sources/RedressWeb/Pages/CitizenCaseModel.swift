/// A citizen's case as its page shows it: where it stands, what the logs show, what may be done.
import RedressCore
import RedressDesk
import RedressEvidence

/// What the templates of a case show.
struct CitizenCaseModel {
    struct Step {
        var mark: String
        var isNow: Bool
        var state: String
        var text: String
        var when: String?
    }

    struct Offer {
        var seat: String
        var site: String
        var until: String
        var untilMachine: String
        var held: String?
        var accept: String
        var decline: String
    }

    struct Decision {
        var outcome: String
        var reason: String?
        var sentence: String
        var objectUntil: String?
    }

    struct Finding {
        var outcome: String
        var state: String
        var text: String
    }

    struct Saying {
        var text: String
        var who: String
        var when: String
    }

    struct File {
        var name: String
        var when: String
    }

    struct Message {
        var text: String
        var state: String
        var when: String
    }

    struct Seat {
        var when: String
        var site: String
    }

    var path: String
    var receipt: String
    var name: String
    var state: Badge
    var headline: String
    var explanation: String
    var due: String?
    var dueNote: String
    var lost: Seat
    var held: [Seat]
    var restored: Seat?
    var wanted: String
    var steps: [Step]
    var offer: Offer?
    var question: String?
    var decision: Decision?
    var hasFindings: Bool
    var findings: [Finding]
    var hasMore: Bool
    var moreFindings: [Finding]
    var hasSayings: Bool
    var sayings: [Saying]
    var hasFiles: Bool
    var files: [File]
    var messages: [Message]
    var assignee: String
    var canObject: Bool
    var canWithdraw: Bool
    var canDocument: Bool
    var isOpen: Bool
    var next: [String]

    init(_ story: OwnStory, _ place: Int, _ page: CitizenWriter) {
        let view = story.own.summary
        let language = page.language
        func seat(_ date: String, _ slot: String, _ site: String) -> Seat {
            Seat(
                when: SpokenTime.seat(date: date, slot: slot, language), site: story.sites[site] ?? site)
        }
        let path = "/my/cases/\(place)"
        self.path = path
        receipt = view.receipt
        name = story.name ?? ""
        state = page.badge("own.state", view.state)
        lost = Seat(
            when: page.lost(view), site: view.site.value.map { story.sites[$0] ?? $0 } ?? "")
        held = story.held.map { seat($0.date, $0.slot, $0.site) }
        restored = view.restored.value.map { seat($0.date, $0.slot, $0.site) }
        let offered = story.own.offer.value
        let words = [
            "seat": (restored ?? offered.map { seat($0.seat.date, $0.seat.slot, $0.seat.site) } ?? lost).when,
            "due": SpokenTime.date(view.dueAt, language),
            "held": held.first?.when ?? "",
        ]
        let key = Self.key(story)
        headline = page.text("own.\(key)", words)
        explanation = page.text("own.\(key).text", words)
        let state = CaseState(rawValue: view.state) ?? .received
        isOpen = state.isOpen
        due = isOpen ? SpokenTime.date(view.dueAt, language) : nil
        dueNote = page.text(view.clock == "statutory" ? "dueStatutory" : "dueInternal")
        wanted = page.text("wish.\(story.wanted.rawValue)")
        steps = CitizenSteps.steps(story, page)
        offer = offered.map { offer in
            Offer(
                seat: SpokenTime.seat(offer.seat, language),
                site: story.sites[offer.seat.site] ?? offer.seat.site,
                until: SpokenTime.moment(offer.until, language), untilMachine: offer.until,
                held: story.held.first.map {
                    SpokenTime.seat(date: $0.date, slot: $0.slot, language)
                }, accept: "\(path)/accept", decline: "\(path)/decline")
        }
        question = story.question
        decision = story.decision.map { decision in
            Decision(
                outcome: page.text("own.state.\(decision.outcome.rawValue)"),
                reason: (language == .ko ? decision.reason?.korean : decision.reason?.english.asSentence),
                sentence: decision.sentence,
                objectUntil: decision.objectUntil.map { SpokenTime.date($0, language) })
        }
        (findings, moreFindings) = CitizenFindings.sentences(story, page)
        hasFindings = !findings.isEmpty
        hasMore = !moreFindings.isEmpty
        hasSayings = !story.sayings.isEmpty
        hasFiles = !story.files.isEmpty
        sayings = story.sayings.map {
            Saying(
                text: $0.text, who: page.text($0.isOwn ? "said.own" : "said.staff"),
                when: SpokenTime.moment($0.at, language))
        }
        files = Self.files(story, page)
        messages = story.messages.map {
            Message(
                text: page.known("message", $0.event), state: page.known("message.state", $0.state),
                when: SpokenTime.moment($0.at, language))
        }
        assignee = view.assignee.value ?? page.text("desk")
        canObject = story.decision?.objectUntil != nil
        canWithdraw = CitizenAct.withdraw.states.contains(view.state)
        canDocument = story.decision != nil || restored != nil
        next = ["1", "2", "3"].map { "next.\(key).\($0)" }.filter { Words.table[$0] != nil }
            .map { page.text($0, words) }
    }

    static func files(_ story: OwnStory, _ page: CitizenWriter) -> [File] {
        story.files.map { File(name: $0.name, when: SpokenTime.moment($0.at, page.language)) }
    }

    /// Which words a case is told in: by its state, and where the logs decide, by what they add up to.
    static func key(_ story: OwnStory) -> String {
        let view = story.own.summary
        switch view.state {
        case "verifying" where view.verdict.value == "verified": return "verified"
        case "in-review":
            if view.booking.hasPrefix("unlisted-") { return "unlisted" }
            return view.verdict.value == "verified" ? "deciding" : "in-review"
        case "received" where view.booking.hasPrefix("unlisted-"): return "unlisted"
        case "offered":
            return story.own.offer.value?.rung == Remedy.originalSlot.rawValue ? "offered" : "other"
        case "restored", "closed":
            guard let rung = view.rung.value else { return view.state == "closed" ? "closed" : "restored" }
            return rung == Remedy.originalSlot.rawValue ? "restored" : "seated"
        default: return view.state
        }
    }
}

/// The line of steps: received, the logs, what was found, the seat.
enum CitizenSteps {
    static func steps(_ story: OwnStory, _ page: CitizenWriter) -> [CitizenCaseModel.Step] {
        let view = story.own.summary
        func first(_ states: Set<CaseState>) -> Instant? {
            story.steps.first { states.contains($0.state) }?.at
        }
        func last(_ states: Set<CaseState>) -> Instant? {
            story.steps.last { states.contains($0.state) }?.at
        }
        let ends: Set<CaseState> = [.restored, .rejected, .notAffected, .withdrawn, .transferred, .closed]
        let found: Set<CaseState> = [
            .inReview, .offered, .waitlisted, .restored, .rejected, .notAffected, .awaitingApproval,
        ]
        let isVerified = view.verdict.value == "verified"
        let isEnded = CaseState(rawValue: view.state).map(ends.contains) ?? false
        let foundAt =
            isVerified
            ? first(found) ?? first([.verifying])
            : last([.restored, .rejected, .notAffected]) ?? last([.inReview])
        let endWord =
            ["rejected", "not-affected", "withdrawn", "transferred"].contains(view.state)
            ? "step.end.\(view.state)"
            : isEnded ? "step.seat.done" : "step.seat.\(view.state == "offered" ? "offered" : "todo")"
        let steps: [(key: String, at: Instant?, isDone: Bool)] = [
            ("step.received", first([.received]), true),
            ("step.checking", first([.verifying]), first([.verifying]) != nil || isEnded),
            (isVerified ? "step.verified" : "step.found", foundAt, isVerified || isEnded),
            (endWord, isEnded ? last(ends) : last([.offered]), isEnded),
        ]
        let now = steps.firstIndex { !$0.isDone }
        return steps.enumerated().map { index, step in
            // What ended without a seat is over, and no success.
            let isOver = step.isDone && step.key.hasPrefix("step.end.")
            let mark = isOver ? "over" : step.isDone ? "past" : index == now ? "now" : "todo"
            return CitizenCaseModel.Step(
                mark: mark, isNow: mark == "now", state: page.text("step.\(mark)"), text: page.text(step.key),
                when: step.isDone || index == now
                    ? step.at.map { SpokenTime.moment($0, page.language) } : nil)
        }
    }
}

/// What the logs show, in sentences with times as people say them: the decisive ones first, the rest to unfold.
enum CitizenFindings {
    private static let decisive = ["queued", "admitted", "accepted", "told", "revoked"]

    static func sentences(
        _ story: OwnStory, _ page: CitizenWriter
    ) -> ([CitizenCaseModel.Finding], [CitizenCaseModel.Finding]) {
        let order = ["contradicts", "supports", "missing"]
        let sorted = story.findings.enumerated().sorted { one, other in
            let (left, right) = (rank(one.element), rank(other.element))
            return left == right ? one.offset < other.offset : left < right
        }.map(\.element)
        func rank(_ finding: OwnStory.Finding) -> Int {
            finding.outcome == order[0] ? -1 : decisive.firstIndex(of: finding.rule) ?? decisive.count
        }
        let first = sorted.filter { rank($0) < decisive.count && $0.outcome != "missing" }
        let rest = sorted.filter { rank($0) == decisive.count || $0.outcome == "missing" }
        func said(_ findings: [OwnStory.Finding]) -> [CitizenCaseModel.Finding] {
            findings.map { finding in
                CitizenCaseModel.Finding(
                    outcome: finding.outcome, state: page.text("finding.\(finding.outcome)"),
                    text: SpokenText.said(
                        page.language == .ko ? finding.korean : finding.english, page.language))
            }
        }
        return (said(first), said(rest))
    }
}

/// Says the dates and times inside a sentence.
enum SpokenText {
    static func said(_ sentence: String, _ language: Language) -> String {
        let dates = sentence.replacing(/(\d{4}-\d{2}-\d{2})( at)?( \d{2}:\d{2}(?::\d{2})?)?/) { match in
            guard let date = CivilDate(String(match.1)) else { return String(match.0) }
            let time = match.3.flatMap { TimeOfDay(String($0.dropFirst().prefix(5))) }
            return SpokenTime.date(date, language)
                + (time.map { "\(match.2 ?? "") \(SpokenTime.time($0, language))" } ?? "")
        }
        return dates.replacing(/\b(\d{2}:\d{2}):\d{2}/) { match in
            TimeOfDay(String(match.1)).map { SpokenTime.time($0, language) } ?? String(match.0)
        }
    }
}

extension String {
    /// The words as the beginning of a sentence.
    fileprivate var asSentence: String { prefix(1).uppercased() + dropFirst() }
}
