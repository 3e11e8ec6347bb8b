import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("What decides, and what alone never does")
struct FairnessTests {
    /// A one-pixel picture, as a phone's screenshot of a text would be sent in.
    private static let screenshot: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", Array(repeating: 0, count: 13))
        + chunk("IDAT", [1, 2, 3]) + chunk("IEND", [])

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        [0, 0, 0, UInt8(data.count)] + Array(type.utf8) + data + [0, 0, 0, 0]
    }

    @Test(
        "A screenshot alone never verifies: the verdict is the same with and without it, and nobody is seated"
    )
    func screenshot() async throws {
        let fixture = try await DeskFixture()
        let desk = fixture.desk
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1, verdict: nil)
        #expect(try await desk.cases.verify(receipt, by: Staff.agent).verdict.value == "undetermined")
        let before = try await fixture.row(receipt)
        for number in 1...3 {
            _ = try await desk.attachments.add(
                Self.screenshot, name: "예약 완료 문자 \(number).png", to: receipt, by: Staff.agent)
        }
        _ = try await desk.cases.verify(receipt, by: Staff.agent)
        let after = try await fixture.row(receipt)
        #expect(after.verdict == "undetermined" && after.verdictDigest == before.verdictDigest)
        await #expect(throws: RedressError.self) {
            try await desk.restoration.restore(receipt, by: Staff.agent)
        }
        let plan = try await desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        let report = try await desk.plans.apply(
            plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        #expect((report.seated, report.held) == (0, 0))
        #expect(try await fixture.status().first?.seated == 0)
        #expect(try await fixture.row(receipt).state == .inReview, "a human decides")
        try await fixture.expectSound()
    }

    @Test(
        "Restored is final: no verdict taken again, no sweep and no bulk run moves the person out of the seat"
    )
    func final() async throws {
        let fixture = try await DeskFixture()
        let desk = fixture.desk
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1)
        _ = try await desk.restoration.restore(receipt, by: Staff.agent)
        // There are no logs at all: judged anew, the case would be undetermined.
        let error = await #expect(throws: RedressError.self) {
            try await desk.cases.verify(receipt, by: Staff.agent)
        }
        #expect(error?.code == .refused)
        _ = try await desk.incidents.sweep(DeskFixture.incident, by: fixture.actor)
        let plan = try await desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        _ = try await desk.plans.apply(plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        let row = try await fixture.row(receipt)
        #expect(row.state == .restored && row.verdict == "verified")
        #expect(try await fixture.bookings(1)["B1"] == "confirmed")
        try await fixture.expectSound()
    }

    @Test("A dose that no source tells goes to a human, one by one and in bulk")
    func unknownDose() async throws {
        let fixture = try await DeskFixture()
        let desk = fixture.desk
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1)
        try await desk.database.write { connection in
            try connection.run(
                "UPDATE grievance_case SET dose = NULL WHERE receipt = $1", [receipt.description.stored])
        }
        let error = await #expect(throws: RedressError.self) {
            try await desk.restoration.restore(receipt, by: Staff.agent)
        }
        #expect(error?.message.contains("a human must") == true)
        let plan = try await desk.plans.plan(DeskFixture.incident, by: fixture.actor)
        let report = try await desk.plans.apply(
            plan.digest, incident: DeskFixture.incident, by: fixture.actor)
        #expect((report.seated, report.held) == (0, 0))
        #expect(try await fixture.status().first?.seated == 0)
    }

    @Test(
        "A seat belongs to the case it was held for: nobody else's yes takes it, and a seat given up is nobody's"
    )
    func notTransferable() async throws {
        let fixture = try await DeskFixture()
        let desk = fixture.desk
        try await fixture.allot(1)
        let first = try await fixture.addPerson(1, holding: DeskFixture.laterSlot)
        let second = try await fixture.addPerson(2, holding: DeskFixture.laterSlot)
        #expect(try await desk.restoration.restore(first, by: Staff.agent).done == "offered")
        await #expect(throws: RedressError.self) {
            try await desk.restoration.accept(second, HeardWord(.call), by: Staff.agent)
        }
        #expect(try await fixture.row(second).state != .restored)
        #expect(try await desk.restoration.accept(first, HeardWord(.call), by: Staff.agent).done == "seated")
        await #expect(throws: RedressError.self) {
            try await desk.restoration.accept(second, HeardWord(.call), by: Staff.agent)
        }
        let status = try #require(try await fixture.status().first)
        #expect((status.seated, status.held, status.reserved) == (1, 0, 0))
        try await fixture.expectSound()
    }
}
