/// The keys that personal data is sealed and found with; they live outside the database.
import Crypto
import Foundation
import RedressCore

/// Seals personal data (AES-256-GCM) and makes blind indexes of it (HMAC-SHA-256).
public struct KeyRing: Sendable {
    private let sealing: SymmetricKey
    private let indexing: SymmetricKey
    private let number: UInt8

    /// What stands before every sealed text: the number of the key it was sealed with.
    private static let headerLength = 1

    private struct File: Codable {
        struct Entry: Codable {
            var number: UInt8
            var sealing: Data
            var indexing: Data
        }

        var current: UInt8
        var keys: [Entry]
    }

    private init(_ entry: File.Entry) {
        sealing = SymmetricKey(data: entry.sealing)
        indexing = SymmetricKey(data: entry.indexing)
        number = entry.number
    }

    /// Makes a ring with one fresh key; for use without a file.
    public init() {
        self.init(Self.freshEntry(number: 1))
    }

    /// Makes a fresh ring and writes it to a file that only its owner can read (mode 0600).
    static func create(at path: String) throws {
        let file = File(current: 1, keys: [freshEntry(number: 1)])
        let bytes = try JSONEncoder().encode(file)
        try PrivateFile.create(path, contents: [UInt8](bytes))
    }

    /// Reads the ring from its file.
    ///
    /// - Throws: `.unavailable` when the file is missing, readable by others, or not a key ring.
    static func read(from path: String) throws -> KeyRing {
        let bytes = try PrivateFile.read(path)
        guard let file = try? JSONDecoder().decode(File.self, from: Data(bytes)),
            let entry = file.keys.first(where: { $0.number == file.current }),
            entry.sealing.count == 32, entry.indexing.count == 32
        else {
            throw RedressError(
                .unavailable, "The key ring \(path) cannot be read. Restore it from where its copy is kept.")
        }
        return KeyRing(entry)
    }

    /// Seals a text for one place: the same bytes put anywhere else do not open.
    ///
    /// - Parameter place: what the text is and whose, for example `person.name/story/p1`.
    public func seal(_ text: String, for place: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            Array(text.utf8), using: sealing, authenticating: Array(place.utf8))
        guard let combined = box.combined else {
            throw RedressError(.fault, "A text could not be sealed for \(place).")
        }
        return [number] + combined
    }

    /// Opens what was sealed for this place.
    ///
    /// - Throws: `.unavailable` when the key is another one, or the bytes were changed or moved.
    public func open(_ sealed: [UInt8], for place: String) throws -> String {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst(Self.headerLength))
            let bytes = try AES.GCM.open(box, using: sealing, authenticating: Array(place.utf8))
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            throw RedressError(
                .unavailable,
                "Sealed data for \(place) does not open: the key ring is another one, or the data was changed."
            )
        }
    }

    /// The keyed hash by which an exact value is found without being stored in clear.
    ///
    /// - Parameter kind: what the value is, so that equal texts of two kinds do not meet.
    public func index(_ value: String, kind: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array("\(kind):\(value)".utf8), using: indexing))
    }

    private static func freshEntry(number: UInt8) -> File.Entry {
        File.Entry(number: number, sealing: randomBytes(32), indexing: randomBytes(32))
    }
}

/// Fresh random bytes from the system's generator.
func randomBytes(_ count: Int) -> Data {
    unsafe SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { unsafe Data($0) }
}
