/// A made-up incident of any size on a real installation: verified people who lost a slot and hold a later one.
import Foundation
import RedressCore
import RedressDesk
import RedressSQLite
import RedressStore

struct CapacityTown {
    static let incident = "benchmark"
    let folder: String
    let desk: Desk
    let actor = Actor(name: "operator:benchmark", role: .operator)
    private(set) var receipts: [ReceiptNumber] = []

    /// Makes the installation with its incident and one site.
    init(folder: String, open: @escaping OpenDatabase = CapacityTown.open) async throws {
        self.folder = folder
        desk = try await Installation(folder: folder).create(open: open)
        let now = WallClock.system.now()
        try await desk.incidents.create(
            NewIncident(
                id: Self.incident, name: "측정", from: now.adding(minutes: -1500),
                to: now.adding(minutes: -1400)), by: actor)
        let site = Site(
            site: "C001", name: "강남관광정보센터", province: "서울특별시", municipality: "강남구",
            latitude: 37.526829, longitude: 127.027086)
        try await desk.database.write {
            try IncidentStore($0).upsert(site, incident: Self.incident)
        }
    }

    /// Opens a database file as the command line does.
    static let open: OpenDatabase = { path, schema, create in
        try SQLiteDatabase(path: path, schema: schema, create: create)
    }

    /// Asked once: a town that is made over midnight has its slots on one day all the same.
    private static let today = WallClock.system.now().date

    /// The slot number `index` of those that were lost (or, a week later, of those that are held now).
    static func slot(_ index: Int, later: Bool = false) -> Slot {
        let date = today.adding(days: (later ? 200 : 30) + index / 96)
        return Slot(
            site: "C001", vaccine: "moderna", date: date, time: TimeOfDay(minutes: index % 96 * 15))
    }

    /// Adds verified people, so many of whom lost the same slot each time, and seats on every such slot.
    mutating func addPeople(
        _ count: Int, holdingLater: Bool, claimsPerSlot: Int = 20, seatsPerSlot: Int = 20
    ) async throws {
        let first = receipts.count
        for start in stride(from: first, to: first + count, by: 500) {
            let numbers = start..<min(start + 500, first + count)
            let made = try await desk.database.write { connection in
                try numbers.map { try Self.person($0, $0 / claimsPerSlot, holdingLater, connection) }
            }
            receipts += made
        }
        let slots = first / claimsPerSlot..<(first + count + claimsPerSlot - 1) / claimsPerSlot
        for index in slots {
            try await desk.pool.allot(
                seatsPerSlot, to: Self.slot(index), incident: Self.incident, authority: "측정", by: actor)
        }
    }

    private static func person(
        _ number: Int, _ place: Int, _ holdsLater: Bool, _ connection: any Connection
    ) throws -> ReceiptNumber {
        let register = RegisterStore(connection)
        let slot = slot(place)
        try register.upsert(
            PersonRow(
                person: "p\(number)", nameSealed: nil, phoneSealed: nil, phoneIndex: nil, birthDateSealed: nil
            ),
            incident: incident)
        _ = try register.upsert(
            Booking(
                booking: "B\(number)", person: "p\(number)", slot: slot, dose: 1, bookedAt: nil,
                status: .revoked),
            incident: incident)
        if holdsLater {
            _ = try register.upsert(
                Booking(
                    booking: "L\(number)", person: "p\(number)",
                    slot: Self.slot(place, later: true), dose: 1, bookedAt: nil,
                    status: .confirmed), incident: incident)
        }
        let now = connection.now
        let receipt = try ReceiptNumber(year: now.date.parts.year, counter: number + 1)
        var row = Case(
            id: Identifier.make(at: now), receipt: receipt, incident: incident, person: "p\(number)",
            booking: "B\(number)", origin: .found, channel: .sweep, slot: slot, dose: 1,
            province: "서울특별시", receivedAt: now, dueAt: now.adding(minutes: 10_080), dueTrace: [])
        let store = CaseStore(connection)
        _ = try store.insert(row)
        for (from, to) in [(nil, CaseState.received), (CaseState.received, .verifying)] {
            try store.append(
                CaseMoveRow(from: from, to: to, actor: "benchmark", reason: "benchmark", at: now), to: row.id)
        }
        row.state = .verifying
        row.verdict = "verified"
        row.attemptedAt = now.adding(milliseconds: Int64(number))
        try store.update(&row)
        return receipt
    }

    /// Runs `body` for every item on so many tasks at once; returns the seconds it took and each item's own.
    static func measure<Item: Sendable>(
        _ items: [Item], workers: Int, _ body: @escaping @Sendable (Item) async throws -> Void
    ) async throws -> Measured {
        let clock = ContinuousClock()
        let started = clock.now
        let times = try await withThrowingTaskGroup(of: [Double].self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var times: [Double] = []
                    for index in stride(from: worker, to: items.count, by: workers) {
                        let start = clock.now
                        try await body(items[index])
                        times.append((clock.now - start).inSeconds)
                    }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return Measured(seconds: (clock.now - started).inSeconds, times: times.sorted())
    }
}

/// What a run of many operations took.
struct Measured {
    var seconds: Double
    var times: [Double]

    var perSecond: Double { Double(times.count) / seconds }
    var p50Milliseconds: Double { quantile(0.5) * 1000 }
    var p99Milliseconds: Double { quantile(0.99) * 1000 }

    private func quantile(_ share: Double) -> Double {
        times.isEmpty ? 0 : times[min(times.count - 1, Int(Double(times.count) * share))]
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// `--name value` arguments of a benchmark.
struct Arguments {
    private let all: [String]

    init(_ all: [String]) {
        self.all = all
    }

    func number(_ name: String, _ standard: Int) -> Int {
        text(name).flatMap { Int($0) } ?? standard
    }

    func text(_ name: String) -> String? {
        guard let index = all.firstIndex(of: "--\(name)"), index + 1 < all.count else { return nil }
        return all[index + 1]
    }

    /// A fresh folder for the run, under `--folder` or the system's temporary one; the disk matters to the figures.
    func freshFolder() throws -> String {
        let parent = text("folder") ?? NSTemporaryDirectory()
        let path = parent + "/redress-benchmark-" + Identifier.make(at: WallClock.system.now())
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}

/// A number with so many digits after the point.
func decimals(_ number: Double, _ digits: Int = 1) -> String {
    String(format: "%.\(digits)f", number)
}
