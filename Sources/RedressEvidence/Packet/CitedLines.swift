/// Reads cited lines again from the files they stand in, and checks that they are what was cited.

import Crypto
import RedressCore

/// One cited line as it stands in its file.
public struct CitedLine: Sendable, Hashable, Codable {
    /// Where it stands.
    public var citation: Citation
    /// SHA-256 of the file it was read from.
    public var file: String
    /// SHA-256 of the line's bytes.
    public var sha256: String
    /// The line with phone numbers, names and addresses masked.
    public var masked: String
    /// Whether the bytes are those that were cited.
    public var isIntact: Bool
}

/// Reader of cited lines.
public enum CitedLines {
    /// Reads the lines of `citations` that stand in `files`, each file in one pass; in order of file and offset.
    ///
    /// - Throws: what opening, unpacking or reading a file throws. A citation of a file not given is left out.
    public static func read(_ citations: some Sequence<Citation>, from files: [LogFile]) async throws
        -> [CitedLine]
    {
        var lines: [CitedLine] = []
        let byFile = Dictionary(grouping: Set(citations), by: \.fileTag)
        for file in files {
            guard let wanted = byFile[file.tag] else { continue }
            lines += try await read(wanted.sorted { $0.offset < $1.offset }, in: file)
        }
        return lines
    }

    private static func read(_ wanted: [Citation], in file: LogFile) async throws -> [CitedLine] {
        var left = wanted[...]
        var lines: [CitedLine] = []
        var start = 0
        var held: [UInt8] = []
        var rows: RegisterRows?
        _ = try await LogBlocks(file: file, limits: IngestLimits()).read { block in
            held += block
            if file.isRegister, rows == nil { rows = RegisterRows(start: held) }
            while let next = left.first, next.offset + next.length <= start + held.count {
                let from = max(0, next.offset - start)
                let bytes = Array(held[from..<min(held.count, from + next.length)])
                lines.append(line(next, bytes, file, rows))
                left.removeFirst()
            }
            // Kept from the first line still wanted on, so that no line is cut in two.
            let keep = left.first.map { max(0, min(held.count, $0.offset - start)) } ?? held.count
            held.removeFirst(keep)
            start += keep
        }
        // A citation beyond the end of the file points at nothing.
        lines += left.map { line($0, [], file, rows) }
        return lines
    }

    private static func line(
        _ citation: Citation, _ bytes: [UInt8], _ file: LogFile, _ rows: RegisterRows?
    ) -> CitedLine {
        let isIntact = bytes.count == citation.length && lineFingerprint(bytes) == citation.lineHash
        return CitedLine(
            citation: citation, file: file.sha256, sha256: hexadecimal(SHA256.hash(data: bytes)),
            masked: file.isRegister ? rows?.shown(bytes) ?? "" : maskedText(of: bytes), isIntact: isIntact)
    }
}

/// A log line fit to be shown: phone numbers, names and addresses keep only what tells two of them apart.
func maskedText(of line: [UInt8]) -> String {
    var out = ""
    var run: [UInt8] = []
    func flush() {
        let digits = run.count { (48...57).contains($0) }
        let dots = run.count { $0 == UInt8(ascii: ".") }
        let isAddress = dots == 3 && digits >= 4 && run.last != UInt8(ascii: ".")
        let startsAsPhone = run.starts(with: Array("01".utf8)) || run.starts(with: Array("+82".utf8))
        let isPhone = dots == 0 && startsAsPhone && (9...13).contains(digits)
        out +=
            isAddress ? maskedAddress(run) : isPhone ? maskedPhone(run) : String(decoding: run, as: UTF8.self)
        run = []
    }
    for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
        let isPart = ("0"..."9").contains(scalar) || scalar == "." || scalar == "-" || scalar == "+"
        if isPart, let byte = UInt8(exactly: scalar.value) {
            run.append(byte)
        } else {
            flush()
            out.unicodeScalars.append(scalar)
        }
    }
    flush()
    return maskedNames(out)
}

private func maskedAddress(_ run: [UInt8]) -> String {
    let parts = String(decoding: run, as: UTF8.self).split(separator: ".", omittingEmptySubsequences: false)
    return parts.prefix(2).joined(separator: ".") + ".*.*"
}

private func maskedPhone(_ run: [UInt8]) -> String {
    var left = run.count { (48...57).contains($0) }
    var out: [UInt8] = []
    for byte in run {
        guard (48...57).contains(byte) else {
            out.append(byte)
            continue
        }
        out.append(left > 4 && out.count >= 3 ? UInt8(ascii: "*") : byte)
        left -= 1
    }
    return String(decoding: out, as: UTF8.self)
}

/// Keeps the first letter of a JSON field called `name`.
private func maskedNames(_ line: String) -> String {
    guard let key = line.range(of: "\"name\":\"") else { return line }
    let rest = line[key.upperBound...]
    guard let end = rest.firstIndex(of: "\""), let first = rest[..<end].first else { return line }
    return line[..<key.upperBound] + "\(first)**" + rest[end...]
}

extension String {
    /// The first place of a text inside this one; plain comparison of bytes.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
