/// Every move of a case, and the seat that is held, offered, taken or given back.
import RedressCore
import RedressDesk

enum CaseEditOperations {
    static let all: [Operation] = seats + review + lifecycle + notes

    /// A change of one case that names the version that was seen.
    private static func edit(
        _ id: String, _ move: String, _ summary: String, may permission: Permission = .workCases,
        body: [Field] = [], _ run: @escaping @Sendable (Call, ReceiptNumber) async throws -> CaseView
    ) -> Operation {
        .post(
            id, "cases/{receipt}/\(move)", summary, may: permission, .edit, body: body, answer: "Case"
        ) { call in try .edited(try await run(call, try call.receipt())) }
    }

    /// Something about a seat, once for a key.
    private static func seat(
        _ id: String, _ move: String, _ summary: String, may permission: Permission = .workCases,
        effect: Operation.Effect = .edit, body: [Field] = [],
        _ run: @escaping @Sendable (Call, ReceiptNumber) async throws -> RestoreOutcome
    ) -> Operation {
        .post(
            id, "cases/{receipt}/\(move)", summary, may: permission, effect, body: body,
            answer: "RestoreOutcome"
        ) { call in try .json(try await run(call, try call.receipt())) }
    }

    private static let heard = [
        Field("heard_by", .choice(HeardBy.answers), "How the answer was heard.", "call"),
        Field("note", .text(4000), "What was said; kept encrypted.", "본인 확인 후 동의").optional,
        Field("mandate", .text(64), "The mandate of the representative who spoke.", "01H8").optional,
    ]
    private static let heardBy = Field("heard_by", .choice(HeardBy.claims), "How it was heard.", "call")
        .optional
    private static let reason = Field("reason", .text(4000), "Why.", "담당 기관이 다름")
    private static func sentence(_ help: String) -> Field {
        Field("sentence", .text(4000), help, "대기열을 거치지 않은 접속 기록이 확인되었습니다.")
    }
    private static func code(_ outcome: CaseState) -> Field {
        let codes = ReasonCode.allCases.filter { $0.decision == outcome }.map(\.rawValue)
        return Field("reason", .choice(codes), "The reason code.", .text(codes[0]))
    }

    private static func word(_ call: Call) throws -> HeardWord {
        HeardWord(
            try call.parsed("heard_by") { Channel(rawValue: $0) }, note: call.optionalText("note"),
            mandate: call.optionalText("mandate"), version: call.version)
    }

    private static let seats: [Operation] = [
        .get(
            "listOffers", "cases/{receipt}/offers",
            "The seats a person may be offered instead of the lost one.",
            may: .readCases, answer: "OfferList"
        ) { call in try .json(try await call.desk.offers.list(try call.receipt(), by: call.actor)) },
        seat("restore", "restore", "Seat a verified person on the original slot, or hold it and ask.") {
            try await $0.desk.restoration.restore($1, version: $0.version, key: $0.key, by: $0.actor)
        },
        seat(
            "offer", "offer", "Hold one of the offered seats for the person and ask them.",
            effect: .repeatable,
            body: [Field("choice", .integer(1...10_000), "The number in the list of offers.", 1)]
        ) {
            try await $0.desk.offers.choose(
                $0.integer("choice") ?? 0, for: $1, key: $0.key, by: $0.actor)
        },
        seat(
            "accept", "accept", "Record the person's yes and move them in the same transaction.", body: heard
        ) {
            try await $0.desk.restoration.accept(
                $1, try word($0), key: $0.key, by: $0.actor)
        },
        seat("decline", "decline", "Record the person's no: what they hold stays theirs.", body: heard) {
            try await $0.desk.restoration.decline(
                $1, try word($0), key: $0.key, by: $0.actor)
        },
        seat(
            "undo", "undo", "Take a move back within 30 minutes on the person's word.", may: .manageCapacity,
            body: heard
        ) {
            try await $0.desk.restoration.undo(
                $1, try word($0), key: $0.key, by: $0.actor)
        },
        seat("vacate", "vacate", "Record that a restored person gives their date up.", body: heard) {
            try await $0.desk.restoration.vacate(
                $1, try word($0), key: $0.key, by: $0.actor)
        },
        seat("wait", "wait", "Put a person in the line for the slot they lost.", effect: .once) {
            try await $0.desk.offers.wait($1, by: $0.actor)
        },
        seat("delivered", "delivered", "Record that an offer reached the person.", effect: .once) {
            try await $0.desk.offers.delivered($1, by: $0.actor)
        },
    ]

    private static let review: [Operation] = [
        .post(
            "verify", "cases/{receipt}/verify", "Read the logs for one case again and record the verdict.",
            may: .workCases, .repeatable, answer: "Case"
        ) { call in try .edited(try await call.desk.cases.verify(try call.receipt(), by: call.actor)) },
        edit(
            "ask", "ask", "Ask the person for something only they can tell; the clock stands still.",
            body: [Field("text", .text(4000), "What is asked.", "예약 완료 문자를 보내 주세요.")]
        ) {
            try await $0.desk.reviews.ask($1, for: try $0.text("text"), version: $0.version, by: $0.actor)
        },
        edit(
            "answered", "answered", "Write the person's answer down; the clock runs again.",
            body: [Field("note", .text(4000), "What the person answered.", "문자 화면 제출")]
        ) {
            try await $0.desk.reviews.answered(
                $1, note: try $0.text("note"), version: $0.version, by: $0.actor)
        },
        edit(
            "reject", "reject", "Propose a rejection; a second person must approve it.",
            body: [code(.rejected), sentence("The sentence for the citizen.")]
        ) {
            try await $0.desk.reviews.reject(
                $1, reason: try $0.parsed("reason") { ReasonCode(rawValue: $0) },
                sentence: try $0.text("sentence"), version: $0.version, by: $0.actor)
        },
        edit(
            "override", "override", "Propose that the claim is good though the logs do not show it.",
            body: [sentence("Why, as the decision document words it.")]
        ) {
            try await $0.desk.reviews.override(
                $1, sentence: try $0.text("sentence"), version: $0.version, by: $0.actor)
        },
        edit("approve", "approve", "Approve what somebody else proposed.", may: .decideCases) {
            try await $0.desk.reviews.approve($1, version: $0.version, by: $0.actor)
        },
        edit("sendBack", "send-back", "Do not approve: back to review.", may: .decideCases, body: [reason]) {
            try await $0.desk.reviews.sendBack(
                $1, reason: try $0.text("reason"), version: $0.version, by: $0.actor)
        },
        edit(
            "findNotAffected", "not-affected", "Find, as a human, that nothing was lost.",
            body: [code(.notAffected), sentence("The sentence for the citizen.")]
        ) {
            try await $0.desk.reviews.findNotAffected(
                $1, reason: try $0.parsed("reason") { ReasonCode(rawValue: $0) },
                sentence: try $0.text("sentence"), version: $0.version, by: $0.actor)
        },
    ]

    private static let lifecycle: [Operation] = [
        edit(
            "object", "object", "Write down that the person objects, within 60 days of the notice.",
            body: [
                Field("ground", .text(4000), "Why, in their words.", "대기열에서 한 시간 넘게 기다렸습니다."), heardBy,
            ]
        ) {
            try await $0.desk.lifecycle.object(
                $1, heardBy: try $0.optional("heard_by") { Channel(rawValue: $0) } ?? .call,
                ground: try $0.text("ground"), version: $0.version, by: $0.actor)
        },
        edit("takeUp", "take-up", "Take an objection up; only for somebody who has not handled the case.") {
            try await $0.desk.lifecycle.takeUp($1, version: $0.version, by: $0.actor)
        },
        edit(
            "withdraw", "withdraw", "Write down that the person takes the claim back; silence never is.",
            body: [Field("note", .text(4000), "What the person said.", "다른 날 접종하겠다고 함"), heardBy]
        ) {
            try await $0.desk.lifecycle.withdraw(
                $1, heardBy: try $0.optional("heard_by") { Channel(rawValue: $0) } ?? .call,
                note: try $0.text("note"), version: $0.version, by: $0.actor)
        },
        edit(
            "transfer", "transfer", "Hand a case to the agency in charge.", may: .decideCases,
            body: [Field("to", .text(200), "The agency.", "강남구 보건소"), reason]
        ) {
            try await $0.desk.lifecycle.transfer(
                $1, to: try $0.text("to"), reason: try $0.text("reason"), version: $0.version, by: $0.actor)
        },
        edit(
            "extend", "extend",
            "Lengthen the period by its own length; twice only with the person's consent.",
            body: [reason, Field("with_consent", .flag, "The person consented.", true).optional]
        ) {
            try await $0.desk.lifecycle.extend(
                $1, reason: try $0.text("reason"), withConsent: $0.flag("with_consent"), version: $0.version,
                by: $0.actor)
        },
        edit("close", "close", "Close a case that ended.") {
            try await $0.desk.lifecycle.close($1, version: $0.version, by: $0.actor)
        },
        edit(
            "reopen", "reopen", "Open a closed case again, on a fresh clock.", may: .decideCases,
            body: [reason]
        ) {
            try await $0.desk.lifecycle.reopen(
                $1, reason: try $0.text("reason"), version: $0.version, by: $0.actor)
        },
        edit(
            "merge", "merge", "Merge two cases of one person; the earlier stays.",
            body: [Field("into", .receipt, "The case it is the same as.", "2021-000417-8")]
        ) {
            try await $0.desk.lifecycle.merge(
                $1, into: try $0.parsed("into") { try ReceiptNumber($0) }, version: $0.version, by: $0.actor)
        },
        .post(
            "link", "cases/{receipt}/link", "Link two cases that have to do with each other.",
            may: .workCases, .once,
            body: [Field("with", .receipt, "The other case.", "2021-000417-8"), reason], answer: "Case"
        ) { call in
            try .edited(
                try await call.desk.lifecycle.link(
                    try call.receipt(), with: try call.parsed("with") { try ReceiptNumber($0) },
                    reason: try call.text("reason"), by: call.actor))
        },
    ]

    private static let notes: [Operation] = [
        edit(
            "assign", "assign", "Give a case to a member of the staff, or back to the list.",
            body: [Field("to", .text(64), "To whom; left out, back to the list.", "김상담").optional]
        ) {
            try await $0.desk.work.assign(
                $1, to: $0.optionalText("to"), version: $0.version, by: $0.actor)
        },
        edit(
            "note", "notes", "Write a note, for the staff or for the citizen too.",
            body: [
                Field("text", .text(4000), "The note.", "문자 화면 확인함").optional,
                Field("answer", .text(64), "The saved answer to use instead.", "안내").optional,
                Field("shown", .flag, "Show it to the citizen.", false).optional,
            ]
        ) { call, receipt in
            var words = call.optionalText("text")
            if let name = call.optionalText("answer") {
                guard words == nil else { throw RedressError(.badData, "Give either `text` or `answer`.") }
                words = try await call.desk.notes.fill(name, for: receipt, by: call.actor)
            }
            guard let words else { throw RedressError(.badData, "Give `text` or `answer`.") }
            return try await call.desk.notes.add(
                words, isShown: call.flag("shown"), to: receipt, version: call.version, by: call.actor)
        },
    ]
}
