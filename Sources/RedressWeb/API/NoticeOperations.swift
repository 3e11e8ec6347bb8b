/// Notices one by one and to many: tried again, cancelled, corrected, seen beforehand, asked for and agreed to.
import RedressCore
import RedressDesk

enum NoticeOperations {
    static let all: [Operation] = each + many

    /// A change of one notice.
    private static func change(
        _ id: String, _ move: String, _ summary: String, body: [Field] = [],
        _ run: @escaping @Sendable (Call, String) async throws -> NoticeView
    ) -> Operation {
        .post(
            id, "notices/{notice}/\(move)", summary, may: .workCases, .once, body: body, answer: "Notice"
        ) { call in try .json(try await run(call, try call.part("notice"))) }
    }

    private static let each: [Operation] = [
        .get(
            "showNoticeLag", "notices/lag", "How many notices wait, and for how long.", may: .readCases,
            answer: "NoticeLag"
        ) { call in
            try call.actor.require(.readCases)
            return try .json(try await call.desk.notices.lag())
        },
        .post(
            "previewNotice", "notices/previews", "A text as it would be read, as carriers count it.",
            may: .readCases, .none,
            body: [
                Field("event", .choice(NoticeEvent.allCases.map(\.rawValue)), "What happened.", "restored"),
                Field("language", .choice(["ko", "en"]), "The language.", "ko"),
                Field(
                    "values", .texts(20), "What the text names, each as name=text.",
                    ["name=박○○", "seat=8/16(월)10:00", "receipt=2021-000417-8"]),
            ], answer: "NoticePreview"
        ) { call in
            try call.actor.require(.readCases)
            var values: [String: String] = [:]
            for pair in call.texts("values") {
                let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else {
                    throw RedressError(
                        .badData, "`values` must be texts such as name=박○○.", details: ["field": "values"])
                }
                values[parts[0]] = parts[1]
            }
            return try .json(
                try call.desk.notices.preview(
                    try call.parsed("event") { NoticeEvent(rawValue: $0) },
                    try call.parsed("language") { NoticeLanguage(rawValue: $0) }, values))
        },
        change("retryNotice", "retry", "Send a notice again that was given up.") {
            try await $0.desk.notices.retry($1, by: $0.actor)
        },
        change(
            "cancelNotice", "cancel", "Take a notice back that has not left.",
            body: [Field("reason", .text(4000), "Why.", "중복 안내")]
        ) { try await $0.desk.notices.cancel($1, reason: try $0.text("reason"), by: $0.actor) },
        change(
            "correctNotice", "correction", "Tell the person that a text which left was an error.",
            body: [Field("text", .text(1000), "The correction.", "앞선 안내의 날짜는 8월 16일이 맞습니다.")]
        ) { try await $0.desk.notices.correct($1, text: try $0.text("text"), by: $0.actor) },
    ]

    private static let many: [Operation] = [
        .get(
            "listMassNotices", "mass-notices", "Notices to many, the newest first, page by page.",
            may: .readCases, query: Paging.fields, answer: "MassNoticePage"
        ) { call in
            try .json(Page(try await call.desk.massNotices.list(by: call.actor), call) { $0.id })
        },
        .post(
            "askMassNotice", "incidents/{incident}/mass-notices",
            "Ask for a notice to many: counted and shown; a second person must agree.", may: .decideCases,
            .once,
            body: [
                Field("text", .text(1000), "The text.", "복구 일정을 안내드립니다."),
                Field(
                    "states", .texts(CaseState.allCases.count),
                    "The states of the cases whose people are told.",
                    ["received"]),
                Field("per_minute", .integer(1...100_000), "How many are queued a minute.", 600),
            ], answer: "MassNotice", status: 201
        ) { call in
            let states = try call.texts("states").map { word in
                guard let state = CaseState(rawValue: word) else {
                    throw RedressError(
                        .badData, "`\(word.prefix(64))` is no state of a case.", details: ["field": "states"])
                }
                return state
            }
            return try .json(
                try await call.desk.massNotices.ask(
                    try call.text("text"), incident: try call.part("incident"), states: states,
                    perMinute: call.integer("per_minute") ?? 1, by: call.actor), status: 201)
        },
        .post(
            "approveMassNotice", "mass-notices/{notice}/approval",
            "Agree to a notice to many that somebody else asked for.", may: .decideCases, .once,
            answer: "MassNotice"
        ) { try .json(try await $0.desk.massNotices.approve(try $0.part("notice"), by: $0.actor)) },
        .post(
            "stopMassNotice", "mass-notices/{notice}/stop", "Stop it: nobody else is queued.",
            may: .decideCases,
            .once, answer: "MassNotice"
        ) { try .json(try await $0.desk.massNotices.stop(try $0.part("notice"), by: $0.actor)) },
    ]
}
