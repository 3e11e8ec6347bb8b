/// The one order of restoration, everywhere: original attempt, an unknown time first, ties by the published seed.
import Crypto
import RedressCore
import RedressStore

struct ClaimOrder {
    /// What a claim is ordered by.
    struct Key {
        var attemptedAt: Instant?
        var person: String
        var booking: String
    }

    let seed: Int64

    /// Whether `left` comes before `right`.
    ///
    /// A gap in our logs costs nobody a place, so an attempt without a known time comes first.
    func isBefore(_ left: Key, _ right: Key) -> Bool {
        let (first, second) = (
            left.attemptedAt?.milliseconds ?? .min, right.attemptedAt?.milliseconds ?? .min
        )
        return first != second ? first < second : tie(left) < tie(right)
    }

    /// Anyone who knows the published seed can draw this lot again.
    private func tie(_ key: Key) -> String {
        hexadecimal(SHA256.hash(data: Array("\(seed):\(key.person):\(key.booking)".utf8)))
    }
}

extension Case {
    /// What this case is ordered by.
    var orderKey: ClaimOrder.Key {
        ClaimOrder.Key(attemptedAt: attemptedAt, person: person, booking: booking)
    }
}

extension ClaimRow {
    /// What this claim is ordered by.
    var orderKey: ClaimOrder.Key {
        ClaimOrder.Key(attemptedAt: attemptedAt, person: person, booking: booking)
    }
}
