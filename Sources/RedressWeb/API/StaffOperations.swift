/// What staff may do and how they get in: roles, invitations, tokens, and who was given what.
import RedressCore
import RedressDesk

enum StaffOperations {
    /// A one-use secret, shown once.
    private struct Invitation: Encodable {
        var invitation: String
        var hours: Int
    }

    /// A token, shown once.
    private struct Token: Encodable {
        var token: String
        var days: Int
    }

    // The answers that hold a secret are never kept under a key: asked for again, the secret is a new one.
    static let all: [Operation] = [
        .post(
            "setRole", "staff/{name}/role", "Give a member of the staff another role; their sessions end.",
            may: .manageStaff, .repeatable,
            body: [Field("role", .choice(Role.ofStaff.map(\.rawValue)), "What they are now.", "supervisor")],
            answer: "Done"
        ) { call in
            try await call.desk.staff.setRole(
                try call.part("name"), try call.parsed("role") { Role(rawValue: $0) }, by: call.actor)
            return try .json(["done": true])
        },
        .post(
            "invite", "staff/{name}/invitation",
            "Make a one-use secret with which they choose a password; an earlier one dies.",
            may: .manageStaff, .none, answer: "Invitation", status: 201
        ) { call in
            try .json(
                Invitation(
                    invitation: try await call.desk.signIn.invite(try call.part("name"), by: call.actor),
                    hours: SignInDesk.invitationHours), status: 201)
        },
        .post(
            "resetStaff", "staff/{name}/reset",
            "Take password, second factor, sessions and tokens away, and make a new invitation.",
            may: .manageStaff, .none, answer: "Invitation", status: 201
        ) { call in
            try .json(
                Invitation(
                    invitation: try await call.desk.signIn.reset(try call.part("name"), by: call.actor),
                    hours: SignInDesk.invitationHours), status: 201)
        },
        .post(
            "makeToken", "staff/{name}/tokens", "Make a token; it is shown once.", may: .manageStaff, .none,
            body: [
                Field(
                    "scope", .texts(Permission.allCases.count),
                    "The permissions it is limited to; everything its owner may do when left out.",
                    ["read-cases"]
                ).optional,
                Field("days", .integer(1...365), "How long it lives; 90 when left out.", 30).optional,
            ], answer: "Token", status: 201
        ) { call in
            let scope = try call.texts("scope").map { word in
                guard let permission = Permission(rawValue: word) else {
                    throw RedressError(
                        .badData, "`\(word.prefix(64))` is no permission.", details: ["field": "scope"])
                }
                return permission
            }
            let days = call.integer("days") ?? StaffDesk.tokenDays
            return try .json(
                Token(
                    token: try await call.desk.staff.makeToken(
                        for: try call.part("name"), scope: Set(scope), days: days, by: call.actor), days: days
                ),
                status: 201)
        },
        .post(
            "endTokens", "staff/{name}/tokens/end", "End every live token of a member of the staff.",
            may: .manageStaff, .repeatable, answer: "Ended"
        ) { call in
            try .json(
                ["ended": try await call.desk.staff.endTokens(of: try call.part("name"), by: call.actor)])
        },
        .get(
            "listGrants", "grants", "Who was given what, by whom and when, the oldest first, page by page.",
            may: .readAudit, query: Paging.fields, answer: "GrantPage"
        ) { call in
            let grants = try await call.desk.staff.grants(by: call.actor)
            return try .json(Page(grants, call) { "\($0.at)/\($0.name)/\($0.action)/\($0.detail)" })
        },
    ]
}
