/// What the pages of contacts show: the form of an open one, and the lists of those that wait for a call.
import RedressCore
import RedressDesk

/// One choice of a list.
struct Choice {
    var value: String
    var text: String
    var isChosen: Bool

    /// Every value of a kind in the words of the page.
    static func all<Value: CaseIterable & RawRepresentable>(
        _ kind: Value.Type, _ group: String, chosen: String?, _ page: PageWriter
    ) -> [Choice] where Value.RawValue == String {
        kind.allCases.map {
            Choice(
                value: $0.rawValue, text: page.text("\(group).\($0.rawValue)"),
                isChosen: $0.rawValue == chosen
            )
        }
    }
}

/// The form of a contact that goes on.
struct ContactForm {
    var id: String
    var receipt: String?
    var version: Int
    var since: String
    var number: String?
    var isVerified: Bool
    var speakers: [Choice]
    var wrapUps: [Choice]
    var note: String
    var promise: String
    var callBackDay: String
    var callBackTime: String

    init(_ view: ContactView, isVerified: Bool, _ page: PageWriter, typed: PageForm? = nil) {
        id = view.id
        receipt = view.receipt.value
        version = view.version
        since = SpokenTime.moment(view.at, page.language)
        number = view.number.value
        self.isVerified = isVerified
        let speaker = typed?.optional("speaker") ?? view.speaker.value
        speakers = Choice.all(Speaker.self, "speaker", chosen: speaker ?? Speaker.person.rawValue, page)
        wrapUps = WrapUp.allCases.filter { $0 != .dropped }.map {
            Choice(value: $0.rawValue, text: page.text("wrap.\($0.rawValue)"), isChosen: false)
        }
        note = typed?.optional("note") ?? view.note.value ?? ""
        promise = typed?.optional("promise") ?? view.promise.value ?? ""
        let due = view.callBackAt.value.flatMap { Instant($0) }
        callBackDay = typed?.optional("call_back_day") ?? due.map { "\($0.date)" } ?? ""
        callBackTime = typed?.optional("call_back_time") ?? due.map { "\($0.timeOfDay)" } ?? ""
    }
}

/// The screen pop of somebody who is not known yet.
struct CallModel {
    var contact: ContactForm
    var people: [FoundModel.Person]
}

/// A contact in a list: nothing of what was said.
struct ContactLine {
    var id: String
    var receipt: String?
    var what: String
    var state: Badge
    var when: String
    var due: String?
    var actor: String
    var canCallBack: Bool

    init(_ view: ContactView, _ page: PageWriter) {
        id = view.id
        receipt = view.receipt.value
        what = page.text("channel.\(view.channel)")
        state = page.badge("contact", view.state)
        when = SpokenTime.moment(view.at, page.language)
        due = view.callBackAt.value.map { SpokenTime.moment($0, page.language) }
        actor = view.actor
        canCallBack = view.state == ContactState.dropped.rawValue || due != nil
    }
}

/// A notice that somebody tells by voice.
struct CallOutLine {
    var notice: String
    var receipt: String
    var event: String
    var reason: String
    var since: String

    init(_ view: CallOut, _ page: PageWriter) {
        notice = view.notice
        receipt = view.receipt
        event = page.text("notice.\(view.event)")
        reason = page.text("callOut.\(view.reason)")
        since = SpokenTime.moment(view.since, page.language)
    }
}

/// A call to be made before an offer lapses.
struct OfferCallLine {
    var receipt: String
    var due: String
    var reason: String

    init(_ view: OfferCallView, _ page: PageWriter) {
        receipt = view.receipt
        due = SpokenTime.moment(view.dueAt, page.language)
        let isUnseen = view.reason == OfferCallView.unseen
        reason = page.text(isUnseen ? "offerCall.unseen" : "offerCall.lapses")
    }
}

/// What waits for a call.
struct ContactListModel {
    var offerCalls: [OfferCallLine]
    var unfinished: [ContactLine]
    var callBacks: [ContactLine]
    var callOuts: [CallOutLine]
}

/// A promise on top of the caller's page.
struct PromiseLine {
    var id: String
    var text: String
    var by: String
    var due: String?
    var canKeep: Bool

    init(_ view: ContactView, _ page: PageWriter) {
        id = view.id
        text = view.promise.value ?? ""
        by = view.actor + ", " + SpokenTime.moment(view.at, page.language)
        due = view.callBackAt.value.map { SpokenTime.moment($0, page.language) }
        canKeep = page.may(.workCases)
    }
}
