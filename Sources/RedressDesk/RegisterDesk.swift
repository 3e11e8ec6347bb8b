/// Registers in: sites, bookings, revocations and the pool's allotments, row by row, the bad ones set aside.
public import RedressCore
import RedressEvidence
import RedressStore

/// The registers that can be loaded.
public enum Register: String, Sendable, CaseIterable {
    /// Vaccination centres.
    case sites
    /// People and their bookings.
    case register
    /// The agency's cancellations.
    case revocations
    /// Seats of the reserved pool.
    case allotments

    /// The columns its file must have.
    public var columns: [String] {
        switch self {
        case .sites: ["site", "name", "province", "municipality", "latitude", "longitude"]
        case .register:
            [
                "booking", "person", "name", "phone", "birth_date", "site", "vaccine", "dose", "date", "slot",
                "booked_at", "status",
            ]
        case .revocations: ["booking", "person", "phone", "revoked_at", "batch", "reason", "text"]
        case .allotments: ["site", "vaccine", "date", "slot", "seats", "authority"]
        }
    }
}

/// What loading a register came to; rows = loaded + quarantined + kept.
public struct LoadReport: Sendable, Codable, Equatable {
    /// Rows in the file, header apart.
    public var rows = 0
    /// Rows that were stored.
    public var loaded = 0
    /// Rows set aside with their line and reason.
    public var quarantined = 0
    /// Rows not taken because redress itself changed that booking.
    public var kept = 0
    /// Those of the kept rows that say something else than redress does.
    public var differing: [String] = []
    /// Files that had been loaded before (allotments only: seats are not counted twice).
    public var skippedFiles = 0
    /// Unknown columns and the first reasons for setting rows aside.
    public var warnings: [String] = []
}

/// Loads registers.
public struct RegisterDesk: Sendable {
    let desk: Desk
    private static let batch = 500
    private static let namedProblems = 10

    /// Loads a register file into an incident; loading again brings rows up to date.
    ///
    /// - Throws: `.badData` with nothing loaded when the file is empty or lacks a column.
    public func load(
        _ register: Register, from path: String, incident: String, by actor: Actor,
        progress: (_ rows: Int) -> Void = { _ in }
    ) async throws -> LoadReport {
        try actor.require(.operate)
        let file = try await LogFile.identify(path: path)
        let context = try await desk.database.read { connection in
            _ = try IncidentStore(connection).find(incident)
            return (
                wasLoaded: try RegisterStore(connection)
                    .wasLoaded(register: register.rawValue, sha256: file.sha256, incident: incident),
                sites: Set(try IncidentStore(connection).sites(incident).map(\.site))
            )
        }
        var report = LoadReport()
        if register == .allotments, context.wasLoaded {
            report.skippedFiles = 1
            report.warnings = [
                "\(path) was loaded before: its seats are in the pool already, nothing was added."
            ]
            return report
        }
        let reader = RegisterFileReader(path: path, sha256: file.sha256, columns: register.columns)
        let loading = RegisterLoading(
            desk: desk, register: register, incident: incident, sites: context.sites, actor: actor)
        // Allotments add up, so their file is taken whole or not at all; the others are upserts.
        let batchSize = register == .allotments ? Int.max : Self.batch
        var pending: [RegisterRecord] = []
        let warnings = try await reader.each { record in
            pending.append(record)
            if pending.count >= batchSize {
                try await take(&pending, loading, &report, path)
                progress(report.rows)
            }
        }
        report.warnings = warnings + report.warnings
        try await finish(&pending, loading, &report, file)
        progress(report.rows)
        return report
    }

    private func take(
        _ pending: inout [RegisterRecord], _ loading: RegisterLoading, _ report: inout LoadReport,
        _ path: String
    ) async throws {
        let records = pending
        pending = []
        let results = try await desk.database.write { connection in
            try records.map { try loading.take($0, connection) }
        }
        report.count(results, records, path, named: Self.namedProblems)
    }

    private func finish(
        _ pending: inout [RegisterRecord], _ loading: RegisterLoading, _ report: inout LoadReport,
        _ file: LogFile
    ) async throws {
        let records = pending
        let before = report
        let results = try await desk.database.write { connection in
            let results = try records.map { try loading.take($0, connection) }
            var total = before
            total.count(results, records, file.path, named: Self.namedProblems)
            var row = RegisterFile(register: loading.register.rawValue, sha256: file.sha256, path: file.path)
            row.rows = total.rows
            row.loaded = total.loaded
            row.quarantined = total.quarantined
            row.kept = total.kept
            try RegisterStore(connection).record(row, incident: loading.incident)
            try AuditStore(connection).append(
                "register.load", subject: loading.incident, by: loading.actor,
                detail: [
                    "register": loading.register.rawValue, "sha256": file.sha256, "loaded": "\(row.loaded)",
                    "quarantined": "\(row.quarantined)", "kept": "\(row.kept)",
                ])
            return results
        }
        report.count(results, records, file.path, named: Self.namedProblems)
    }
}

extension LoadReport {
    fileprivate mutating func count(
        _ results: [RegisterLoading.Result], _ records: [RegisterRecord], _ path: String, named: Int
    ) {
        for (result, record) in zip(results, records) {
            rows += 1
            switch result {
            case .loaded: loaded += 1
            case .kept(let booking, let differs):
                kept += 1
                if differs { differing.append(booking) }
            case .quarantined(let reason):
                quarantined += 1
                if quarantined <= named { warnings.append("\(path):\(record.origin.line): \(reason)") }
            }
        }
    }
}

extension Desk {
    /// Registers.
    public var registers: RegisterDesk { RegisterDesk(desk: self) }
}
