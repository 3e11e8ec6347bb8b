/// A fast 128-bit hash for tables in memory and for line fingerprints; never stored in place of a `JoinHash`.

/// Two secret numbers that key the first lane of the fast hash.
struct FastSeeds: Sendable {
    var a: UInt64
    var b: UInt64
}

/// Two independent 64-bit lanes of one pass over the bytes.
struct FastHash: Hashable, Sendable {
    /// The lane keyed by the incident's secret: whoever writes log lines cannot aim at it.
    var keyed: UInt64
    /// The lane with public constants: anybody can compute it again from the line.
    var open: UInt64
}

extension FastSeeds {
    /// Hashes `bytes[start..<end]` in both lanes.
    @inline(__always)
    func hash(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> FastHash {
        let raw = unsafe bytes.bytes
        let length = end - start
        var one = a ^ UInt64(truncatingIfNeeded: length)
        var two = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: length)
        var index = start
        while index + 16 <= end {
            let first = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let second = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index + 8, as: UInt64.self)
            one = mix(first ^ b, second ^ one)
            two = mix(first ^ 0xE703_7ED1_A0B4_28DB, second ^ two)
            index += 16
        }
        var first: UInt64 = 0
        var second: UInt64 = 0
        if index + 8 <= end {
            first = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            index += 8
            second = tail(raw, index, end)
        } else {
            first = tail(raw, index, end)
        }
        one = mix(first ^ b, second ^ one)
        two = mix(first ^ 0xE703_7ED1_A0B4_28DB, second ^ two)
        return FastHash(keyed: mix(one, a ^ 0x8EBC_6AF0_9C88_C6E3), open: mix(two, 0x5899_65CC_7537_4CC3))
    }
}

/// The last fewer-than-eight bytes as one number, with no read past the end.
@inline(__always)
private func tail(_ raw: RawSpan, _ start: Int, _ end: Int) -> UInt64 {
    var value: UInt64 = 0
    var index = start
    while index < end {
        value = (value << 8) | UInt64(unsafe raw.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        index += 1
    }
    return value
}

/// Multiplies to 128 bits and folds the halves.
@inline(__always)
private func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low ^ (left &+ right)
}

/// The fingerprint a citation keeps of its line: the open lane, which needs no secret.
public func lineFingerprint(_ line: [UInt8]) -> UInt64 {
    FastSeeds(a: 1, b: 1).hash(line.span, 0, line.count).open
}
