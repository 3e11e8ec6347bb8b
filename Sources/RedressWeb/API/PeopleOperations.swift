/// Callers and how they are reached: lookups by POST, contacts, representatives, call-outs, notices, saved answers.
import RedressCore
import RedressDesk
import RedressStore

enum PeopleOperations {
    static let all: [Operation] = lookups + contacts + reach + words

    private static let lookups: [Operation] = [
        .post(
            "lookUp", "lookups",
            "Everyone a caller can be, masked: by `phone`, `booking`, `receipt`, `name` with `birth_date`, or `last_four`.",
            may: .lookUp, .none,
            body: [
                Field("phone", .text(40), "The phone number in any spelling.", "010-1234-5678").optional,
                Field("name", .text(100), "The name; with `birth_date`.", "홍길동").optional,
                Field("birth_date", .date, "The date of birth.", "1967-03-01").optional,
                Field("last_four", .text(4), "The last four digits of the number.", "5678").optional,
                Field("booking", .text(64), "The booking number.", "B1042").optional,
                Field("receipt", .text(40), "The receipt number.", "2021-000417-8").optional,
            ], answer: "LookupReport"
        ) { call in
            try .json(try await call.desk.lookups.find(try query(call), by: call.actor, origin: "api"))
        },
        .post(
            "unmask", "lookups/unmask", "One person's data in clear; who looked, and why, is recorded.",
            may: .unmask, .none,
            body: [
                Field("incident", .text(64), "The incident.", "2021-07-19"),
                Field("person", .text(64), "The person, by the register's id.", "P00042"),
                Field("reason", .text(4000), "Why it must be seen in clear.", "본인 확인 전화"),
            ], answer: "PersonCard"
        ) { call in
            try .json(
                try await call.desk.lookups.unmask(
                    try call.text("person"), incident: try call.text("incident"),
                    reason: try call.text("reason"), by: call.actor, origin: "api"))
        },
    ]

    private static func query(_ call: Call) throws -> LookupQuery {
        let born = try call.optional("birth_date") { CivilDate($0) }
        switch Set(call.body.keys) {
        case ["phone"]: return .phone(try call.text("phone"))
        case ["booking"]: return .booking(try call.text("booking"))
        case ["receipt"]: return .receipt(try call.text("receipt"))
        case ["name", "birth_date"]:
            if let born { return .name(try call.text("name"), birthDate: born) }
        case let keys
        where keys.contains("last_four") && keys.isSubset(of: ["last_four", "name", "birth_date"]):
            return .lastFour(try call.text("last_four"), name: call.optionalText("name"), birthDate: born)
        default: break
        }
        throw RedressError(
            .badData,
            "Give one of `phone`, `booking`, `receipt`, `last_four` (with `name` or `birth_date`), or `name` with `birth_date`."
        )
    }

    private static let known = [
        Field("receipt", .receipt, "The case it is about.", "2021-000417-8").optional,
        Field("speaker", .choice(Speaker.allCases.map(\.rawValue)), "Who speaks.", "person").optional,
        Field("recording_id", .text(200), "The telephone system's id of the recording.", "r-7f3a").optional,
        Field("note", .text(4000), "What was said; kept encrypted.", "원래 날짜를 원함").optional,
        Field("promise", .text(4000), "What was promised.", "오늘 중 다시 전화").optional,
        Field("call_back", .instant, "When we call back.", "2021-07-21T10:00:00+09:00").optional,
    ]

    private static func edit(_ call: Call) throws -> ContactEdit {
        var edit = ContactEdit()
        edit.receipt = try call.optional("receipt") { try ReceiptNumber($0) }
        edit.speaker = try call.optional("speaker") { Speaker(rawValue: $0) }
        edit.recordingID = call.optionalText("recording_id")
        edit.note = call.optionalText("note")
        edit.promise = call.optionalText("promise")
        edit.callBackAt = try call.optional("call_back") { Instant($0) }
        return edit
    }

    private static let contacts: [Operation] = [
        .get(
            "listContacts", "contacts", "Drafts and broken lines; with `call_backs`, what was promised.",
            may: .workCases,
            query: [Field("call_backs", .flag, "Call-backs promised and not made.", true).optional]
                + Paging.fields,
            answer: "ContactPage"
        ) { call in
            let views =
                call.flag("call_backs")
                ? try await call.desk.contacts.callBacks(by: call.actor)
                : try await call.desk.contacts.unfinished(by: call.actor)
            return try .json(Page(views, call) { $0.id })
        },
        .post(
            "beginContact", "contacts", "Begin a contact; a draft is kept from here on.", may: .workCases,
            .once,
            body: [
                Field("channel", .choice(HeardBy.claims), "How.", "call"),
                Field("call_id", .text(200), "The telephone system's id of the call.", "7f3a").optional,
                Field("number", .text(40), "The calling number.", "010-1234-5678").optional,
            ], answer: "Contact", status: 201
        ) { call in
            try .json(
                try await call.desk.contacts.begin(
                    channel: try call.parsed("channel") { Channel(rawValue: $0) },
                    callID: call.optionalText("call_id"), number: call.optionalText("number"), by: call.actor),
                status: 201)
        },
        .get(
            "showContact", "contacts/{contact}", "One contact, by its id or the call's id.", may: .workCases,
            answer: "Contact"
        ) { try .json(try await $0.desk.contacts.show(try $0.part("contact"), by: $0.actor, origin: "api")) },
        .put(
            "saveContact", "contacts/{contact}", "Save what is known so far; what is left out stays.",
            may: .workCases, body: known, answer: "Contact"
        ) { try .json(try await $0.desk.contacts.save(try $0.part("contact"), try edit($0), by: $0.actor)) },
        .post(
            "verifyCaller", "contacts/{contact}/verify", "Compare what the caller states with the register.",
            may: .workCases, .once,
            body: [
                Field("receipt", .receipt, "The case whose person they say they are.", "2021-000417-8"),
                Field("name", .text(100), "The name as stated.", "홍길동"),
                Field("birth_date", .date, "The birth date as stated.", "1967-03-01"),
                Field(
                    "facts", .texts(10), "Facts of the booking: site, date, time, vaccine, number.", ["10:00"]
                ),
            ], answer: "Fits"
        ) { call in
            let stated = StatedFacts(
                name: try call.text("name"), birthDate: try call.parsed("birth_date") { CivilDate($0) },
                bookingFacts: call.texts("facts"))
            return try .json(
                try await call.desk.contacts.verify(
                    try call.part("contact"), as: try call.parsed("receipt") { try ReceiptNumber($0) },
                    stated,
                    by: call.actor, origin: "api"))
        },
        .post(
            "endContact", "contacts/{contact}/end", "End a contact.", may: .workCases, .once,
            body: [Field("wrap_up", .choice(WrapUp.allCases.map(\.rawValue)), "How it ended.", "request")]
                + known,
            answer: "Contact"
        ) { call in
            try .json(
                try await call.desk.contacts.end(
                    try call.part("contact"), as: try call.parsed("wrap_up") { WrapUp(rawValue: $0) },
                    try edit(call), by: call.actor))
        },
        .post(
            "warnCaller", "contacts/{contact}/warn",
            "Warn an abusive caller; nothing about their case changes.",
            may: .workCases, .once, answer: "Contact"
        ) { try .json(try await $0.desk.contacts.warn(try $0.part("contact"), by: $0.actor)) },
        .post(
            "calledBack", "contacts/{contact}/called-back", "Note that a promised call back was made.",
            may: .workCases, .once, answer: "Contact"
        ) { try .json(try await $0.desk.contacts.calledBack(try $0.part("contact"), by: $0.actor)) },
    ]

    private static let reach: [Operation] = [
        .post(
            "prefer", "cases/{receipt}/preference", "Write how the person wants to be told.", may: .workCases,
            .repeatable,
            body: [
                Field("channel", .choice(PreferredChannel.allCases.map(\.rawValue)), "The channel.", "call")
            ],
            answer: "Done"
        ) { call in
            try await call.desk.reach.prefer(
                try call.parsed("channel") { PreferredChannel(rawValue: $0) }, for: try call.receipt(),
                by: call.actor)
            return try .json(["done": true])
        },
        .post(
            "askNumber", "cases/{receipt}/number", "Ask for a change of the person's number, with two facts.",
            may: .workCases, .once,
            body: [
                Field("number", .text(40), "The new number.", "010-9876-5432"),
                Field(
                    "facts", .texts(10), "Facts of the lost booking; two are needed.", ["moderna", "10:00"]),
            ], answer: "Case"
        ) { call in
            try .edited(
                try await call.desk.reach.askNumber(
                    try call.text("number"), for: try call.receipt(), facts: call.texts("facts"),
                    by: call.actor))
        },
        .post(
            "approveNumber", "cases/{receipt}/number/approval",
            "Approve a change of number somebody asked for.",
            may: .workCases, .once, answer: "Case"
        ) { try .edited(try await $0.desk.reach.approveNumber(for: try $0.receipt(), by: $0.actor)) },
        .get(
            "listRepresentatives", "cases/{receipt}/representatives", "Who may speak for the person, masked.",
            may: .readCases, answer: "RepresentativeList"
        ) { call in
            try .json(
                try await call.desk.reach.representatives(
                    of: try call.receipt(), by: call.actor, origin: "api"))
        },
        .post(
            "addRepresentative", "cases/{receipt}/representatives", "Record who may speak for the person.",
            may: .workCases, .once, body: mandate, answer: "Representative", status: 201
        ) { call in
            let new = NewRepresentative(
                name: try call.text("name"), phone: try call.text("phone"),
                relation: try call.text("relation"),
                scope: try call.parsed("scope") { RepresentativeScope(rawValue: $0) },
                proof: try call.parsed("proof") { MandateProof(rawValue: $0) },
                noticesTo: try call.parsed("notices_to") { Addressee(rawValue: $0) },
                until: try call.parsed("until") { CivilDate($0) })
            return try .json(
                try await call.desk.reach.addRepresentative(new, for: try call.receipt(), by: call.actor),
                status: 201)
        },
        .post(
            "endRepresentative", "cases/{receipt}/representatives/{representative}/end",
            "End a mandate at once.", may: .workCases, .once, answer: "Done"
        ) { call in
            try await call.desk.reach.endRepresentative(
                try call.part("representative"), for: try call.receipt(), by: call.actor)
            return try .json(["done": true])
        },
        .get(
            "listCallOuts", "call-outs", "Notices that somebody must tell by voice or letter.",
            may: .workCases, query: Paging.fields, answer: "CallOutPage"
        ) {
            try .json(Page(try await $0.desk.reach.callOuts(by: $0.actor), $0) { $0.notice })
        },
        .post(
            "endCallOut", "call-outs/{notice}/end", "End a call-out task.", may: .workCases, .once,
            body: [Field("told", .flag, "Whether the person was told.", true)], answer: "Done"
        ) { call in
            try await call.desk.reach.endCallOut(
                try call.part("notice"), told: call.flag("told"), by: call.actor)
            return try .json(["done": true])
        },
    ]

    private static let mandate = [
        Field("name", .text(100), "The representative's name.", "박아들"),
        Field("phone", .text(40), "Their number.", "010-9876-5432"),
        Field("relation", .text(100), "What they are to the person.", "아들"),
        Field("scope", .choice(RepresentativeScope.allCases.map(\.rawValue)), "What they may do.", "ask"),
        Field(
            "proof", .choice(MandateProof.allCases.map(\.rawValue)), "How it was proven.", "three-way-call"),
        Field("notices_to", .choice(Addressee.allCases.map(\.rawValue)), "Whom notices go to.", "both"),
        Field("until", .date, "The last day it holds.", "2021-12-31"),
    ]

    private static let words: [Operation] = [
        .get(
            "listNotices", "notices", "Every notice of the outbox, page by page.", may: .readCases,
            query: Paging.fields, answer: "NoticePage"
        ) {
            try .json(Page(try await $0.desk.notices.list(by: $0.actor), $0) { $0.id })
        },
        .get(
            "listAnswers", "answers", "Texts saved to be used again in notes.", may: .readCases,
            query: Paging.fields, answer: "AnswerPage"
        ) { try .json(Page(try await $0.desk.notes.answers(by: $0.actor), $0) { $0.name }) },
        .put(
            "saveAnswer", "answers/{name}", "Save an answer, or replace the one of that name.",
            may: .decideCases,
            body: [Field("text", .text(4000), "What it says.", "접수번호 {receipt}는 {due}까지 처리합니다.")],
            answer: "SavedAnswer"
        ) { call in
            let (name, text) = (try call.part("name"), try call.text("text"))
            try await call.desk.notes.save(name, text, by: call.actor)
            return try .json(SavedAnswer(name: name, text: text))
        },
    ]
}
