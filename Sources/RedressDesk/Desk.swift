/// The desk: every use case of redress, over one database, one store of evidence and one key ring.
public import RedressCore
public import RedressStore

/// Where use cases find what they work with. Each noun has its own desk: `desk.pool`, `desk.cases`, …
public struct Desk: Sendable {
    /// Cases, bookings, pool and audit.
    public let database: any Database
    /// Facts distilled from logs.
    public let evidence: any Database
    /// Seals and finds personal data.
    public let keys: KeyRing
    /// Signs the head of the audit trail.
    public let anchor: AuditAnchor
    /// Counts working days.
    public let calendar: WorkingCalendar
    /// The booking system that keeps the register; nil when the register loaded here is the one that counts.
    public private(set) var gateway: (any BookingGateway)?
    /// What has not answered a monitor's question by then counts as gone.
    public private(set) var patience = Duration.seconds(3)
    /// What is known of each incident's evening, shared by all who judge.
    let pictures = PictureShelf()

    /// Makes a desk of its parts.
    public init(
        database: any Database, evidence: any Database, keys: KeyRing, anchor: AuditAnchor,
        calendar: WorkingCalendar, gateway: (any BookingGateway)? = nil
    ) {
        self.database = database
        self.evidence = evidence
        self.keys = keys
        self.anchor = anchor
        self.calendar = calendar
        self.gateway = gateway
    }

    /// The same desk before another booking system.
    public func asking(_ gateway: any BookingGateway) -> Desk {
        var other = self
        other.gateway = gateway
        return other
    }

    /// The same desk with other patience towards what monitors ask.
    public func waiting(_ patience: Duration) -> Desk {
        var other = self
        other.patience = patience
        return other
    }

    /// Ends the work: signs the audit trail's head and closes both databases.
    public func close() async throws {
        try await audit.anchorHead()
        try await evidence.close()
        try await database.close()
    }
}
