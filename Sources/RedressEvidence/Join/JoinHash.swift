/// A keyed 128-bit hash that stands for a name, phone, person, ticket, session, device or address in the evidence.

/// The first 128 bits of an HMAC-SHA256 under the incident's join key; equal values of one kind have equal hashes.
public struct JoinHash: Hashable, Comparable, Sendable {
    /// The first eight bytes, read big-endian.
    public var high: UInt64
    /// The last eight bytes, read big-endian.
    public var low: UInt64

    /// Makes a hash from its two halves, each read big-endian.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 16 bytes; nil when there are more or fewer.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.init(high: bytes.span.bigEndian(at: 0), low: bytes.span.bigEndian(at: 8))
    }

    /// Reads 32 hexadecimal digits; nil when the text is anything else.
    public init?(hex: some StringProtocol) {
        let text = String(hex)
        guard text.utf8.count == 32,
            text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// The 16 bytes.
    public var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 16) { out, count in
            let both = UnsafeMutableRawBufferPointer(out)
            unsafe both.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            unsafe both.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            count = 16
        }
    }

    /// Orders hashes as their bytes are ordered.
    public static func < (left: JoinHash, right: JoinHash) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// A keyed hash is as even as can be in each of its parts: half of it is enough for a table.
    public func hash(into hasher: inout Hasher) { hasher.combine(low) }

    static let zero = JoinHash(high: 0, low: 0)

    var isZero: Bool { high == 0 && low == 0 }
}

extension JoinHash: CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public var description: String { hexadecimal(bytes) }
}

/// Lower-case hexadecimal digits of bytes.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    func digit(_ half: UInt8) -> UInt8 { half < 10 ? half + 48 : half + 87 }
    var out: [UInt8] = []
    out.reserveCapacity(64)
    for byte in bytes {
        out.append(digit(byte >> 4))
        out.append(digit(byte & 15))
    }
    return String(decoding: out, as: UTF8.self)
}
