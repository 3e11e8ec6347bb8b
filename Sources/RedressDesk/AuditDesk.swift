/// The audit trail as auditors use it: anchored outside the database, verified row by row.
import Crypto
import Foundation
public import RedressCore
public import RedressStore

/// Signs heads of the audit chain (Ed25519, RFC 8032) and keeps them in a file outside the database.
public struct AuditAnchor: Sendable {
    let path: String
    private let key: Curve25519.Signing.PrivateKey

    /// One signed head, a line of the anchor file.
    struct Line: Codable {
        var seq: Int
        var hash: String
        var at: String
        var signature: Data

        var signedText: [UInt8] { Array("redress-audit-head:\(seq):\(hash):\(at)".utf8) }
    }

    /// Makes an anchor of a file and a key.
    init(path: String, key: Curve25519.Signing.PrivateKey) {
        self.path = path
        self.key = key
    }

    /// Makes the private key's file (mode 0600).
    static func createKey(at path: String) throws {
        try PrivateFile.create(path, contents: [UInt8](Curve25519.Signing.PrivateKey().rawRepresentation))
    }

    /// Reads the private key and remembers where heads are kept.
    static func read(key keyPath: String, anchors path: String) throws -> AuditAnchor {
        let bytes = try PrivateFile.read(keyPath)
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else {
            throw RedressError(.unavailable, "\(keyPath) is not the key that signs the audit trail.")
        }
        return AuditAnchor(path: path, key: key)
    }

    /// Signs a head and adds it to the file.
    func append(_ head: AuditRow) throws {
        var line = Line(
            seq: head.seq, hash: hexadecimal(head.hash), at: head.at.description, signature: Data())
        line.signature = try key.signature(for: line.signedText)
        try PrivateFile.append(try JSONDocument.stored(line), to: path)
    }

    /// Throws when no head could be added to the file now.
    func requireWritable() throws {
        guard let file = FileHandle(forUpdatingAtPath: path) else {
            throw RedressError(.unavailable, "The file of signed heads cannot be written.")
        }
        try file.close()
    }

    /// Signs a text of another kind than a head; the kind keeps one from passing for the other.
    func sign(_ text: String, as kind: String) throws -> Data {
        try key.signature(for: Array("redress-\(kind):\(text)".utf8))
    }

    /// Whether this installation signed such a text.
    func isSigned(_ text: String, as kind: String, _ signature: Data) -> Bool {
        key.publicKey.isValidSignature(signature, for: Array("redress-\(kind):\(text)".utf8))
    }

    /// How much of the file's end holds its last line.
    private static let tailBytes: UInt64 = 4096

    /// The number of the row that was signed last; nil when none was, or when the file's end does not read.
    func lastSeq() throws -> Int? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        let end = try file.seekToEnd()
        try file.seek(toOffset: end > Self.tailBytes ? end - Self.tailBytes : 0)
        let last = try file.readToEnd()?.split(separator: UInt8(ascii: "\n")).last
        return last.flatMap { try? JSONDecoder().decode(Line.self, from: $0).seq }
    }

    /// Every head that was signed, in order; a line that does not parse or verify is named.
    func lines() throws -> (heads: [Line], faults: [String]) {
        // What an append that was killed left behind has no end: it was never told to anyone, and is cut off next time.
        guard let all = FileManager.default.contents(atPath: path),
            let end = all.lastIndex(of: UInt8(ascii: "\n"))
        else { return ([], []) }
        let data = all[...end]
        var heads: [Line] = []
        var faults: [String] = []
        for (index, text) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let line = try? JSONDecoder().decode(Line.self, from: text),
                key.publicKey.isValidSignature(line.signature, for: line.signedText)
            else {
                faults.append("line \(index + 1) of \(path) is not a head signed by this installation")
                continue
            }
            heads.append(line)
        }
        return (heads, faults)
    }
}

/// What verifying the audit trail found.
public struct AuditReport: Sendable, Codable {
    /// Whether the chain is unbroken and reaches every head that was ever anchored.
    public var ok: Bool
    /// How many rows there are.
    public var rows: Int
    /// How many anchored heads were checked.
    public var anchors: Int
    /// What is wrong, the first bad row first.
    public var faults: [String]
}

/// Verifies, anchors and shows the audit trail.
public struct AuditDesk: Sendable {
    let desk: Desk

    /// Signs the present head and writes it outside the database, when it moved since the last time.
    public func anchorHead() async throws {
        let head = try await desk.database.read { try AuditStore($0).head() }
        guard let head, try desk.anchor.lastSeq() != head.seq else { return }
        try desk.anchor.append(head)
    }

    /// Recomputes the chain from the first row and compares it with every anchored head.
    public func verify(by actor: Actor) async throws -> AuditReport {
        try actor.require(.readAudit)
        let (heads, anchorFaults) = try desk.anchor.lines()
        return try await desk.database.read { connection in
            var report = AuditReport(ok: true, rows: 0, anchors: heads.count, faults: anchorFaults)
            var previous = AuditStore.genesis
            var anchored: [Int: String] = [:]
            for head in heads { anchored[head.seq] = head.hash }
            try AuditStore(connection).each { row in
                report.rows += 1
                if report.faults.isEmpty, let fault = Self.fault(of: row, place: report.rows, after: previous)
                {
                    report.faults.append(fault)
                }
                if let hash = anchored[row.seq], hash != hexadecimal(row.hash) {
                    report.faults.append(
                        "row \(row.seq) is not the one that was anchored: the chain was rewritten")
                }
                previous = row.hash
            }
            if let last = heads.map(\.seq).max(), last > report.rows {
                report.faults.append(
                    "rows \(report.rows + 1) to \(last) are missing: row \(last) was anchored as the last one"
                )
            }
            report.ok = report.faults.isEmpty
            return report
        }
    }

    /// The last rows, the newest first.
    public func show(_ limit: Int, subject: String?, by actor: Actor) async throws -> [AuditRow] {
        try actor.require(.readAudit)
        return try await desk.database.read { try AuditStore($0).latest(limit, subject: subject) }
    }

    /// Cases decided in a week, picked for a spot check: the same week and seed pick the same cases.
    ///
    /// - Parameter count: how many; all when there are fewer.
    public func sample(_ week: Week, seed: UInt64, count: Int, by actor: Actor) async throws -> [String] {
        try actor.require(.readAudit)
        let from = Instant(week.firstDay, TimeOfDay(minutes: 0))
        let to = Instant(week.firstDay.adding(days: 7), TimeOfDay(minutes: 0))
        let receipts = try await desk.database.read { connection in
            let store = AuditStore(connection)
            return try Set(
                ["case.reject", "case.override", "case.not-affected", "case.restore"].flatMap {
                    try store.subjects(of: $0, from: from, to: to)
                })
        }
        // Ordered by a hash of seed and number: nobody can steer which cases are picked.
        let ranked = receipts.map { receipt in
            (receipt, hexadecimal(SHA256.hash(data: Array("\(seed)/\(receipt)".utf8))))
        }
        return ranked.sorted { $0.1 < $1.1 }.prefix(max(0, count)).map(\.0)
    }

    private static func fault(of row: AuditRow, place: Int, after previous: [UInt8]) -> String? {
        if row.seq != place { return "row \(place) is missing: row \(row.seq) stands in its place" }
        if row.previous != previous { return "row \(row.seq) does not follow from the row before it" }
        if row.hash != row.expectedHash {
            return "row \(row.seq) (\(row.action)) was changed after it was written"
        }
        return nil
    }
}

extension Desk {
    /// The audit trail.
    public var audit: AuditDesk { AuditDesk(desk: self) }
}

/// Bytes in lower-case hex.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.reduce(into: "") { text, byte in
        text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
