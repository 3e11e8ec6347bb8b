/// Staff, statistics, the audit trail, the access log and working days.
import FoundationEssentials
import RedressCore
import RedressDesk
import RedressStore

enum TrustOperations {
    static let all: [Operation] = staff + statistics + audit + calendar

    /// A row of the audit trail as it is shown.
    private struct AuditView: Encodable {
        var seq: Int
        var at: String
        var actor: String
        var action: String
        var subject: String
        var detail: String
    }

    private struct DueView: Encodable {
        var due: String
        var trace: [String]
    }

    private struct HolidayView: Encodable {
        var date: String
        var name: String
    }

    private static let staff: [Operation] = [
        .get(
            "listStaff", "staff", "Every member of the staff, page by page.", may: .manageStaff,
            query: Paging.fields, answer: "StaffPage"
        ) {
            try .json(Page(try await $0.desk.staff.list(by: $0.actor), $0) { $0.name })
        },
        .post(
            "addStaff", "staff", "Add a member of the staff.", may: .manageStaff, .once,
            body: [
                Field("name", .text(64), "The name.", "김상담"),
                Field("role", .choice(Role.ofStaff.map(\.rawValue)), "What they are.", "agent"),
                Field("team", .text(64), "The team whose list of work they share.", "1팀").optional,
            ], answer: "Done", status: 201
        ) { call in
            try await call.desk.staff.add(
                try call.text("name"), role: try call.parsed("role") { Role(rawValue: $0) },
                team: call.optionalText("team"), by: call.actor)
            return try .json(["done": true], status: 201)
        },
        .post(
            "disableStaff", "staff/{name}/disable", "Disable a member of the staff at once, tokens and all.",
            may: .manageStaff, .repeatable, answer: "Done"
        ) { call in
            try await call.desk.staff.setDisabled(try call.part("name"), true, by: call.actor)
            return try .json(["done": true])
        },
        .post(
            "enableStaff", "staff/{name}/enable", "Enable a member of the staff again.", may: .manageStaff,
            .repeatable, answer: "Done"
        ) { call in
            try await call.desk.staff.setDisabled(try call.part("name"), false, by: call.actor)
            return try .json(["done": true])
        },
        .post(
            "declareRelation", "relations",
            "Declare that a member of the staff is, or is related to, a person: they never act on that case.",
            may: .workCases, .repeatable,
            body: [
                Field("staff", .text(64), "The member of the staff.", "김상담"),
                Field("kind", .choice(RelationKind.allCases.map(\.rawValue)), "What they are.", "relative"),
                Field("person", .text(64), "The person, by the register's id.", "P00042"),
                Field("incident", .text(64), "The incident.", "2021-07-19"),
            ], answer: "Done"
        ) { call in
            try await call.desk.relations.declare(
                try call.text("staff"), is: try call.parsed("kind") { RelationKind(rawValue: $0) },
                to: try call.text("person"), incident: try call.text("incident"), by: call.actor)
            return try .json(["done": true])
        },
    ]

    private static let statistics: [Operation] = [
        .get(
            "showStatistics", "statistics/{period}",
            "The statistics of a week, its month, or everything to its end (`week`, `month`, `to-date`).",
            may: .readStatistics,
            query: [
                Field("week", .week, "The ISO week in Seoul; the current one when left out.", "2021-W29")
                    .optional,
                Field(
                    "edition", .choice(["internal", "public"]),
                    "In the public one small numbers are withheld.", "public"
                )
                .optional,
            ], answer: "StatisticsReport"
        ) { call in
            guard let kind = StatisticsPeriod.Kind(rawValue: try call.part("period")) else {
                throw RedressError(.notFound, "There are statistics of: week, month, to-date.")
            }
            let edition = try call.optional("edition") { StatisticsReport.Edition(rawValue: $0) } ?? .internal
            return try .json(
                try await call.desk.statistics.report(
                    kind, try call.optional("week") { try Week($0) }, edition: edition, by: call.actor))
        }
    ]

    private static let audit: [Operation] = [
        .get(
            "showAudit", "audit", "The last things that were done, the newest first.", may: .readAudit,
            query: [
                Field("limit", .integer(1...1000), "How many; 20 when left out.", 20).optional,
                Field(
                    "subject", .text(200), "Only about this receipt number, slot or incident.", "2021-07-19"
                )
                .optional,
            ], answer: "AuditList"
        ) { call in
            let rows = try await call.desk.audit.show(
                call.integer("limit") ?? 20, subject: call.optionalText("subject"), by: call.actor)
            return try .json(
                rows.map {
                    AuditView(
                        seq: $0.seq, at: $0.at.description, actor: $0.actor, action: $0.action,
                        subject: $0.subject,
                        detail: $0.detail.split(separator: "\n").joined(separator: " "))
                })
        },
        .get(
            "verifyAudit", "audit/verification", "Recompute the chain and compare it with every signed head.",
            may: .readAudit, answer: "AuditReport"
        ) { try .json(try await $0.desk.audit.verify(by: $0.actor)) },
        .get(
            "sampleAudit", "audit/samples",
            "Decided cases of a week for a spot check; the same week and seed pick the same ones.",
            may: .readAudit,
            query: [
                Field("week", .week, "The ISO week in Seoul.", "2021-W29"),
                Field("seed", .integer(0...2_147_483_647), "The seed, best drawn in public.", 7),
                Field("count", .integer(1...1000), "How many; 20 when left out.", 20).optional,
            ], answer: "ReceiptList"
        ) { call in
            try .json(
                try await call.desk.audit.sample(
                    try call.parsed("week") { try Week($0) }, seed: UInt64(call.integer("seed") ?? 0),
                    count: call.integer("count") ?? 20, by: call.actor))
        },
        .post(
            "showAccessLog", "access-log", "The looks at a case or a person, the newest first.",
            may: .readAudit, .none,
            body: [
                Field("subject", .text(200), "A receipt number, or INCIDENT/PERSON.", "2021-000417-8"),
                Field("limit", .integer(1...1000), "How many; 100 when left out.", 100).optional,
            ], answer: "AccessList"
        ) { call in
            let text = try call.text("subject")
            return try .json(
                try await call.desk.accesses.looks(
                    at: (try? ReceiptNumber(text).description) ?? text, limit: call.integer("limit") ?? 100,
                    by: call.actor))
        },
        .get(
            "showAccessMonth", "access-log/{month}",
            "A month's looks by member of the staff, with those outside of working hours.", may: .readAudit,
            answer: "AccessMonth"
        ) { call in
            let parts = try call.part("month").split(separator: "-").compactMap { Int($0) }
            guard parts.count == 2 else { throw RedressError(.notFound, "A month is written 2021-07.") }
            return try .json(try await call.desk.accesses.month(parts[0], parts[1], by: call.actor))
        },
    ]

    private static let calendar: [Operation] = [
        .get(
            "countDue", "calendar/due", "When an answer is due, and how that was counted.",
            may: .readStatistics,
            query: [
                Field("received", .instant, "When it was received.", "2024-12-06T10:06:58+09:00"),
                Field("days", .integer(1...365), "The period in working days.", 7),
            ], answer: "Due"
        ) { call in
            let calendar = try await call.desk.calendars.calendar()
            let deadline = try calendar.due(
                received: try call.parsed("received") { Instant($0) }, days: call.integer("days") ?? 1)
            return try .json(
                DueView(due: deadline.due.description, trace: deadline.trace.map(\.description)))
        },
        .get(
            "listHolidays", "calendar/holidays", "Every holiday that is counted with.", may: .readStatistics,
            answer: "HolidayList"
        ) {
            let calendar = try await $0.desk.calendars.calendar()
            return try .json(
                calendar.holidays.map { HolidayView(date: $0.date.description, name: $0.name) })
        },
        .post(
            "addHoliday", "calendar/holidays",
            "Add a holiday and count every open case's due time again; promised times stay.",
            may: .decideCases, .once,
            body: [
                Field("date", .date, "The date.", "2021-08-16"),
                Field("name", .text(100), "Its name.", "대체공휴일"),
            ], answer: "Lengthened"
        ) { call in
            try .json([
                "lengthened": try await call.desk.calendars.addHoliday(
                    try call.text("name"), on: try call.parsed("date") { CivilDate($0) }, by: call.actor)
            ])
        },
    ]
}
