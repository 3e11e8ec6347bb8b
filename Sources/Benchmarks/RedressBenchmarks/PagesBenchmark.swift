/// The caller's page as an agent's browser asks for it, among 10,000 and among 1,000,000 people, in one run.
import AsyncHTTPClient
import Foundation
import NIOHTTP1
import RedressCore
import RedressDesk

struct PagesBenchmark {
    private var folder = NSTemporaryDirectory() + "/redress-lookup"
    private var sizes = [10_000, 1_000_000]
    private var requests = 2000

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst(), let value = rest.popFirst() {
            switch name {
            case "--folder": folder = value
            case "--people": sizes = value.split(separator: ",").compactMap { Int($0) }
            case "--requests": requests = Int(value) ?? requests
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
        let hello = try await served.times(requests, holding: nil) { _ in
            HTTPClientRequest(url: served.base + "/healthz")
        }
        print("\(size) people: the server's own hello: \(ServedDesk.said(hello, limit: 20)) ms")
        for (name, path) in [("the caller's page", ""), ("reach and related", "/person")] {
            let ask = { @Sendable (number: Int) throws -> HTTPClientRequest in
                let receipt = try ReceiptNumber(year: 2021, counter: number &* 7919 % size + 1)
                var request = HTTPClientRequest(url: served.base + "/staff/cases/\(receipt)\(path)")
                request.headers.add(name: "Cookie", value: cookie)
                return request
            }
            let times = try await served.times(requests, holding: "</html>", ask)
            print("\(size) people: \(name): \(ServedDesk.said(times, limit: 20)) ms")
            let page = try await served.text(try ask(0))
            var bytes = page.utf8.count
            // What a browser fetches beside the page on its first load.
            for match in page.matches(of: /(?:href|src)="(\/[^"]+\.(?:css|js))"/) {
                bytes += try await served.text(HTTPClientRequest(url: served.base + match.1)).utf8.count
            }
            print("\(size) people: \(name): \((bytes + 1023) / 1024) KB on first load (limit 100)")
        }
    }
}
