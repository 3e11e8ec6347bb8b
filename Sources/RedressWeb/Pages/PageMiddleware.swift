/// What stands before every page: the language, who is signed in, no forms from elsewhere, and faults as pages.
import HTTPTypes
import Hummingbird
import Logging
import RedressCore
import RedressDesk
import RedressEvidence

/// The language of a request: chosen once and remembered, else what the browser prefers, else Korean.
enum PageLanguage {
    static let cookie = "redress_language"

    static func of(_ request: Request) -> Language {
        if let chosen = request.cookies[cookie]?.value, let language = Language(rawValue: chosen) {
            return language
        }
        let preferred = request.headers[.acceptLanguage]?.split(separator: ",").lazy
            .compactMap { Language(rawValue: $0.trimmingPrefix(" ").prefix(2).lowercased()) }.first
        return preferred ?? .ko
    }
}

/// Remembers a chosen language, refuses forms of other sites, and shows what goes wrong as a page.
struct PageMiddleware: RouterMiddleware {
    let templates: PageTemplates

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        if request.method == .get, let chosen = request.uri.queryParameters["lang"],
            let language = Language(rawValue: String(chosen))
        {
            var response = seeOther(request.uri.path)
            response.setCookie(
                Cookie(
                    name: PageLanguage.cookie, value: language.rawValue, maxAge: 31_536_000, path: "/",
                    httpOnly: true, sameSite: .lax))
            return response
        }
        let writer = PageWriter(
            templates: templates, language: PageLanguage.of(request), actor: context.actor,
            path: request.uri.path)
        do {
            try Self.requireOwnForm(request)
            return try await next(request, context)
        } catch is Unauthorized {
            return seeOther("/staff/sign-in")
        } catch {
            let problem = ProblemMiddleware.problem(error)
            if problem.status >= 500 {
                context.logger.error("page failed", metadata: ["type": "\(problem.type)"])
            }
            let title =
                switch problem.status {
                case 403: writer.text("notAllowedTitle")
                case 404: writer.text("pageMissing")
                case 500...: writer.text("failed")
                default: writer.text("notDone")
                }
            return try writer.page(
                "problem", title: title,
                ProblemModel(
                    title: title, fault: PageShell.Fault(ErrorWords.said(problem.detail, writer.language))),
                status: HTTPResponse.Status(code: problem.status))
        }
    }

    /// A form counts only when our own page sent it: browsers say so (Fetch Metadata), or at least from where.
    private static func requireOwnForm(_ request: Request) throws {
        guard request.method == .post else { return }
        let site = HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] }
        let origin = request.headers[.origin]
        let host = request.head.authority ?? ""
        guard site == nil || site == "same-origin" || site == "none",
            origin == nil || origin?.hasSuffix("://\(host)") == true
        else { throw RedressError(.notAllowed, "This form was sent from another site.") }
    }
}

private struct ProblemModel {
    var title: String
    var fault: PageShell.Fault
}

/// Finds whose session it is; everything behind it is for staff.
struct StaffSessionMiddleware: RouterMiddleware {
    static let cookie = "redress_staff"
    let desk: Desk

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard let token = request.cookies[Self.cookie]?.value,
            let actor = try await desk.staff.actor(token: token)
        else { throw Unauthorized() }
        var context = context
        context.actor = actor
        return try await next(request, context)
    }

    /// The cookie that carries a session, to this site only and to no script.
    static func cookie(_ value: String, seconds: Int) -> Cookie {
        Cookie(name: cookie, value: value, maxAge: seconds, path: "/", httpOnly: true, sameSite: .strict)
    }
}
