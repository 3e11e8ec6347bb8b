/// Numbers as big-endian bytes, so that comparing bytes compares numbers.

extension Span where Element == UInt8 {
    /// Eight bytes from `offset`, read big-endian.
    @inline(__always)
    func bigEndian(at offset: Int) -> UInt64 {
        UInt64(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Four bytes from `offset`, read big-endian.
    @inline(__always)
    func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Two bytes from `offset`, read big-endian.
    @inline(__always)
    func bigEndian16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
}

extension Array where Element == UInt8 {
    /// Appends a number's bytes, highest first.
    @inline(__always)
    mutating func append(bigEndian value: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    /// Appends a hash's 16 bytes.
    @inline(__always)
    mutating func append(_ hash: JoinHash) {
        append(bigEndian: hash.high)
        append(bigEndian: hash.low)
    }

    /// Appends a time so that byte order is time order, before 1970 too.
    @inline(__always)
    mutating func append(time milliseconds: Int64) {
        append(bigEndian: UInt64(bitPattern: milliseconds) ^ (1 << 63))
    }
}

extension Span where Element == UInt8 {
    /// A time written by `append(time:)`, in milliseconds since 1970.
    @inline(__always)
    func time(at offset: Int) -> Int64 {
        Int64(bitPattern: bigEndian(at: offset) ^ (1 << 63))
    }

    /// A hash written by `append(_:)`.
    @inline(__always)
    func joinHash(at offset: Int) -> JoinHash {
        JoinHash(high: bigEndian(at: offset), low: bigEndian(at: offset + 8))
    }
}
