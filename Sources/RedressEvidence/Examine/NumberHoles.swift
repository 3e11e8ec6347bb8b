/// Ticket numbers nobody ever saw: the trace that a wholly lost server leaves.

/// The minutes in which tickets lived whose numbers are missing.
struct NumberHoles {
    private(set) var minutes: Set<Int64> = []

    private struct Block {
        var number: Int64
        var words: [UInt64] = [0, 0, 0, 0]
        var first: Int64 = 0
        var last: Int64 = 0

        var lowest: Int {
            for word in 0..<4 where words[word] != 0 { return word * 64 + words[word].trailingZeroBitCount }
            return 256
        }

        var highest: Int {
            for word in [3, 2, 1, 0] where words[word] != 0 {
                return word * 64 + 63 - words[word].leadingZeroBitCount
            }
            return -1
        }

        func hasHole(from: Int, to: Int) -> Bool {
            guard from <= to else { return false }
            for bit in from...to where words[bit >> 6] & (1 << UInt64(bit & 63)) == 0 { return true }
            return false
        }
    }

    /// Reads the number blocks. A single number far from all others opens no hole between.
    init(_ facts: [Fact]) throws {
        var blocks = try facts.map { try Self.block($0.payload) }
        blocks.sort { $0.number < $1.number }
        for index in blocks.indices {
            let block = blocks[index]
            let hasBefore = index > 0 && blocks[index - 1].number == block.number - 1
            let hasAfter = index + 1 < blocks.count && blocks[index + 1].number == block.number + 1
            let from = hasBefore ? 0 : block.lowest
            let to = hasAfter ? 255 : block.highest
            guard block.hasHole(from: from, to: to), block.last - block.first < 86_400_000 else { continue }
            for minute in block.first.floorQuotient(60_000)...block.last.floorQuotient(60_000) {
                minutes.insert(minute)
            }
        }
    }

    private static func block(_ payload: [UInt8]) throws -> Block {
        let bytes = payload.span
        var reader = try JournalReader(bytes)
        var block = Block(number: 0)
        while let entry = try reader.next(bytes) {
            let value = entry.value.lowerBound
            guard entry.value.count >= (entry.tag == .span ? 16 : 8) else {
                throw Journal.damaged("a block is cut")
            }
            switch entry.tag {
            case .label: block.number = bytes.time(at: value)
            case .span: (block.first, block.last) = (bytes.time(at: value), bytes.time(at: value + 8))
            case .numberBits:
                guard entry.id.count == 1 else { throw Journal.damaged("a block is cut") }
                block.words[Int(bytes[entry.id.lowerBound] & 3)] = bytes.bigEndian(at: value)
            default: break
            }
        }
        return block
    }
}
