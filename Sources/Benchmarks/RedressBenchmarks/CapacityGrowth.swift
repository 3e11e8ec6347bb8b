/// How a re-seat and the check of the ledger grow from ten thousand to a million slots and entries.
import Foundation
import RedressCore
import RedressDesk
import RedressStore

struct CapacityGrowth {
    private let arguments: Arguments

    init(arguments: [String]) {
        self.arguments = Arguments(arguments)
    }

    /// Measures the same work on installations of growing size.
    func run() async throws {
        print("slots and entries    re-seat p50 ms    p99 ms    ledger check s")
        let largest = arguments.number("slots", 1_000_000)
        for size in [10_000, 100_000, 1_000_000] where size <= largest {
            let folder = try arguments.freshFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            var town = try await CapacityTown(folder: folder + "/town")
            try await fill(town.desk, size)
            try await town.addPeople(600, holdingLater: false)
            let (desk, actor) = (town.desk, town.actor)
            let measured = try await CapacityTown.measure(town.receipts, workers: 1) { receipt in
                _ = try await desk.restoration.restore(receipt, by: actor)
            }
            let start = ContinuousClock.now
            let report = try await desk.check.ledger(by: actor)
            let seconds = (ContinuousClock.now - start).inSeconds
            guard report.ok else { throw RedressError(.fault, "\(report.violations.prefix(5))") }
            print(
                "\(size)    \(decimals(measured.p50Milliseconds, 3))    "
                    + "\(decimals(measured.p99Milliseconds, 3))    \(decimals(seconds, 3))")
            try await desk.close()
        }
    }

    /// Writes as many slots, each with one entry, as an import of a whole country's centres would.
    private func fill(_ desk: Desk, _ size: Int) async throws {
        try await desk.database.write { connection in
            try connection.run(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
                INSERT INTO pool_slot (id, incident, site, vaccine, date, slot, allotted, released, reserved, held,
                    seated, kept)
                SELECT 'benchmark/C001/v' || i || '/2099-01-01/10:00', 'benchmark', 'C001', 'v' || i,
                    '2099-01-01', '10:00', 1, 0, 1, 0, 0, 0 FROM n
                """, [size.stored])
            try connection.run(
                """
                INSERT INTO pool_entry (seq, slot_id, kind, seats, authority, actor, at)
                SELECT row_number() OVER (ORDER BY id), id, 'allot', 1, 'benchmark', 'benchmark', 0
                FROM pool_slot
                """)
            try connection.run(
                "INSERT INTO counter (name, value) SELECT 'pool_entry', max(seq) FROM pool_entry")
        }
    }
}
