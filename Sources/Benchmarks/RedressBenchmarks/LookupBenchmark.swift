/// Finding callers through HTTP at eight connections, among 10,000 and among 1,000,000 people and cases, in one run.
import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import RedressCore
import RedressDesk
import RedressSQLite
import RedressStore
import RedressWeb

struct LookupBenchmark {
    private var folder = NSTemporaryDirectory() + "/redress-lookup"
    private var sizes = [10_000, 1_000_000]
    private var requests = 4000
    private var address: String?
    private static let connections = 8

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst(), let value = rest.popFirst() {
            switch name {
            case "--folder": folder = value
            case "--people": sizes = value.split(separator: ",").compactMap { Int($0) }
            case "--database-url": address = value
            case "--requests": requests = Int(value) ?? requests
            default: throw RedressError(.usage, "There is no option \(name).")
            }
        }
    }

    func run() async throws {
        var medians: [Int: [String: Double]] = [:]
        for size in sizes {
            let town = LookupTown(people: size)
            let desk = try await town.open(folder + "/\(size)", on: address)
            medians[size] = try await measure(town, desk)
            try await desk.close()
        }
        guard let small = sizes.first, let large = sizes.last, small != large else { return }
        for way in LookupTown.ways {
            let growth = (medians[large]?[way] ?? 0) / (medians[small]?[way] ?? 1)
            print("\(way): median among \(large) / among \(small): \(rounded(growth)) (limit 1.3)")
        }
    }

    private func measure(_ town: LookupTown, _ desk: Desk) async throws -> [String: Double] {
        let token = try await town.token(desk)
        let port = Int.random(in: 20_000...60_000)
        let server = Task {
            try await serve(
                desk: desk, port: port, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        }
        let base = "http://127.0.0.1:\(port)"
        var settings = HTTPClient.Configuration()
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.connections
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        for _ in 0..<500 {
            let answer = try? await client.execute(
                HTTPClientRequest(url: base + "/readyz"), timeout: .seconds(5))
            if answer?.status == .ok { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        var medians: [String: Double] = [:]
        let hello = try await times { _ in
            HTTPClientRequest(url: base + "/healthz")
        } sending: { request in
            try await Self.send(request, client)
        }
        print("\(town.people) people: the server's own hello: \(said(hello)) ms")
        for way in LookupTown.ways {
            let times = try await times { number in
                var request = HTTPClientRequest(url: base + "/api/v1/lookups")
                request.method = .POST
                request.headers.add(name: "Authorization", value: "Bearer \(token)")
                request.body = .bytes(ByteBuffer(string: try town.question(way, number)))
                return request
            } sending: { request in
                try await Self.send(request, client)
            }
            medians[way] = times[times.count / 2]
            print("\(town.people) people: \(way): \(said(times)) ms")
        }
        try await client.shutdown()
        server.cancel()
        _ = try? await server.value
        return medians
    }

    private static func send(_ request: HTTPClientRequest, _ client: HTTPClient) async throws {
        let answer = try await client.execute(request, timeout: .seconds(30))
        let body = try await answer.body.collect(upTo: 1 << 20)
        // Every question is about somebody who is there: an empty answer would make the figures a lie.
        guard answer.status == .ok, request.method == .GET || String(buffer: body).contains("\"person\"")
        else {
            throw RedressError(.fault, "The server answered \(answer.status): \(String(buffer: body))")
        }
    }

    /// Milliseconds of every request, sorted; eight at a time.
    private func times(
        _ make: @escaping @Sendable (Int) throws -> HTTPClientRequest,
        sending: @escaping @Sendable (HTTPClientRequest) async throws -> Void
    ) async throws -> [Double] {
        let each = requests / Self.connections
        return try await withThrowingTaskGroup(of: [Double].self) { group in
            for connection in 0..<Self.connections {
                group.addTask {
                    var times: [Double] = []
                    for number in 0..<each {
                        let request = try make(connection * each + number)
                        let started = ContinuousClock.now
                        try await sending(request)
                        let spent = (ContinuousClock.now - started).components
                        times.append(Double(spent.seconds) * 1000 + Double(spent.attoseconds) / 1e15)
                    }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted()
        }
    }

    private func said(_ times: [Double]) -> String {
        let p99 = times[min(times.count - 1, times.count * 99 / 100)]
        return "median \(rounded(times[times.count / 2])), p99 \(rounded(p99)) (limit 10)"
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
