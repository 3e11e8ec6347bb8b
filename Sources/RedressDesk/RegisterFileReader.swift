/// Reads a register file, CSV or JSON Lines, row by row with the place each row came from.
import Foundation
import RedressCore
import RedressEvidence

/// One row of a register file: its cells by column name, or what is wrong with it.
struct RegisterRecord {
    var cells: [String: String]
    var origin: RowOrigin
    var problem: String?

    /// A cell without surrounding spaces; nil when it is empty or not there.
    subscript(column: String) -> String? {
        let text = cells[column]?.trimmed ?? ""
        return text.isEmpty ? nil : text
    }

    /// A cell that must not be empty.
    func required(_ column: String) throws -> String {
        guard let text = self[column] else { throw RedressError(.badData, "\(column) is empty") }
        return text
    }

    /// A cell that must read as a value.
    func required<T>(_ column: String, _ form: String, _ read: (String) -> T?) throws -> T {
        let text = try required(column)
        guard let value = read(text) else { throw RedressError(.badData, "\(column) is not \(form)") }
        return value
    }

    /// A cell that may be empty, but must read as a value when it is not.
    func optional<T>(_ column: String, _ form: String, _ read: (String) -> T?) throws -> T? {
        guard let text = self[column] else { return nil }
        guard let value = read(text) else { throw RedressError(.badData, "\(column) is not \(form)") }
        return value
    }
}

/// A register file that is read in chunks; memory does not grow with the file.
struct RegisterFileReader {
    let path: String
    let sha256: String
    /// Columns every row must have.
    let columns: [String]
    private static let chunk = 1 << 20

    /// Reads the header (of CSV), warns of unknown columns, and hands over every row.
    ///
    /// - Returns: warnings about the file as a whole.
    /// - Throws: `.badData` before any row is handed over when the file is empty or lacks a column.
    func each(_ body: (RegisterRecord) async throws -> Void) async throws -> [String] {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw RedressError(.notFound, "\(path) cannot be opened.")
        }
        defer { try? file.close() }
        var head = try chunk(file)
        while let last = head.last, head.count < 64, last != UInt8(ascii: "\n"),
            case let more = try chunk(file),
            !more.isEmpty
        {
            head += more
        }
        guard head.contains(where: { $0 > UInt8(ascii: " ") }) else {
            throw RedressError(
                .badData, "\(path) is empty. It needs a header row: \(columns.joined(separator: ",")).")
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let first = head.drop { mark.contains($0) || $0 <= UInt8(ascii: " ") }.first
        return first == UInt8(ascii: "{")
            ? try await eachJSONLine(file, head, body) : try await eachCSVRow(file, head, body)
    }

    private func eachCSVRow(
        _ file: FileHandle, _ head: [UInt8], _ body: (RegisterRecord) async throws -> Void
    ) async throws -> [String] {
        var reader = CSVReader(name: path)
        var header: [String] = []
        var warnings: [String] = []
        var bytes = head
        var isDone = false
        // Kept from the first row not yet handed over on, so that each row's own bytes can be fingerprinted.
        var held: [UInt8] = []
        var start = 0
        while !isDone {
            isDone = bytes.isEmpty
            held += bytes
            var read = start
            for record in isDone ? reader.finish() : reader.read(bytes) {
                read = record.offset + record.length
                if header.isEmpty {
                    if let problem = record.problem { throw problem }
                    header = record.fields.map { $0.trimmed.lowercased() }
                    warnings = try checked(header)
                    continue
                }
                let row = held[(record.offset - start)..<(record.offset - start + record.length)]
                let origin = RowOrigin(
                    sha256: sha256, line: record.line, offset: record.offset, length: record.length,
                    fingerprint: lineFingerprint(Array(row)))
                let cells = Dictionary(zip(header, record.fields), uniquingKeysWith: { first, _ in first })
                try await body(
                    RegisterRecord(cells: cells, origin: origin, problem: record.problem.map(\.message)))
            }
            held.removeFirst(read - start)
            start = read
            if !isDone { bytes = try chunk(file) }
        }
        return warnings
    }

    private func eachJSONLine(
        _ file: FileHandle, _ head: [UInt8], _ body: (RegisterRecord) async throws -> Void
    ) async throws -> [String] {
        var pending = head
        var line = 0
        var offset = 0
        var warnings: Set<String> = []
        var isDone = false
        while !isDone {
            let more = try chunk(file)
            isDone = more.isEmpty
            pending += isDone && pending.last != UInt8(ascii: "\n") ? [UInt8(ascii: "\n")] : more
            var start = pending.startIndex
            while let end = pending[start...].firstIndex(of: UInt8(ascii: "\n")) {
                line += 1
                let text = pending[start..<end]
                if text.contains(where: { $0 > UInt8(ascii: " ") }) {
                    let row = text.last == UInt8(ascii: "\r") ? text.dropLast() : text
                    let origin = RowOrigin(
                        sha256: sha256, line: line, offset: offset + start, length: row.count,
                        fingerprint: lineFingerprint(Array(row)))
                    let record = json(text, origin)
                    for name in record.cells.keys where !columns.contains(name) {
                        warnings.insert("\(path): the field \(name) is not known and was left out.")
                    }
                    try await body(record)
                }
                start = end + 1
            }
            offset += start
            pending.removeSubrange(..<start)
        }
        return warnings.sorted()
    }

    private func json(_ text: ArraySlice<UInt8>, _ origin: RowOrigin) -> RegisterRecord {
        guard let cells = try? JSONDecoder().decode([String: Cell].self, from: Data(text)) else {
            return RegisterRecord(
                cells: [:], origin: origin, problem: "the line is not a JSON object of plain values")
        }
        return RegisterRecord(cells: cells.mapValues(\.text), origin: origin, problem: nil)
    }

    private func checked(_ header: [String]) throws -> [String] {
        let missing = columns.filter { !header.contains($0) }
        guard missing.isEmpty else {
            throw RedressError(
                .badData,
                """
                \(path):1:1: the header lacks \(missing.joined(separator: ", ")). It must name: \
                \(columns.joined(separator: ", ")). Nothing was loaded.
                """)
        }
        let doubled = header.filter { name in header.filter { $0 == name }.count > 1 && columns.contains(name)
        }
        guard doubled.isEmpty else {
            throw RedressError(
                .badData, "\(path):1:1: the header names \(doubled[0]) twice. Nothing was loaded.")
        }
        return header.filter { !columns.contains($0) }
            .map { "\(path): the column \($0) is not known and was left out." }
    }

    private func chunk(_ file: FileHandle) throws -> [UInt8] {
        do {
            return [UInt8](try file.read(upToCount: Self.chunk) ?? Data())
        } catch {
            throw RedressError(.unavailable, "\(path) cannot be read to its end.")
        }
    }
}

/// A plain JSON value as the text a CSV cell would hold.
private struct Cell: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            text = ""
        } else if let value = try? container.decode(String.self) {
            text = value
        } else if let value = try? container.decode(Int.self) {
            text = String(value)
        } else {
            text = String(try container.decode(Double.self))
        }
    }
}

extension String {
    /// The text without surrounding white space.
    var trimmed: String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[first...last])
    }
}
