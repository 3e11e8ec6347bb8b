/// Who is asking: the bearer token or the session cookie of a request, and the guards against forged requests.
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOFoundationEssentialsCompat
import RedressCore
import RedressDesk

/// The cookie that a session lives in. `__Host-` binds it to this very host, and to encrypted connections.
enum SessionCookie: String {
    case staff = "__Host-redress-staff"
    case citizen = "__Host-redress"

    /// What the request's cookie holds.
    func secret(of request: Request) -> String? {
        request.cookies[rawValue]?.value
    }

    /// The header that hands a fresh session to the browser; it ends with the browser at the latest.
    func header(_ secret: String) -> String {
        "\(rawValue)=\(secret); Path=/; Secure; HttpOnly; SameSite=Strict"
    }

    /// The header that takes the cookie away.
    var clearing: String { "\(rawValue)=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict" }
}

/// Reads the bearer token (RFC 6750) or the session cookie and says who is asking; whoever asks nothing is let by.
struct IdentityMiddleware: RouterMiddleware {
    let desk: Desk
    let cookie: SessionCookie

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let header = request.headers[.authorization] {
            let prefix = "Bearer "
            guard header.hasPrefix(prefix),
                let actor = try await desk.staff.actor(token: String(header.dropFirst(prefix.count)))
            else { throw Unauthorized() }
            context.actor = actor
            return try await next(request, context)
        }
        try SameOrigin.require(request)
        try await context.findSession(cookie, of: request, desk)
        return try await next(request, context)
    }
}

/// Lets staff through: by token, or by session with the forgery token in `X-CSRF-Token` on whatever changes something.
struct StaffMiddleware: RouterMiddleware {
    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let actor = try context.requireActor()
        guard actor.role != .citizen else { throw Unauthorized() }
        try context.requireCSRF(of: request)
        return try await next(request, context)
    }
}

/// Turns away what another site makes a browser send (Sec-Fetch-Site, and Origin where that is not sent).
enum SameOrigin {
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site")
    static let origin = HTTPField.Name("Origin")

    static func require(_ request: Request) throws {
        guard ![.get, .head, .options].contains(request.method) else { return }
        if let name = fetchSite, let site = request.headers[name] {
            guard site == "same-origin" || site == "none" else { throw refusal }
            return
        }
        guard let name = origin, let value = request.headers[name] else { return }
        let host = value.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init)
        guard let host, host == request.head.authority else { throw refusal }
    }

    private static var refusal: RedressError {
        RedressError(
            .notAllowed, "This request came from another site's page. Open our own page and try again.")
    }
}

extension ReceiptNumber {
    /// Reads the receipt number in an address; what is none is answered like the number of no case.
    init(inAddress text: String) throws {
        guard let number = try? ReceiptNumber(text) else {
            throw RedressError(.notFound, "There is no case with this number: it is not a receipt number.")
        }
        self = number
    }
}

extension WebContext {
    /// The receipt number in the address.
    func receipt() throws -> ReceiptNumber {
        try ReceiptNumber(inAddress: try parameters.require("receipt"))
    }

    /// Takes in the live session behind a cookie, if there is one.
    mutating func findSession(_ cookie: SessionCookie, of request: Request, _ desk: Desk) async throws {
        guard let secret = cookie.secret(of: request), let found = try await desk.sessions.find(secret),
            (found.actor.role == .citizen) == (cookie == .citizen)
        else { return }
        session = found
        sessionSecret = secret
        actor = found.awaitsBirthDate ? nil : found.actor
    }

    /// Throws unless a changing request of a session carries its forgery token in `X-CSRF-Token`.
    func requireCSRF(of request: Request) throws {
        guard session != nil, ![.get, .head, .options].contains(request.method) else { return }
        try requireCSRF(HTTPField.Name("X-CSRF-Token").flatMap { request.headers[$0] })
    }

    /// Throws unless a form's forgery token is the session's; pages call it with the field `csrf`.
    func requireCSRF(_ token: String?) throws {
        let session = try requireSession().session
        guard let token, isSameText(token, session.csrf) else {
            throw RedressError(
                .notAllowed, "The page is out of date. Load it again and repeat what you did.",
                details: ["csrf": "missing or wrong"])
        }
    }

    /// Throws unless a session's owner proved who they are in the last minutes; a token is its own proof.
    func requireRecentSignIn() throws {
        try session?.requireRecent()
    }
}

/// Compares two texts in a time that tells nothing of where they differ.
private func isSameText(_ one: String, _ other: String) -> Bool {
    let left = Array(one.utf8)
    let right = Array(other.utf8)
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (first, second) in zip(left, right) { difference |= first ^ second }
    return difference == 0
}

extension Request {
    /// The body as JSON of a type; keys in snake case.
    ///
    /// - Parameter example: what a right body looks like, for the error.
    func json<T: Decodable>(_ type: T.Type, _ context: WebContext, example: String) async throws -> T {
        let body = try await body.collect(upTo: context.maxUploadSize)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let value = try? decoder.decode(T.self, from: Data(buffer: body)) else {
            throw RedressError(.usage, "The body must be JSON such as \(example).")
        }
        return value
    }
}
