/// What a form sends: fields by name, each once, and files.
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore

/// The fields and files of a form.
struct PageForm {
    /// A file as it was sent.
    struct File {
        var name: String
        var bytes: [UInt8]
    }

    /// Fields by name, as they were sent.
    private(set) var fields: [String: String] = [:]
    private var files: [String: File] = [:]

    /// The largest form that carries a file, in bytes: the largest attachment and what stands around it.
    static let largestWithFile = AttachmentBytes.largest + 65_536

    /// Reads `application/x-www-form-urlencoded` (URL Standard, section 5.1).
    init(_ body: ByteBuffer) {
        for pair in body.readableBytesView.split(separator: UInt8(ascii: "&")) {
            let halves = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            fields[Self.decoded(halves[0])] = halves.count > 1 ? Self.decoded(halves[1]) : ""
        }
    }

    /// Reads `multipart/form-data` (RFC 7578) whose parts stand between lines of `boundary`.
    init(_ body: ByteBuffer, boundary: String) {
        let mark = Array("--\(boundary)".utf8)
        for part in body.readableBytesView.split(separator: mark) {
            guard let gap = part.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let head = String(decoding: part[..<gap.lowerBound], as: UTF8.self)
            let content = part[gap.upperBound...].dropLast(2)
            guard let name = Self.parameter("name", of: head) else { continue }
            if let file = Self.parameter("filename", of: head) {
                if !file.isEmpty { files[name] = File(name: file, bytes: Array(content)) }
            } else {
                fields[name] = String(decoding: content, as: UTF8.self)
            }
        }
    }

    /// Reads the form of a request.
    static func read(_ request: Request, _ context: WebContext) async throws -> PageForm {
        let prefix = "multipart/form-data"
        let type = request.headers[.contentType] ?? ""
        guard type.lowercased().hasPrefix(prefix) else {
            return PageForm(try await request.body.collect(upTo: context.maxUploadSize))
        }
        let body = try await request.body.collect(upTo: largestWithFile)
        guard let boundary = Self.parameter("boundary", of: type), !boundary.isEmpty else {
            throw RedressError(.badData, "The form has no boundary between its fields.")
        }
        return PageForm(body, boundary: boundary)
    }

    /// A file that was chosen; nil when none was.
    func file(_ name: String) -> File? { files[name] }

    /// A field without the space around it; empty when it was not sent.
    subscript(_ name: String) -> String { (fields[name] ?? "").trimmingWhitespace }

    /// A field just as it was typed, space and all: a password.
    func exact(_ name: String) -> String { fields[name] ?? "" }

    /// A field that may be left empty.
    func optional(_ name: String) -> String? {
        self[name].isEmpty ? nil : self[name]
    }

    /// The boxes of a group that were ticked: each is a field of its own, `group.value`.
    func ticked(_ group: String) -> [String] {
        fields.keys.filter { $0.hasPrefix("\(group).") }.map { String($0.dropFirst(group.count + 1)) }
            .sorted()
    }

    /// The value of `name=` in a header, with its quotation marks or without.
    private static func parameter(_ name: String, of header: String) -> String? {
        for piece in header.split(whereSeparator: { $0 == ";" || $0.isNewline }) {
            let text = piece.trimmingPrefix(while: \.isWhitespace)
            guard text.hasPrefix("\(name)=") else { continue }
            return String(text.dropFirst(name.count + 1)).replacing("\"", with: "").trimmingWhitespace
        }
        return nil
    }

    private static func decoded(_ bytes: some Sequence<UInt8>) -> String {
        var out: [UInt8] = []
        var escape: [UInt8] = []
        for byte in bytes {
            if escape.count == 1 || escape.count == 2 {
                escape.append(byte)
                if escape.count == 3 {
                    out.append(UInt8(String(decoding: escape.dropFirst(), as: UTF8.self), radix: 16) ?? 63)
                    escape = []
                }
            } else if byte == UInt8(ascii: "%") {
                escape = [byte]
            } else {
                out.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

extension String {
    /// The text without the white space around it.
    var trimmingWhitespace: String {
        String(
            trimmingPrefix(while: \.isWhitespace).reversed().trimmingPrefix(while: \.isWhitespace).reversed())
    }
}
