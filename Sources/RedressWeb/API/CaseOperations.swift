/// Cases: lists, one case with what is known of it, and the papers.
import FoundationEssentials
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

enum CaseOperations {
    static let all: [Operation] = lists + looks + papers

    private static let lists: [Operation] = [
        .get(
            "listCases", "cases", "Cases by receipt number, page by page.", may: .readCases,
            query: [
                Field("incident", .text(64), "Only this incident's.", "2021-07-19").optional,
                Field(
                    "state", .choice(CaseState.allCases.map(\.rawValue)), "Only in this state.", "in-review"
                )
                .optional,
            ] + Paging.fields, answer: "CasePage"
        ) { call in
            let cases = try await call.desk.cases.list(
                incident: call.optionalText("incident"),
                state: try call.optional("state") { CaseState(rawValue: $0) }, by: call.actor)
            return try .json(Page(cases, call) { $0.receipt })
        },
        .get(
            "listWork", "work/{list}", "A list of work, the most urgent first.", may: .readCases,
            query: Paging.fields, answer: "CasePage"
        ) { call in
            let name = try call.part("list")
            guard let list = WorkList(rawValue: name) else {
                let names = WorkList.allCases.map(\.rawValue).joined(separator: ", ")
                throw RedressError(.notFound, "There is no such list of work. There is: \(names).")
            }
            return try .json(Page(try await call.desk.work.list(list, by: call.actor), call) { $0.receipt })
        },
        .post(
            "takeNext", "work/next", "Take the next case that waits for a human; nobody else gets it.",
            may: .workCases, .once, answer: "CaseOrNone"
        ) { call in
            try .json(["case": OrNull(try await call.desk.work.next(by: call.actor))])
        },
        .post(
            "escalate", "work/escalations", "Put every case that is about to be late before the supervisor.",
            may: .workCases, .once, answer: "CaseList"
        ) { call in try .json(try await call.desk.work.escalate(by: call.actor)) },
        .post(
            "bulk", "work/bulk",
            "Assign, note or notify many cases: a preview, then the same with `confirm`.",
            may: .decideCases, .once,
            body: [
                Field("act", .choice(["assign", "note", "notice"]), "What is done.", "note"),
                Field("text", .text(4000), "To whom, the note, or the notice.", "전화 안내 예정"),
                Field("receipts", .receipts(WorkDesk.bulkCap), "The cases.", ["2021-000417-8"]),
                Field("confirm", .text(128), "The digest that the preview gave.", "6c1f0a").optional,
            ], answer: "BulkReport"
        ) { call in
            let text = try call.text("text")
            let act: BulkAct =
                switch try call.text("act") {
                case "assign": .assign(text)
                case "note": .note(text, isShown: false)
                default: .notice(text)
                }
            return try .json(
                try await call.desk.work.bulk(
                    act, try call.texts("receipts").map { try ReceiptNumber($0) },
                    confirm: call.optionalText("confirm"), by: call.actor))
        },
        .get(
            "listOutliers", "outliers",
            "Decided cases that ended otherwise than most with the same findings.",
            may: .readAudit, query: Paging.fields, answer: "OutlierPage"
        ) { call in
            let outliers = try await call.desk.reviews.outliers(by: call.actor)
            return try .json(Page(outliers, call) { "\($0.unusual)/\($0.receipts.first ?? "")" })
        },
    ]

    private static let looks: [Operation] = [
        .post(
            "openCase", "cases", "Open the case of a revoked booking, or find the one there is.",
            may: .workCases, .repeatable,
            body: [
                Field("booking", .text(64), "The number of the booking that was revoked.", "B1042"),
                Field("incident", .text(64), "The incident.", "2021-07-19"),
                Field("channel", .choice(HeardBy.claims), "How it reached you.", "call").optional,
            ], answer: "Case"
        ) { call in
            let channel = try call.optional("channel") { Channel(rawValue: $0) } ?? .call
            let opened = try await call.desk.cases.open(
                booking: try call.text("booking"), incident: try call.text("incident"),
                origin: channel == .page || channel == .letter ? .applied : .dictated, channel: channel,
                by: call.actor)
            return try .edited(opened.case)
        },
        .get(
            "showCase", "cases/{receipt}", "A case with its findings and the lines they rest on.",
            may: .readCases, answer: "CaseDetail"
        ) { call in
            let detail = try await call.desk.cases.show(try call.receipt(), by: call.actor, origin: "api")
            var answer = try Answer.json(detail)
            answer.version = detail.summary.version
            return answer
        },
        .get(
            "showTimeline", "cases/{receipt}/timeline", "Everything that happened in a case, in order.",
            may: .readCases,
            query: [Field("citizen", .flag, "Only what the citizen may see.", true).optional],
            answer: "Timeline"
        ) { call in
            try .json(
                try await call.desk.timelines.timeline(
                    of: try call.receipt(), forCitizen: call.flag("citizen"), by: call.actor, origin: "api"))
        },
        .get(
            "listRelated", "cases/{receipt}/related", "Cases that have to do with this one, and why.",
            may: .readCases, answer: "RelatedList"
        ) { call in
            try .json(
                try await call.desk.timelines.related(to: try call.receipt(), by: call.actor, origin: "api"))
        },
        .get(
            "listSimilar", "cases/{receipt}/similar", "How decided cases with the same findings ended.",
            may: .readCases, answer: "SimilarCases"
        ) { call in
            try .json(
                try await call.desk.reviews.similar(try call.receipt(), by: call.actor, origin: "api"))
        },
        .get(
            "showEvidence", "cases/{receipt}/evidence",
            "A person's evening line by line, each line read again from its file and checked.",
            may: .readCases, answer: "EvidenceTimeline"
        ) { call in
            try .json(
                try await call.desk.evidenceDesk.timeline(
                    try call.receipt(), by: call.actor, origin: "api"))
        },
    ]

    private static let papers: [Operation] = [
        .get(
            "showPacket", "cases/{receipt}/packet", "The evidence packet as a page to print.",
            may: .readCases,
            query: [
                Field("language", .choice(["ko", "en"]), "The language; Korean when left out.", "ko").optional
            ],
            answer: "text/html; charset=utf-8"
        ) { call in
            let language = try call.optional("language") { Language(rawValue: $0) } ?? .ko
            return .file(
                try await call.desk.evidenceDesk.packet(
                    try call.receipt(), language, by: call.actor, origin: "api"), "text/html; charset=utf-8")
        },
        .get(
            "showDecision", "cases/{receipt}/decision", "The decision document as a page to print.",
            may: .readCases,
            query: [Field("large_print", .flag, "In large print.", true).optional],
            answer: "text/html; charset=utf-8"
        ) { call in
            .file(
                try await call.desk.decisions.document(
                    of: try call.receipt(), largePrint: call.flag("large_print"), by: call.actor,
                    origin: "api"),
                "text/html; charset=utf-8")
        },
        .get(
            "listAttachments", "cases/{receipt}/attachments", "The attachments of a case.", may: .readCases,
            query: Paging.fields, answer: "AttachmentPage"
        ) { call in
            let files = try await call.desk.attachments.list(
                of: try call.receipt(), by: call.actor, origin: "api")
            return try .json(Page(files, call) { $0.id })
        },
        .post(
            "addAttachment", "cases/{receipt}/attachments",
            "Add a PNG, JPEG or PDF to a case; its metadata is removed.", may: .workCases, .once,
            body: [
                Field("name", .text(200), "The file's name.", "screen.png"),
                Field("content", .bytes(AttachmentBytes.largest), "The file, as base64.", "iVBORw0KGgo="),
            ], answer: "Attachment", status: 201, mostBytes: AttachmentBytes.largest * 4 / 3 + 4096
        ) { call in
            guard let data = Data(base64Encoded: try call.text("content")) else {
                throw RedressError(.badData, "`content` must be base64.")
            }
            return try .json(
                try await call.desk.attachments.add(
                    [UInt8](data), name: try call.text("name"), to: try call.receipt(), by: call.actor),
                status: 201)
        },
        .post(
            "downloadAttachment", "attachments/{attachment}/downloads",
            "An attachment's content; why it is taken is recorded.", may: .unmask, .none,
            body: [Field("reason", .text(4000), "Why.", "화면 사진 확인")], answer: "application/octet-stream"
        ) { call in
            let file = try await call.desk.attachments.download(
                try call.part("attachment"), reason: try call.text("reason"), by: call.actor, origin: "api")
            return Answer(type: "application/octet-stream", bytes: file.bytes)
        },
    ]
}

/// The channels that several operations share.
enum HeardBy {
    /// How something was heard: every channel but the sweep.
    static let claims = Channel.allCases.filter { $0 != .sweep }.map(\.rawValue)
    /// How an answer to an offer was heard.
    static let answers = [Channel.call, .page, .text].map(\.rawValue)
}

/// One page of a list that has a stable order.
struct Page<Item: Encodable>: Encodable {
    var items: [Item]
    /// What to give as `cursor` for the next page; null on the last.
    var nextCursor: OrNull<String>

    /// Cuts the page out of the whole list: `limit` items after the one whose key the cursor names.
    init(_ all: [Item], _ call: Call, key: (Item) -> String) throws {
        let limit = call.integer("limit") ?? 100
        var start = 0
        if let cursor = call.optionalText("cursor") {
            guard let data = Data(base64Encoded: cursor), let last = String(data: data, encoding: .utf8),
                let place = all.firstIndex(where: { key($0) == last })
            else {
                throw RedressError(
                    .badData, "`cursor` names no place in this list. Begin again without it.",
                    details: ["field": "cursor"])
            }
            start = place + 1
        }
        items = Array(all[start...].prefix(limit))
        let isLast = start + items.count >= all.count
        nextCursor = OrNull(
            isLast ? nil : items.last.map { Data(key($0).utf8).base64EncodedString() })
    }
}

/// The parameters every paged list takes.
enum Paging {
    static let fields = [
        Field("limit", .integer(1...1000), "How many; 100 when left out.", 100).optional,
        Field("cursor", .cursor, "Where to go on: `next_cursor` of the page before.", "MjAyMQ==").optional,
    ]
}
