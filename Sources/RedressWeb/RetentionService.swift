/// Forgets people by the rule of retention while the service runs.
public import Logging
public import RedressDesk
public import ServiceLifecycle

/// Looks four times a day for what is kept longer than the rule says.
public struct RetentionService: Service {
    private let upkeep: Upkeep

    /// Makes the service.
    ///
    /// - Parameter noticeFile: where notices are written while no gateway carries them.
    public init(desk: Desk, noticeFile: String, logger: Logger) {
        upkeep = Upkeep(name: "retention", pause: .seconds(6 * 3600), logger: logger) {
            guard let report = try await desk.purges.runDue(noticeFile: noticeFile) else { return }
            if report.people + report.contacts + report.lines > 0 {
                logger.notice("retention: \(report.people) people and \(report.contacts) contacts forgotten")
            }
        }
    }

    /// Works until it is told to stop.
    public func run() async throws { try await upkeep.run() }
}
