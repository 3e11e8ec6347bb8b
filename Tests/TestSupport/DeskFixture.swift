/// A real installation on a real database with a few invented people, for tests of the desk and what stands on it.
import Foundation
public import RedressCore
public import RedressDesk
import RedressStore
import Synchronization

/// A clock that tests move.
public final class TestClock: Sendable {
    private let instant: Mutex<Instant>

    /// Starts at an instant.
    public init(_ instant: Instant) {
        self.instant = Mutex(instant)
    }

    /// The clock to hand over.
    public var clock: WallClock { WallClock { self.now } }

    /// What it shows.
    public var now: Instant {
        get { instant.withLock { $0 } }
        set { instant.withLock { $0 = newValue } }
    }

    /// Moves it on.
    public func advance(minutes: Int) {
        instant.withLock { $0 = $0.adding(minutes: minutes) }
    }
}

/// One incident of 19 July 2021 with two sites; people are added as tests need them.
///
/// The clock stands at Tuesday 20 July 2021, 20:00 in Seoul: the day after the incident, when rebooking has ended.
public final class DeskFixture: Sendable {
    /// The incident's id.
    public static let incident = "2021-07-19"
    /// The slot most people lost.
    public static let slot = Slot(
        site: "C001", vaccine: "moderna", date: CivilDate(daysSinceEpoch: 18_855),
        time: TimeOfDay(minutes: 600))
    /// The slot of a later booking, a week after.
    public static let laterSlot = Slot(
        site: "C001", vaccine: "moderna", date: CivilDate(daysSinceEpoch: 18_862),
        time: TimeOfDay(minutes: 570))

    /// Where everything lies.
    public let folder: TemporaryFolder
    /// The installation's desk.
    public let desk: Desk
    /// The clock of both databases.
    public let clock: TestClock
    /// What citizens were texted by `code(of:)`.
    private let texts = KeptNotices()
    /// The operator of the machine.
    public let actor = Actor(name: "operator:test", role: .operator)

    /// Makes the installation, the incident and its sites.
    ///
    /// - Parameter given: where the databases are; a fresh place on the chosen engine when nil.
    public init(at given: Place? = nil) async throws {
        folder = try TemporaryFolder()
        let clock = TestClock(Instant(CivilDate(daysSinceEpoch: 18_828), TimeOfDay(minutes: 20 * 60)))
        self.clock = clock
        let chosen = try Engine.chosen()
        let place = if let given { given } else { try await Place(chosen) }
        // All tests run at once: what answers late here is not gone.
        desk = try await Installation(folder: folder.file("data")).create(
            open: place.opening(clock: clock.clock)
        ).waiting(.seconds(600))
        let evening = CivilDate(daysSinceEpoch: 18_827)
        try await desk.incidents.create(
            NewIncident(
                id: Self.incident, name: "사전예약 접속 장애",
                from: Instant(evening, TimeOfDay(minutes: 20 * 60 + 30)),
                to: Instant(evening, TimeOfDay(minutes: 22 * 60))), by: actor)
        try await load(
            .sites,
            """
            site,name,province,municipality,latitude,longitude
            C001,강남관광정보센터,서울특별시,강남구,37.526829,127.027086
            C002,강동구민회관,서울특별시,강동구,37.545734,127.141238
            """)
    }

    /// Loads a register from text.
    @discardableResult
    public func load(_ register: Register, _ text: String) async throws -> LoadReport {
        let path = try folder.write("\(register.rawValue)-\(Identifier.make(at: clock.now)).csv", text)
        return try await desk.registers.load(register, from: path, incident: Self.incident, by: actor)
    }

    /// Registers a person whose booking was revoked, opens the case and marks it verified (or as `verdict` says).
    ///
    /// - Parameters:
    ///   - number: tells people apart; also the order of their attempts, a minute each.
    ///   - later: a later booking the person holds.
    /// - Returns: the case's receipt number.
    public func addPerson(
        _ number: Int, lost slot: Slot = DeskFixture.slot, holding later: Slot? = nil,
        verdict: String? = "verified"
    ) async throws -> ReceiptNumber {
        let attemptedAt = Instant(CivilDate(daysSinceEpoch: 18_827), TimeOfDay(minutes: 20 * 60 + 40))
            .adding(minutes: number)
        var rows = [Self.row("B\(number)", number, slot, attemptedAt, .revoked)]
        if let later { rows.append(Self.row("L\(number)", number, later, clock.now, .confirmed)) }
        try await load(
            .register, ([Register.register.columns.joined(separator: ",")] + rows).joined(separator: "\n"))
        let opened = try await desk.cases.open(
            booking: "B\(number)", incident: Self.incident, origin: .dictated, channel: .call, by: actor)
        let receipt = try ReceiptNumber(opened.case.receipt)
        guard let verdict else { return receipt }
        try await desk.database.write { connection in
            let store = CaseStore(connection)
            guard var row = try store.find(receipt: receipt) else { return }
            for state in verdict == "verified" ? [CaseState.verifying] : [.verifying, .inReview] {
                try store.append(
                    CaseMoveRow(
                        from: row.state, to: state, actor: "test", reason: "test", at: connection.now),
                    to: row.id)
                row.state = state
            }
            row.verdict = verdict
            row.verdictDigest = "test"
            row.attemptedAt = attemptedAt
            try store.update(&row)
        }
        return receipt
    }

    /// Brings seats into the pool.
    public func allot(_ seats: Int, to slot: Slot = DeskFixture.slot) async throws {
        try await desk.pool.allot(
            seats, to: slot, incident: Self.incident, authority: "복구-2021-01", by: actor)
    }

    /// Sends the codes that wait, and returns the one of a request as it was texted; nil when it was not.
    public func code(of request: CodeRequest) async throws -> String? {
        try await code(of: request.request)
    }

    /// The same by the request's id.
    public func code(of request: String) async throws -> String? {
        _ = try await NoticeRunner(desk: desk, gateway: texts).sendCodes()
        return texts.all.last { $0.id == request }
            .map { String($0.text.drop { !$0.isNumber }.prefix(6)) }
    }

    /// The case as stored.
    public func row(_ receipt: ReceiptNumber) async throws -> Case {
        let found = try await desk.database.read { try CaseStore($0).find(receipt: receipt) }
        guard let found else { throw RedressError(.notFound, "There is no case \(receipt).") }
        return found
    }

    private static func row(
        _ booking: String, _ number: Int, _ slot: Slot, _ bookedAt: Instant, _ status: BookingStatus
    ) -> String {
        let digits = String(number)
        let phone = "0100000" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return [
            booking, "p\(number)", "홍길동", phone, "1967-03-01", slot.site, slot.vaccine, "1",
            slot.date.description, slot.time.description, bookedAt.description, status.rawValue,
        ].joined(separator: ",")
    }
}
