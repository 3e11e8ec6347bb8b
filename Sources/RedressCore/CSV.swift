/// One row of a CSV file, with the place it came from.
public struct CSVRecord: Sendable, Equatable {
    /// The cells, unquoted. Empty when `problem` says that the row could not be read.
    public var fields: [String]
    /// The line on which the row begins, counted from 1; a quoted line break makes a row span several.
    public var line: Int
    /// Where the row begins, in bytes from the start of the file.
    public var offset: Int
    /// The length of the row in bytes, without its line break.
    public var length: Int
    /// What is wrong with the row, as `badData` naming line and column; nil when it is sound.
    public var problem: RedressError?
}

/// Reads CSV (RFC 4180, UTF-8) from chunks of bytes as they arrive; memory is bounded by one row.
///
/// A leading byte order mark is skipped, CRLF and LF both end a row, blank lines are passed over. A bad row comes
/// out with its `problem` and reading goes on at the next line, so that the caller may refuse the file or set
/// the row aside.
///
/// ```swift
/// var reader = CSVReader(name: "register.csv")
/// for record in reader.read(chunk) { … }
/// for record in reader.finish() { … }
/// ```
public struct CSVReader {
    /// The largest row that is read, in bytes; an unclosed quote would otherwise swallow the file.
    public static let largestRecord = 1_048_576

    private let name: String
    private var expectedFields: Int?
    private var state = State.start
    private var offset = 0
    private var line = 1
    private var column = 0
    private var start = Place()
    private var quote = Place()
    private var value: [UInt8] = []
    private var fieldEnds: [Int] = []
    private var fieldStarts: [Place] = []
    private var reason: (text: String, place: Place)?
    private var matchedMark = 0
    private var records: [CSVRecord] = []

    private struct Place: Equatable {
        var line = 1
        var column = 1
        var offset = 0
    }

    private enum State {
        /// Before the first byte of a row.
        case start
        /// Before the first byte of a field that is not the row's first.
        case fieldStart
        case plain
        case quoted
        /// After a quote within a quoted field: its end, or the first half of a doubled quote.
        case quoteInQuoted
        /// After a carriage return that should be followed by a line feed.
        case carriageReturn
        /// After a fault: up to the end of the line.
        case skipping
    }

    /// Makes a reader; `name` is the file's name for messages. Rows must have `fields` cells, or as many as the
    /// first row.
    public init(name: String, fields: Int? = nil) {
        self.name = name
        expectedFields = fields
    }

    /// Reads the next bytes of the file and returns the rows that ended in them.
    public mutating func read(_ bytes: Span<UInt8>) -> [CSVRecord] {
        for index in bytes.indices { take(bytes[index]) }
        return handOver()
    }

    /// Reads the next bytes of the file and returns the rows that ended in them.
    public mutating func read(_ bytes: [UInt8]) -> [CSVRecord] {
        read(bytes.span)
    }

    /// Ends the file and returns its last row when no line break followed it.
    public mutating func finish() -> [CSVRecord] {
        switch state {
        case .start: break
        case .quoted:
            reason = ("a quote is opened here and never closed", quote)
            endRecord(at: offset)
        case .carriageReturn: endRecord(at: offset - 1)
        case .fieldStart, .plain, .quoteInQuoted, .skipping:
            endField()
            endRecord(at: offset)
        }
        state = .start
        return handOver()
    }
}

extension CSVReader {
    private static let lineFeed: UInt8 = 10
    private static let carriageReturn: UInt8 = 13
    private static let quoteMark: UInt8 = 34
    private static let comma: UInt8 = 44
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private var here: Place { Place(line: line, column: column, offset: offset) }

    private mutating func take(_ byte: UInt8) {
        if offset == matchedMark, matchedMark < 3, byte == CSVReader.byteOrderMark[matchedMark] {
            matchedMark += 1
            // Two bytes of a mark and then something else cannot be UTF-8 text; the third is what makes it one.
            if matchedMark == 3 {
                fieldStarts = []
                value = []
                state = .start
                column = 0
                offset += 1
                return
            }
        }
        // Continuation bytes belong to the character before them; where a cell begins there is none.
        if byte & 0xC0 != 0x80 || state == .start || state == .fieldStart { column += 1 }
        step(byte)
        offset += 1
        if byte == CSVReader.lineFeed {
            line += 1
            column = 0
        }
    }

    private mutating func step(_ byte: UInt8) {
        if state == .start {
            if byte == CSVReader.lineFeed { return }
            start = here
            state = .fieldStart
        }
        let mayEndRow = byte == CSVReader.lineFeed || byte == CSVReader.carriageReturn
        if offset - start.offset >= CSVReader.largestRecord, state != .skipping, !mayEndRow {
            fail(
                "the row is longer than \(CSVReader.largestRecord) bytes; perhaps a quote is not closed",
                start)
        }
        switch state {
        case .start, .fieldStart: beginField(byte)
        case .plain: stepPlain(byte)
        case .quoted:
            if byte == CSVReader.quoteMark { state = .quoteInQuoted } else { value.append(byte) }
        case .quoteInQuoted: stepAfterQuote(byte)
        case .carriageReturn: stepAfterCarriageReturn(byte)
        case .skipping:
            if byte == CSVReader.lineFeed { endRecord(at: offset) }
        }
    }

    private mutating func beginField(_ byte: UInt8) {
        fieldStarts.append(here)
        if byte == CSVReader.quoteMark {
            quote = here
            state = .quoted
        } else {
            state = .plain
            stepPlain(byte)
        }
    }

    private mutating func stepPlain(_ byte: UInt8) {
        switch byte {
        case CSVReader.comma:
            endField()
            state = .fieldStart
        case CSVReader.lineFeed:
            endField()
            endRecord(at: offset)
        case CSVReader.carriageReturn:
            endField()
            state = .carriageReturn
        case CSVReader.quoteMark: fail("a quote stands inside a cell that did not begin with one", here)
        default: value.append(byte)
        }
    }

    private mutating func stepAfterQuote(_ byte: UInt8) {
        switch byte {
        case CSVReader.quoteMark:
            value.append(byte)
            state = .quoted
        case CSVReader.comma, CSVReader.lineFeed, CSVReader.carriageReturn: stepPlain(byte)
        default: fail("after the closing quote there must be a comma or the end of the line", here)
        }
    }

    private mutating func stepAfterCarriageReturn(_ byte: UInt8) {
        if byte == CSVReader.lineFeed {
            endRecord(at: offset - 1)
        } else {
            fail("a carriage return is not followed by a line feed", here)
        }
    }

    private mutating func fail(_ text: String, _ place: Place) {
        reason = (text, place)
        state = .skipping
    }

    private mutating func endField() {
        // An open field that never saw a byte (`a,` at the end) still needs its place.
        if fieldStarts.count == fieldEnds.count { fieldStarts.append(here) }
        fieldEnds.append(value.count)
    }

    private mutating func endRecord(at end: Int) {
        let isBlankLine = reason == nil && value.isEmpty && fieldEnds.count == 1 && end == start.offset
        if !isBlankLine {
            let fields = reason == nil ? decodedFields() : []
            let problem = reason.map { error($0.text, at: $0.place) }
            records.append(
                CSVRecord(
                    fields: problem == nil ? fields : [], line: start.line, offset: start.offset,
                    length: end - start.offset, problem: problem))
        }
        value.removeAll(keepingCapacity: value.capacity <= 65_536)
        fieldEnds.removeAll(keepingCapacity: true)
        fieldStarts.removeAll(keepingCapacity: true)
        reason = nil
        state = .start
    }

    private mutating func decodedFields() -> [String] {
        var fields: [String] = []
        fields.reserveCapacity(fieldEnds.count)
        var from = 0
        for (index, end) in fieldEnds.enumerated() {
            guard let field = String(validating: value[from..<end], as: UTF8.self) else {
                reason = ("cell \(index + 1) is not valid UTF-8; save the file as UTF-8", fieldStarts[index])
                return []
            }
            fields.append(field)
            from = end
        }
        if let expected = expectedFields, fields.count != expected {
            reason = ("the row has \(fields.count) cells where \(expected) are expected", start)
        } else {
            expectedFields = fields.count
        }
        return fields
    }

    private func error(_ text: String, at place: Place) -> RedressError {
        RedressError(
            .badData, "\(name):\(place.line):\(place.column): \(text).",
            details: ["file": name, "line": "\(place.line)", "column": "\(place.column)"])
    }

    private mutating func handOver() -> [CSVRecord] {
        defer { records = [] }
        return records
    }
}
