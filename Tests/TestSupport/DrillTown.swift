/// An incident of any size on the real clock, for tests with several real servers: people who lost a slot a month ahead.
public import RedressCore
public import RedressDesk
import RedressStore

/// An installation whose cases are all verified, and which several processes serve from folders of their own.
public struct DrillTown: Sendable {
    /// The incident's id.
    public static let incident = "drill"
    /// Where everything lies.
    public let folder: TemporaryFolder
    /// The desk of the test itself.
    public let desk: Desk
    /// The cases, in the order of their claims.
    public private(set) var receipts: [ReceiptNumber] = []
    /// The operator of the machine.
    public let actor = Actor(name: "operator:test", role: .operator)

    /// Makes the town.
    ///
    /// - Parameters:
    ///   - place: where its databases are.
    ///   - claims: how many people lost each slot.
    ///   - seats: how many seats come back to each.
    ///   - laterEvery: each so-manieth person holds a later booking; nobody when nil.
    public init(at place: Place, people: Int, claims: Int, seats: Int, laterEvery: Int? = nil) async throws {
        folder = try TemporaryFolder()
        desk = try await Installation(folder: folder.file("data")).create(open: place.opening(clock: .system))
        let now = WallClock.system.now()
        try await desk.incidents.create(
            NewIncident(
                id: Self.incident, name: "훈련", from: now.adding(minutes: -1500),
                to: now.adding(minutes: -1400)), by: actor)
        func load(_ register: Register, _ text: String) async throws {
            let path = try folder.write("\(register.rawValue).csv", text)
            _ = try await desk.registers.load(register, from: path, incident: Self.incident, by: actor)
        }
        try await load(
            .sites,
            """
            site,name,province,municipality,latitude,longitude
            C001,강남관광정보센터,서울특별시,강남구,37.526829,127.027086
            """)
        var rows = [Register.register.columns.joined(separator: ",")]
        for number in 0..<people {
            rows.append(Self.row("B\(number)", number, Self.slot(number / claims), now, "revoked"))
            if let laterEvery, number.isMultiple(of: laterEvery) {
                rows.append(
                    Self.row("L\(number)", number, Self.slot(number / claims, later: true), now, "confirmed"))
            }
        }
        try await load(.register, rows.joined(separator: "\n"))
        for index in 0..<(people + claims - 1) / claims where seats > 0 {
            try await desk.pool.allot(
                seats, to: Self.slot(index), incident: Self.incident, authority: "훈련", by: actor)
        }
        receipts = try await desk.database.write { connection in
            try (0..<people).map { try Self.openCase($0, slot: Self.slot($0 / claims), connection) }
        }
    }

    /// Opens a verified case; the order of the numbers is the order of the claims.
    private static func openCase(
        _ number: Int, slot: Slot, _ connection: any Connection
    ) throws -> ReceiptNumber {
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
                CaseMoveRow(from: from, to: to, actor: "test", reason: "test", at: now), to: row.id)
        }
        row.state = .verifying
        row.verdict = "verified"
        row.verdictDigest = "test"
        row.attemptedAt = now.adding(milliseconds: Int64(number))
        try store.update(&row)
        return receipt
    }

    /// Asked once: a town that is made over midnight has its slots on one day all the same.
    private static let today = WallClock.system.now().date

    /// The slot of this number among those that were lost, or a later one.
    public static func slot(_ index: Int, later: Bool = false) -> Slot {
        let date = today.adding(days: (later ? 60 : 30) + index / 40)
        return Slot(site: "C001", vaccine: "moderna", date: date, time: TimeOfDay(minutes: index % 40 * 30))
    }

    private static func row(
        _ booking: String, _ number: Int, _ slot: Slot, _ bookedAt: Instant, _ status: String
    ) -> String {
        [
            booking, "p\(number)", "홍길동", "010\(20_000_000 + number)", "1967-03-01", slot.site, slot.vaccine,
            "1",
            slot.date.description, slot.time.description, bookedAt.description, status,
        ].joined(separator: ",")
    }
}
