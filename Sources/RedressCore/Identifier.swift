/// Ids made by the application, so that both engines store the same ones.

/// Makes ids that sort by the time they were made and cannot be guessed.
public enum Identifier {
    /// 48 bits of milliseconds and 80 random bits in hex, 32 characters: the content of a UUID version 7 (RFC 9562).
    public static func make(at instant: Instant) -> String {
        let time = hex(UInt64(bitPattern: instant.milliseconds) & 0xFFFF_FFFF_FFFF, digits: 12)
        return time + hex(.random(in: 0...0xFFFF), digits: 4) + hex(.random(in: 0...UInt64.max), digits: 16)
    }

    /// When an id was made; nil when it is none of these ids.
    public static func instant(of id: String) -> Instant? {
        guard id.utf8.count == 32, let time = Int64(id.prefix(12), radix: 16) else { return nil }
        return Instant(milliseconds: time)
    }

    private static func hex(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
