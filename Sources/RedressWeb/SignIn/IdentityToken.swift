/// Identity tokens (OpenID Connect Core 1.0, 3.1.3.7): signed by a key of the provider, meant for us, for now, for this
/// attempt; anything else is refused.
import FoundationEssentials
import JWTKit
import RedressCore
import RedressDesk

/// A key of the provider and what it may be used for.
struct ProviderKey: Sendable {
    var key: JWK
    var use: String?
}

/// The keys a provider publishes; kinds of keys we do not know are left out.
struct ProviderKeySet: Decodable, Sendable {
    var keys: [ProviderKey]

    private enum Field: CodingKey { case keys }

    private struct Use: Decodable {
        var use: String?
    }

    private struct Entry: Decodable {
        var key: ProviderKey?

        init(from decoder: any Decoder) throws {
            let use = try? Use(from: decoder).use
            key = (try? JWK(from: decoder)).map { ProviderKey(key: $0, use: use) }
        }
    }

    init(from decoder: any Decoder) throws {
        keys = try decoder.container(keyedBy: Field.self).decode([Entry].self, forKey: .keys)
            .compactMap(\.key)
    }
}

/// A token whose signature has still to be checked.
struct SignedToken {
    private struct Header: Decodable {
        var alg: String
        var kid: String?
        var crit: [String]?
    }

    private struct Claims: JWTPayload {
        var values: [String: JSONValue]

        init(from decoder: any Decoder) throws {
            values = try decoder.singleValueContainer().decode([String: JSONValue].self)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(values)
        }

        /// What the claims must say is judged after the signature, in one place.
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    private let text: String
    private let header: Header
    private let algorithm: JWK.Algorithm

    /// Signatures by a private key alone: a shared secret or no signature at all proves nothing.
    private static let families: [String: JWK.KeyType] = [
        "RS256": .rsa, "RS384": .rsa, "RS512": .rsa, "PS256": .rsa, "PS384": .rsa, "PS512": .rsa,
        "ES256": .ecdsa, "ES384": .ecdsa, "ES512": .ecdsa, "EdDSA": .octetKeyPair,
    ]

    init(_ text: String) throws {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 65_536, parts.count == 3, let bytes = Data(base64URL: parts[0]),
            let header = try? JSONDecoder().decode(Header.self, from: bytes), header.crit == nil,
            Self.families[header.alg] != nil, let algorithm = JWK.Algorithm(rawValue: header.alg)
        else { throw OpenIDDesk.refusal("token") }
        self.text = text
        self.header = header
        self.algorithm = algorithm
    }

    /// The key the token names; without a name, the only one that fits.
    func key(among keys: [ProviderKey]) -> ProviderKey? {
        let fitting = keys.filter { known in
            known.key.keyType == Self.families[header.alg] && known.use ?? "sig" == "sig"
                && known.key.algorithm ?? algorithm == algorithm
                && (header.kid == nil || known.key.keyIdentifier?.string == header.kid)
        }
        return fitting.count == 1 ? fitting.first : nil
    }

    /// What the token claims, once its signature by this key was found good.
    func claims(key: ProviderKey) async throws -> [String: JSONValue] {
        do {
            var key = key.key
            (key.algorithm, key.keyIdentifier) = (algorithm, JWKIdentifier(string: header.kid ?? "only"))
            // A collection of this one key: the library must not choose another, nor another algorithm.
            let collection = try await JWTKeyCollection().add(jwk: key)
            return try await collection.verify(text, as: Claims.self).values
        } catch {
            throw OpenIDDesk.refusal("token")
        }
    }
}

/// What a token claims, judged.
struct IdentityClaims {
    private let values: [String: JSONValue]

    /// How far the provider's clock may be from ours, in seconds.
    private static let leeway = 60.0
    /// A token older than this was not made for this attempt, in seconds.
    private static let oldest = 600.0

    init(_ values: [String: JSONValue]) {
        self.values = values
    }

    func identity(
        for settings: OpenIDSettings, _ attempt: OpenIDAttempt, now: Instant
    ) throws -> OpenIDIdentity {
        let second = Double(now.milliseconds) / 1000
        let audience = texts("aud")
        guard text("iss") == settings.issuer, text("nonce") == attempt.nonce,
            audience.contains(settings.clientID), audience.count == 1 || text("azp") != nil,
            text("azp") ?? settings.clientID == settings.clientID,
            let ends = number("exp"), second < ends + Self.leeway,
            let made = number("iat"), made <= second + Self.leeway, made >= second - Self.oldest,
            number("nbf") ?? 0 <= second + Self.leeway,
            let subject = text("sub"), (1...255).contains(subject.utf8.count)
        else { throw OpenIDDesk.refusal("token") }
        if attempt.provesAgain {
            guard let proved = number("auth_time"),
                proved >= Double(attempt.startedAt) / 1000 - Self.leeway
            else { throw OpenIDDesk.refusal("token") }
        }
        let said = Set(texts(settings.roleClaim))
        let role = settings.roles.first { said.contains($0.value) }?.role
        guard role != nil || settings.roles.isEmpty else { throw OpenIDDesk.refusal("role") }
        return OpenIDIdentity(
            issuer: settings.issuer, subject: subject, name: text(settings.nameClaim) ?? "", role: role)
    }

    private func text(_ name: String) -> String? {
        if case .text(let text)? = values[name] { text } else { nil }
    }

    private func texts(_ name: String) -> [String] {
        switch values[name] {
        case .text(let text): [text]
        case .list(let values): values.compactMap { if case .text(let text) = $0 { text } else { nil } }
        default: []
        }
    }

    private func number(_ name: String) -> Double? {
        switch values[name] {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
}
