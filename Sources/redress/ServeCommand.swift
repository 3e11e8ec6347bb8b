/// `serve`: the HTTP service on loopback.
import ArgumentParser
import Logging
import RedressCore
import RedressDesk
import RedressWeb

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve lookup and cases as JSON on this machine, behind staff tokens.",
        discussion: """
            Example: redress serve --port 8080 &
            curl -H "Authorization: Bearer $TOKEN" -d '{"phone":"010-1234-5678"}' \\
                http://127.0.0.1:8080/api/v1/lookups
            """)

    @Option(help: "The port on 127.0.0.1; 0 lets the system choose.")
    var port = 8080
    @OptionGroup var options: Options

    func run() async throws {
        guard (0...65_535).contains(port) else {
            throw RedressError(.usage, "--port must be a number from 0 to 65535.")
        }
        let desk = try options.openDesk()
        let lock = try ServerLock(folder: options.installation.folder)
        defer { withExtendedLifetime(lock) {} }
        do {
            let logger = Logger(label: "redress")
            let release = StatisticsRelease(desk: desk, folder: options.installation.statistics)
            let statistics = StatisticsService(release: release, logger: logger)
            let codes = CodeService(desk: desk, path: options.installation.codes, logger: logger)
            let notices = NoticeService(runner: try options.noticeRunner(desk), logger: logger)
            try await serve(
                desk: desk, port: port, beside: [statistics, codes, notices],
                noticeSecret: try Options.noticeSecret(), logger: logger)
            try await desk.close()
        } catch {
            try? await desk.close()
            throw error
        }
    }
}
