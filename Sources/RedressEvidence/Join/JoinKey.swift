/// The secret of an incident that turns what logs call people into hashes that only this incident can join.

import Crypto

/// What a hashed value names; values of different kinds never share a hash.
public enum JoinKind: UInt8, Sendable, CaseIterable {
    /// A person's name.
    case name = 1
    /// A phone number, in any spelling.
    case phone = 2
    /// A person's id in the register or the application log.
    case person = 3
    /// A waiting-room ticket key.
    case ticket = 4
    /// A browser session id.
    case session = 5
    /// A device id.
    case device = 6
    /// A network address.
    case address = 7
    /// A booking id.
    case booking = 8
    /// A signed admission pass, whole.
    case pass = 9
    /// A server, queue or minute: the name under which shared facts are kept.
    case place = 10
}

/// Hashes values under one incident's secret (HMAC-SHA256, RFC 2104, cut to 128 bits).
public struct JoinKey: Sendable {
    /// The HMAC with the key taken in already; each value continues from a copy.
    private let keyed: HMAC<SHA256>
    /// Four numbers derived from the secret that key the fast in-memory hash.
    let seeds: FastSeeds

    /// Makes a key from its secret bytes (32 random bytes are right; any length works).
    public init(secret: [UInt8]) {
        let key = SymmetricKey(data: secret)
        keyed = HMAC<SHA256>(key: key)
        let derived = HMAC<SHA256>.authenticationCode(for: Array("redress fast hash".utf8), using: key)
        let bytes = Array(derived)
        let span = bytes.span
        seeds = FastSeeds(a: span.bigEndian(at: 0) | 1, b: span.bigEndian(at: 8) | 1)
    }

    /// The hash of a value; phone numbers are brought to one spelling first.
    public func hash(_ kind: JoinKind, _ value: some StringProtocol) -> JoinHash {
        hash(kind, Array(value.utf8))
    }

    /// The hash of a value's bytes; phone numbers are brought to one spelling first.
    public func hash(_ kind: JoinKind, _ value: [UInt8]) -> JoinHash {
        var mac = keyed
        mac.update(data: [kind.rawValue] + (kind == .phone ? nationalDigits(value) : value))
        return unsafe mac.finalize().withUnsafeBytes { bytes in
            unsafe JoinHash(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}

/// `+82 10-1234-5678`, `0082 10 1234 5678` and `01012345678` are one number: digits only, national form.
func nationalDigits(_ phone: [UInt8]) -> [UInt8] {
    var digits = phone.filter { (48...57).contains($0) }
    let international = phone.contains(UInt8(ascii: "+"))
    if digits.starts(with: Array("0082".utf8)) {
        digits.removeFirst(4)
    } else if digits.starts(with: Array("82".utf8)), international || digits.count >= 11 {
        digits.removeFirst(2)
    } else {
        return digits
    }
    return digits.first == UInt8(ascii: "0") ? digits : [UInt8(ascii: "0")] + digits
}
