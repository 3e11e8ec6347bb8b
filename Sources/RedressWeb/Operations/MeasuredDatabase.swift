/// A database that tells how long its transactions wait and take, to metrics and to whoever traces.
import CoreMetrics
public import RedressStore
import Tracing

/// Hands everything on to another database and measures it.
public struct MeasuredDatabase: Database {
    private let base: any Database
    private let name: String
    private let timers: [String: (wait: Timer, whole: Timer)]

    /// Measures `base` under the name of its schema.
    public init(_ base: any Database, name: String, metrics: PrometheusMetrics) {
        self.base = base
        self.name = name
        timers = Dictionary(
            uniqueKeysWithValues: ["read", "write"].map { kind in
                let dimensions = [("database", name), ("kind", kind)]
                return (
                    kind,
                    (
                        Timer(
                            label: "redress_database_wait_seconds", dimensions: dimensions, factory: metrics),
                        Timer(label: "redress_database_seconds", dimensions: dimensions, factory: metrics)
                    )
                )
            })
    }

    /// Reads through the base.
    public func read<T: Sendable>(
        _ work: Work, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await measured("read") { note in
            try await base.read(work) { connection in
                note()
                return try body(connection)
            }
        }
    }

    /// Reads a copy that the base has, or the base itself.
    public func readCopy<T: Sendable>(
        behind delay: Duration, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> Dated<T> {
        try await measured("read") { note in
            try await base.readCopy(behind: delay) { connection in
                note()
                return try body(connection)
            }
        }
    }

    /// Writes through the base.
    @discardableResult
    public func write<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await measured("write") { note in
            try await base.write { connection in
                note()
                return try body(connection)
            }
        }
    }

    private func measured<T>(
        _ kind: String, _ work: (@escaping @Sendable () -> Void) async throws -> T
    ) async throws -> T {
        let started = ContinuousClock.now
        let timers = timers[kind]
        defer { timers?.whole.recordNanoseconds(Self.nanoseconds(since: started)) }
        return try await withSpan("\(name).\(kind)", ofKind: .client) { _ in
            try await work { timers?.wait.recordNanoseconds(Self.nanoseconds(since: started)) }
        }
    }

    private static func nanoseconds(since started: ContinuousClock.Instant) -> Int64 {
        let spent = (ContinuousClock.now - started).components
        return spent.seconds * 1_000_000_000 + spent.attoseconds / 1_000_000_000
    }

    /// What the base says.
    public func damage() async throws -> [String] { try await base.damage() }

    /// Copies the base.
    public func copy(to path: String) async throws { try await base.copy(to: path) }

    /// Closes the base.
    public func close() async throws { try await base.close() }
}
