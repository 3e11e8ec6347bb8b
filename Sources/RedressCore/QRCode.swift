/// QR codes (ISO/IEC 18004): a text as a square of dark and light modules that a telephone's camera reads.

/// A QR code of some text in UTF-8, with a seventh of it repairable (level M).
public struct QRCode: Sendable, Equatable {
    /// How many modules a side has.
    public let size: Int
    private let version: Int
    private var dark: [Bool]
    private var isFixed: [Bool]

    /// Makes the smallest code that holds a text; nil when it is longer than any holds.
    public init?(_ text: String) {
        guard let version = (1...40).first(where: { Self.fits(text.utf8.count, $0) }) else { return nil }
        var best: (code: QRCode, penalty: Int)?
        for mask in 0..<8 {
            let code = QRCode(text, version: version, mask: mask)
            let penalty = code.penalty
            if best.map({ penalty < $0.penalty }) ?? true { best = (code, penalty) }
        }
        guard let best else { return nil }
        self = best.code
    }

    /// Makes a code of one version with one mask; the text must fit.
    init(_ text: String, version: Int, mask: Int) {
        self.version = version
        size = version * 4 + 17
        dark = Array(repeating: false, count: size * size)
        isFixed = dark
        drawFixed()
        draw(format: mask)
        draw(codewords: Self.protected(Self.data(Array(text.utf8), version), version))
        apply(mask: mask)
    }

    /// Whether a module is dark; what lies outside is light.
    public subscript(_ x: Int, _ y: Int) -> Bool {
        (0..<size).contains(x) && (0..<size).contains(y) && dark[y * size + x]
    }

    /// How many bytes of data a version holds with their header.
    private static func fits(_ count: Int, _ version: Int) -> Bool {
        let header = version < 10 ? 12 : 20
        return (header + count * 8 + 7) / 8 <= QRTable.dataCount(version)
    }

    /// Mode, length, bytes, and filling up to the version's capacity.
    private static func data(_ text: [UInt8], _ version: Int) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            for place in (0..<count).reversed() { bits.append(value >> place & 1 == 1) }
        }
        append(0b0100, 4)
        append(text.count, version < 10 ? 8 : 16)
        for byte in text { append(Int(byte), 8) }
        let capacity = QRTable.dataCount(version) * 8
        append(0, min(4, capacity - bits.count))
        append(0, (8 - bits.count % 8) % 8)
        var bytes = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
        for filler in 0..<(capacity / 8 - bytes.count) {
            bytes.append(filler % 2 == 0 ? 0xEC : 0x11)
        }
        return bytes
    }

    /// The data with its repair codewords, block by block, interleaved.
    private static func protected(_ data: [UInt8], _ version: Int) -> [UInt8] {
        let (blocks, repair) = (QRTable.blocks[version], QRTable.repair[version])
        let all = QRTable.moduleCount(version) / 8
        let (short, shortLength) = (blocks - all % blocks, all / blocks - repair)
        let code = ReedSolomon(degree: repair)
        var start = 0
        let parts = (0..<blocks).map { block in
            let end = start + shortLength + (block < short ? 0 : 1)
            defer { start = end }
            return Array(data[start..<end])
        }
        let repairs = parts.map(code.remainder)
        var result: [UInt8] = []
        for index in 0...shortLength { result += parts.compactMap { index < $0.count ? $0[index] : nil } }
        for index in 0..<repair { result += repairs.map { $0[index] } }
        return result
    }
}

// MARK: - Drawing

extension QRCode {
    private mutating func set(_ x: Int, _ y: Int, _ isDark: Bool) {
        dark[y * size + x] = isDark
        isFixed[y * size + x] = true
    }

    private mutating func drawFixed() {
        for place in 0..<size {
            set(6, place, place % 2 == 0)
            set(place, 6, place % 2 == 0)
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] { drawFinder(x, y) }
        let places = QRTable.alignments(version)
        for (row, y) in places.enumerated() {
            for (column, x) in places.enumerated() {
                let last = places.count - 1
                let isCorner =
                    (row, column) == (0, 0) || (row, column) == (0, last) || (row, column) == (last, 0)
                guard !isCorner else { continue }
                for down in -2...2 {
                    for right in -2...2 { set(x + right, y + down, max(abs(right), abs(down)) != 1) }
                }
            }
        }
        if version >= 7 { drawVersion() }
    }

    private mutating func drawFinder(_ x: Int, _ y: Int) {
        for down in -4...4 {
            for right in -4...4 where (0..<size).contains(x + right) && (0..<size).contains(y + down) {
                let distance = max(abs(right), abs(down))
                set(x + right, y + down, distance != 2 && distance != 4)
            }
        }
    }

    private mutating func drawVersion() {
        var rest = version
        for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1F25 }
        let bits = version << 12 | rest
        for place in 0..<18 {
            let isDark = bits >> place & 1 == 1
            set(size - 11 + place % 3, place / 3, isDark)
            set(place / 3, size - 11 + place % 3, isDark)
        }
    }

    /// The mask and the level (M is 0), twice, protected by a code of their own.
    private mutating func draw(format mask: Int) {
        var rest = mask
        for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
        let bits = (mask << 10 | rest) ^ 0x5412
        func bit(_ place: Int) -> Bool { bits >> place & 1 == 1 }
        for place in 0...5 { set(8, place, bit(place)) }
        set(8, 7, bit(6))
        set(8, 8, bit(7))
        set(7, 8, bit(8))
        for place in 9..<15 { set(14 - place, 8, bit(place)) }
        for place in 0..<8 { set(size - 1 - place, 8, bit(place)) }
        for place in 8..<15 { set(8, size - 15 + place, bit(place)) }
        set(8, size - 8, true)
    }

    /// Two columns at a time from the right, up and down in turn, around what is fixed.
    private mutating func draw(codewords: [UInt8]) {
        var next = 0
        for pair in stride(from: size - 1, to: 0, by: -2) {
            let right = pair <= 6 ? pair - 1 : pair
            let isUpward = (right + 1) & 2 == 0
            for step in 0..<size {
                let y = isUpward ? size - 1 - step : step
                for x in [right, right - 1] where !isFixed[y * size + x] && next < codewords.count * 8 {
                    dark[y * size + x] = codewords[next / 8] >> (7 - next % 8) & 1 == 1
                    next += 1
                }
            }
        }
    }

    private mutating func apply(mask: Int) {
        for y in 0..<size {
            for x in 0..<size where !isFixed[y * size + x] {
                let isInverted =
                    switch mask {
                    case 0: (x + y) % 2 == 0
                    case 1: y % 2 == 0
                    case 2: x % 3 == 0
                    case 3: (x + y) % 3 == 0
                    case 4: (x / 3 + y / 2) % 2 == 0
                    case 5: x * y % 2 + x * y % 3 == 0
                    case 6: (x * y % 2 + x * y % 3) % 2 == 0
                    default: ((x + y) % 2 + x * y % 3) % 2 == 0
                    }
                if isInverted { dark[y * size + x].toggle() }
            }
        }
    }

    /// How hard a code is to read: long runs, blocks, what looks like a finder, too much of one shade.
    fileprivate var penalty: Int {
        var total = 0
        for line in 0..<size {
            total += Self.penalty((0..<size).map { self[$0, line] })
            total += Self.penalty((0..<size).map { self[line, $0] })
        }
        for y in 0..<size - 1 {
            for x in 0..<size - 1 {
                let shade = self[x, y]
                if shade == self[x + 1, y], shade == self[x, y + 1], shade == self[x + 1, y + 1] {
                    total += 3
                }
            }
        }
        let share = dark.count { $0 } * 20 - size * size * 10
        return total + abs(share) / (size * size) * 10
    }

    private static let finder = [true, false, true, true, true, false, true, false, false, false, false]

    private static func penalty(_ line: [Bool]) -> Int {
        var (total, run) = (0, 0)
        for (place, shade) in line.enumerated() {
            run = place > 0 && line[place - 1] == shade ? run + 1 : 1
            if run == 5 { total += 3 } else if run > 5 { total += 1 }
            let window = line[max(0, place - 10)...place]
            if window.count == 11, window.elementsEqual(finder) || window.elementsEqual(finder.reversed()) {
                total += 40
            }
        }
        return total
    }
}

/// Repair codewords over the field of 256 elements.
private struct ReedSolomon {
    private let divisor: [UInt8]

    init(degree: Int) {
        var divisor = [UInt8](repeating: 0, count: degree)
        divisor[degree - 1] = 1
        var root: UInt8 = 1
        for _ in 0..<degree {
            for place in divisor.indices {
                divisor[place] = Self.product(divisor[place], root)
                if place + 1 < degree { divisor[place] ^= divisor[place + 1] }
            }
            root = Self.product(root, 2)
        }
        self.divisor = divisor
    }

    func remainder(_ data: [UInt8]) -> [UInt8] {
        var rest = [UInt8](repeating: 0, count: divisor.count)
        for byte in data {
            let factor = byte ^ rest.removeFirst()
            rest.append(0)
            for place in rest.indices { rest[place] ^= Self.product(divisor[place], factor) }
        }
        return rest
    }

    private static func product(_ one: UInt8, _ other: UInt8) -> UInt8 {
        var result = 0
        for place in (0..<8).reversed() {
            result = result << 1 ^ (result >> 7) * 0x11D
            result ^= Int(other >> place & 1) * Int(one)
        }
        return UInt8(truncatingIfNeeded: result)
    }
}

/// The standard's figures for level M, by version; the first of each list stands for no version.
private enum QRTable {
    static let repair = [
        0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ]
    static let blocks = [
        0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26,
        28,
        29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ]

    /// How many modules are left for codewords.
    static func moduleCount(_ version: Int) -> Int {
        let square = (16 * version + 128) * version + 64
        guard version >= 2 else { return square }
        let marks = version / 7 + 2
        return square - ((25 * marks - 10) * marks - 55) - (version >= 7 ? 36 : 0)
    }

    static func dataCount(_ version: Int) -> Int {
        moduleCount(version) / 8 - repair[version] * blocks[version]
    }

    /// Where the small squares stand, along either side.
    static func alignments(_ version: Int) -> [Int] {
        guard version >= 2 else { return [] }
        let count = version / 7 + 2
        let step = version == 32 ? 26 : (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2
        return [6] + (0..<count - 1).map { version * 4 + 10 - (count - 2 - $0) * step }
    }
}
