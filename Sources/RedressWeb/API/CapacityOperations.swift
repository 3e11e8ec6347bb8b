/// Incidents, their reserved pool, and bulk restoration: a plan that is shown, and an apply that does what was shown.
import FoundationEssentials
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

enum CapacityOperations {
    static let all: [Operation] = incidents + pool + plans + exports

    /// An incident as it is listed.
    private struct IncidentView: Encodable {
        var id: String
        var name: String
        var from: String
        var to: String
    }

    private static let slot = [
        Field("site", .text(64), "The site's id.", "C001"),
        Field("vaccine", .text(64), "The vaccine.", "moderna"),
        Field("date", .date, "The date.", "2021-08-16"),
        Field("slot", .time, "The time.", "10:00"),
    ]

    private static func slot(_ call: Call) throws -> Slot {
        Slot(
            site: try call.text("site"), vaccine: try call.text("vaccine"),
            date: try call.parsed("date") { CivilDate($0) }, time: try call.parsed("slot") { TimeOfDay($0) })
    }

    private static let incidents: [Operation] = [
        .get(
            "listIncidents", "incidents", "The incidents, the newest first.", may: .readCases,
            query: Paging.fields, answer: "IncidentPage"
        ) { call in
            let incidents = try await call.desk.incidents.list(by: call.actor).map {
                IncidentView(
                    id: $0.id, name: $0.name, from: $0.from.description, to: $0.to.description)
            }
            return try .json(Page(incidents, call) { $0.id })
        },
        .post(
            "sweep", "incidents/{incident}/sweeps",
            "Find everyone affected, open a case for each (once), and read the logs for them.",
            may: .workCases, .repeatable, answer: "SweepReport"
        ) { try .json(try await $0.desk.incidents.sweep(try $0.part("incident"), by: $0.actor)) },
        .get(
            "listCoverage", "incidents/{incident}/coverage",
            "How complete the logs are, minute by minute, page by page.", may: .readCases,
            query: Paging.fields,
            answer: "CoveragePage"
        ) { call in
            let cells = try await call.desk.evidenceDesk.coverage(try call.part("incident"), by: call.actor)
            return try .json(Page(cells, call) { "\($0.kind.rawValue)/\($0.node)/\($0.minute)" })
        },
        .get(
            "listQuarantine", "incidents/{incident}/quarantine",
            "Lines that could not be read, page by page.",
            may: .readCases, query: Paging.fields, answer: "QuarantinePage"
        ) { call in
            let lines = try await call.desk.evidenceDesk.quarantine(try call.part("incident"), by: call.actor)
            return try .json(Page(lines, call) { "\($0.offset)/\($0.line)/\($0.file)" })
        },
        .get(
            "listOfferCalls", "incidents/{incident}/offer-calls", "Calls to be made before an offer lapses.",
            may: .readCases, query: Paging.fields, answer: "OfferCallPage"
        ) { call in
            let calls = try await call.desk.offers.calls(try call.part("incident"), by: call.actor)
            return try .json(Page(calls, call) { "\($0.receipt)/\($0.reason)/\($0.dueAt)" })
        },
    ]

    private static let pool: [Operation] = [
        .get(
            "showPool", "incidents/{incident}/pool", "Every slot of the pool with its balance, page by page.",
            may: .readCases, query: Paging.fields, answer: "PoolPage"
        ) { call in
            try await call.desk.pool.sweep()
            let slots = try await call.desk.pool.status(incident: try call.part("incident"), by: call.actor)
            return try .json(Page(slots, call) { "\($0.site)/\($0.vaccine)/\($0.date)/\($0.slot)" })
        },
        .get(
            "listHolds", "incidents/{incident}/pool/holds", "Seats promised and not taken yet, page by page.",
            may: .readCases, query: Paging.fields, answer: "HoldPage"
        ) { call in
            let holds = try await call.desk.pool.holds(incident: try call.part("incident"), by: call.actor)
            return try .json(Page(holds, call) { "\($0.receipt)/\($0.slot)" })
        },
        .get(
            "showJournal", "incidents/{incident}/pool/journal", "The pool's last entries, the newest first.",
            may: .readCases,
            query: [Field("limit", .integer(1...1000), "How many; 50 when left out.", 50).optional],
            answer: "JournalList"
        ) { call in
            try .json(
                try await call.desk.pool.journal(
                    incident: try call.part("incident"), limit: call.integer("limit") ?? 50, by: call.actor))
        },
        .post(
            "allot", "incidents/{incident}/pool/allotments", "Bring seats into the pool under an authority.",
            may: .manageCapacity, .once,
            body: slot + [
                Field("seats", .integer(1...100_000), "How many.", 3),
                Field("authority", .text(200), "The document or order that allows it.", "복구-2021-03"),
            ], answer: "AllotOutcome"
        ) { call in
            try .json(
                try await call.desk.pool.allot(
                    call.integer("seats") ?? 0, to: try slot(call), incident: try call.part("incident"),
                    authority: try call.text("authority"), by: call.actor))
        },
        .post(
            "release", "incidents/{incident}/pool/releases", "Give seats back to the public.",
            may: .manageCapacity, .once,
            body: slot + [Field("seats", .integer(1...100_000), "How many.", 3)], answer: "Done"
        ) { call in
            try await call.desk.pool.release(
                call.integer("seats") ?? 0, from: try slot(call), incident: try call.part("incident"),
                by: call.actor)
            return try .json(["done": true])
        },
        .get(
            "listAllotmentRequests", "incidents/{incident}/pool/requests",
            "Large allotments that wait for a second person.", may: .readCases, query: Paging.fields,
            answer: "AllotmentRequestPage"
        ) { call in
            let requests = try await call.desk.pool.requests(
                incident: try call.part("incident"), by: call.actor)
            return try .json(Page(requests, call) { $0.request })
        },
        .post(
            "decideAllotment", "allotment-requests/{request}/decision",
            "Approve or refuse a large allotment that somebody else asked for.", may: .manageCapacity, .once,
            body: [Field("approve", .flag, "true to approve, false to refuse.", true)], answer: "AllotOutcome"
        ) { call in
            try .json(
                try await call.desk.pool.decide(
                    try call.part("request"), approve: call.flag("approve"), by: call.actor))
        },
        .get(
            "showPoolPolicy", "incidents/{incident}/pool/policy", "The rules of the pool.", may: .readCases,
            answer: "PoolPolicy"
        ) { try .json(try await $0.desk.pool.policy(try $0.part("incident"), by: $0.actor)) },
        .put(
            "setPoolPolicy", "incidents/{incident}/pool/policy", "Set every rule of the pool.",
            may: .manageCapacity,
            body: [
                Field("cutoff_days", .integer(0...60), "The pool closes so many days before its date.", 2),
                Field("cutoff_minutes", .integer(0...1439), "At this minute of the day.", 1080),
                Field("offer_working_days", .integer(1...20), "Working days an offer runs.", 2),
                Field("large_allotment_seats", .integer(0...100_000), "More needs a second person.", 100),
                Field("nearby_kilometres", .integer(0...1000), "Farther is not near by.", 30),
            ], answer: "PoolPolicy"
        ) { call in
            let policy = PoolPolicy(
                cutoffDays: call.integer("cutoff_days") ?? 0,
                cutoffMinutes: call.integer("cutoff_minutes") ?? 0,
                offerWorkingDays: call.integer("offer_working_days") ?? 1,
                largeAllotmentSeats: call.integer("large_allotment_seats") ?? 0,
                nearbyKilometres: call.integer("nearby_kilometres") ?? 0)
            try await call.desk.pool.setPolicy(policy, incident: try call.part("incident"), by: call.actor)
            return try .json(policy)
        },
        .get(
            "advise", "incidents/{incident}/pool/advice",
            "How many seats to reserve for a chosen chance of seating everyone whose claim is good.",
            may: .readCases,
            query: [
                Field("chance", .number(0.01...0.9999), "The chance on each slot; 0.95 when left out.", 0.95)
                    .optional,
                Field("undetermined", .number(0...1), "The chance an undetermined claim is good.", 0.7)
                    .optional,
                Field("contradicted", .number(0...1), "The chance a contradicted claim is good.", 0.1)
                    .optional,
            ], answer: "ReserveAdvice"
        ) { call in
            var assumed: [String: Double] = [:]
            assumed["undetermined"] = call.number("undetermined")
            assumed["contradicted"] = call.number("contradicted")
            return try .json(
                try await call.desk.reserve.advise(
                    try call.part("incident"), chance: call.number("chance") ?? 0.95, assumed: assumed,
                    by: call.actor))
        },
    ]

    private static let plans: [Operation] = [
        .post(
            "plan", "incidents/{incident}/plans",
            "Show who would get what seat and who would be left; the plan is kept under its digest.",
            may: .readCases, .repeatable, answer: "Plan"
        ) { try .json(try await $0.desk.plans.plan(try $0.part("incident"), by: $0.actor)) },
        .post(
            "apply", "incidents/{incident}/plans/{digest}/apply",
            "Carry out exactly the plan that was shown.",
            may: .applyPlan, .repeatable, answer: "ApplyReport"
        ) { call in
            try .json(
                try await call.desk.plans.apply(
                    try call.part("digest"), incident: try call.part("incident"), by: call.actor))
        },
    ]

    private static let exports: [Operation] = [
        .get(
            "exportSeats", "incidents/{incident}/exports/seats",
            "Every booking that was changed, in the register's columns, without personal data.",
            may: .manageCapacity, answer: "text/csv; charset=utf-8"
        ) { call in
            .file(
                try await call.desk.exports.seats(try call.part("incident"), by: call.actor),
                "text/csv; charset=utf-8")
        },
        .post(
            "exportArrivals", "incidents/{incident}/exports/arrivals",
            "Who arrives where and when, with names; the reason is kept with everyone on the list.",
            may: .manageCapacity, .none,
            body: [
                Field("site", .text(64), "Only this centre's.", "C001").optional,
                Field("date", .date, "Only this day's.", "2021-08-16").optional,
                Field("reason", .text(4000), "Why the list is taken.", "접종 당일 명단"),
            ], answer: "text/csv; charset=utf-8"
        ) { call in
            .file(
                try await call.desk.exports.arrivals(
                    try call.part("incident"), site: call.optionalText("site"),
                    date: try call.optional("date") { CivilDate($0) }, reason: try call.text("reason"),
                    by: call.actor), "text/csv; charset=utf-8")
        },
    ]
}
