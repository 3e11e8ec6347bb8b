/// What operators look at: metrics, the log line of each request, and where they may be asked for.
import CoreMetrics
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import RedressCore
import RedressDesk
import RedressStore
import Synchronization
import Tracing

/// What a server tells about itself.
public struct Monitoring: Sendable {
    /// Every series.
    public let metrics: PrometheusMetrics
    /// Who may read `/metrics` beside this machine itself.
    public var readers = TrustedProxies.none
    /// The installation's folder, whose disk counts for readiness and size; nil when it is not known.
    public var folder: String?
    /// Counts what the database's server keeps is not asked for on every scrape.
    let gathered = GatheredFigures()

    /// Monitoring into `metrics`.
    public init(
        metrics: PrometheusMetrics = PrometheusMetrics(), readers: TrustedProxies = .none,
        folder: String? = nil
    ) {
        self.metrics = metrics
        self.readers = readers
        self.folder = folder
    }
}

/// Figures that were read from the database not long ago.
final class GatheredFigures: Sendable {
    private let state = Mutex<(at: ContinuousClock.Instant, figures: ServiceFigures)?>(nil)
    private static let goodFor = Duration.seconds(15)

    func current(_ desk: Desk) async throws -> ServiceFigures {
        if let kept = state.withLock({ $0 }), .now - kept.at < Self.goodFor { return kept.figures }
        let figures = try await desk.monitor.figures()
        state.withLock { $0 = (.now, figures) }
        return figures
    }
}

/// Gives each request its id, a span, a log line without personal data, and its place in the metrics.
struct RequestObserver: RouterMiddleware {
    let metrics: PrometheusMetrics
    static let header = HTTPField.Name("X-Request-Id")

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        let active = Meter(label: "redress_http_requests_active", dimensions: [], factory: metrics)
        active.increment()
        defer { active.decrement() }
        var parent = ServiceContext.current ?? .topLevel
        InstrumentationSystem.instrument.extract(request.headers, into: &parent, using: HeaderExtractor())
        return try await withSpan("http", context: parent, ofKind: .server) { span in
            var response = try await next(request, context)
            if let header = Self.header { response.headers[header] = context.requestId }
            let route = context.endpointPath ?? "none"
            let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
            span.operationName = "\(method) \(route)"
            span.attributes["http.response.status_code"] = SpanAttribute.int64(Int64(response.status.code))
            let spent = ContinuousClock.now - started
            note(route, method, response.status, spent)
            context.logger.log(
                level: Self.level(of: response.status), "request",
                metadata: [
                    "method": "\(method)", "route": "\(route)", "status": "\(response.status.code)",
                    "ms":
                        "\(spent.components.seconds * 1000 + spent.components.attoseconds / 1_000_000_000_000_000)",
                ])
            return response
        }
    }

    private func note(_ route: String, _ method: String, _ status: HTTPResponse.Status, _ spent: Duration) {
        Counter(
            label: "redress_http_requests_total",
            dimensions: [("route", route), ("method", method), ("status", String(status.code))],
            factory: metrics
        ).increment()
        let parts = spent.components
        Timer(
            label: "redress_http_request_seconds", dimensions: [("route", route)], factory: metrics
        ).recordNanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
    }

    /// What went well is told to those who want every request.
    private static func level(of status: HTTPResponse.Status) -> Logger.Level {
        switch status.code {
        case 500...: .warning
        case 400...: .info
        default: .debug
        }
    }

    private static let methods: Set<HTTPRequest.Method> = [
        .get, .head, .post, .put, .delete, .options, .patch,
    ]
}

/// Reads what a caller's tracing sent along.
private struct HeaderExtractor: Extractor {
    func extract(key: String, from carrier: HTTPFields) -> String? {
        HTTPField.Name(key).flatMap { carrier[$0] }
    }
}

/// `/metrics`, for this machine and listed readers only.
struct MetricsRoutes {
    let desk: Desk
    let monitoring: Monitoring

    func add(to router: some RouterMethods<WebContext>) {
        router.get("metrics") { _, context in
            let isOwn =
                IPAddress.bytes(context.address).map { $0.first == 127 || $0 == Self.loopback } ?? false
            guard isOwn || monitoring.readers.contains(context.address) else { throw HTTPError(.notFound) }
            try await gather()
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: monitoring.metrics.text())))
        }
    }

    private static let loopback = [UInt8](repeating: 0, count: 15) + [1]

    private func gauge(_ name: String, _ dimensions: [(String, String)], _ value: Double) {
        Meter(label: name, dimensions: dimensions, factory: monitoring.metrics).set(value)
    }

    private func gather() async throws {
        let figures = try await monitoring.gathered.current(desk)
        for pool in figures.pools {
            for (state, seats) in [
                ("allotted", pool.allotted), ("reserved", pool.reserved), ("held", pool.held),
                ("seated", pool.seated), ("released", pool.released),
            ] {
                gauge(
                    "redress_pool_seats", [("incident", pool.incident), ("state", state)], Double(seats))
            }
        }
        for cases in figures.cases {
            for (state, count) in cases.open {
                gauge("redress_cases", [("incident", cases.incident), ("state", state)], Double(count))
            }
            gauge("redress_cases_overdue", [("incident", cases.incident)], Double(cases.overdue))
            gauge(
                "redress_case_oldest_seconds", [("incident", cases.incident)],
                Double(cases.oldestMilliseconds) / 1000)
        }
        for (state, count) in figures.notices { gauge("redress_notices", [("state", state)], Double(count)) }
        gauge("redress_notices_lag_seconds", [], Double(figures.noticeLagMilliseconds) / 1000)
        gauge("redress_audit_rows", [], Double(figures.auditRows))
        for (file, size) in fileSizes() { gauge("redress_database_bytes", [("file", file)], Double(size)) }
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }?
            .split(separator: " ").compactMap { Double($0) }.first
        gauge("redress_process_resident_bytes", [], (resident ?? 0) * 1024)
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
        gauge("redress_process_open_files", [], Double(open))
    }

    private func fileSizes() -> [(String, Int)] {
        guard let folder = monitoring.folder else { return [] }
        return ["redress.sqlite", "redress.sqlite-wal", "evidence.sqlite", "evidence.sqlite-wal"].compactMap {
            name in
            let size = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.size]
            return (size as? NSNumber).map { (name, $0.intValue) }
        }
    }
}
