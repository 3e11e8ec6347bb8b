/// What a form sends: fields by name, each once.
import Hummingbird
import NIOCore
import RedressCore

/// The fields of a form.
struct PageForm {
    private let fields: [String: String]

    /// Reads `application/x-www-form-urlencoded` (URL Standard, section 5.1).
    init(_ body: ByteBuffer) {
        var fields: [String: String] = [:]
        for pair in body.readableBytesView.split(separator: UInt8(ascii: "&")) {
            let halves = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            fields[Self.decoded(halves[0])] = halves.count > 1 ? Self.decoded(halves[1]) : ""
        }
        self.fields = fields
    }

    /// Reads the form of a request.
    static func read(_ request: Request, _ context: WebContext) async throws -> PageForm {
        PageForm(try await request.body.collect(upTo: context.maxUploadSize))
    }

    /// A field without the space around it; empty when it was not sent.
    subscript(_ name: String) -> String { (fields[name] ?? "").trimmingWhitespace }

    /// A field that may be left empty.
    func optional(_ name: String) -> String? {
        self[name].isEmpty ? nil : self[name]
    }

    /// The boxes of a group that were ticked: each is a field of its own, `group.value`.
    func ticked(_ group: String) -> [String] {
        fields.keys.filter { $0.hasPrefix("\(group).") }.map { String($0.dropFirst(group.count + 1)) }
            .sorted()
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
