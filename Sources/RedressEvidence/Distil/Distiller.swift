/// Turns the lines of one log into journal entries: the hot path, so it builds no text and no object a line.

import RedressCore

/// Distils the lines of one file.
struct Distiller {
    let joinKey: JoinKey
    let kind: LogKind
    let fileTag: UInt64
    private let mapped: MappedLines?
    private let rowEnds: RowEnds?
    var logs: [EntryLog] = Array(repeating: EntryLog(), count: 16)
    var joins: JoinCache
    var coverage = CoverageTable()
    var ticketIndex = RowIndex()
    var tickets: [TicketRow] = []
    var clockIndex = RowIndex()
    var clocks: [ClockRow] = []
    var pages = PageRules.shipped
    var scratch: [UInt8] = []
    private var times = TimeReader()
    private var fields = LineFields()
    private(set) var quarantined: [QuarantinedLine] = []
    private var noNode: Int

    /// Longest line read, in bytes.
    static let longestLine = 1 << 20

    init(joinKey: JoinKey, kind: LogKind, fileTag: UInt64, mapping: Mapping?) {
        self.joinKey = joinKey
        self.kind = kind
        self.fileTag = fileTag
        mapped = mapping.map { MappedLines($0) }
        rowEnds = RowEnds(mapping)
        if let mapping { pages = mapping.pages }
        joins = JoinCache(joinKey)
        noNode = 0
        let empty: [UInt8] = []
        noNode = coverage.node(joinKey.seeds, empty.span, 0, 0)
    }

    /// Bytes held, about.
    var size: Int {
        var size = joins.size + coverage.size + ticketIndex.size + clockIndex.size
        size += tickets.count * MemoryLayout<TicketRow>.stride + clocks.count * MemoryLayout<ClockRow>.stride
        for log in logs { size += log.size }
        // Written as JSON a line takes more than it does here.
        return size + quarantined.count * 1024
    }

    /// Reads the lines of a chunk; `isLast` when the file ends with it.
    mutating func read(_ chunk: LogChunk, isLast: Bool) -> (lines: Int, quarantined: Int) {
        let bytes = chunk.bytes.span.extracting(chunk.range)
        var lines = 0
        var faults = 0
        var start = 0
        while start < bytes.count {
            let end = rowEnds?.end(bytes, start, isLast: true) ?? lineFeed(bytes, start) ?? bytes.count
            let number = chunk.firstLine + lines
            lines += rowEnds == nil ? 1 : 1 + countLineFeeds(bytes, start, end)
            var stop = end
            if stop > start, bytes[stop - 1] == 0x0D { stop -= 1 }
            do throws(LineFault) {
                try readLine(bytes, start, stop, number, chunk.offset + start)
            } catch {
                let isCut = isLast && end == bytes.count && error.reason == .malformed
                let line = QuarantinedLine(
                    line: number, offset: chunk.offset + start, length: end - start,
                    reason: isCut ? .cutOff : error.reason, position: max(0, error.position - start))
                faults += setAside(line, lines: chunk.firstLine + lines - number, bytes, start)
            }
            start = end + 1
        }
        return (lines, faults)
    }

    /// Puts a row into quarantine, each of its lines on its own; returns how many those are.
    private mutating func setAside(
        _ row: QuarantinedLine, lines: Int, _ bytes: Span<UInt8>, _ start: Int
    ) -> Int {
        guard lines > 1 else {
            quarantined.append(row)
            return 1
        }
        var from = start
        for index in 0..<lines {
            let end = min(lineFeed(bytes, from) ?? bytes.count, start + row.length)
            quarantined.append(
                QuarantinedLine(
                    line: row.line + index, offset: row.offset + from - start, length: end - from,
                    reason: row.reason, position: 0))
            from = end + 1
        }
        return lines
    }

    private mutating func readLine(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ number: Int, _ offset: Int
    ) throws(LineFault) {
        if end - start > Self.longestLine { throw LineFault(reason: .tooLong, position: start) }
        if isBlank(bytes, start, end) { return }
        let hash = joinKey.seeds.hash(bytes, start, end)
        let line = Citation(
            fileTag: fileTag, line: number, offset: offset, length: end - start, lineHash: hash.open)
        fields.clear()
        if let mapped {
            if mapped.skips(bytes, start, end) { return }
            var values: [UInt8] = []
            let time = try mapped.read(bytes, start, end, &values, &fields)
            return try interpret(values.span, fields, time, line, hash, start)
        }
        if kind == .web, bytes[start] != UInt8(ascii: "{") {
            let time = try CombinedScanner.scan(bytes, start, end, &fields)
            return try interpret(bytes, fields, time, line, hash, start)
        }
        try JSONScanner.scan(bytes, start, end, &fields)
        if fields.escaped != 0 {
            var values: [UInt8] = []
            fields = try unescaped(bytes, start, &values)
            return try interpret(values.span, fields, nil, line, hash, start)
        }
        try interpret(bytes, fields, nil, line, hash, start)
    }

    /// Distils one line whose fields stand in `values`; nothing is noted of a line that turns out faulty.
    private mutating func interpret(
        _ values: Span<UInt8>, _ fields: LineFields, _ known: Int64?, _ line: Citation, _ hash: FastHash,
        _ start: Int
    ) throws(LineFault) {
        let time: Int64
        if let known {
            time = known
        } else {
            guard fields.has(.ts),
                let read = times.milliseconds(values, fields.start(.ts), fields.end(.ts))
            else { throw LineFault(reason: .noTime, position: start) }
            time = read
        }
        var sequence: Int64?
        if fields.has(.seq) {
            guard let read = wholeNumber(values, fields.start(.seq), fields.end(.seq)), read >= 0 else {
                throw LineFault(reason: .badValue, position: start)
            }
            sequence = read
        }
        let node =
            fields.has(.node)
            ? coverage.node(joinKey.seeds, values, fields.start(.node), fields.end(.node)) : noNode
        let place = LinePlace(
            time: time, node: node, mark: coverage.nodeMarks[node], sequence: sequence ?? -1, line: line)
        switch kind {
        case .queue: try queueLine(values, fields, place)
        case .booking: try bookingLine(values, fields, place)
        case .web: try webLine(values, fields, place)
        case .sms: try smsLine(values, fields, place)
        }
        coverage.note(node, time.floorQuotient(60_000), sequence, UInt32(truncatingIfNeeded: hash.keyed))
    }

    /// The fields with escapes resolved, standing in `values`.
    private func unescaped(
        _ bytes: Span<UInt8>, _ start: Int, _ values: inout [UInt8]
    ) throws(LineFault) -> LineFields {
        var out = LineFields()
        for field in Field.allCases where fields.has(field) {
            let from = values.count
            guard unescape(bytes, fields.start(field), fields.end(field), into: &values) else {
                throw LineFault(reason: .badValue, position: fields.start(field))
            }
            out.set(field, from, values.count)
        }
        return out
    }

    /// Takes everything out: facts in order of their keys, and the lines that were set aside.
    mutating func drain(_ take: (FactKey, [UInt8]) throws -> Void) throws -> [QuarantinedLine] {
        for row in tickets {
            logs[FactKind.ticket.slot].ticket(row)
            noteNumber(row)
        }
        tickets.removeAll(keepingCapacity: true)
        ticketIndex = RowIndex()
        for row in clocks {
            for index in 0..<4 where row.cells[index].first != .max {
                logs[row.kind.slot].clock(row.owner, row.cells[index])
            }
        }
        clocks.removeAll(keepingCapacity: true)
        clockIndex = RowIndex()
        coverage.drain(kind, joinKey, into: &logs[FactKind.coverage.slot])
        joins.clear()
        for kind in FactKind.allCases { try logs[kind.slot].drain(kind, take) }
        let lines = quarantined
        quarantined.removeAll()
        return lines
    }
}

/// Where and when a line was written.
struct LinePlace {
    var time: Int64
    /// Row of the server in the coverage table.
    var node: Int
    /// Public fingerprint of the server's name.
    var mark: UInt64
    /// The server's own counter; -1 when the line has none.
    var sequence: Int64
    var line: Citation
}

extension FactKind {
    /// Where a distiller keeps the entries of this kind.
    var slot: Int { Int(rawValue) }
}

/// A stretch of whole lines of a file.
struct LogChunk: Sendable {
    var bytes: [UInt8]
    /// The part of `bytes` that holds the lines.
    var range: Range<Int>
    /// Offset of the first byte of the part in the decompressed file.
    var offset: Int
    /// Number of the first line, from 1.
    var firstLine: Int
}

private func isBlank(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var index = start
    while index < end {
        if bytes[index] != 0x20, bytes[index] != 0x09 { return false }
        index += 1
    }
    return true
}
