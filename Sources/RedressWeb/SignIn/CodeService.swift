/// Hands one-time codes over within a second of being asked for, into the file that a gateway reads.
public import Logging
public import RedressDesk
public import ServiceLifecycle

/// Writes every code that waits into a file of JSON lines, for as long as the service runs.
public struct CodeService: Service {
    let desk: Desk
    let path: String
    let logger: Logger
    private static let pause = Duration.milliseconds(500)

    /// Writes codes into the file at `path`, made with mode 0600 when it is not there.
    public init(desk: Desk, path: String, logger: Logger) {
        self.desk = desk
        self.path = path
        self.logger = logger
    }

    /// Runs until the service is told to stop.
    public func run() async throws {
        let codes = Upkeep(name: "handing codes over", pause: Self.pause, logger: logger) {
            try await desk.citizens.write(to: path)
        }
        try await codes.run()
    }
}
