/// The keys under which the waiting room signed its admission passes, and the check of one pass.

import Crypto
import FoundationEssentials
import JWTKit
public import RedressCore
import Synchronization

/// The incident's pass keys, each with the time it was active.
public struct PassKeys: Sendable {
    private struct Key: Sendable {
        var kid: String?
        var algorithm: any JWTAlgorithm
        var from: Instant?
        var to: Instant?
    }

    private var keys: [Key] = []
    private let heads = PassHeads()

    /// Reads `{"keys":[{"kid":…,"alg":"HS256","secret":…,"from":…,"to":…}]}` (RS256: a PEM under `public_key`).
    ///
    /// - Throws: `badData` saying which key is wrong and why.
    public init(json: [UInt8]) async throws {
        let file: PassKeyFile
        do {
            file = try JSONDecoder().decode(PassKeyFile.self, from: Data(json))
        } catch {
            throw RedressError(
                .badData,
                "The pass keys are not of the form {\"keys\":[{\"kid\":\"1\",\"alg\":\"HS256\",\"secret\":\"…\"}]}."
            )
        }
        for (index, row) in file.keys.enumerated() {
            let kept = try await Key(
                kid: row.kid, algorithm: Self.algorithm(of: row, number: index + 1),
                from: Self.time(row.from, number: index + 1), to: Self.time(row.to, number: index + 1))
            keys.append(kept)
        }
    }

    /// Whether any key active at `time` verifies a compact JWS (RFC 7515).
    ///
    /// `exp` is never held against today, and `kid` only decides which key is tried first.
    public func verifies(_ token: [UInt8], at time: Instant) -> Bool {
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = heads.read(parts[0]), let signature = base64URLBytes(parts[2])
        else { return false }
        let signed = token[..<(parts[2].startIndex - 1)]
        let active = keys.filter { key in
            key.algorithm.name == head.algorithm && (key.from.map { $0 <= time } ?? true)
                && (key.to.map { $0 >= time } ?? true)
        }
        let ordered = active.filter { $0.kid == head.kid } + active.filter { $0.kid != head.kid }
        return ordered.contains { key in (try? key.algorithm.verify(signature, signs: signed)) == true }
    }

    private static func algorithm(of row: PassKeyFile.Row, number: Int) async throws -> any JWTAlgorithm {
        let collection = JWTKeyCollection()
        switch row.alg {
        case "HS256":
            guard var secret = row.secret.map({ Array($0.utf8) }), !secret.isEmpty else {
                throw RedressError(.badData, "Pass key \(number) is HS256 and has no \"secret\".")
            }
            // HMAC pads a short key with zeros itself (RFC 2104); jwt-kit insists on 32 bytes.
            while secret.count < 32 { secret.append(0) }
            await collection.add(
                hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
        case "RS256":
            guard let pem = row.publicKey, let key = try? Insecure.RSA.PublicKey(pem: pem) else {
                throw RedressError(
                    .badData, "Pass key \(number) is RS256 and has no readable PEM in \"public_key\".")
            }
            await collection.add(rsa: key, digestAlgorithm: .sha256)
        default:
            throw RedressError(
                .badData, "Pass key \(number) has alg \"\(row.alg)\". HS256 and RS256 can be checked.")
        }
        return try await collection.getKey()
    }

    private static func time(_ text: String?, number: Int) throws -> Instant? {
        guard let text else { return nil }
        guard let time = Instant(text) else {
            throw RedressError(.badData, "Pass key \(number) has a from or to that is no time: \(text).")
        }
        return time
    }
}

/// The heads of passes (RFC 7515 section 4) read before: all passes of one key have the same.
private final class PassHeads: Sendable {
    struct Head: Sendable {
        var algorithm: String?
        var kid: String?
    }

    /// Heads kept, and bytes of each; passes that somebody made up may each have another.
    private static let most = 64
    private static let longest = 512
    private let known = Mutex<[ArraySlice<UInt8>: Head]>([:])

    /// Reads a head; nil when it is no JSON object in base64url.
    func read(_ text: ArraySlice<UInt8>) -> Head? {
        if let head = known.withLock({ $0[text] }) { return head }
        guard let bytes = base64URLBytes(text),
            let members = try? JSONScanner.members(bytes.span, 0, bytes.count)
        else { return nil }
        let head = Head(algorithm: members["alg"], kid: members["kid"])
        guard text.count <= Self.longest else { return head }
        let own = Array(text)[...]
        known.withLock { if $0.count < Self.most { $0[own] = head } }
        return head
    }
}

private struct PassKeyFile: Decodable {
    struct Row: Decodable {
        var kid: String?
        var alg: String
        var secret: String?
        var publicKey: String?
        var from: String?
        var to: String?

        enum CodingKeys: String, CodingKey {
            case kid
            case alg
            case secret
            case publicKey = "public_key"
            case from
            case to
        }
    }

    var keys: [Row]
}

/// The bytes of base64url text without padding (RFC 4648 section 5); nil when it is anything else.
func base64URLBytes(_ text: some Collection<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    out.reserveCapacity(text.count * 3 / 4)
    var buffer: UInt32 = 0
    var bits: UInt32 = 0
    for byte in text {
        let value: UInt8
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte + 4
        case UInt8(ascii: "-"): value = 62
        case UInt8(ascii: "_"): value = 63
        default: return nil
        }
        buffer = (buffer << 6) | UInt32(value)
        bits += 6
        if bits >= 8 {
            bits -= 8
            out.append(UInt8(truncatingIfNeeded: buffer >> bits))
            buffer &= (1 << bits) - 1
        }
    }
    return bits < 6 ? out : nil
}
