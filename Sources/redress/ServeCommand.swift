/// `serve`: the HTTP service on loopback.
import ArgumentParser
import Logging
import RedressCore
import RedressDesk
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
            """)

    @Option(help: "The port on 127.0.0.1; 0 lets the system choose.")
    var port = 8080
    @OptionGroup var options: Options

    func run() async throws {
        guard (0...65_535).contains(port) else {
            throw RedressError(.usage, "--port must be a number from 0 to 65535.")
        }
        let desk = try options.openDesk()
        // Files have one server; a database server has as many as are needed.
        let lock = try options.serverAddress == nil ? ServerLock(folder: options.installation.folder) : nil
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
