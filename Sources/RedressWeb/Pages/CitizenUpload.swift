/// A form with a file, `multipart/form-data` (RFC 7578), read whole within a limit.
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore

/// The fields and the one file of a form.
struct CitizenUpload {
    /// The largest file that is taken and room for the words around it, in bytes.
    static let largest = AttachmentBytes.largest + 65_536

    var form: PageForm
    var file: [UInt8] = []
    var fileName = ""

    /// Reads the form of a request; one without a file may come in the simple form too.
    static func read(_ request: Request) async throws -> CitizenUpload {
        let type = request.headers[.contentType] ?? ""
        let body = try await request.body.collect(upTo: largest)
        guard type.lowercased().hasPrefix("multipart/form-data") else {
            return CitizenUpload(form: PageForm(body))
        }
        guard let boundary = parameter("boundary", of: type), (1...70).contains(boundary.utf8.count) else {
            throw RedressError(.badData, "The form names no boundary.")
        }
        return try CitizenUpload(parts: Array(body.readableBytesView), boundary: boundary)
    }

    private init(form: PageForm) {
        self.form = form
    }

    init(parts bytes: [UInt8], boundary: String) throws {
        var fields: [String: String] = [:]
        let delimiter = Array("--\(boundary)".utf8)
        let between = [UInt8(13), 10] + delimiter
        guard bytes.starts(with: delimiter) else { throw Self.broken }
        var start = delimiter.count
        while start + 2 <= bytes.count, bytes[start] == 13, bytes[start + 1] == 10 {
            guard let headEnd = Self.find([13, 10, 13, 10], in: bytes, from: start),
                let end = Self.find(between, in: bytes, from: headEnd + 2)
            else { throw Self.broken }
            let head = String(decoding: bytes[start..<headEnd], as: UTF8.self)
            let content = Array(bytes[min(headEnd + 4, end)..<end])
            let disposition =
                head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-disposition:") }
            if let disposition, let name = Self.parameter("name", of: String(disposition)) {
                if let fileName = Self.parameter("filename", of: String(disposition)) {
                    if !content.isEmpty { (file, self.fileName) = (content, fileName) }
                } else {
                    fields[name] = String(decoding: content, as: UTF8.self)
                }
            }
            start = end + between.count
        }
        form = PageForm(fields)
    }

    private static var broken: RedressError {
        RedressError(.badData, "The form did not arrive whole. Send it again.")
    }

    /// The first place of a pattern at or after a position.
    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, bytes.count >= pattern.count else { return nil }
        var position = start
        let last = bytes.count - pattern.count
        while position <= last {
            guard let candidate = bytes[position...last].firstIndex(of: first) else { return nil }
            if bytes[candidate..<candidate + pattern.count].elementsEqual(pattern) { return candidate }
            position = candidate + 1
        }
        return nil
    }

    /// A parameter of a header, quoted or not.
    static func parameter(_ name: String, of header: String) -> String? {
        for part in header.split(separator: ";").dropFirst() {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, String(halves[0]).trimmingWhitespace.lowercased() == name else {
                continue
            }
            let value = String(halves[1]).trimmingWhitespace
            return value.hasPrefix("\"") && value.hasSuffix("\"") && value.count >= 2
                ? String(value.dropFirst().dropLast()) : value
        }
        return nil
    }
}
