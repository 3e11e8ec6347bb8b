/// The whole API as one list, and the answer to a method that a path does not know.
import HTTPTypes
import Hummingbird
import RedressCore

enum API {
    /// Every operation below `/api/v1`.
    static let operations: [Operation] =
        CaseOperations.all + CaseEditOperations.all + CapacityOperations.all + PeopleOperations.all
        + TrustOperations.all + NoticeOperations.all + StaffOperations.all

    /// The paths of sessions and of citizens' own cases, which stand in no list of operations.
    private static let signingIn = [
        "enrolments": ["POST"], "sessions": ["POST"], "sessions/current": ["GET", "DELETE"],
        "sessions/current/proof": ["POST"], "sessions/current/password": ["PUT"], "codes": ["POST"],
        "codes/{request}/session": ["POST"], "me/birth-date": ["POST"], "me/session": ["GET", "DELETE"],
        "me/cases": ["GET", "POST"], "me/cases/{receipt}": ["GET"], "me/cases/{receipt}/looks": ["GET"],
        "me/cases/{receipt}/decision": ["GET"], "me/cases/{receipt}/acceptance": ["POST"],
        "me/cases/{receipt}/refusal": ["POST"], "me/cases/{receipt}/objection": ["POST"],
        "me/cases/{receipt}/withdrawal": ["POST"],
    ]

    /// Every path with the methods it knows.
    static let templates: [(path: [Substring], methods: [String])] = {
        var methods: [String: [String]] = [:]
        for operation in operations {
            methods["/api/v1/" + operation.path, default: []].append(operation.method.rawValue)
        }
        for path in ["/healthz", "/readyz", "/metrics", "/openapi.yaml"] { methods[path] = ["GET"] }
        for (path, known) in signingIn { methods["/api/v1/" + path] = known }
        return methods.sorted { $0.key < $1.key }.map { ($0.key.split(separator: "/"), $0.value.sorted()) }
    }()
}

/// Answers 405 with the methods there are where a path is known and the method is not.
struct MethodMiddleware: RouterMiddleware {
    let templates: [(path: [Substring], methods: [String])]

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path.split(separator: "/")
        // `work/next` is a path of its own, and not the list of work named `next`.
        let fitting = templates.filter { Self.matches($0.path, path) }
            .min { Self.gaps($0.path) < Self.gaps($1.path) }
        if let methods = fitting?.methods, !methods.contains(request.method.rawValue) {
            let allowed = methods.joined(separator: ", ")
            throw ProblemError(
                .methodNotAllowed, "method", "This path knows: \(allowed).", headers: [.allow: allowed])
        }
        return try await next(request, context)
    }

    private static func gaps(_ template: [Substring]) -> Int {
        template.count { $0.hasPrefix("{") }
    }

    private static func matches(_ template: [Substring], _ path: [Substring]) -> Bool {
        template.count == path.count
            && zip(template, path).allSatisfy { $0.0.hasPrefix("{") || $0.0 == $0.1 }
    }
}
