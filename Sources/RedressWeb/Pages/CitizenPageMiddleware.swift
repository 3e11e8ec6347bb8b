/// What stands before every page of a citizen: the language, no forms from elsewhere, ended sessions, and faults in words.
import HTTPTypes
import Hummingbird
import Logging
import RedressCore
import RedressDesk
import RedressEvidence

/// Remembers a chosen language, sends those whose session ended to the start of the way, and words what goes wrong.
struct CitizenPageMiddleware: RouterMiddleware {
    let desk: Desk
    let templates: PageTemplates

    private struct Trouble {
        var title: String
        var text: String
    }

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        if let chosen = PageLanguage.choice(of: request) { return chosen }
        do {
            return try await next(request, context)
        } catch let ended as CitizenSessionEnded {
            return try await self.ended(ended, request, context)
        } catch is Unauthorized {
            return try await ended(CitizenSessionEnded(), request, context)
        } catch {
            return try trouble(error, request, context)
        }
    }

    /// Back to the form when the session is alive and only the page was old; else to the start, nothing typed lost.
    private func ended(
        _ ended: CitizenSessionEnded, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        var writer = CitizenWriter(request, context, desk, templates)
        if !ended.typed.isEmpty, !writer.way.phone.isEmpty {
            writer.way.draftPath = request.uri.path
            writer.way.draft = ended.typed
        }
        if let secret = SessionCookie.citizen.secret(of: request),
            let session = try await desk.sessions.find(secret), !session.awaitsBirthDate
        {
            return try writer.on(to: request.uri.path + "?note=again")
        }
        let wasSignedIn = SessionCookie.citizen.secret(of: request) != nil
        let kept = !ended.typed.isEmpty && !writer.way.draft.isEmpty
        return try writer.on(to: "/my/phone" + (kept ? "?note=kept" : wasSignedIn ? "?note=ended" : ""))
    }

    /// The page that says what went wrong.
    func trouble(_ error: any Error, _ request: Request, _ context: WebContext) throws -> Response {
        let problem = ProblemMiddleware.problem(error)
        if problem.status >= 500 {
            context.logger.error("page failed", metadata: ["type": "\(problem.type)"])
        }
        let key =
            switch problem.status {
            case 404: "missing"
            case 403: "foreign"
            case 409, 412: "changed"
            case 413: "tooLarge"
            case 429: "tooOften"
            case 400..<500: "notTaken"
            default: "failed"
            }
        let writer = CitizenWriter(request, context, desk, templates)
        let trouble = Trouble(
            title: writer.text("trouble.\(key)"), text: writer.text("trouble.\(key).text"))
        return try writer.page(
            "citizen-problem", title: trouble.title, trouble,
            status: HTTPResponse.Status(code: problem.status))
    }
}

/// Answers an address that no page has: with a page to browsers, with a problem document to programs.
struct MissingPageMiddleware: RouterMiddleware {
    let desk: Desk
    let templates: PageTemplates

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && Self.wantsPage(request) {
            if let chosen = PageLanguage.choice(of: request) { return chosen }
            if request.uri.path.hasPrefix("/staff/") {
                return try PageWriter(request, context, templates).problem(
                    RedressError(.notFound, "There is no such page."), context.logger)
            }
            return try CitizenPageMiddleware(desk: desk, templates: templates)
                .trouble(error, request, context)
        }
    }

    private static func wantsPage(_ request: Request) -> Bool {
        !request.uri.path.hasPrefix("/api/") && request.headers[.accept]?.contains("text/html") == true
    }
}
