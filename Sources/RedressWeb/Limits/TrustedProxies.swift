/// Whose word counts on where a request came from: `Forwarded` and `X-Forwarded-For` only of listed proxies.
import HTTPTypes
import RedressCore

/// The proxies that stand in front of the service.
public struct TrustedProxies: Sendable {
    private let networks: [(bytes: [UInt8], bits: Int)]

    /// Nobody's word counts.
    public static let none = TrustedProxies(networks: [])

    private init(networks: [(bytes: [UInt8], bits: Int)]) {
        self.networks = networks
    }

    /// Whether any is listed.
    public var isEmpty: Bool { networks.isEmpty }

    /// Reads a list such as `127.0.0.1, 10.0.0.0/8, 2001:db8::/32`.
    ///
    /// - Throws: `.usage` that names what is no address.
    public init(_ text: String) throws {
        networks = try text.split(separator: ",").map { item -> (bytes: [UInt8], bits: Int) in
            let item = item.trimmingSpaces
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = parts.first, let bytes = IPAddress.bytes(String(first)), parts.count <= 2,
                let bits = parts.count == 2 ? Int(parts[1]) : bytes.count * 8,
                (0...bytes.count * 8).contains(bits)
            else {
                throw RedressError(
                    .usage,
                    "`\(item.prefix(64))` is no address of a proxy. Write addresses or networks with commas between them, as in 127.0.0.1, 10.0.0.0/8."
                )
            }
            return (bytes, bits)
        }
    }

    func contains(_ address: String) -> Bool {
        guard let bytes = IPAddress.bytes(address) else { return false }
        return networks.contains { network in
            network.bytes.count == bytes.count
                && (0..<network.bits).allSatisfy { bit in
                    (network.bytes[bit / 8] ^ bytes[bit / 8]) & (0x80 >> (bit % 8)) == 0
                }
        }
    }

    /// The client's address: the connection's own, or where that is a listed proxy what it says, back to the first
    /// address that is not a listed proxy.
    func client(of headers: HTTPFields, from peer: String) -> String {
        guard contains(peer) else { return peer }
        var claimed = Self.forwarded(headers)
        var address = peer
        while contains(address), let before = claimed.popLast() {
            // An obfuscated name or nonsense: the proxy is the last we know of.
            guard IPAddress.bytes(before) != nil else { return address }
            address = before
        }
        return address
    }

    private static let xForwardedFor = HTTPField.Name("X-Forwarded-For")
    private static let forwardedName = HTTPField.Name("Forwarded")

    private static func forwarded(_ headers: HTTPFields) -> [String] {
        if let name = forwardedName, let value = headers[name] {
            return value.split(separator: ",").map { element in
                let pair = element.split(separator: ";").map(\.trimmingSpaces)
                    .first { $0.lowercased().hasPrefix("for=") }
                return plain(pair.map { String($0.dropFirst(4)) } ?? "")
            }
        }
        guard let name = xForwardedFor, let value = headers[name] else { return [] }
        return value.split(separator: ",", omittingEmptySubsequences: false).map { plain($0.trimmingSpaces) }
    }

    /// An address without quotes, brackets and port.
    private static func plain(_ text: String) -> String {
        var text = text.filter { $0 != "\"" }
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        if text.split(separator: ":").count == 2, let colon = text.firstIndex(of: ":") {
            text = String(text[..<colon])
        }
        return text
    }
}

/// Addresses of the internet protocol as bytes.
enum IPAddress {
    /// Four bytes or sixteen; nil when it is no address. A version 4 address inside version 6 is four.
    static func bytes(_ text: String) -> [UInt8]? {
        if !text.contains(":") { return four(text) }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false).map(String.init)
        guard halves.count <= 2, let head = groups(halves[0]),
            let tail = halves.count == 2 ? groups(halves[1]) : []
        else { return nil }
        let missing = 16 - head.count - tail.count
        guard halves.count == 2 ? missing >= 2 : missing == 0 else { return nil }
        let all = head + [UInt8](repeating: 0, count: missing) + tail
        let isMapped = all.prefix(10).allSatisfy { $0 == 0 } && all[10] == 0xff && all[11] == 0xff
        return isMapped ? Array(all.suffix(4)) : all
    }

    /// What one client is counted by: an address of version 4, or the network of version 6 that a household gets.
    static func group(_ text: String) -> String {
        guard let bytes = bytes(text), bytes.count == 16 else { return text }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }

    private static func four(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let bytes = parts.compactMap { part in
            part.count <= 3 && part.allSatisfy(\.isNumber) ? UInt8(part) : nil
        }
        return bytes.count == 4 ? bytes : nil
    }

    private static func groups(_ text: String) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (number, part) in parts.enumerated() {
            if part.contains("."), number == parts.count - 1, let last = four(String(part)) {
                bytes += last
            } else if (1...4).contains(part.count), let group = UInt16(part, radix: 16) {
                bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
            } else {
                return nil
            }
        }
        return bytes
    }
}

extension StringProtocol {
    /// The text without spaces at its ends.
    var trimmingSpaces: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
