/// The tickets being read, each with what is summed up before it becomes entries.

/// What is held of one ticket until it is laid down.
struct TicketRow {
    // What every line touches stands first, so that it shares cache lines.
    var first: Int64 = .max
    var last: Int64 = .min
    /// The 640-second stretch whose 10-second bins `bits` holds.
    var word: Int64 = .min
    var bits: UInt64 = 0
    var number: Int64 = -1
    var numberFirst: Int64 = .max
    var numberLast: Int64 = .min
    /// Servers seen, by row, for the first 64.
    var nodes: UInt64 = 0
    var session = Edge()
    var device = Edge()
    var address = Edge()
    var clockOwner: UInt64 = 0
    /// Row of the clock's owner; -1 before one is known.
    var clock: Int32 = -1
    var lastLine = Citation.none
    var firstLine = Citation.none
    var numberLine = Citation.none
    var hash: JoinHash

    init(hash: JoinHash) {
        self.hash = hash
    }

    /// The neighbour noted last, and the earliest time noted for it.
    struct Edge {
        var mark: UInt64 = 0
        var time: Int64 = .max

        /// Whether this line must be noted: another neighbour, or an earlier line with the same one.
        @inline(__always)
        mutating func isNews(_ mark: UInt64, _ time: Int64) -> Bool {
            if mark == self.mark, time >= self.time { return false }
            self.mark = mark
            self.time = time
            return true
        }
    }
}

extension Citation {
    static let none = Citation(fileTag: 0, line: 0, offset: 0, length: 0, lineHash: 0)
}

/// What is held of one device's clock (of one session's, where the log names no device).
struct ClockRow {
    /// Client minus server time within one server, to 16.384 s, with the first line at it.
    struct Cell {
        var node: UInt64 = 0
        var bucket: Int64 = 0
        var first: Int64 = .max
        var last: Int64 = .min
        var firstLine = Citation.none
    }

    var owner: JoinHash
    var kind: FactKind
    var cells: InlineArray<4, Cell> = InlineArray(repeating: Cell())
    var next = 0

    /// log2 of the width of a bucket in milliseconds.
    static let bucketShift: Int64 = 14
}

extension EntryLog {
    /// An edge to another thing first seen at this line.
    @inline(__always)
    mutating func edge(_ from: JoinHash, _ tag: Tag, _ to: JoinHash, _ time: Int64, _ line: Citation) {
        begin(from, tag)
        add { $0.append(to) }
        value()
        add {
            $0.append(time: time)
            $0.append(line)
        }
        end()
    }

    /// An event with its line.
    @inline(__always)
    mutating func event(_ owner: JoinHash, _ tag: Tag, _ id: [UInt8], _ line: Citation) {
        begin(owner, tag)
        add { $0 += id }
        value()
        add { $0.append(line) }
        end()
    }

    /// Puts a clock cell down.
    mutating func clock(_ owner: JoinHash, _ cell: ClockRow.Cell) {
        begin(owner, .clock)
        add {
            $0.append(bigEndian: cell.node)
            $0.append(time: cell.bucket)
        }
        value()
        add {
            $0.append(time: cell.first)
            $0.append(cell.firstLine)
            $0.append(time: cell.last)
        }
        end()
    }

    /// Puts down what a ticket's row summed up.
    mutating func ticket(_ row: TicketRow) {
        guard row.first != .max else { return }
        begin(row.hash, .firstLine)
        value()
        add {
            $0.append(time: row.first)
            $0.append(row.firstLine)
        }
        end()
        begin(row.hash, .lastLine)
        value()
        add {
            $0.append(time: row.last)
            $0.append(row.lastLine)
        }
        end()
        polls(row)
    }

    /// Puts down one stretch of a ticket's polls.
    mutating func polls(_ row: TicketRow) {
        guard row.bits != 0 else { return }
        begin(row.hash, .polls)
        add { $0.append(time: row.word) }
        value()
        add { $0.append(bigEndian: row.bits) }
        end()
    }
}
