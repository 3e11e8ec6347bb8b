/// Papers that a citizen prints: each carries a short signed code by which anybody can check that it still holds.
import RedressCore
import RedressStore

/// Makes and checks the codes on confirmations.
public struct ConfirmationDesk: Sendable {
    let desk: Desk

    /// What a paper confirms.
    public enum Kind: String, Sendable {
        /// That a case was received.
        case received
        /// That the person is back on the seat the paper names.
        case restored
    }

    /// Checks from one address an hour: a code has forty signed bits, so that guessing is hopeless.
    static let hourlyChecks = 600
    private static let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    private static let length = 16

    /// Whether a code is one we made and what its paper says still holds; nothing else is told.
    ///
    /// - Throws: `.tryAgain` when too many are checked from one address.
    public func check(_ text: String, address: String) async throws -> Kind? {
        guard let (year, counter) = Self.number(in: text),
            let receipt = try? ReceiptNumber(year: year, counter: counter)
        else { return nil }
        let code = Self.plain(text)
        return try await desk.database.write { connection in
            try SignInLimits(connection, desk.keys).spend(
                "confirmation", address, most: Self.hourlyChecks, minutes: 60,
                or: "Many codes are being checked. Try again later.")
            guard let row = try CaseStore(connection).find(receipt: receipt) else { return nil }
            return [Kind.restored, .received].first { kind in
                Self.facts(row, kind).map { facts in
                    desk.keys.everyIndex(facts, kind: "confirmation")
                        .contains { isSameSecret(Array(Self.code(receipt, $0).utf8), Array(code.utf8)) }
                } ?? false
            }
        }
    }

    /// The code of what a case's paper says now, in groups of four.
    func code(of row: Case) throws -> String {
        let facts = Self.facts(row, .restored) ?? Self.facts(row, .received) ?? ""
        let code = Self.code(row.receipt, desk.keys.index(facts, kind: "confirmation"))
        return stride(from: 0, to: code.count, by: 4)
            .map { String(code.dropFirst($0).prefix(4)) }.joined(separator: "-")
    }

    /// What is signed: the seat, so that a paper about a seat that was given up no longer holds.
    private static func facts(_ row: Case, _ kind: Kind) -> String? {
        switch kind {
        case .received: return "received/\(row.receipt)/\(row.receivedAt)"
        case .restored:
            guard let slot = row.restored?.slot else { return nil }
            return "restored/\(row.receipt)/\(slot.site)/\(slot.vaccine)/\(slot.date)/\(slot.time)"
        }
    }

    /// Year (8 bits), counter (32 bits) and the first 40 bits of the signature, five bits a letter.
    private static func code(_ receipt: ReceiptNumber, _ signature: [UInt8]) -> String {
        let year = UInt8(truncatingIfNeeded: receipt.year - 2000)
        let counter = UInt32(truncatingIfNeeded: receipt.counter)
        let bytes =
            [year] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: counter >> $0) } + signature.prefix(5)
        var bits = 0
        var held = 0
        var code = ""
        for byte in bytes {
            bits = bits << 8 | Int(byte)
            held += 8
            while held >= 5 {
                held -= 5
                code.append(letters[bits >> held & 31])
            }
            bits &= (1 << held) - 1
        }
        return code
    }

    private static func number(in text: String) -> (year: Int, counter: Int)? {
        let values = plain(text).compactMap { letters.firstIndex(of: $0) }
        guard values.count == length else { return nil }
        let bits = values.prefix(length / 2).reduce(0) { $0 << 5 | $1 }
        return (2000 + bits >> 32, bits & 0xFFFF_FFFF)
    }

    /// The letters as they were printed, whatever case, spaces and look-alikes were typed.
    private static func plain(_ text: String) -> String {
        let alike: [Character: Character] = ["O": "0", "I": "1", "L": "1"]
        return String(
            text.prefix(64).uppercased().map { alike[$0] ?? $0 }.filter { $0.isASCII && !" -".contains($0) })
    }
}

extension Desk {
    /// Papers that a citizen prints.
    public var confirmations: ConfirmationDesk { ConfirmationDesk(desk: self) }
}
