/// Facts read so far, found by their keys: a table whose places are the keys' own bits.

import Crypto
import RedressCore

/// A fact in memory, with the digest of what it says.
final class LoadedFact {
    let contents: JournalContents
    let digest: SHA256.Digest

    /// - Parameter scratch: memory to work in.
    init(_ payload: [UInt8], _ scratch: inout [UInt8]) throws {
        scratch.removeAll(keepingCapacity: true)
        contents = try JournalContents(payload, canonical: &scratch)
        digest = SHA256.hash(data: scratch)
    }
}

/// Which facts were asked for, and those that there are.
///
/// Open addressing with linear probing. A join hash is a keyed hash and as even as can be already: a dictionary would
/// hash it once more at each look, which was a tenth of a verdict.
struct FactTable {
    private var keys: [FactKey] = []
    private var facts: [LoadedFact?] = []
    /// A power of two of places: one more than an index of `keys`, or 0 where the place is free.
    private var places = [UInt32](repeating: 0, count: 256)

    /// The fact of this key; nil when it was not asked for, or when there is none.
    subscript(_ kind: FactKind, _ hash: JoinHash) -> LoadedFact? {
        let index = Int(places[place(FactKey(kind: kind, hash: hash))])
        return index == 0 ? nil : facts[index - 1]
    }

    /// Whether it was asked for.
    func contains(_ key: FactKey) -> Bool { places[place(key)] != 0 }

    /// Notes that a key was asked for; false when it was before.
    mutating func insert(_ key: FactKey) -> Bool {
        let free = place(key)
        guard places[free] == 0 else { return false }
        keys.append(key)
        facts.append(nil)
        places[free] = UInt32(keys.count)
        if keys.count * 2 > places.count { grow() }
        return true
    }

    /// Keeps the fact of a key that was asked for.
    mutating func keep(_ fact: LoadedFact, of key: FactKey) {
        let index = Int(places[place(key)])
        if index > 0 { facts[index - 1] = fact }
    }

    /// Forgets all, and keeps the memory for others.
    mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
        facts.removeAll(keepingCapacity: true)
        for index in places.indices { places[index] = 0 }
    }

    /// Where the key is, or the free place where it would be.
    private func place(_ key: FactKey) -> Int {
        let mask = places.count - 1
        var place = (Int(truncatingIfNeeded: key.hash.low) &+ Int(key.kind.rawValue)) & mask
        while true {
            let index = Int(places[place])
            if index == 0 || keys[index - 1] == key { return place }
            place = (place + 1) & mask
        }
    }

    private mutating func grow() {
        places = [UInt32](repeating: 0, count: places.count * 2)
        for (index, key) in keys.enumerated() { places[place(key)] = UInt32(index + 1) }
    }
}
