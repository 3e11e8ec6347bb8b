/// Talks to an identity provider: discovery, its keys, the exchange of a code for an identity token.
import AsyncHTTPClient
import Crypto
import FoundationEssentials
import Logging
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
import RedressCore
import RedressDesk

/// One provider, with what it published kept for a while.
actor OpenIDProvider {
    /// What a provider publishes of itself (OpenID Connect Discovery 1.0).
    private struct Discovery: Decodable {
        var issuer: String
        var authorizationEndpoint: String
        var tokenEndpoint: String
        var jwksUri: String
    }

    private struct TokenAnswer: Decodable {
        var idToken: String
    }

    let settings: OpenIDSettings
    private var discovery: (found: Discovery, at: ContinuousClock.Instant)?
    private var keys: [ProviderKey] = []
    private var fetchedAt: [ContinuousClock.Instant] = []

    /// What it published is read again after this long.
    private static let keptFor = Duration.seconds(3600)
    /// The most times a minute that its keys are fetched, however many tokens name one we do not know.
    static let fetchesPerMinute = 5
    private static let largestAnswer = 262_144
    /// Answers lead nowhere else (a redirect of a token or of keys is refused), and who waits to sign in is told soon.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }()

    init(_ settings: OpenIDSettings) {
        self.settings = settings
    }

    /// Where the browser is sent.
    func authorization(_ attempt: OpenIDAttempt) async throws -> String {
        let endpoint = try await discovered().authorizationEndpoint
        let challenge = Data(SHA256.hash(data: Array(attempt.verifier.utf8))).base64URL
        var query = [
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", settings.redirect),
            ("scope", "openid profile"), ("state", attempt.state), ("nonce", attempt.nonce),
            ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ]
        if attempt.provesAgain { query += [("prompt", "login"), ("max_age", "0")] }
        return endpoint + (endpoint.contains("?") ? "&" : "?") + Self.form(query)
    }

    /// Who came back, proven by the provider's signature.
    func identity(_ code: String, _ attempt: OpenIDAttempt, now: Instant) async throws -> OpenIDIdentity {
        var request = HTTPClientRequest(url: try await discovered().tokenEndpoint)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "Accept", value: "application/json")
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", settings.redirect),
            ("code_verifier", attempt.verifier),
        ]
        if let secret = settings.clientSecret {
            // RFC 6749 2.3.1: both are form-encoded first.
            let pair = Self.encoded(settings.clientID) + ":" + Self.encoded(secret)
            request.headers.add(
                name: "Authorization", value: "Basic " + Data(pair.utf8).base64EncodedString())
        } else {
            form.append(("client_id", settings.clientID))
        }
        request.body = .bytes(ByteBuffer(string: Self.form(form)))
        let answer: TokenAnswer = try await fetch(request)
        let token = try SignedToken(answer.idToken)
        let claims = try await token.claims(key: try await key(for: token))
        return try IdentityClaims(claims).identity(for: settings, attempt, now: now)
    }

    private func discovered() async throws -> Discovery {
        if let discovery, discovery.at.duration(to: .now) < Self.keptFor { return discovery.found }
        let base = settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
        let found: Discovery = try await fetch(
            HTTPClientRequest(url: base + "/.well-known/openid-configuration"))
        guard found.issuer == settings.issuer,
            [found.authorizationEndpoint, found.tokenEndpoint, found.jwksUri].allSatisfy(
                OpenIDSettings.isSafe)
        else { throw OpenIDDesk.refusal("provider") }
        discovery = (found, .now)
        return found
    }

    /// The one key a token names; keys are fetched again, within a budget, when it is not among those we know.
    private func key(for token: SignedToken) async throws -> ProviderKey {
        let isStale = fetchedAt.last.map { $0.duration(to: .now) >= Self.keptFor } ?? true
        if !isStale, let known = token.key(among: keys) { return known }
        let last = fetchedAt.last
        fetchedAt.removeAll { $0.duration(to: .now) > .seconds(60) && $0 != last }
        guard fetchedAt.count < Self.fetchesPerMinute else { throw OpenIDDesk.refusal("token") }
        fetchedAt.append(.now)
        let set: ProviderKeySet = try await fetch(HTTPClientRequest(url: try await discovered().jwksUri))
        keys = set.keys
        guard let key = token.key(among: keys) else { throw OpenIDDesk.refusal("token") }
        return key
    }

    private func fetch<T: Decodable & Sendable>(_ request: HTTPClientRequest) async throws -> T {
        do {
            let response = try await Self.client.execute(request, timeout: TimeAmount(settings.timeout))
            let bytes = try await response.body.collect(upTo: Self.largestAnswer)
            guard response.status == .ok else { throw OpenIDDesk.refusal("provider") }
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(T.self, from: Data(buffer: bytes))
        } catch let error as RedressError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw OpenIDDesk.refusal("provider")
        }
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46, 95, 126].contains(byte)
            let hex = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
    }
}

extension Data {
    /// RFC 4648 base64url without padding.
    var base64URL: String {
        base64EncodedString().map { ["+": "-", "/": "_", "=": ""][$0] ?? String($0) }.joined()
    }

    /// The bytes of base64url; nil when it is none.
    init?(base64URL text: some StringProtocol) {
        let plain = String(text).replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
    }
}
