/// What stands before every route: whose address it is, and whether they ask too often.
import HTTPTypes
import Hummingbird
import NIOCore

/// What the outermost middleware needs.
public struct FrontDoor: Sendable {
    /// Whose `Forwarded` is believed.
    public var proxies = TrustedProxies.none
    let addresses: RateLimiter?
    let sessions: RateLimiter?

    /// A door with the rates of `limits`.
    public init(_ limits: ServerLimits = ServerLimits(), proxies: TrustedProxies = .none) {
        self.proxies = proxies
        addresses = RateLimiter(limits.addressRate)
        sessions = RateLimiter(limits.sessionRate)
    }
}

/// Finds the client's address behind listed proxies, and counts requests by address and by session.
struct FrontDoorMiddleware: RouterMiddleware {
    let door: FrontDoor

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.address = door.proxies.client(of: request.headers, from: context.address)
        // A probe is never told to wait: it would take a busy server for a dead one.
        if request.uri.path != "/healthz", request.uri.path != "/readyz" {
            let now = Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000)
            try Self.pass(door.addresses, IPAddress.group(context.address), now)
            if let session = Self.credential(of: request) { try Self.pass(door.sessions, session, now) }
        }
        return try await next(request, context)
    }

    private static func pass(_ limiter: RateLimiter?, _ key: String, _ now: Int64) throws {
        guard let wait = limiter?.take(key, at: now) else { return }
        throw ProblemError(
            .tooManyRequests, "rate", "You ask too often. Wait as long as Retry-After says.",
            headers: [.retryAfter: String(wait / 1000 + 1)])
    }

    /// The token or the cookie that a session is known by, whether it is live or not.
    private static func credential(of request: Request) -> String? {
        if let token = request.headers[.authorization] { return token }
        for cookie in [SessionCookie.staff, .citizen] {
            if let secret = cookie.secret(of: request) { return secret }
        }
        return nil
    }
}
