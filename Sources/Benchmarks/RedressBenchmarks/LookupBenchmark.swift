/// Finding callers through HTTP at eight connections, among 10,000 and among 1,000,000 people and cases, in one run.
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RedressCore
import RedressDesk

struct LookupBenchmark {
    private var folder = NSTemporaryDirectory() + "/redress-lookup"
    private var sizes = [10_000, 1_000_000]
    private var requests = 4000
    private var address: String?
    /// A folder that stays may be loaded in one run and measured, again and again, in others.
    private var isLoadingOnly = false

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst(), let value = rest.popFirst() {
            switch name {
            case "--folder": folder = value
            case "--people": sizes = value.split(separator: ",").compactMap { Int($0) }
            case "--database-url": address = value
            case "--requests": requests = Int(value) ?? requests
            case "--load-only": isLoadingOnly = value == "yes"
            default: throw RedressError(.usage, "There is no option \(name).")
            }
        }
    }

    func run() async throws {
        var medians: [Int: [String: Double]] = [:]
        for size in sizes {
            let town = LookupTown(people: size)
            let desk = try await town.open(folder + "/\(size)", on: address)
            if !isLoadingOnly { medians[size] = try await measure(town, desk) }
            try await desk.close()
        }
        guard !isLoadingOnly, let small = sizes.first, let large = sizes.last, small != large else { return }
        for way in LookupTown.ways {
            let growth = (medians[large]?[way] ?? 0) / (medians[small]?[way] ?? 1)
            print("\(way): median among \(large) / among \(small): \(rounded(growth)) (limit 1.3)")
        }
    }

    private func measure(_ town: LookupTown, _ desk: Desk) async throws -> [String: Double] {
        let token = try await town.token(desk)
        var medians: [String: Double] = [:]
        try await ServedDesk.serve(desk) { medians = try await ask(town, token, $0) }
        return medians
    }

    private func ask(_ town: LookupTown, _ token: String, _ served: ServedDesk) async throws -> [String:
        Double]
    {
        var medians: [String: Double] = [:]
        let hello = try await served.times(requests, holding: nil) { _ in
            HTTPClientRequest(url: served.base + "/healthz")
        }
        print("\(town.people) people: the server's own hello: \(ServedDesk.said(hello, limit: 10)) ms")
        for way in LookupTown.ways {
            // Every question is about somebody who is there.
            let times = try await served.times(requests, holding: "\"person\"") { number in
                var request = HTTPClientRequest(url: served.base + "/api/v1/lookups")
                request.method = .POST
                request.headers.add(name: "Authorization", value: "Bearer \(token)")
                request.body = .bytes(ByteBuffer(string: try town.question(way, number)))
                return request
            }
            medians[way] = times[times.count / 2]
            print("\(town.people) people: \(way): \(ServedDesk.said(times, limit: 10)) ms")
        }
        return medians
    }

    private func rounded(_ value: Double) -> Double { ServedDesk.rounded(value) }
}
