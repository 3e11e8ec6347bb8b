import Foundation
import TestSupport
import Testing

@Suite("The service in bad company", .serialized, .enabled(if: isAlone, aloneHint))
struct ServiceDrillTests {
    /// A server of an empty installation, and what it is asked by.
    private struct Service {
        let folder: TemporaryFolder
        let program: Program
        let port: Int

        static func start(_ settings: [String], limit: String = "", scheme: String = "http") async throws
            -> Service
        {
            let folder = try TemporaryFolder()
            let data = folder.file("data")
            try await BuiltBinary.done(["init", "--data-dir", data])
            let port = freePort()
            let arguments =
                ["serve", "--port", "\(port)", "--data-dir", data] + settings.flatMap { ["--set", $0] }
            let program =
                limit.isEmpty
                ? try await BuiltBinary.start(arguments)
                : try await Program.start(
                    "/bin/sh", ["-c", limit + "; exec \"$@\"", "sh", BuiltBinary.path] + arguments)
            for _ in 0..<600 {
                let isThere =
                    scheme == "https"
                    ? try await !Self.certificate(port).isEmpty
                    : (try? await SocketClient.ask(port, "/readyz"))?.statuses == [200]
                if isThere { return Service(folder: folder, program: program, port: port) }
                try await Task.sleep(for: .milliseconds(50))
            }
            program.signal(SIGTERM)
            throw NotServing(errors: try await program.finish().errors)
        }

        private struct NotServing: Error {
            let errors: String
        }

        /// The subject of the certificate that a port shows.
        static func certificate(_ port: Int) async throws -> String {
            try await Program.run(
                "/bin/sh",
                [
                    "-c",
                    "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -subject",
                ]
            ).output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    @Test("Told to stop, it takes no more, finishes what is under way, and does not wait for who is stuck")
    func drain() async throws {
        let service = try await Service.start(["http.drain_seconds=3", "http.body_seconds=60"])
        let port = service.port
        let head = "POST /api/v1/codes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n"
        async let stuck = SocketClient.talk(port, [head])
        async let late = SocketClient.talk(port, [head, "{}"], pause: .milliseconds(1500))
        try await Task.sleep(for: .milliseconds(700))
        service.program.signal(SIGTERM)
        try await Task.sleep(for: .milliseconds(300))
        await #expect(throws: (any Error).self) { try await SocketClient.ask(port, "/healthz") }
        #expect(try await late.statuses == [400], "what was under way is answered")
        let run = try await service.program.finish()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try await stuck.isClosed)
        #expect(try await BuiltBinary.run(["check", "--data-dir", service.folder.file("data")]).status == 0)
    }

    @Test("It outlives having no file left for a connection")
    func files() async throws {
        let service = try await Service.start(["http.idle_seconds=1"], limit: "ulimit -n 80")
        let port = service.port
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask { _ = try? await SocketClient.talk(port, [""], listenFor: .seconds(4)) }
            }
            try await group.waitForAll()
        }
        let heard = try await SocketClient.ask(port, "/healthz")
        #expect(heard.statuses == [200])
        service.program.signal(SIGTERM)
        let run = try await service.program.finish()
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test("It speaks TLS, and shows a new certificate after SIGHUP; one that is no use does not replace it")
    func certificate() async throws {
        let files = try TemporaryFolder()
        func make(_ name: String) async throws {
            let run = try await Program.run(
                "/bin/sh",
                [
                    "-c",
                    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=\(name) -keyout \(files.file("key.pem")) -out \(files.file("chain.pem"))",
                ])
            try #require(run.status == 0, "\(run.errors)")
        }
        try await make("first")
        let service = try await Service.start(
            ["http.certificate=\(files.file("chain.pem"))", "http.certificate_key=\(files.file("key.pem"))"],
            scheme: "https")
        #expect(try await Service.certificate(service.port).hasSuffix("first"))
        #expect(try await SocketClient.ask(service.port, "/healthz").statuses != [200], "nothing in clear")
        try await make("second")
        service.program.signal(SIGHUP)
        var shown = ""
        for _ in 0..<100 where !shown.hasSuffix("second") {
            shown = try await Service.certificate(service.port)
        }
        #expect(shown.hasSuffix("second"))
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: files.file("chain.pem")))
        service.program.signal(SIGHUP)
        try await Task.sleep(for: .milliseconds(500))
        #expect(try await Service.certificate(service.port).hasSuffix("second"))
        service.program.signal(SIGTERM)
        let run = try await service.program.finish()
        #expect(run.status == 0 && run.errors.contains("the old one stays"), "\(run.errors)")
    }

    @Test(
        "Its log is JSON with the request's id and nothing personal, and its figures are there for Prometheus"
    )
    func log() async throws {
        let service = try await Service.start(["log.level=debug"])
        let asked = try await SocketClient.talk(
            service.port,
            [
                "POST /api/v1/codes?phone=01012345678 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 25\r\n\r\n{\"phone\":\"010-1234-5678\"}"
            ])
        #expect(asked.statuses == [202], "\(asked.text)")
        let id = asked.text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("x-request-id: ") }?
            .dropFirst(14)
        let figures = try await SocketClient.ask(service.port, "/metrics").text
        for name in [
            #"redress_http_requests_total{route="/api/v1/codes",method="POST",status="202"} 1"#,
            #"redress_http_request_seconds_bucket{route="/api/v1/codes",le="+Inf"} 1"#,
            "redress_notices_lag_seconds 0",
            #"redress_database_wait_seconds_count{database="desk",kind="write"}"#, "redress_audit_rows",
            #"redress_database_bytes{file="redress.sqlite"}"#, "redress_process_resident_bytes",
        ] { #expect(figures.contains(name), "\(name)\n\(figures)") }
        service.program.signal(SIGTERM)
        let run = try await service.program.finish()
        #expect(!run.errors.contains("1234"))
        let lines = run.errors.split(separator: "\n")
        let events = lines.compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String]
        }
        #expect(events.count == lines.count && events.count > 2)
        let request = events.first { $0["route"] == "/api/v1/codes" }
        #expect(request?["status"] == "202" && request?["request"] == id.map(String.init))
    }

    @Test("What is set wrong is said before anything is opened, and secrets are not printed")
    func settings() async throws {
        let wrong = try await BuiltBinary.run(["settings", "--set", "http.prt=1"])
        #expect(wrong.status == 2 && wrong.errors.contains("the nearest is `http.port`"), "\(wrong.errors)")
        let secret = try await BuiltBinary.run(
            ["settings", "--format", "json"],
            environment: ["REDRESS_TOKEN": "rdr_secret", "REDRESS_HTTP_PORT": "9999"])
        #expect(secret.output.contains("9999") && !secret.output.contains("rdr_secret"))
        let open = try await BuiltBinary.run([
            "serve", "--set", "http.host=0.0.0.0", "--data-dir", "/nowhere/at/all",
        ])
        #expect(open.status != 0)
    }
}
