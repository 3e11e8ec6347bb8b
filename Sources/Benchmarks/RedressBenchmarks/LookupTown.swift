/// People by the million, each with a revoked booking and a case, loaded as registers are loaded.
import Foundation
import RedressCore
import RedressDesk
import RedressSQLite
import RedressStore

struct LookupTown: Sendable {
    let people: Int
    static let ways = ["phone", "name", "last-four", "booking", "receipt"]
    private static let incident = "town"
    private static let families = Array("김이박최정강조윤장임한오서신권황안송류홍")
    private static let syllables = Array("가경규나다도동라리만명미민범병보상서선성소수슬승아안연영예용우원유은이인재정주준지진찬채태하현혜호환희")
    private static let actor = Actor(name: "operator:benchmark", role: .operator)

    /// Opens the town, building it first where it is not there yet.
    ///
    /// - Parameter address: a PostgreSQL database to which the town was moved, or is to be built in.
    func open(_ folder: String, on address: String? = nil) async throws -> Desk {
        let installation = Installation(folder: folder)
        let open = address.map(PostgresBenchmark.open) ?? CapacityTown.open
        if installation.exists { return try installation.open(open: open) }
        let desk = try await installation.create(open: open)
        let started = ContinuousClock.now
        let at = Instant(CivilDate(daysSinceEpoch: 18_827), TimeOfDay(minutes: 20 * 60 + 30))
        try await desk.incidents.create(
            NewIncident(id: Self.incident, name: "town", from: at, to: at.adding(minutes: 90)), by: Self.actor
        )
        let sites = folder + "/sites.csv"
        try Data(
            "site,name,province,municipality,latitude,longitude\nC001,강남관광정보센터,서울특별시,강남구,37.526829,127.027086\n"
                .utf8
        )
        .write(to: URL(fileURLWithPath: sites))
        _ = try await desk.registers.load(.sites, from: sites, incident: Self.incident, by: Self.actor)
        let register = folder + "/register.csv"
        try write(register, bookedAt: at)
        _ = try await desk.registers.load(.register, from: register, incident: Self.incident, by: Self.actor)
        for first in stride(from: 0, to: people, by: 5000) {
            try await desk.database.write { connection in
                for number in first..<min(first + 5000, people) { try addCase(number, at, connection) }
            }
        }
        print("made \(people) people and cases in \((ContinuousClock.now - started).components.seconds) s")
        return desk
    }

    /// A live token of an agent.
    func token(_ desk: Desk) async throws -> String {
        let name = "agent-" + Identifier.make(at: WallClock.system.now())
        try await desk.staff.add(name, role: .agent, by: Self.actor)
        return try await desk.staff.makeToken(for: name, by: Self.actor)
    }

    /// The cookie of an agent who has enrolled and signed in.
    func cookie(_ desk: Desk) async throws -> String {
        let name = "agent-" + Identifier.make(at: WallClock.system.now())
        let password = "seventeen blue herons wade"
        try await desk.staff.add(name, role: .agent, by: Self.actor)
        let invitation = try await desk.signIn.invite(name, by: Self.actor)
        let enrolment = try await desk.signIn.enrol(
            invitation: invitation, password: password, address: "127.0.0.1")
        let new = try await desk.signIn.signIn(
            SignInAttempt(
                name: name, password: password, code: enrolment.recoveryCodes.last ?? "",
                address: "127.0.0.1"))
        return "__Host-redress-staff=\(new.secret)"
    }

    /// The body of a question about somebody who is there; the numbers walk over everybody.
    func question(_ way: String, _ number: Int) throws -> String {
        let who = number &* 7919 % people
        let receipt = try ReceiptNumber(year: 2021, counter: who + 1)
        return switch way {
        case "phone": "{\"phone\":\"\(phone(who))\"}"
        case "name": "{\"name\":\"\(name(who))\",\"birth_date\":\"\(born(who))\"}"
        case "last-four": "{\"last_four\":\"\(phone(who).suffix(4))\",\"birth_date\":\"\(born(who))\"}"
        case "booking": "{\"booking\":\"\(booking(who))\"}"
        default: "{\"receipt\":\"\(receipt)\"}"
        }
    }

    private func phone(_ number: Int) -> String { "010" + String(20_000_000 + number) }
    private func booking(_ number: Int) -> String { "B" + String(10_000_000 + number) }
    /// Spread by a multiplicative hash: a step that shares a factor with the digits of the number would put a dozen
    /// people behind one number's end and birth date.
    private func born(_ number: Int) -> CivilDate {
        let spread = (UInt64(number) &* 0x9E37_79B9_7F4A_7C15) >> 40
        return CivilDate(daysSinceEpoch: -9000 + Int(spread % 18_000))
    }
    private func name(_ number: Int) -> String {
        let spread = number &* 104_729
        let syllables = Self.syllables
        return String([
            Self.families[spread % Self.families.count], syllables[spread / 20 % syllables.count],
            syllables[spread / 1000 % syllables.count],
        ])
    }

    private func write(_ path: String, bookedAt: Instant) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var text = Register.register.columns.joined(separator: ",") + "\n"
        for number in 0..<people {
            text += """
                \(booking(number)),p\(number),\(name(number)),\(phone(number)),\(born(number)),C001,moderna,1,2021-08-16,10:00,\(bookedAt),revoked

                """
            if text.utf8.count > 1 << 20 {
                try file.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try file.write(contentsOf: Data(text.utf8))
    }

    private func addCase(_ number: Int, _ at: Instant, _ connection: any Connection) throws {
        let id = "case-" + String(1_000_000_000 + number)
        try connection.send(
            """
            INSERT INTO grievance_case (id, receipt, incident, person, booking, origin, channel, category, remedy,
                state, received_site, waiting, received_at, due_at, due_trace, version)
            VALUES ($1, $2, $3, $4, $5, 'found', 'sweep', 'revoked', 'original-slot', 'received', 'C001', false,
                $6, $7, '', 1)
            """,
            [
                id.stored, try ReceiptNumber(year: 2021, counter: number + 1).description.stored,
                Self.incident.stored,
                "p\(number)".stored, booking(number).stored, at.stored, at.adding(minutes: 7 * 1440).stored,
            ])
        try connection.send(
            """
            INSERT INTO case_move (case_id, seq, from_state, to_state, actor, reason, rung, at)
            VALUES ($1, 1, NULL, 'received', 'system', '', NULL, $2)
            """, [id.stored, at.stored])
    }
}
