/// The thresholds of the rules, read from a policy file so that changing one is a visible act, not a code change.

import Crypto

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
    var clockTrustSeconds: Int
    var passShownShare: Double
    var passShownMinimum: Int
    var passShownMinutes: Int
    var outageMissedShare: Double
    var outageMinimum: Int
    var outageSilenceFactor: Double
    var outageSilenceSeconds: Int
    var webCompleteShare: Double
    var webMatchSeconds: Int
    var lostServerShare: Double
    var lostServerMinutes: Int
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
        var box = try YAMLKeys(yaml: String(decoding: bytes, as: UTF8.self), what: "policy file")
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
        clockTrustSeconds = try box.whole("clock_trust_s", 60...86_400)
        passShownShare = try box.share("pass_shown_share")
        passShownMinimum = try box.whole("pass_shown_minimum", 1...10_000)
        passShownMinutes = try box.whole("pass_shown_minutes", 1...1440)
        outageMissedShare = try box.share("outage_missed_share")
        outageMinimum = try box.whole("outage_minimum", 1...10_000)
        outageSilenceFactor = try box.number("outage_silence_factor", 1...1000)
        outageSilenceSeconds = try box.whole("outage_silence_s", 10...3600)
        webCompleteShare = try box.share("web_complete_share")
        webMatchSeconds = try box.whole("web_match_s", 0...3600)
        lostServerShare = try box.share("lost_server_share")
        lostServerMinutes = try box.whole("lost_server_minutes", 0...60)
        silenceLines = try box.whole("silence_lines", 1...1_000_000)
        sample = try box.whole("sample", 16...65_536)
        try box.finish()
    }
}
