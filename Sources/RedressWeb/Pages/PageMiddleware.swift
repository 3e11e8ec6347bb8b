/// What stands before every page: the language, no forms from elsewhere, and faults as pages.
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

    /// The same page again with the language remembered, when the address chooses one; else nil.
    static func choice(of request: Request) -> Response? {
        guard request.method == .get, let chosen = request.uri.queryParameters["lang"],
            let language = Language(rawValue: String(chosen))
        else { return nil }
        var response = seeOther(request.uri.path)
        response.setCookie(
            Cookie(
                name: cookie, value: language.rawValue, maxAge: 31_536_000, path: "/", secure: true,
                httpOnly: true, sameSite: .lax))
        return response
    }
}

extension NoticeLanguage {
    /// What is texted to somebody who reads pages in this language.
    init(_ language: Language) {
        self = language == .ko ? .korean : .english
    }
}

/// Remembers a chosen language, refuses forms of other sites, and shows what goes wrong as a page.
struct PageMiddleware: RouterMiddleware {
    let templates: PageTemplates

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        if let chosen = PageLanguage.choice(of: request) { return chosen }
        do {
            try SameOrigin.require(request)
            return try await next(request, context)
        } catch is Unauthorized {
            return seeOther("/staff/sign-in")
        } catch {
            return try PageWriter(request, context, templates).problem(error, context.logger)
        }
    }
}

extension PageWriter {
    /// The page that says what went wrong.
    func problem(_ error: any Error, _ logger: Logger) throws -> Response {
        let problem = ProblemMiddleware.problem(error)
        if problem.status >= 500 {
            logger.error("page failed", metadata: ["type": "\(problem.type)"])
        }
        let title =
            switch problem.status {
            case 403: text("notAllowedTitle")
            case 404: text("pageMissing")
            case 500...: text("failed")
            default: text("notDone")
            }
        return try page(
            "problem", title: title,
            ProblemModel(title: title, fault: PageShell.Fault(ErrorWords.said(problem.detail, language))),
            status: HTTPResponse.Status(code: problem.status))
    }
}

private struct ProblemModel {
    var title: String
    var fault: PageShell.Fault
}
