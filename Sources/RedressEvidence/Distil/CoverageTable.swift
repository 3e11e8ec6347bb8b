/// Notes, for each server and minute, which of its numbered lines were read.

/// The lines read so far, a cell a server and minute.
struct CoverageTable {
    private struct Cell {
        var node: Int
        var minute: Int64
        var numbered: [SequenceSet.Numbered] = []
        var unnumbered: [UInt32] = []
    }

    /// Names of the servers, by row.
    private(set) var nodes: [[UInt8]] = []
    /// Public fingerprints of those names, as event entries hold them.
    private(set) var nodeMarks: [UInt64] = []
    private var index = RowIndex()
    private var cells: [Cell] = []
    private var cellOf: [CellKey: Int] = [:]
    /// The cell each server wrote to last.
    private var current: [Int] = []
    private var held = 0

    private struct CellKey: Hashable {
        var node: Int
        var minute: Int64
    }

    /// Bytes held.
    var size: Int { held * 16 + cells.count * 96 }

    /// The row of a server's name.
    @inline(__always)
    mutating func node(_ seeds: FastSeeds, _ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        let fast = seeds.hash(bytes, start, end)
        let found = index.row(fast)
        if found.isNew {
            var name: [UInt8] = []
            for position in start..<end { name.append(bytes[position]) }
            nodes.append(name)
            nodeMarks.append(fast.open)
            current.append(-1)
        }
        return found.row
    }

    /// Notes one line of a server.
    @inline(__always)
    mutating func note(_ node: Int, _ minute: Int64, _ sequence: Int64?, _ fingerprint: UInt32) {
        var cell = current[node]
        if cell < 0 || cells[cell].minute != minute {
            cell = self.cell(node, minute)
            current[node] = cell
        }
        held += 1
        if let sequence {
            cells[cell].numbered.append(
                SequenceSet.Numbered(sequence: UInt64(sequence), fingerprint: fingerprint))
        } else {
            cells[cell].unnumbered.append(fingerprint)
        }
    }

    private mutating func cell(_ node: Int, _ minute: Int64) -> Int {
        let key = CellKey(node: node, minute: minute)
        if let cell = cellOf[key] { return cell }
        cells.append(Cell(node: node, minute: minute))
        cellOf[key] = cells.count - 1
        return cells.count - 1
    }

    /// Takes the cells out as entries of coverage facts.
    mutating func drain(_ kind: LogKind, _ joinKey: JoinKey, into log: inout EntryLog) {
        for cell in cells {
            var set = SequenceSet()
            set.insert(cell.numbered)
            set.unnumbered = Array(Set(cell.unnumbered)).sorted()
            let label = CoverageLabel(kind: kind, node: nodes[cell.node], minute: cell.minute)
            let hash = joinKey.hash(.place, Array("coverage".utf8) + label.stored)
            log.begin(hash, .label)
            log.value()
            log.add { $0 += label.stored }
            log.end()
            log.begin(hash, .sequences)
            log.value()
            log.add { $0 += set.stored }
            log.end()
        }
        cells.removeAll()
        cellOf.removeAll()
        held = 0
        for node in current.indices { current[node] = -1 }
    }
}

/// Which server and minute a coverage fact is about.
struct CoverageLabel: Hashable {
    var kind: LogKind
    var node: [UInt8]
    var minute: Int64

    init(kind: LogKind, node: [UInt8], minute: Int64) {
        self.kind = kind
        self.node = node
        self.minute = minute
    }

    /// Reads the stored form.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard range.count >= 9 else { return nil }
        switch bytes[range.lowerBound] {
        case 1: kind = .queue
        case 2: kind = .booking
        case 3: kind = .web
        case 4: kind = .sms
        default: return nil
        }
        minute = bytes.time(at: range.lowerBound + 1)
        node = []
        for index in (range.lowerBound + 9)..<range.upperBound { node.append(bytes[index]) }
    }

    /// Kind, minute, name.
    var stored: [UInt8] {
        var out: [UInt8] = [kind.code]
        out.append(time: minute)
        return out + node
    }
}

extension LogKind {
    /// The number under which facts store a kind of log.
    var code: UInt8 {
        switch self {
        case .queue: 1
        case .booking: 2
        case .web: 3
        case .sms: 4
        }
    }
}
