/// Remembers the keyed hashes of values just seen, so that the slow HMAC runs once a value, not once a line.

/// An open-addressed table from fast hashes to join hashes.
struct JoinCache {
    private var keys: [FastHash] = Array(repeating: FastHash(keyed: 0, open: 0), count: 1 << 12)
    private var values: [JoinHash] = Array(repeating: .zero, count: 1 << 12)
    private var count = 0
    private let joinKey: JoinKey

    init(_ joinKey: JoinKey) {
        self.joinKey = joinKey
    }

    /// Bytes held.
    var size: Int { keys.count * 32 }

    /// The join hash of `bytes[start..<end]`.
    @inline(__always)
    mutating func hash(_ kind: JoinKind, _ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> JoinHash {
        hash(kind, joinKey.seeds.hash(bytes, start, end), bytes, start, end)
    }

    /// The join hash of a value whose fast hash is already known.
    mutating func hash(
        _ kind: JoinKind, _ fast: FastHash, _ bytes: Span<UInt8>, _ start: Int, _ end: Int
    ) -> JoinHash {
        let salt = UInt64(kind.rawValue) &* 0x9E37_79B9_7F4A_7C15
        let key = FastHash(keyed: fast.keyed ^ salt, open: fast.open | 1)
        var slot = Int(truncatingIfNeeded: key.keyed) & (keys.count - 1)
        while keys[slot].open != 0 {
            if keys[slot] == key { return values[slot] }
            slot = (slot + 1) & (keys.count - 1)
        }
        var value: [UInt8] = []
        value.reserveCapacity(end - start)
        for index in start..<end { value.append(bytes[index]) }
        let hash = joinKey.hash(kind, value)
        keys[slot] = key
        values[slot] = hash
        count += 1
        if count * 2 > keys.count { grow() }
        return hash
    }

    /// Forgets everything; the values can be hashed again.
    mutating func clear() {
        self = JoinCache(joinKey)
    }

    private mutating func grow() {
        let oldKeys = keys
        let oldValues = values
        keys = Array(repeating: FastHash(keyed: 0, open: 0), count: oldKeys.count * 2)
        values = Array(repeating: .zero, count: oldKeys.count * 2)
        for index in 0..<oldKeys.count where oldKeys[index].open != 0 {
            var slot = Int(truncatingIfNeeded: oldKeys[index].keyed) & (keys.count - 1)
            while keys[slot].open != 0 { slot = (slot + 1) & (keys.count - 1) }
            keys[slot] = oldKeys[index]
            values[slot] = oldValues[index]
        }
    }
}

/// An open-addressed table from fast hashes to row numbers; one slot is one memory access.
struct RowIndex {
    private struct Slot {
        var keyed: UInt64 = 0
        /// Half of the second lane: with the first, 96 bits tell two values apart.
        var open: UInt32 = 0
        var row: Int32 = -1
    }

    private var slots: [Slot] = Array(repeating: Slot(), count: 1 << 12)
    private(set) var count = 0

    /// Bytes held.
    var size: Int { slots.count * MemoryLayout<Slot>.stride }

    /// The row of a key; a key not seen before gets the next number.
    @inline(__always)
    mutating func row(_ key: FastHash) -> (row: Int, isNew: Bool) {
        let open = UInt32(truncatingIfNeeded: key.open)
        var position = Int(truncatingIfNeeded: key.keyed) & (slots.count - 1)
        while slots[position].row >= 0 {
            if slots[position].keyed == key.keyed, slots[position].open == open {
                return (Int(slots[position].row), false)
            }
            position = (position + 1) & (slots.count - 1)
        }
        slots[position] = Slot(keyed: key.keyed, open: open, row: Int32(truncatingIfNeeded: count))
        count += 1
        if count * 2 > slots.count { grow() }
        return (count - 1, true)
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: old.count * 2)
        for slot in old where slot.row >= 0 {
            var position = Int(truncatingIfNeeded: slot.keyed) & (slots.count - 1)
            while slots[position].row >= 0 { position = (position + 1) & (slots.count - 1) }
            slots[position] = slot
        }
    }
}
