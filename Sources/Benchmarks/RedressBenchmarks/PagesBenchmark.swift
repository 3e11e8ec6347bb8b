/// The caller's page as agents' browsers ask for it, among 10,000 and among 1,000,000 people, in one run, by `wrk`.
import AsyncHTTPClient
import Foundation
import NIOHTTP1
import RedressCore
import RedressDesk
import Subprocess

struct PagesBenchmark {
    private var folder = NSTemporaryDirectory() + "/redress-lookup"
    private var sizes = [10_000, 1_000_000]
    private var seconds = 10

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst(), let value = rest.popFirst() {
            switch name {
            case "--folder": folder = value
            case "--people": sizes = value.split(separator: ",").compactMap { Int($0) }
            case "--seconds": seconds = Int(value) ?? seconds
            default: throw RedressError(.usage, "There is no option \(name).")
            }
        }
    }

    func run() async throws {
        for size in sizes {
            let town = LookupTown(people: size)
            let desk = try await town.open(folder + "/\(size)")
            let cookie = try await town.cookie(desk)
            try await ServedDesk.serve(desk) { try await measure(size, cookie, $0) }
            try await desk.close()
        }
    }

    private func measure(_ size: Int, _ cookie: String, _ served: ServedDesk) async throws {
        // Different people each time, all over the register.
        let receipts = try (0..<20_000).map {
            try ReceiptNumber(year: 2021, counter: $0 &* 7919 % size + 1)
        }
        let pages = [
            (name: "the server's own hello", paths: ["/healthz"], holding: ""),
            ("the caller's page", receipts.map { "/staff/cases/\($0)" }, "</html>"),
            ("reach and related", receipts.map { "/staff/cases/\($0)/person" }, "</html>"),
        ]
        for (name, paths, holding) in pages {
            if paths.count > 1 {
                var request = HTTPClientRequest(url: served.base + paths[0])
                request.headers.add(name: "Cookie", value: cookie)
                let page = try await served.text(request)
                var bytes = page.utf8.count
                // What a browser fetches beside the page on its first load.
                for match in page.matches(of: /(?:href|src)="(\/[^"]+\.(?:css|js))"/) {
                    bytes += try await served.text(HTTPClientRequest(url: served.base + match.1)).utf8.count
                }
                print("\(size) people: \(name): \((bytes + 1023) / 1024) KB on first load (limit 100)")
            }
            for connections in [1, 2, 8] {
                let figures = try await wrk(paths, holding, cookie, connections, served.base)
                print("\(size) people, \(connections) connections: \(name): \(figures) (limit 20)")
            }
        }
    }

    /// How many answers a second and how long they took, as `wrk` in a process of its own sees it.
    private func wrk(
        _ paths: [String], _ holding: String, _ cookie: String, _ connections: Int, _ base: String
    ) async throws -> String {
        let list = folder + "/paths.txt"
        try paths.joined(separator: "\n").write(toFile: list, atomically: true, encoding: .utf8)
        let script = #filePath.replacing(
            "RedressBenchmarks/PagesBenchmark.swift", with: "wrk/pages.lua")
        let run = try await Subprocess.run(
            .name("wrk"),
            arguments: ["-t", "1", "-c", "\(connections)", "-d", "\(seconds)", "-s", script, base],
            environment: .inherit.updating(["PATHS": list, "COOKIE": cookie, "HOLDING": holding]),
            output: .string(limit: 65_536), error: .string(limit: 65_536))
        let line = run.standardOutput.split(separator: "\n").first { $0.hasPrefix("figures ") }
        let figures = line?.split(separator: " ").dropFirst().compactMap { Double($0) } ?? []
        guard figures.count == 4, figures[3] == 0 else {
            throw RedressError(.unavailable, "wrk printed no figures: \(run.standardError.prefix(500))")
        }
        return "\(figures[0]) a second, median \(figures[1]), p99 \(figures[2]) ms"
    }
}
