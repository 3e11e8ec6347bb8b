/// The thresholds of the rules, read from a policy file so that changing one is a visible act, not a code change.

import Crypto
import RedressCore
import Yams

/// One policy. Every number is from its file; the file's comments say what each is for.
public struct Policy: Sendable, Hashable {
    /// The policy's name.
    public var name: String
    /// The policy's version.
    public var version: Int
    /// SHA-256 of the file's bytes.
    public var digest: String
    /// Years of birth that could book at the time.
    public var birthYears: [Int]
    /// Doses that could be booked at the time.
    public var doses: [Int]
    /// Templates that say a booking is complete.
    public var completeTemplates: [String]
    /// Templates that say a booking is revoked.
    public var revokedTemplates: [String]
    var windowSlackSeconds: Int
    var passValidityMinutes: Int
    var frontierQuantile: Double
    var frontierSlackShare: Double
    var frontierSlackNumbers: Int
    var beyondFrontierShare: Double
    var beyondFrontierNumbers: Int
    var neighbourSeconds: Int
    var neighbourMinimum: Int
    var neighbourWaitShare: Double
    var clockStepSeconds: Int
    var passShownShare: Double
    var passShownMinimum: Int
    var passShownMinutes: Int
    var outageMissedShare: Double
    var outageMinimum: Int
    var outageSilenceFactor: Double
    var outageSilenceSeconds: Int
    var webCompleteShare: Double
    var webMatchSeconds: Int
    var silenceLines: Int
    var sample: Int

    /// The policy that ships with the product.
    public static func shipped() throws -> Policy {
        try Policy(yaml: PackageResources.default_yaml)
    }

    /// Reads a policy file.
    ///
    /// - Throws: `badData` naming the key that is missing, unknown or of the wrong kind.
    public init(yaml bytes: [UInt8]) throws {
        var box = try PolicyKeys(yaml: String(decoding: bytes, as: UTF8.self))
        name = try box.text("name")
        version = try box.whole("version", 1...1_000_000)
        digest = hexadecimal(SHA256.hash(data: bytes))
        birthYears = try box.wholes("birth_years")
        doses = try box.wholes("doses")
        completeTemplates = try box.texts("complete_templates")
        revokedTemplates = try box.texts("revoked_templates")
        windowSlackSeconds = try box.whole("window_slack_s", 0...3600)
        passValidityMinutes = try box.whole("pass_validity_minutes", 1...1440)
        frontierQuantile = try box.share("frontier_quantile")
        frontierSlackShare = try box.share("frontier_slack_share")
        frontierSlackNumbers = try box.whole("frontier_slack_numbers", 0...1_000_000)
        beyondFrontierShare = try box.share("beyond_frontier_share")
        beyondFrontierNumbers = try box.whole("beyond_frontier_numbers", 0...1_000_000)
        neighbourSeconds = try box.whole("neighbour_seconds", 1...3600)
        neighbourMinimum = try box.whole("neighbour_minimum", 1...10_000)
        neighbourWaitShare = try box.share("neighbour_wait_share")
        clockStepSeconds = try box.whole("clock_step_s", 60...86_400)
        passShownShare = try box.share("pass_shown_share")
        passShownMinimum = try box.whole("pass_shown_minimum", 1...10_000)
        passShownMinutes = try box.whole("pass_shown_minutes", 1...1440)
        outageMissedShare = try box.share("outage_missed_share")
        outageMinimum = try box.whole("outage_minimum", 1...10_000)
        outageSilenceFactor = try box.number("outage_silence_factor", 1...1000)
        outageSilenceSeconds = try box.whole("outage_silence_s", 10...3600)
        webCompleteShare = try box.share("web_complete_share")
        webMatchSeconds = try box.whole("web_match_s", 0...3600)
        silenceLines = try box.whole("silence_lines", 1...1_000_000)
        sample = try box.whole("sample", 16...65_536)
        try box.finish()
    }
}

/// The keys of a policy file, taken one by one so that what is left over can be named.
private struct PolicyKeys {
    private var left: [String: Node] = [:]

    init(yaml: String) throws {
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch {
            throw RedressError(.badData, "The policy file is not YAML: \(error)")
        }
        guard let mapping = node?.mapping else {
            throw RedressError(
                .badData, "The policy file must be a list of keys with values, as in default.yaml.")
        }
        for (key, value) in mapping {
            guard let name = key.string, left[name] == nil else {
                throw RedressError(.badData, "The policy file has a key twice, or a key that is no word.")
            }
            left[name] = value
        }
    }

    mutating func text(_ key: String) throws -> String {
        guard let text = try take(key).string else { throw wrong(key, "a word") }
        return text
    }

    mutating func texts(_ key: String) throws -> [String] {
        guard let list = try take(key).sequence else { throw wrong(key, "a list of words") }
        return try list.map { node in
            guard let text = node.string else { throw wrong(key, "a list of words") }
            return text
        }
    }

    mutating func wholes(_ key: String) throws -> [Int] {
        guard let list = try take(key).sequence else { throw wrong(key, "a list of whole numbers") }
        return try list.map { node in
            guard let number = node.int else { throw wrong(key, "a list of whole numbers") }
            return number
        }
    }

    mutating func whole(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
        guard let number = try take(key).int, range.contains(number) else {
            throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func number(_ key: String, _ range: ClosedRange<Double>) throws -> Double {
        guard let number = try take(key).float, range.contains(number) else {
            throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func share(_ key: String) throws -> Double {
        try number(key, 0...1)
    }

    func finish() throws {
        guard let key = left.keys.min() else { return }
        throw RedressError(
            .badData, "The policy file has the key \(key), which no rule reads. Is it misspelt?")
    }

    private mutating func take(_ key: String) throws -> Node {
        guard let node = left.removeValue(forKey: key) else {
            throw RedressError(.badData, "The policy file lacks the key \(key). Copy it from default.yaml.")
        }
        return node
    }

    private func wrong(_ key: String, _ expected: String) -> RedressError {
        RedressError(.badData, "The policy file's \(key) must be \(expected).")
    }
}
