/// Metrics as Prometheus reads them (text format 0.0.4), behind swift-metrics, so that libraries' own are there too.
public import CoreMetrics
import Synchronization

/// Keeps every series of the process; so many and no more.
public final class PrometheusMetrics: MetricsFactory, Sendable {
    private struct Family {
        var kind: String
        var series: [String: any PrometheusSeries] = [:]
    }

    private let mostSeries: Int
    private let families = Mutex<[String: Family]>([:])
    /// Series by what they were asked for with: every request asks, and spelling a name as the format wants it takes longer
    /// than finding it. Holds no more than the families do.
    private let known = Mutex<[String: any PrometheusSeries]>([:])

    /// Makes an empty registry.
    ///
    /// - Parameter mostSeries: a series beyond is counted nowhere, so that no caller can fill the memory.
    public init(mostSeries: Int = 5000) {
        self.mostSeries = mostSeries
    }

    private func series<S: PrometheusSeries>(
        _ label: String, _ dimensions: [(String, String)], _ kind: String, _ make: () -> S
    ) -> S {
        let asked = dimensions.reduce(into: label) { $0 += "\u{1}\($1.0)\u{2}\($1.1)" }
        if let found = known.withLock({ $0[asked] }) as? S { return found }
        let name = Self.name(label)
        let labels = Self.labels(dimensions)
        let found: S? = families.withLock { families in
            if let found = families[name]?.series[labels] { return found as? S }
            guard families.values.reduce(0, { $0 + $1.series.count }) < mostSeries,
                families[name]?.kind ?? kind == kind
            else { return nil }
            let fresh = make()
            families[name, default: Family(kind: kind)].series[labels] = fresh
            return fresh
        }
        guard let found else { return make() }
        known.withLock { known in if known.count < mostSeries { known[asked] = found } }
        return found
    }

    /// Counts something that only grows.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, "counter") { PrometheusNumber() }
    }

    /// A value that goes up and down.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, "gauge") { PrometheusNumber() }
    }

    /// A distribution where it is to be aggregated, else the last value.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate
            ? series(label, dimensions, "histogram") { PrometheusHistogram() }
            : series(label, dimensions, "gauge") { PrometheusNumber() }
    }

    /// A distribution of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, "histogram") { PrometheusHistogram() }
    }

    /// Series live as long as the process.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Series live as long as the process.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Series live as long as the process.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Series live as long as the process.
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// Everything as text.
    func text() -> String {
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            if let help = MetricNames.help[name] { text += "# HELP \(name) \(help)\n" }
            text += "# TYPE \(name) \(family.kind)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name, labels, into: &text)
            }
        }
        return text
    }

    private static func name(_ label: String) -> String {
        let name = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == ":" ? $0 : "_" })
        return name.first?.isNumber == true ? "_" + name : name
    }

    /// `a="b",c="d"`, or nothing.
    private static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { key, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n")
            return "\(name(key))=\"\(escaped)\""
        }.joined(separator: ",")
    }
}

/// What can write itself as lines of the exposition.
protocol PrometheusSeries: AnyObject, Sendable {
    func write(_ name: String, _ labels: String, into text: inout String)
}

/// One number.
final class PrometheusNumber: PrometheusSeries, CounterHandler, MeterHandler, RecorderHandler, Sendable {
    private let value = Mutex(0.0)

    func increment(by amount: Int64) { value.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func reset() { value.withLock { $0 = 0 } }
    func set(_ new: Int64) { value.withLock { $0 = Double(new) } }
    func set(_ new: Double) { value.withLock { $0 = new } }
    func record(_ new: Int64) { set(new) }
    func record(_ new: Double) { set(new) }

    func write(_ name: String, _ labels: String, into text: inout String) {
        text +=
            "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(PrometheusText.number(value.withLock { $0 }))\n"
    }
}

/// A distribution in fixed buckets of seconds.
final class PrometheusHistogram: PrometheusSeries, TimerHandler, RecorderHandler, Sendable {
    private static let bounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    private struct State {
        var counts = [Int](repeating: 0, count: PrometheusHistogram.bounds.count)
        var count = 0
        var sum = 0.0
    }

    private let state = Mutex(State())

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) {
        state.withLock { state in
            state.count += 1
            state.sum += value
            guard let bucket = Self.bounds.firstIndex(where: { value <= $0 }) else { return }
            state.counts[bucket] += 1
        }
    }

    func write(_ name: String, _ labels: String, into text: inout String) {
        let state = state.withLock { $0 }
        let before = labels.isEmpty ? "" : labels + ","
        var sum = 0
        for (bound, count) in zip(Self.bounds, state.counts) {
            sum += count
            text += "\(name)_bucket{\(before)le=\"\(PrometheusText.number(bound))\"} \(sum)\n"
        }
        text += "\(name)_bucket{\(before)le=\"+Inf\"} \(state.count)\n"
        let tail = labels.isEmpty ? "" : "{\(labels)}"
        text += "\(name)_sum\(tail) \(PrometheusText.number(state.sum))\n"
        text += "\(name)_count\(tail) \(state.count)\n"
    }
}

enum PrometheusText {
    /// A number as the format writes it: whole ones without a point.
    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}

/// The service's own series, with what each of them says.
enum MetricNames {
    static let help = [
        "redress_http_requests_total": "Requests that were answered, by route, method and status.",
        "redress_http_request_seconds": "From a request's head to its answer, by route.",
        "redress_http_requests_active": "Requests that are being answered.",
        "redress_database_wait_seconds":
            "From asking for a transaction to its first statement, by database and kind.",
        "redress_database_seconds": "A whole transaction with its commit, by database and kind.",
        "redress_database_bytes": "The size of the database files.",
        "redress_pool_seats": "Seats of the reserved pool by incident and where they stand.",
        "redress_cases": "Open cases by incident and state.",
        "redress_cases_overdue": "Open cases past their due time, by incident.",
        "redress_case_oldest_seconds": "The age of the oldest open case, by incident.",
        "redress_notices": "Notices of the outbox by state.",
        "redress_notices_lag_seconds": "How long the notice that waits longest has been due.",
        "redress_audit_rows": "Rows of the audit trail.",
        "redress_process_resident_bytes": "Memory that the process holds.",
        "redress_process_open_files": "Files and sockets that the process holds open.",
    ]
}
