/// Time-based one-time passwords (RFC 6238) as authenticator apps make them, and recovery codes for a lost phone.
import Crypto
import RedressCore

/// The second factor of staff: HMAC-SHA-1 over 30-second steps, six digits, as every app understands it.
struct OneTimePassword {
    /// 160 bits, as RFC 4226 asks.
    let secret: [UInt8]

    static let stepSeconds: Int64 = 30
    private static let modulus: UInt32 = 1_000_000

    init(secret: [UInt8]) {
        self.secret = secret
    }

    /// A fresh secret.
    static func make() -> OneTimePassword { OneTimePassword(secret: [UInt8](randomBytes(20))) }

    /// The step a moment lies in.
    static func step(at instant: Instant) -> Int { Int(instant.milliseconds / 1000 / stepSeconds) }

    /// The six digits of a step.
    func digits(step: Int) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - $0 * 8)) }
        let code = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(code[19] & 0x0F)
        let number =
            UInt32(code[offset] & 0x7F) << 24 | UInt32(code[offset + 1]) << 16
            | UInt32(code[offset + 2]) << 8 | UInt32(code[offset + 3])
        let digits = String(number % Self.modulus)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The step whose digits these are, at most one away from now; nil when none (RFC 6238 5.2).
    func step(of digits: String, at now: Instant) -> Int? {
        let current = Self.step(at: now)
        var found: Int?
        for step in [current, current - 1, current + 1]
        where isSameSecret(Array(self.digits(step: step).utf8), Array(digits.utf8)) {
            found = found ?? step
        }
        return found
    }

    /// The secret as people type it into an app (RFC 4648 base32).
    var text: String { Base32.text(secret) }

    /// The address that apps read from a QR code.
    func address(of name: String) -> String {
        let label = name.utf8.map { byte in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            let hex = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
        return "otpauth://totp/redress:\(label)?secret=\(text)&issuer=redress"
    }
}

/// RFC 4648 base32 without padding.
enum Base32 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(letters[buffer >> bits & 31])
            }
        }
        if bits > 0 { text.append(letters[buffer << (5 - bits) & 31]) }
        return text
    }
}

/// Ten codes of 50 bits for the day the phone is lost; each works once.
enum RecoveryCode {
    static let count = 10

    static func make() -> [String] {
        (0..<count).map { _ in
            let text = Base32.text([UInt8](randomBytes(7))).prefix(10)
            return "\(text.prefix(5))-\(text.suffix(5))"
        }
    }

    /// The hash a code is kept under; nil when the text has not the form of one.
    static func hash(_ text: String, of staff: String, _ keys: KeyRing) -> [[UInt8]]? {
        let plain = text.uppercased().filter { $0.isLetter || $0.isNumber }
        guard plain.count == 10 else { return nil }
        return keys.indexes("\(staff)/\(plain)", kind: "recovery-code")
    }
}
