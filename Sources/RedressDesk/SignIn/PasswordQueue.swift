/// Passwords: which are good enough, and how they are hashed, one at a time, because each takes 128 MiB.
import Crypto
import CryptoExtras
import Dispatch
import Foundation
import RedressCore
import Synchronization

/// A password hashed by scrypt (RFC 7914), written `scrypt$17$8$1$salt$hash` so that its cost can be raised later.
struct PasswordHash {
    var costLog2: Int
    var salt: [UInt8]
    var hash: [UInt8]

    private static let blockSize = 8
    private static let parallelism = 1
    private static let length = 32

    /// Hashes a password with a fresh salt.
    static func make(_ password: String, costLog2: Int) throws -> PasswordHash {
        let salt = [UInt8](randomBytes(16))
        return PasswordHash(
            costLog2: costLog2, salt: salt, hash: try derive(password, salt, costLog2: costLog2))
    }

    /// Whether a password is the one that was hashed; takes the same time either way.
    func matches(_ password: String) throws -> Bool {
        let found = try Self.derive(password, salt, costLog2: costLog2)
        return isSameSecret(found, hash)
    }

    init(costLog2: Int, salt: [UInt8], hash: [UInt8]) {
        self.costLog2 = costLog2
        self.salt = salt
        self.hash = hash
    }

    /// Reads what `text` wrote.
    init?(_ text: String) {
        let parts = text.split(separator: "$")
        guard parts.count == 6, parts[0] == "scrypt", let cost = Int(parts[1]), (1...20).contains(cost),
            parts[2] == "8", parts[3] == "1", let salt = Data(base64Encoded: String(parts[4])),
            let hash = Data(base64Encoded: String(parts[5])), hash.count == Self.length
        else { return nil }
        self.init(costLog2: cost, salt: [UInt8](salt), hash: [UInt8](hash))
    }

    /// The hash as it is stored.
    var text: String {
        "scrypt$\(costLog2)$\(Self.blockSize)$\(Self.parallelism)$\(Data(salt).base64EncodedString())$"
            + Data(hash).base64EncodedString()
    }

    private static func derive(_ password: String, _ salt: [UInt8], costLog2: Int) throws -> [UInt8] {
        // NIST SP 800-63B 3.1.1.2: normalise, so that a composed and a decomposed syllable are one password.
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.decomposedStringWithCompatibilityMapping.utf8), salt: salt,
            outputByteCount: length,
            rounds: 1 << costLog2, blockSize: blockSize, parallelism: parallelism)
        return unsafe key.withUnsafeBytes { unsafe [UInt8]($0) }
    }
}

/// Compares two secrets in a time that tells nothing of where they differ.
func isSameSecret(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    var difference: UInt8 = 0
    for (left, right) in zip(one, other) { difference |= left ^ right }
    return difference == 0
}

/// Hashes and checks passwords on a thread of its own, one at a time; who would wait too long is turned away.
public final class PasswordQueue: Sendable {
    /// The one queue of the process: its memory is the process's. Tests whose hashes cost nothing bind their own.
    @TaskLocal public static var shared = PasswordQueue()

    /// The cost of new hashes as a power of two; 17 is 128 MiB (OWASP password storage, N=2^17 r=8 p=1). Tests that
    /// are not about the cost bind a lower one.
    @TaskLocal public static var costLog2 = 17

    /// How many may wait; each takes a good part of a second.
    static let mostWaiting = 32

    private let thread = DispatchQueue(label: "redress.passwords", qos: .userInitiated)
    private let waiting = Mutex(0)

    /// A queue in which nobody waits yet.
    public init() {}

    /// Hashes a password that was found good enough.
    func hash(_ password: String) async throws -> String {
        let cost = Self.costLog2
        return try await run { try PasswordHash.make(password, costLog2: cost).text }
    }

    /// Whether the password is the stored one. Without a stored one the same work is done, and the answer is no.
    func matches(_ password: String, _ stored: String?) async throws -> Bool {
        let cost = Self.costLog2
        return try await run {
            let absent = PasswordHash(
                costLog2: cost, salt: Array(repeating: 0, count: 16), hash: Array(repeating: 0, count: 32))
            let hash = stored.flatMap { PasswordHash($0) }
            // An empty password has no business in scrypt.
            let matches = try (hash ?? absent).matches(password.isEmpty ? " " : password)
            return matches && hash != nil && !password.isEmpty
        }
    }

    private func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        let hasRoom = waiting.withLock { count in
            guard count < Self.mostWaiting else { return false }
            count += 1
            return true
        }
        guard hasRoom else {
            throw RedressError(
                .tryAgain, "Too many people sign in at this moment. Try again in a few seconds.",
                details: ["retry_after_s": "5"])
        }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            thread.async { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// What makes a password good enough: length, and not being one that everybody tries first.
enum PasswordRule {
    static let shortest = 15
    static let longest = 256

    /// Long passwords that lists of stolen ones hold, and words that long ones are padded with.
    private static let common = [
        "password", "qwerty", "asdfgh", "zxcvbn", "letmein", "iloveyou", "welcome", "administrator",
        "redress",
        "correcthorsebatterystaple", "1q2w3e4r", "qlalfqjsgh", "비밀번호", "dkssud",
    ]

    /// Throws a sentence that says what is wrong with a password, never repeating it.
    static func require(_ password: String, of name: String) throws {
        let plain = password.lowercased()
        guard (shortest...longest).contains(password.count) else {
            throw RedressError(
                .badData,
                "A password has \(shortest) to \(longest) characters. A sentence is easy to remember.",
                details: ["password": "length"])
        }
        let rest = common.reduce(plain) { $0.replacing($1, with: "") }
        guard rest.count >= 8, Set(rest).count >= 5, !isRun(plain), !plain.contains(name.lowercased()) else {
            throw RedressError(
                .badData,
                "That password is one of those that are tried first, or holds your name. Choose another one.",
                details: ["password": "common"])
        }
    }

    /// Whether most neighbours are one step apart, as in 123456789 or abcdefgh, or are the same.
    private static func isRun(_ text: String) -> Bool {
        let scalars = text.unicodeScalars.map { Int($0.value) }
        let steps = zip(scalars, scalars.dropFirst()).count { abs($0 - $1) <= 1 }
        return steps * 3 > scalars.count * 2
    }
}
