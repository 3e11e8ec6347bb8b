/// `serve`: the HTTP service on loopback.
import ArgumentParser
import CoreMetrics
import Logging
import RedressCore
import RedressDesk
import RedressStore
import RedressWeb

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the staff's pages, and lookup and cases as JSON, on this machine.",
        discussion: """
            Open http://localhost:8080/ and take up the invitation that `redress staff invite NAME` prints.

            Example: redress serve --port 8080 &
            curl -H "Authorization: Bearer $TOKEN" -d '{"phone":"010-1234-5678"}' \\
                http://127.0.0.1:8080/api/v1/lookups

            Every other setting (--config FILE, --set KEY=VALUE, REDRESS_…): redress settings
            """)

    @Option(help: "The port; 0 lets the system choose (default: 8080).")
    var port: Int?
    @OptionGroup(title: "Sign-in with the organisation's account") var openID: OpenIDOptions
    @OptionGroup var options: Options

    func validate() throws {
        guard port.map((0...65_535).contains) ?? true else {
            throw ValidationError("--port must be a number from 0 to 65535.")
        }
    }

    func run() async throws {
        let given = [Setting.port.key: port.map { String($0) }].merging(openID.values) { $1 }
        let chosen = try options.load(given)
        // What is set wrong is said before anything is opened.
        var settings = try ServerSettings(chosen)
        let metrics = PrometheusMetrics()
        let desk = try options.openDesk { base, schema in
            MeasuredDatabase(base, name: schema.name, metrics: metrics)
        }
        // Files have one server; a database server has as many as are needed.
        let lock = try options.serverAddress == nil ? ServerLock(folder: options.installation.folder) : nil
        defer { withExtendedLifetime(lock) {} }
        raiseFileLimit()
        MetricsSystem.bootstrap(metrics)
        do {
            let logger = chosen.logger("redress")
            settings.noticeSecret = try options.noticeSecret()
            settings.monitoring = Monitoring(
                metrics: metrics, readers: settings.monitoring.readers, folder: options.installation.folder)
            let release = StatisticsRelease(desk: desk, folder: options.installation.statistics)
            let statistics = StatisticsService(release: release, logger: logger)
            let notices = NoticeService(runner: try options.noticeRunner(desk), logger: logger)
            let retention = RetentionService(
                desk: desk, noticeFile: options.installation.notices, logger: logger)
            try await serve(
                desk: desk, settings: settings, beside: [statistics, notices, retention], logger: logger)
            try await desk.close()
        } catch {
            try? await desk.close()
            throw error
        }
    }
}
