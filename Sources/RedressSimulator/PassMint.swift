// Signed admissions: compact JWS with HS256 (RFC 7515, RFC 7518 section 3.2), and secrets that rotate.
import Crypto
import Foundation
import RedressCore

/// Signs the passes of the evening and lists the secrets for whoever checks them.
struct PassMint {
    /// A secret and the time for which it signed.
    private struct Secret {
        let identifier: String
        let text: String
        let from: Instant
        let to: Instant
    }

    private let secrets: [Secret]
    private let forger: String

    /// How long a pass lets its holder in, in seconds.
    static let validitySeconds: Int64 = 900
    /// How long a replaced secret is still accepted: what it signed last must stay good.
    private static let overlapMilliseconds: Int64 = 20 * 60_000

    /// Secrets that take over at the given times; the first signs from the start.
    init(from start: Instant, to end: Instant, rotatingAt rotations: [Instant], dice: inout Dice) {
        let bounds = [start] + rotations + [end]
        var made: [Secret] = []
        for index in 0..<(bounds.count - 1) {
            let isLast = index == bounds.count - 2
            made.append(
                Secret(
                    identifier: String(index + 1), text: PassMint.secret(&dice), from: bounds[index],
                    to: isLast ? end : bounds[index + 1].adding(milliseconds: PassMint.overlapMilliseconds)))
        }
        secrets = made
        forger = PassMint.secret(&dice)
    }

    /// A pass for the ticket key, good from `issued` by the clock of the node that signs at the true time `now`.
    func pass(key: String, number: Int, issued: Instant, now: Instant) -> String {
        let current = secrets.last { $0.from <= now } ?? secrets[0]
        return sign(
            key: key, number: number, issued: issued, identifier: current.identifier, with: current.text)
    }

    /// A pass that looks right and is signed with no secret of the queue.
    func forgedPass(key: String, number: Int, issued: Instant) -> String {
        let shown = secrets.last { $0.from <= issued } ?? secrets[0]
        return sign(key: key, number: number, issued: issued, identifier: shown.identifier, with: forger)
    }

    /// The key file of the incident.
    var keyFile: [UInt8] {
        let rows = secrets.map { secret in
            #"{"kid":"\#(secret.identifier)","alg":"HS256","secret":"\#(secret.text)","#
                + #""from":"\#(secret.from)","to":"\#(secret.to)"}"#
        }
        return Array(("{\"keys\":[\n" + rows.joined(separator: ",\n") + "\n]}\n").utf8)
    }

    private func sign(key: String, number: Int, issued: Instant, identifier: String, with secret: String)
        -> String
    {
        let issuedSeconds = issued.milliseconds / 1000
        let header = #"{"alg":"HS256","typ":"JWT","kid":"\#(identifier)"}"#
        let claims =
            #"{"sub":"\#(key)","iat":\#(issuedSeconds),"exp":\#(issuedSeconds + PassMint.validitySeconds),"number":\#(number)}"#
        let signed = base64url(Array(header.utf8)) + "." + base64url(Array(claims.utf8))
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8), using: SymmetricKey(data: Array(secret.utf8)))
        return signed + "." + base64url(Array(code))
    }

    private static func secret(_ dice: inout Dice) -> String {
        (0..<4).map { _ in
            let digits = String(dice.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

private func base64url(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for byte in Data(bytes).base64EncodedData() {
        switch byte {
        case UInt8(ascii: "+"): text.append(UInt8(ascii: "-"))
        case UInt8(ascii: "/"): text.append(UInt8(ascii: "_"))
        case UInt8(ascii: "="): break
        default: text.append(byte)
        }
    }
    return String(decoding: text, as: UTF8.self)
}
