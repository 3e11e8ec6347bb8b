/// Takes lines of other systems apart as a mapping file says.

import RedressCore

/// Applies one mapping; holds the compiled pattern, so one a worker.
struct MappedLines {
    private let mapping: Mapping
    private let pattern: Regex<AnyRegexOutput>?

    init(_ mapping: Mapping) {
        self.mapping = mapping
        if case .regex(let text) = mapping.format {
            pattern = try? Regex(text)
        } else {
            pattern = nil
        }
    }

    /// Whether a line is one of those that say nothing.
    func skips(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        mapping.skip.contains { prefix in
            let word = Array(prefix.utf8)
            guard end - start >= word.count else { return false }
            return word.indices.allSatisfy { bytes[start + $0] == word[$0] }
        }
    }

    /// Puts the fields into `values`; returns the line's time.
    func read(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ values: inout [UInt8], _ fields: inout LineFields
    ) throws(LineFault) -> Int64 {
        var time: Int64?
        let parts: [String: String]
        switch mapping.format {
        case .json: parts = try JSONScanner.members(bytes, start, end)
        case .csv(let separator, let columns): parts = try cells(bytes, start, end, separator, columns)
        case .regex: parts = try groups(bytes, start, end)
        case .combined:
            var found = LineFields()
            time = try CombinedScanner.scan(bytes, start, end, &found)
            parts = texts(bytes, found)
        }
        for (field, source) in mapping.fields {
            if field == .ts {
                time = source.time.flatMap { form in joined(parts, source).flatMap { milliseconds($0, form) }
                }
                continue
            }
            guard let text = text(parts, source), !text.isEmpty else { continue }
            let from = values.count
            values += Array(text.utf8)
            fields.set(field, from, values.count)
        }
        if mapping.format == .combined { keep(parts, &values, &fields) }
        guard let time else { throw LineFault(reason: .noTime, position: start) }
        return time
    }

    /// Fields of a combined line that the mapping leaves alone stay what they are.
    private func keep(_ parts: [String: String], _ values: inout [UInt8], _ fields: inout LineFields) {
        for field in Field.allCases where !fields.has(field) {
            guard let text = parts[String(describing: field)] else { continue }
            let from = values.count
            values += Array(text.utf8)
            fields.set(field, from, values.count)
        }
    }

    private func joined(_ parts: [String: String], _ source: Mapping.Source) -> String? {
        let found = source.from.compactMap { parts[$0] }
        return found.isEmpty ? nil : found.joined(separator: " ")
    }

    private func text(_ parts: [String: String], _ source: Mapping.Source) -> String? {
        if let text = source.text { return text }
        var value = joined(parts, source)
        if let name = source.query { value = value.flatMap { parameter(name, of: $0) } }
        if let value, let mapped = source.values[value] { return mapped }
        if let otherwise = source.otherwise { return otherwise }
        return source.values.isEmpty ? value : nil
    }

    /// A parameter of a URL's query, with per cent escapes resolved.
    private func parameter(_ name: String, of text: String) -> String? {
        let query = text.split(separator: "?", maxSplits: 1).last ?? ""
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0] == name { return unquoted(parts[1]) }
        }
        return nil
    }

    private func unquoted(_ text: Substring) -> String {
        var out: [UInt8] = []
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "%"), bytes.count >= 2,
                let value = UInt8(String(decoding: bytes.prefix(2), as: UTF8.self), radix: 16)
            {
                out.append(value)
                bytes.removeFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private func milliseconds(_ text: String, _ form: Mapping.TimeForm) -> Int64? {
        switch form {
        case .rfc3339: return Instant(text)?.milliseconds
        case .epochMilliseconds: return Int64(text)
        case .epochSeconds: return Int64(text).map { $0 &* 1000 }
        case .commonLog:
            let bytes = Array(text.utf8)
            return bytes.count == 26 ? CombinedScanner.time(bytes.span, 0) : nil
        case .plain(let offset):
            let words = text.split(whereSeparator: { $0 == " " || $0 == "T" })
            guard words.count == 2, let utc = Instant("\(words[0])T\(words[1])Z") else { return nil }
            return utc.milliseconds - Int64(offset) * 60_000
        }
    }

    private func groups(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(LineFault) -> [String: String]
    {
        guard isUTF8(bytes, start, end) else { throw LineFault(reason: .notUTF8, position: start) }
        let line = String(decoding: bytes.copy(start..<end), as: UTF8.self)
        guard let pattern, let match = try? pattern.wholeMatch(in: line) else {
            throw LineFault(reason: .malformed, position: start)
        }
        var out: [String: String] = [:]
        for group in match.output {
            if let name = group.name, let text = group.substring { out[name] = String(text) }
        }
        return out
    }

    private func cells(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ separator: UInt8, _ columns: [String]
    ) throws(LineFault) -> [String: String] {
        guard isUTF8(bytes, start, end) else { throw LineFault(reason: .notUTF8, position: start) }
        var cells: [[UInt8]] = [[]]
        var isQuoted = false
        for index in start..<end {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                // A doubled quote inside a quoted cell closes and opens it again, and stands for one.
                if !isQuoted, index > start, bytes[index - 1] == byte { cells[cells.count - 1].append(byte) }
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                cells.append([])
            } else {
                cells[cells.count - 1].append(byte)
            }
        }
        guard cells.count >= columns.count, !isQuoted else {
            throw LineFault(reason: .malformed, position: end)
        }
        var out: [String: String] = [:]
        for (name, cell) in zip(columns, cells) { out[name] = String(decoding: cell, as: UTF8.self) }
        return out
    }

    private func texts(_ bytes: Span<UInt8>, _ fields: LineFields) -> [String: String] {
        var out: [String: String] = [:]
        for field in Field.allCases where fields.has(field) {
            out[String(describing: field)] =
                String(decoding: bytes.copy(fields.start(field)..<fields.end(field)), as: UTF8.self)
        }
        return out
    }
}
