// Every chance in a simulation comes from here, so that a seed gives the same incident again.

/// A small seeded generator (SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014), written out so that the numbers do not change with the standard library.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A generator of its own for one purpose, so that a change in one part leaves the others as they were.
    init(seed: UInt64, purpose: String) {
        var mixed = Dice(seed: seed)
        var value = mixed.next()
        for byte in purpose.utf8 { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        state = value
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to and without 1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// True with this chance (0 to 1).
    mutating func chance(_ share: Double) -> Bool {
        share > 0 && unit() < share
    }

    /// A whole number in the range, each as likely.
    mutating func within(_ range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int64(next().multipliedFullWidth(by: width).high)
    }

    /// A whole number from 0 up to and without `count` (at least 1).
    mutating func below(_ count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// One of the elements, or nil when there is none.
    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }

    /// An index drawn in proportion to the weights; 0 when they add up to nothing.
    mutating func weighted(_ weights: [Double]) -> Int {
        var left = unit() * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return index }
        }
        return 0
    }

    /// A waiting time of a memoryless arrival, in milliseconds, cut at eight times its mean.
    mutating func exponential(meanMilliseconds: Double) -> Int64 {
        var draws = 0
        while draws < 8 {
            let first = unit()
            var previous = first
            var steps = 1
            // Von Neumann's comparison method: the C library's logarithm may differ between systems.
            while true {
                let following = unit()
                if following > previous { break }
                previous = following
                steps += 1
            }
            if steps % 2 == 1 {
                return Int64((Double(draws) + first) * meanMilliseconds)
            }
            draws += 1
        }
        return Int64(8 * meanMilliseconds)
    }
}
