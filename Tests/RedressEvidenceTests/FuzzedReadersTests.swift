/// Proves that no damage to any kind of input crashes a reader, loses a line or counts one twice.
import FoundationEssentials
import FuzzedReaders
import TestSupport
import Testing

@Suite struct FuzzedReadersTests {
    private static let folder = #filePath.replacing(
        "RedressEvidenceTests/FuzzedReadersTests.swift", with: "RedressEvidenceFuzz/corpus")

    @Test("Each input of the corpus, and 300 damaged forms of it, read with every line counted once")
    func corpus() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted()
        #expect(Set(names.compactMap { $0.first?.asciiValue.map { $0 & 7 } }).count == 8)
        for (number, name) in names.enumerated() {
            let whole = Array(try Data(contentsOf: URL(filePath: Self.folder + "/" + name)))
            try readAsFuzzed(whole)
            for seed in 0..<300 {
                var dice = Dice(seed: UInt64(number * 1000 + seed))
                let damaged = Self.damaged(whole, &dice)
                #expect(throws: Never.self, "\(name), seed \(number * 1000 + seed)") {
                    try readAsFuzzed(damaged)
                }
            }
        }
    }

    /// Bytes changed, cut out, doubled and cut off, as disks, collectors and people do it.
    private static func damaged(_ whole: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = whole
        let telling: [UInt8] = [0, 10, 13, 34, 44, 46, 58, 92, 123, 125, 127, 128, 192, 255]
        for _ in 0...(dice.next() % 6) where bytes.count > 2 {
            let at = 1 + Int(dice.next() % UInt64(bytes.count - 1))
            let reach = min(bytes.count - at, 1 + Int(dice.next() % 24))
            switch dice.next() % 5 {
            case 0: bytes[at] = UInt8(truncatingIfNeeded: dice.next())
            case 1: bytes[at] = telling[Int(dice.next() % UInt64(telling.count))]
            case 2: bytes.removeSubrange(at..<(at + reach))
            case 3: bytes.insert(contentsOf: Array(bytes[at..<(at + reach)]), at: at)
            default: bytes.removeLast(min(reach, bytes.count - 1))
            }
        }
        return bytes
    }
}
