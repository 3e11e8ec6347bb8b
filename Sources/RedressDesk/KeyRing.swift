/// The keys that personal data is sealed and found with; they live outside the database.
import Crypto
import Foundation
import Glibc
import RedressCore
import Synchronization

/// Seals personal data (AES-256-GCM) and makes blind indexes of it (HMAC-SHA-256).
///
/// A ring has one current key and those it replaced. A ring that lies in a file notices when the file changes, so
/// that a running server follows `redress keys rotate`.
public final class KeyRing: Sendable {
    private struct Key {
        var sealing: SymmetricKey
        var indexing: SymmetricKey
    }

    private struct State {
        var current: UInt8
        var keys: [UInt8: Key]
        var previous: UInt8?
        var changedAt: Int64 = 0

        init(_ file: KeyRingFile) throws {
            current = file.current
            previous = file.rotatingFrom
            keys = [:]
            for entry in file.keys {
                keys[entry.number] = Key(
                    sealing: SymmetricKey(data: entry.sealing), indexing: SymmetricKey(data: entry.indexing))
            }
            guard keys[current] != nil, file.keys.allSatisfy(\.isWhole) else {
                throw RedressError(.unavailable, "The key ring lacks its current key.")
            }
        }
    }

    private let state: Mutex<State>
    /// The file it lies in; nil when it came from the environment or is only in memory.
    let path: String?

    /// What stands before every sealed text: the number of the key it was sealed with.
    private static let headerLength = 1

    private init(_ file: KeyRingFile, path: String?) throws {
        var state = try State(file)
        if let path { state.changedAt = Self.changedAt(path) }
        self.state = Mutex(state)
        self.path = path
    }

    /// Makes a fresh ring and writes it to a file that only its owner can read (mode 0600).
    static func create(at path: String) throws {
        try PrivateFile.create(path, contents: try KeyRingFile(current: 1, keys: [.fresh(number: 1)]).bytes)
    }

    /// Reads the ring from its file.
    ///
    /// - Throws: `.unavailable` when the file is missing, readable by others, or not a key ring.
    static func read(from path: String) throws -> KeyRing {
        try KeyRing(try KeyRingFile.read(path), path: path)
    }

    /// Reads the ring from text, as an environment variable holds it.
    static func read(text: String) throws -> KeyRing {
        guard let file = KeyRingFile([UInt8](text.utf8)) else {
            throw RedressError(.unavailable, "REDRESS_KEY_RING is not a key ring.")
        }
        return try KeyRing(file, path: nil)
    }

    /// The number of the key that is sealed with now.
    var current: UInt8 { fresh { $0.current } }

    /// Whether a rotation began and did not end.
    var isRotating: Bool { fresh { $0.previous != nil } }

    /// Seals a text for one place: the same bytes put anywhere else do not open.
    ///
    /// - Parameter place: what the text is and whose, for example `person.name/story/p1`.
    public func seal(_ text: String, for place: String) throws -> [UInt8] {
        try seal(Array(text.utf8), for: place)
    }

    /// Seals bytes for one place.
    public func seal(_ bytes: [UInt8], for place: String) throws -> [UInt8] {
        let (number, key) = fresh { ($0.current, $0.keys[$0.current]) }
        guard let key,
            let combined = try AES.GCM.seal(bytes, using: key.sealing, authenticating: Array(place.utf8))
                .combined
        else { throw RedressError(.fault, "A text could not be sealed for \(place).") }
        return [number] + combined
    }

    /// Opens a text that was sealed for this place.
    ///
    /// - Throws: `.unavailable` when the key is another one, or the bytes were changed or moved.
    public func open(_ sealed: [UInt8], for place: String) throws -> String {
        String(decoding: try bytes(sealed, for: place), as: UTF8.self)
    }

    /// Opens bytes that were sealed for this place.
    public func bytes(_ sealed: [UInt8], for place: String) throws -> [UInt8] {
        do {
            guard let number = sealed.first, let key = fresh({ $0.keys[number] }) else {
                throw RedressError(.unavailable, "no such key")
            }
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst(Self.headerLength))
            return [UInt8](try AES.GCM.open(box, using: key.sealing, authenticating: Array(place.utf8)))
        } catch {
            throw RedressError(
                .unavailable,
                "Sealed data for \(place.prefix { $0 != "/" }) does not open: the key ring is another one, or "
                    + "the data was changed.")
        }
    }

    /// The keyed hash by which an exact value is found without being stored in clear.
    ///
    /// - Parameter kind: what the value is, so that equal texts of two kinds do not meet.
    public func index(_ value: String, kind: String) -> [UInt8] {
        fresh { state in state.keys[state.current].map { Self.hash(value, kind, $0) } } ?? []
    }

    /// Every keyed hash under which a value may be stored: two while a rotation is under way.
    public func indexes(_ value: String, kind: String) -> [[UInt8]] {
        fresh { state in
            [state.current, state.previous].compactMap { $0.flatMap { state.keys[$0] } }
                .map { Self.hash(value, kind, $0) }
        }
    }

    /// The keyed hashes under every key the ring still has, for what is checked long after it was printed.
    func everyIndex(_ value: String, kind: String) -> [[UInt8]] {
        fresh { state in state.keys.values.map { Self.hash(value, kind, $0) } }
    }

    /// Adds a key and makes it the current one; a rotation that did not end is taken up again instead.
    ///
    /// - Returns: whether an earlier rotation is resumed.
    func beginRotation() throws -> Bool {
        try change { file in
            guard file.rotatingFrom == nil else { return true }
            guard let newest = file.keys.map(\.number).max(), newest < UInt8.max else {
                throw RedressError(.refused, "The key ring is full: forget old keys first.")
            }
            file.keys.append(.fresh(number: newest + 1))
            file.rotatingFrom = file.current
            file.current = newest + 1
            return false
        }
    }

    /// Ends a rotation; with `forgetting`, keys that nothing is sealed with any more leave the ring.
    func endRotation(forgetting: Bool) throws {
        try change { file in
            file.rotatingFrom = nil
            if forgetting { file.keys.removeAll { $0.number != file.current } }
        }
    }

    private func change<T>(_ body: (inout KeyRingFile) throws -> T) throws -> T {
        guard let path else {
            throw RedressError(
                .refused, "This key ring does not lie in a file, so it is rotated where it is kept.")
        }
        var file = try KeyRingFile.read(path)
        let result = try body(&file)
        try PrivateFile.replace(path, contents: file.bytes)
        let read = try State(file)
        state.withLock {
            $0 = read
            $0.changedAt = Self.changedAt(path)
        }
        return result
    }

    /// Reads the state after taking in a file that changed since; a file that cannot be read now changes nothing.
    private func fresh<T: Sendable>(_ body: (State) -> T) -> T {
        state.withLock { state in
            if let path {
                let changedAt = Self.changedAt(path)
                if changedAt != state.changedAt, changedAt != 0, let file = try? KeyRingFile.read(path),
                    let read = try? State(file)
                {
                    state = read
                    state.changedAt = changedAt
                }
            }
            return body(state)
        }
    }

    private static func changedAt(_ path: String) -> Int64 {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return 0 }
        return Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    }

    private static func hash(_ value: String, _ kind: String, _ key: Key) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array("\(kind):\(value)".utf8), using: key.indexing))
    }
}

/// The ring as its file holds it.
struct KeyRingFile: Codable {
    struct Entry: Codable {
        var number: UInt8
        var sealing: Data
        var indexing: Data

        var isWhole: Bool { sealing.count == 32 && indexing.count == 32 }

        static func fresh(number: UInt8) -> Entry {
            Entry(number: number, sealing: randomBytes(32), indexing: randomBytes(32))
        }
    }

    var current: UInt8
    var keys: [Entry]
    /// The key that is being replaced, while a rotation is under way.
    var rotatingFrom: UInt8?

    init(current: UInt8, keys: [Entry]) {
        self.current = current
        self.keys = keys
    }

    init?(_ bytes: [UInt8]) {
        guard let file = try? JSONDecoder().decode(KeyRingFile.self, from: Data(bytes)) else { return nil }
        self = file
    }

    var bytes: [UInt8] {
        get throws { [UInt8](try JSONEncoder().encode(self)) }
    }

    static func read(_ path: String) throws -> KeyRingFile {
        guard let file = KeyRingFile(try PrivateFile.read(path)) else {
            throw RedressError(
                .unavailable, "The key ring \(path) cannot be read. Restore it from where its copy is kept.")
        }
        return file
    }
}

/// Fresh random bytes from the system's generator.
func randomBytes(_ count: Int) -> Data {
    unsafe SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { unsafe Data($0) }
}
