/// An identity provider on loopback with keys of its own, which checks what it is told and lies when told to.
import Crypto
import CryptoExtras
import Foundation
import HTTPTypes
import Hummingbird
import JWTKit
import NIOCore
import RedressCore
import Synchronization

@testable import RedressWeb

final class ProviderStub: Sendable {
    /// How a token is made to lie about its signature.
    enum Forgery: CaseIterable {
        /// No signature at all.
        case unsigned
        /// HMAC with the published key as the secret.
        case publicKeyAsSecret
        /// Signed by a key that is not published, under the name of one that is.
        case strangersKey
        /// Signed by the right key under a name nobody published.
        case unknownName
        /// A signature of other claims.
        case otherClaims
        /// An extension that must be understood.
        case critical
    }

    struct Token: JWTPayload {
        var values: [String: JSONValue]

        init(_ values: [String: JSONValue]) { self.values = values }
        init(from decoder: any Decoder) throws {
            values = try decoder.singleValueContainer().decode([String: JSONValue].self)
        }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(values)
        }
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    private struct Grant {
        var nonce: String
        var challenge: String
        var redirect: String
    }

    private struct State {
        var base = ""
        var grants: [String: Grant] = [:]
        var next = 0
        var kid = "k1"
        var key: JWTKit.Insecure.RSA.PrivateKey
        var claims: [String: JSONValue] = [:]
        var forgery: Forgery?
        var keyFetches = 0
        var refused: [String] = []
        var asked: [String: String] = [:]
    }

    static let client = "redress desk"
    static let secret = "a secret with: odd&signs/1"
    private let state: Mutex<State>
    private let clock: @Sendable () -> Instant

    init(clock: @escaping @Sendable () -> Instant) throws {
        self.clock = clock
        state = Mutex(State(key: try Self.freshKey()))
    }

    static func freshKey() throws -> JWTKit.Insecure.RSA.PrivateKey {
        try JWTKit.Insecure.RSA.PrivateKey(backing: _RSA.Signing.PrivateKey(keySize: .bits2048))
    }

    var issuer: String { state.withLock { $0.base } }
    var keyFetches: Int { state.withLock { $0.keyFetches } }
    /// Why the token endpoint refused, in order.
    var refused: [String] { state.withLock { $0.refused } }
    /// The last authorization request.
    var asked: [String: String] { state.withLock { $0.asked } }

    func listen(at base: String) { state.withLock { $0.base = base } }
    /// Who signs in next, and what is claimed besides the usual.
    func claim(_ claims: [String: JSONValue]) { state.withLock { $0.claims = claims } }
    func forge(_ forgery: Forgery?) { state.withLock { $0.forgery = forgery } }

    func rotate(to kid: String) throws {
        let key = try Self.freshKey()
        state.withLock { ($0.kid, $0.key) = (kid, key) }
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get(".well-known/openid-configuration") { _, _ in
            let base = self.issuer
            return Self.json([
                "issuer": .text(base), "authorization_endpoint": .text(base + "/authorize"),
                "token_endpoint": .text(base + "/token"), "jwks_uri": .text(base + "/keys"),
            ])
        }
        router.get("keys") { _, _ in
            let (key, kid) = self.state.withLock { state in
                state.keyFetches += 1
                return (state.key, state.kid)
            }
            let (modulus, exponent) = try key.publicKey.getKeyPrimitives()
            return Self.json([
                "keys": .list([
                    .object(["kty": "unheard-of", "kid": "x"]),
                    .object([
                        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": .text(kid),
                        "n": .text(modulus.base64URL), "e": .text(exponent.base64URL),
                    ]),
                ])
            ])
        }
        router.get("authorize") { request, _ in self.authorize(request) }
        router.post("token") { request, _ in try await self.token(request) }
        return router
    }

    private func authorize(_ request: Request) -> Response {
        let asked = Dictionary(
            request.uri.queryParameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { $1 })
        let code = state.withLock { state in
            state.asked = asked
            state.next += 1
            let code = "code-\(state.next)"
            state.grants[code] = Grant(
                nonce: asked["nonce"] ?? "", challenge: asked["code_challenge"] ?? "",
                redirect: asked["redirect_uri"] ?? "")
            return code
        }
        let location = "\(asked["redirect_uri"] ?? "")?code=\(code)&state=\(asked["state"] ?? "")"
        return Response(status: .found, headers: [.location: location])
    }

    private func token(_ request: Request) async throws -> Response {
        let form = PageForm(try await request.body.collect(upTo: 65_536))
        let pair = "redress%20desk:a%20secret%20with%3A%20odd%26signs%2F1"
        let basic = "Basic " + Data(pair.utf8).base64EncodedString()
        let challenge = Data(SHA256.hash(data: Data(form["code_verifier"].utf8))).base64URL
        let grant = state.withLock { $0.grants.removeValue(forKey: form["code"]) }
        let fault: String? =
            if request.headers[.authorization] != basic {
                "client"
            } else if grant == nil {
                "code"
            } else if grant?.challenge != challenge {
                "verifier"
            } else if grant?.redirect != form["redirect_uri"] || form["grant_type"] != "authorization_code" {
                "request"
            } else {
                nil
            }
        if let fault {
            state.withLock { $0.refused.append(fault) }
            return Response(status: .badRequest)
        }
        return Self.json([
            "access_token": "unused", "token_type": "Bearer",
            "id_token": .text(try await identityToken(nonce: grant?.nonce ?? "")),
        ])
    }

    private func identityToken(nonce: String) async throws -> String {
        let state = self.state.withLock { ($0.base, $0.key, $0.kid, $0.claims, $0.forgery) }
        let (base, key, kid, extra, forgery) = state
        let now = Int(clock().milliseconds / 1000)
        let claims: [String: JSONValue] = [
            "iss": .text(base), "sub": "s-1", "aud": .text(Self.client), "nonce": .text(nonce),
            "iat": .integer(now), "exp": .integer(now + 300), "preferred_username": "김상담",
        ]
        // A claim that is null is one that is left out.
        let values = claims.merging(extra) { $1 }.filter { $0.value != .null }
        let signer = try forgery == .strangersKey ? Self.freshKey() : key
        let name = forgery == .unknownName ? "nobody-\(Int.random(in: 0...999_999))" : kid
        let keys = await JWTKeyCollection().add(
            rsa: signer, digestAlgorithm: .sha256, kid: JWKIdentifier(string: name))
        var header = JWTHeader()
        if forgery == .critical { header.crit = ["b64"] }
        let token = try await keys.sign(Token(values), kid: JWKIdentifier(string: name), header: header)
        let parts = token.split(separator: ".").map(String.init)
        switch forgery {
        case .unsigned:
            return Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64URL + "." + parts[1] + "."
        case .publicKeyAsSecret:
            let head = Data(#"{"alg":"HS256","typ":"JWT","kid":"\#(kid)"}"#.utf8).base64URL
            let secret = SymmetricKey(data: Data(key.publicKey.pemRepresentation.utf8))
            let mac = HMAC<SHA256>.authenticationCode(
                for: Data("\(head).\(parts[1])".utf8), using: secret)
            return "\(head).\(parts[1]).\(Data(mac).base64URL)"
        case .otherClaims:
            let other = try JSONEncoder().encode(values.merging(["sub": "s-2"]) { $1 })
            return "\(parts[0]).\(other.base64URL).\(parts[2])"
        default: return token
        }
    }

    private static func json(_ values: [String: JSONValue]) -> Response {
        let bytes = (try? JSONEncoder().encode(JSONValue.object(values))) ?? Data()
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
