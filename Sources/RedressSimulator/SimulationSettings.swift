// What an incident is made of: how many people, which tricks and look-alikes, and what the logs lose.
public import RedressCore

/// A way round the queue that a simulated person may have used.
public enum Trick: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
    /// The phone went offline when the page asked the queue, so the client stored `connection_timeout` and went on.
    case airplaneMode = "airplane-mode"
    /// The clock was put forward by hours, so that the wait timer in the page ran out.
    case changedClock = "changed-clock"
    /// The ticket and pass of somebody already admitted were used again on another device.
    case borrowedKey = "borrowed-key"
    /// A pass was written or edited by hand and signed with no valid secret.
    case forgedPass = "forged-pass"
    /// The waiting page was edited to open the calendar with a ticket far from its turn.
    case skippedAhead = "skipped-ahead"
    /// The booking call was sent directly, with no ticket and no pages.
    case directCall = "direct-call"
    /// A script drew many tickets, polled them faster than told and sent the booking call itself.
    case script = "script"
}

/// An honest circumstance that looks like a trick at first sight.
public enum LookAlike: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
    /// The address changed while waiting, as when a phone leaves Wi-Fi.
    case addressChange = "address-change"
    /// Many subscribers share the carrier's one public address.
    case sharedAddress = "shared-address"
    /// The waiting page was loaded again, which gives a new key for the same number.
    case reload = "reload"
    /// The button was pressed again after the first answer did not come.
    case doubleSubmit = "double-submit"
    /// The session was renewed when the person signed in.
    case sessionRotation = "session-rotation"
    /// One device booked for several members of a family, each with their own sign-in.
    case family = "family"
    /// The members of a family gave one phone number.
    case sharedPhone = "shared-phone"
    /// The device's clock is off by a constant amount, or is set to another time zone.
    case wrongClock = "wrong-clock"
    /// The person's waiting-room node has a clock that is off.
    case skewedNode = "skewed-node"
    /// The waiting-room node failed open and let the person through.
    case failedOpen = "failed-open"
    /// Several tabs drew several tickets, of which one was used.
    case tabs = "tabs"
    /// The pass was signed with a secret that was replaced soon after.
    case secretRotation = "secret-rotation"
    /// The waiting-room node was down and the client went on with `connection_timeout`.
    case outage = "outage"
    /// A live ticket of the person missed polls in such an outage and went on afterwards.
    case missedPolls = "missed-polls"
    /// Somebody else used a copy of this person's pass after the person had.
    case copiedPass = "copied-pass"
    /// The log of the person's waiting-room node was lost.
    case lostLog = "lost-log"
}

/// One of the four kinds of log a simulation writes.
public enum LogSource: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
    /// The waiting room.
    case queue
    /// The application.
    case booking
    /// The front door.
    case web
    /// Text messages.
    case sms
}

/// What an incident is made of.
public struct SimulationSettings: Sendable {
    /// People who come to the queue (without those who only stand in the register), within `sizes`.
    public var people: Int
    /// The same seed and settings give the same bytes.
    public var seed: UInt64
    /// The evening of the outage, on a calendar in Seoul.
    public var evening: CivilDate
    /// How many bookings are wanted in the window, tricks included; honest ones come out near, not exactly.
    public var affectedTarget: Int
    /// Share of the affected who book again the next day before 18:00, 0 to 1.
    public var rebookedShare: Double
    /// Share of `affectedTarget` who use a trick, 0 to 1.
    public var trickShare: Double
    /// How the tricks divide among those who use one: weights, 0 leaves one out.
    public var tricks: [Trick: Double]
    /// How common each look-alike is, 0 to 1: a share of the devices; of the families for `sharedPhone`; of the
    /// affected for `failedOpen`; for `outage` and `secretRotation` any value above 0 lets it happen. The rest
    /// follows from elsewhere: `skewedNode` from the nodes' clocks, `copiedPass` from borrowed keys, `lostLog`
    /// from lost nodes, `missedPolls` from outages.
    public var lookAlikes: [LookAlike: Double]
    /// Share of the lines of a log that are lost, in bursts as a struggling disk or collector loses them, 0 to 1.
    public var loss: [LogSource: Double]
    /// Nodes whose log is lost altogether, such as `wr-2` or `app-1`.
    public var lostNodes: Set<String>
    /// By how many milliseconds a node's clock is ahead (behind when negative).
    public var nodeClocksMilliseconds: [String: Int64]
    /// Starts a new file of each log after this many minutes; nil writes one file each.
    public var rotationMinutes: Int?
    /// Packs each log file with gzip.
    public var compress: Bool

    /// How many people a simulation can have; the public seats and invented numbers last for no more.
    public static let sizes = 20...1_000_000

    /// Makes settings with the mix of the story and no losses.
    public init(people: Int = 3000, seed: UInt64 = 719, evening: CivilDate) {
        self.people = people
        self.seed = seed
        self.evening = evening
        affectedTarget = people * 27 / 100
        rebookedShare = 0.5
        trickShare = 0.12
        tricks = [
            .airplaneMode: 3, .changedClock: 2.5, .borrowedKey: 1, .forgedPass: 0.8, .skippedAhead: 1.4,
            .directCall: 0.8, .script: 0.5,
        ]
        lookAlikes = [
            .addressChange: 0.12, .sharedAddress: 0.15, .reload: 0.15, .doubleSubmit: 0.08,
            .sessionRotation: 0.3, .family: 0.05, .sharedPhone: 0.5, .wrongClock: 0.06,
            .failedOpen: 0.05, .tabs: 0.07, .secretRotation: 1, .outage: 1,
        ]
        loss = [:]
        lostNodes = []
        nodeClocksMilliseconds = ["wr-3": 380_000]
        rotationMinutes = nil
        compress = false
    }

    /// The incident of 19 July 2021 as it was told, moved to another evening.
    public static func story(on evening: CivilDate, people: Int = 3000, seed: UInt64 = 719) -> Self {
        SimulationSettings(people: people, seed: seed, evening: evening)
    }

    /// Sets the same share of lost lines for all four logs.
    public mutating func lose(_ share: Double) {
        for source in LogSource.allCases { loss[source] = share }
    }

    func validate() throws {
        func refuse(_ message: String) -> RedressError { RedressError(.usage, message) }
        guard SimulationSettings.sizes.contains(people) else {
            throw refuse("A simulation needs 20 to 1,000,000 people, not \(people).")
        }
        guard (0...people).contains(affectedTarget) else {
            throw refuse("The affected must be 0 to \(people), not \(affectedTarget).")
        }
        let shares = [rebookedShare, trickShare] + Array(lookAlikes.values) + Array(loss.values)
        guard shares.allSatisfy({ (0...1).contains($0) }), tricks.values.allSatisfy({ $0 >= 0 }) else {
            throw refuse("Every share must be between 0 and 1, and no weight below 0.")
        }
        guard rotationMinutes.map({ $0 > 0 }) ?? true else {
            throw refuse("A log can be rotated every 1 minute or more.")
        }
        let nodes = Timetable.roomNodes + Application.nodes + FrontDoor.nodes + Dispatch.nodes
        for name in lostNodes.union(nodeClocksMilliseconds.keys).sorted() where !nodes.contains(name) {
            throw refuse("There is no node \(name). The nodes are \(nodes.joined(separator: ", ")).")
        }
    }

    func share(of lookAlike: LookAlike) -> Double { lookAlikes[lookAlike] ?? 0 }
}
