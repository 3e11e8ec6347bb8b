#if Postgres
    import Foundation
    import FoundationNetworking
    import RedressCore
    import RedressDesk
    import TestSupport
    import Testing

    /// A real server process over a town's database, with a folder of its own as on another machine.
    struct ServedTown {
        let folder: String
        let url: String
        let base: String
        let program: Program

        /// Starts `serve` with a copy of the town's keys.
        ///
        /// - Parameter options: further options of its command line.
        static func start(
            _ town: DrillTown, _ name: String, url: String, options: [String] = []
        ) async throws -> ServedTown {
            let folder = town.folder.file(name)
            if !FileManager.default.fileExists(atPath: folder) {
                try FileManager.default.copyItem(atPath: town.folder.file("data"), toPath: folder)
            }
            let port = freePort()
            let program = try await BuiltBinary.start(
                ["serve", "--port", "\(port)", "--data-dir", folder, "--database-url", url] + options)
            return ServedTown(folder: folder, url: url, base: "http://127.0.0.1:\(port)", program: program)
        }

        /// Waits until it answers.
        func ready() async throws {
            for _ in 0..<600 {
                if let answer = try? await send("GET", "/readyz"), answer.status == 200 { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            let run = try await stop()
            throw RedressError(.unavailable, "The server did not start: \(run.errors)")
        }

        /// Tells it to end and waits until it has.
        func stop() async throws -> Run {
            program.signal(SIGTERM)
            return try await program.finish()
        }

        /// One request; nothing is retried here.
        func send(_ method: String, _ path: String, _ headers: [String: String] = [:], body: String? = nil)
            async throws -> (status: Int, json: [String: Any])
        {
            guard let address = URL(string: base + path) else { throw RedressError(.badData, path) }
            var request = URLRequest(url: address)
            request.httpMethod = method
            request.timeoutInterval = 120
            for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
            if let body {
                request.httpBody = Data(body.utf8)
                request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            }
            let (data, response) = try await URLSession.shared.data(for: request)
            let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
            return ((response as? HTTPURLResponse)?.statusCode ?? 0, json ?? [:])
        }
    }
#endif
