/// What travels with a request: who is asking.
public import Hummingbird
public import RedressCore
import RedressDesk

/// The context of one request.
public struct WebContext: RequestContext {
    /// What the framework needs.
    public var coreContext: CoreRequestContextStorage
    /// Who is asking; nil before the token was read.
    public var actor: Actor?

    /// Bodies larger than this are refused, in bytes.
    public var maxUploadSize: Int { 65_536 }

    /// Makes the context of a fresh request.
    public init(source: Source) {
        coreContext = .init(source: source)
    }

    /// Who is asking.
    ///
    /// - Throws: `.notAllowed` when the route was reached without a token.
    func requireActor() throws -> Actor {
        guard let actor else { throw RedressError(.notAllowed, "This needs a staff token.") }
        return actor
    }
}

/// Reads the bearer token (RFC 6750) and finds whose it is; everything behind it is for staff.
struct BearerMiddleware: RouterMiddleware {
    let desk: Desk

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let prefix = "Bearer "
        guard let header = request.headers[.authorization], header.hasPrefix(prefix),
            let actor = try await desk.staff.actor(token: String(header.dropFirst(prefix.count)))
        else { throw Unauthorized() }
        var context = context
        context.actor = actor
        return try await next(request, context)
    }
}

/// The request carries no live token.
struct Unauthorized: Error {}
