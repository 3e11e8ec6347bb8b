import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("Who is this caller")
struct LookupTests {
    private static let header = Register.register.columns.joined(separator: ",")

    private func fixture() async throws -> DeskFixture {
        let fixture = try await DeskFixture()
        try await fixture.load(
            .register,
            """
            \(Self.header)
            B1,p1,박진호,010-1234-5678,1967-03-01,C001,moderna,1,2021-08-16,10:00,2021-07-19T20:40:00+09:00,revoked
            B2,p2,김영희,+82 10 1234 5678,1968-05-05,C001,moderna,1,2021-08-16,10:00,2021-07-19T20:41:00+09:00,revoked
            B3,p3,박진호,02-555-0199,1967-03-02,C002,moderna,1,2021-08-16,10:00,2021-07-19T20:42:00+09:00,revoked
            """)
        return fixture
    }

    private func people(_ fixture: DeskFixture, _ query: LookupQuery) async throws -> [String] {
        try await fixture.desk.lookups.find(query, by: fixture.actor, origin: "test").people.map(\.person)
    }

    @Test(
        "Every spelling of a shared number shows everyone behind it",
        arguments: ["010-1234-5678", "+82 10 1234 5678", "01012345678", "０１０ １２３４ ５６７８", "1012345678"])
    func sharedNumber(_ spelling: String) async throws {
        let fixture = try await fixture()
        #expect(try await people(fixture, .phone(spelling)) == ["p1", "p2"])
    }

    @Test(
        "A name with its birth date is found in Hangul, in Latin letters in any order, and as typed in English",
        arguments: ["박진호", "Park Jinho", "Jin-ho Park", "qkrwlsgh"])
    func names(_ typed: String) async throws {
        let fixture = try await fixture()
        let born = try #require(CivilDate("1967-03-01"))
        #expect(try await people(fixture, .name(typed, birthDate: born)) == ["p1"])
    }

    @Test("The last four digits show everyone who has them; a name or birth date narrows it down")
    func lastFour() async throws {
        let fixture = try await fixture()
        #expect(try await people(fixture, .lastFour("5678", name: nil, birthDate: nil)) == ["p1", "p2"])
        #expect(try await people(fixture, .lastFour("5678", name: "김영희", birthDate: nil)) == ["p2"])
        let born = try #require(CivilDate("1967-03-01"))
        #expect(try await people(fixture, .lastFour("5678", name: nil, birthDate: born)) == ["p1"])
        #expect(try await people(fixture, .lastFour("0199", name: nil, birthDate: born)) == [])
    }

    @Test("A receipt number with one wrong digit finds nobody and names the one that was meant")
    func didYouMean() async throws {
        let fixture = try await fixture()
        let opened = try await fixture.desk.cases.open(
            booking: "B1", incident: DeskFixture.incident, origin: .dictated, channel: .call,
            by: fixture.actor)
        let receipt = opened.case.receipt
        #expect(try await people(fixture, .receipt(receipt)) == ["p1"])
        let wrong = receipt.replacing("000001", with: "000011")
        let report = try await fixture.desk.lookups.find(
            .receipt(wrong), by: fixture.actor, origin: "test")
        #expect(report.people.isEmpty)
        #expect(report.didYouMean == [receipt])
    }

    @Test("No match says what was searched, never what was asked, and the look is recorded")
    func nobody() async throws {
        let fixture = try await fixture()
        let report = try await fixture.desk.lookups.find(
            .phone("010-9999-0000"), by: fixture.actor, origin: "test")
        #expect(report.people.isEmpty)
        #expect(report.searched.contains("1 incident"))
        #expect(!report.searched.contains("9999"))
        let looks = try await fixture.desk.accesses.looks(at: "nobody", limit: 10, by: fixture.actor)
        #expect(looks.map(\.what) == ["lookup"])
    }

    @Test("Data is masked until somebody gives a reason, and the reason stands in the access log")
    func unmask() async throws {
        let fixture = try await fixture()
        let found = try await fixture.desk.lookups.find(
            .booking("B1"), by: fixture.actor, origin: "test")
        #expect(found.people.first?.name.value == "박○호")
        #expect(found.people.first?.phone.value == "010-****-5678")
        await #expect(throws: RedressError.self) {
            try await fixture.desk.lookups.unmask(
                "p1", incident: DeskFixture.incident, reason: " ", by: fixture.actor, origin: "test")
        }
        let card = try await fixture.desk.lookups.unmask(
            "p1", incident: DeskFixture.incident, reason: "우편 발송", by: fixture.actor, origin: "test")
        #expect(card.phone.value == "010-1234-5678")
        let looks = try await fixture.desk.accesses.looks(
            at: "\(DeskFixture.incident)/p1", limit: 10, by: fixture.actor)
        #expect(looks.contains { $0.what == "unmask" && $0.reason == "우편 발송" })
    }

    @Test("After the keys are rotated everybody is found as before, and the old key opens nothing any more")
    func rotation() async throws {
        let fixture = try await fixture()
        let born = try #require(CivilDate("1967-03-01"))
        let before = try await fixture.desk.database.read { connection in
            try RegisterStore(connection).person("p1", incident: DeskFixture.incident)?.nameSealed?.first
        }
        let report = try await fixture.desk.keyring.rotate(forgetting: true, by: fixture.actor)
        #expect(report.people == 3)
        #expect(report.key == Int(try #require(before)) + 1)
        #expect(try await people(fixture, .phone("010-1234-5678")) == ["p1", "p2"])
        #expect(try await people(fixture, .name("박진호", birthDate: born)) == ["p1"])
        let again = try await fixture.desk.keyring.rotate(forgetting: true, by: fixture.actor)
        #expect(again.key == report.key + 1)
        #expect(try await people(fixture, .lastFour("5678", name: nil, birthDate: born)) == ["p1"])
    }

    @Test("The rotation reaches every sealed column of the schema")
    func sealedColumns() async throws {
        let fixture = try await DeskFixture(at: Place(.sqlite))
        let columns: [String] = try await fixture.desk.database.read { connection in
            try connection.all(
                """
                SELECT m.name || '.' || c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c
                WHERE m.type = 'table' AND c.name LIKE '%\\_sealed' ESCAPE '\\' ORDER BY 1
                """
            ) { try $0[0] }
        }
        #expect(columns == SealedColumn.all.map(\.name).sorted())
    }

    @Test(
        "Resident, foreigner and passport numbers are refused, and the error does not repeat them",
        arguments: ["670301-1234567", "번호는 6703015234567 입니다", "여권 M12345678", "m123a4567"])
    func identityNumbers(_ text: String) {
        let error = #expect(throws: RedressError.self) { try FreeText(text) }
        #expect(error?.message.contains("1234567") == false)
    }

    @Test(
        "Phone, receipt and booking numbers are no identity numbers",
        arguments: ["010-1234-5678", "접수번호 2021-000417-8", "예약 B1042", "2021-07-19 20:40:11.123456"])
    func ordinaryNumbers(_ text: String) throws {
        #expect(try FreeText(text).text == text)
    }
}
