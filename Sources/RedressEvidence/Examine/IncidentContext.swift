/// What the rules need to know of the incident: its window as each source gives it, its policy, its keys.

public import RedressCore

/// An interval that somebody published as the time of the failure.
public struct IncidentWindow: Sendable, Hashable {
    /// Who says so (`agency`, a newspaper, …).
    public var source: String
    /// First instant inside.
    public var from: Instant
    /// Last instant inside.
    public var to: Instant

    /// Makes a window from its parts.
    public init(source: String, from: Instant, to: Instant) {
        self.source = source
        self.from = from
        self.to = to
    }

    func contains(_ time: Instant, slackSeconds: Int) -> Bool {
        let slack = Int64(slackSeconds) * 1000
        return time >= from.adding(milliseconds: -slack) && time <= to.adding(milliseconds: slack)
    }
}

/// One incident as an examiner sees it.
public struct IncidentContext: Sendable {
    /// Incident id.
    public var incident: String
    /// The window the case work goes by.
    public var window: IncidentWindow
    /// The same incident's window as other sources give it.
    public var otherWindows: [IncidentWindow]
    /// Thresholds.
    public var policy: Policy
    /// The keys under which the waiting room signed its passes; nil when none were given.
    public var passKeys: PassKeys?
    /// The secret that joins people across logs.
    public var joinKey: JoinKey

    /// Makes a context from its parts.
    public init(
        incident: String, window: IncidentWindow, otherWindows: [IncidentWindow] = [], policy: Policy,
        passKeys: PassKeys? = nil, joinKey: JoinKey
    ) {
        self.incident = incident
        self.window = window
        self.otherWindows = otherWindows
        self.policy = policy
        self.passKeys = passKeys
        self.joinKey = joinKey
    }
}
