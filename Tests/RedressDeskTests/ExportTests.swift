/// What leaves for the booking system and the centres, and the register coming back every day.
import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("Exports and the daily register")
struct ExportTests {
    @Test("The seats export names both halves of a move in the register's columns, and nothing personal")
    func seats() async throws {
        let (fixture, _) = try await moved()
        let text = try await fixture.desk.exports.seats(DeskFixture.incident, by: fixture.actor)
        let rows = text.split(whereSeparator: \.isNewline).map(String.init)
        #expect(rows.count == 3)
        #expect(rows[0].hasSuffix(Register.register.columns.joined(separator: ",")))
        #expect(rows[1].hasPrefix("B1,p1,,,,C001,moderna,1,2021-08-16,10:00,"))
        #expect(rows[1].hasSuffix(",confirmed"))
        #expect(rows[2].hasPrefix("L1,p1,,,,") && rows[2].hasSuffix(",cancelled"))
    }

    @Test("The arrival list has names, needs a reason, and everyone on it is in the access log")
    func arrivals() async throws {
        let (fixture, _) = try await moved()
        await #expect(throws: RedressError.self) {
            try await fixture.desk.exports.arrivals(
                DeskFixture.incident, reason: " ", by: fixture.actor)
        }
        await #expect(throws: RedressError.self) {
            try await fixture.desk.exports.arrivals(
                DeskFixture.incident, reason: "명단", by: Actor(name: "park", role: .agent))
        }
        let text = try await fixture.desk.exports.arrivals(
            DeskFixture.incident, site: "C001", reason: "접종 당일 명단", by: fixture.actor)
        #expect(text.contains("C001,2021-08-16,10:00,moderna,1,B1,p1,홍길동,1967-03-01"))
        let count = try await fixture.desk.database.read {
            try $0.count("SELECT count(*) FROM access_log WHERE what = 'arrivals'")
        }
        #expect(count == 1)
    }

    @Test("Reloading yesterday's register changes nothing that redress did, and says what differs")
    func reload() async throws {
        let (fixture, receipt) = try await moved()
        let report = try await fixture.load(
            .register,
            """
            \(Register.register.columns.joined(separator: ","))
            B1,p1,홍길동,01000000001,1967-03-01,C001,moderna,1,2021-08-16,10:00,,revoked
            L1,p1,홍길동,01000000001,1967-03-01,C001,moderna,1,2021-08-23,09:30,,confirmed
            N1,p9,김철수,01000000009,1968-03-01,C001,moderna,1,2021-08-23,09:40,,confirmed
            """)
        #expect((report.loaded, report.kept, report.quarantined) == (1, 2, 0))
        #expect(report.differing.sorted() == ["B1", "L1"])
        #expect(try await fixture.bookings(1) == ["B1": "confirmed", "L1": "moved-out"])
        #expect(try await fixture.row(receipt).state == .restored)
        try await fixture.expectSound()
    }

    private func moved() async throws -> (DeskFixture, ReceiptNumber) {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        _ = try await fixture.desk.restoration.accept(
            receipt, HeardWord(.call), by: fixture.actor)
        return (fixture, receipt)
    }
}
