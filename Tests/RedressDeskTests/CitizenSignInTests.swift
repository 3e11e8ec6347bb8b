import RedressCore
import RedressStore
import TestSupport
import Testing

@testable import RedressDesk

@Suite("Citizens sign in")
struct CitizenSignInTests {
    private static let birthDate = CivilDate(year: 1967, month: 3, day: 1)

    /// The code as it was texted.
    private static func code(_ fixture: DeskFixture, of request: CodeRequest) async throws -> String {
        try #require(try await fixture.code(of: request))
    }

    private static func wrong(_ code: String) -> String { code == "000000" ? "000001" : "000000" }

    @Test("Number, code and birth date open the person's own cases, with a fresh secret at each step")
    func signIn() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(7)
        let citizens = fixture.desk.citizens
        let request = try await citizens.requestCode("010-0000-0007", address: "a")
        let code = try await Self.code(fixture, of: request)
        let begun = try await citizens.confirm(request.request, code: code, address: "a")
        #expect(begun.session.awaitsBirthDate && begun.session.actor.people.isEmpty)
        let opened = try await citizens.giveBirthDate(
            try #require(Self.birthDate), phone: "+82 10 0000 0007", secret: begun.secret, address: "a")
        #expect(opened.session.actor.people == ["\(DeskFixture.incident)/p7"])
        #expect(!opened.session.awaitsBirthDate && opened.secret != begun.secret)
        #expect(try await fixture.desk.sessions.find(begun.secret) == nil)
        fixture.clock.advance(minutes: 5)
        #expect(try await fixture.desk.sessions.find(opened.secret) == nil, "idle")
    }

    @Test("A number nobody has is sent a code too, and gets the same answers until the birth date")
    func unknownNumber() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(7)
        let citizens = fixture.desk.citizens
        var errors: [RedressError?] = []
        for phone in ["01000000007", "01099998888"] {
            let request = try await citizens.requestCode(phone, address: "a")
            #expect(request.expiresAt == fixture.clock.now.adding(minutes: 3).description)
            #expect(request.nextAt == fixture.clock.now.adding(minutes: 1).description)
            let code = try await Self.code(fixture, of: request)
            let begun = try await citizens.confirm(request.request, code: code, address: "a")
            errors.append(
                await #expect(throws: RedressError.self) {
                    try await citizens.giveBirthDate(
                        CivilDate(daysSinceEpoch: 0), phone: phone, secret: begun.secret, address: "a")
                })
        }
        #expect(errors[0] == errors[1])
        #expect(errors[0]?.code == .notFound)
    }

    @Test("A code works once, also when it is used by many at once, and only in its request")
    func singleUse() async throws {
        let fixture = try await DeskFixture()
        let citizens = fixture.desk.citizens
        let request = try await citizens.requestCode("01000000001", address: "a")
        let other = try await citizens.requestCode("01000000002", address: "a")
        let code = try await Self.code(fixture, of: request)
        await #expect(throws: RedressError.self) {
            try await citizens.confirm(other.request, code: code, address: "a")
        }
        let begun = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    (try? await citizens.confirm(request.request, code: code, address: "a")) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(begun == 1)
    }

    @Test("Five tries, also when they are made at once; then even the right code is refused")
    func tries() async throws {
        let fixture = try await DeskFixture()
        let citizens = fixture.desk.citizens
        let request = try await citizens.requestCode("01000000001", address: "a")
        let code = try await Self.code(fixture, of: request)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    _ = try? await citizens.confirm(request.request, code: Self.wrong(code), address: "a")
                }
            }
        }
        await #expect(throws: RedressError.self) {
            try await citizens.confirm(request.request, code: code, address: "a")
        }
    }

    @Test("A code dies after three minutes and when a newer one is asked for")
    func dies() async throws {
        let fixture = try await DeskFixture()
        let citizens = fixture.desk.citizens
        let first = try await citizens.requestCode("01000000001", address: "a")
        let code = try await Self.code(fixture, of: first)
        fixture.clock.advance(minutes: 1)
        let second = try await citizens.requestCode("01000000001", address: "a")
        await #expect(throws: RedressError.self) {
            try await citizens.confirm(first.request, code: code, address: "a")
        }
        let newer = try await Self.code(fixture, of: second)
        fixture.clock.advance(minutes: 3)
        await #expect(throws: RedressError.self) {
            try await citizens.confirm(second.request, code: newer, address: "a")
        }
        let third = try await citizens.requestCode("01000000003", address: "a")
        fixture.clock.advance(minutes: 1)
        let fourth = try await citizens.requestCode("01000000003", address: "a")
        #expect(try await fixture.code(of: third) == nil, "a code that a newer one ended is not sent")
        #expect(try await fixture.code(of: fourth) != nil)
        let fifth = try await citizens.requestCode("01000000002", address: "a")
        fixture.clock.advance(minutes: 3)
        #expect(try await fixture.code(of: fifth) == nil, "a dead code is not sent")
    }

    @Test("Five codes a number a day, each a longer wait after the one before")
    func budget() async throws {
        let fixture = try await DeskFixture()
        let citizens = fixture.desk.citizens
        for wait in [0, 1, 2, 4, 8] {
            if wait > 0 {
                fixture.clock.now = fixture.clock.now.adding(milliseconds: Int64(wait * 60_000 - 1))
                let early = await #expect(throws: RedressError.self) {
                    try await citizens.requestCode("010-0000-0001", address: "a")
                }
                #expect(early?.details["retry_after_s"] == "1")
                fixture.clock.now = fixture.clock.now.adding(milliseconds: 1)
            }
            _ = try await citizens.requestCode("01000000001", address: "a")
        }
        fixture.clock.advance(minutes: 60)
        await #expect(throws: RedressError.self) {
            try await citizens.requestCode("010 0000 0001", address: "b")
        }
        _ = try await citizens.requestCode("01000000002", address: "b")
        fixture.clock.advance(minutes: 24 * 60)
        _ = try await citizens.requestCode("01000000001", address: "a")
    }

    @Test("One address cannot make us text the whole country")
    func addressBudget() async throws {
        let fixture = try await DeskFixture()
        var sent = 0
        for number in 1000..<1100 {
            if (try? await fixture.desk.citizens.requestCode("0105555\(number)", address: "a")) != nil {
                sent += 1
            }
        }
        #expect(sent == CitizenSignInDesk.hourlyPerAddress)
        _ = try await fixture.desk.citizens.requestCode("01066661000", address: "b")
    }

    @Test("Five birth dates a day for a number, over all its sessions; then a call helps")
    func birthDates() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(7)
        let citizens = fixture.desk.citizens
        for round in 0..<2 {
            fixture.clock.advance(minutes: 10)
            let request = try await citizens.requestCode("01000000007", address: "a")
            let code = try await Self.code(fixture, of: request)
            let begun = try await citizens.confirm(request.request, code: code, address: "a")
            for _ in 0..<(round == 0 ? 3 : 2) {
                await #expect(throws: RedressError.self) {
                    try await citizens.giveBirthDate(
                        CivilDate(daysSinceEpoch: 0), phone: "01000000007", secret: begun.secret,
                        address: "a")
                }
            }
            guard round == 1 else { continue }
            let error = await #expect(throws: RedressError.self) {
                try await citizens.giveBirthDate(
                    CivilDate(year: 1967, month: 3, day: 1) ?? CivilDate(daysSinceEpoch: 0),
                    phone: "01000000007", secret: begun.secret, address: "a")
            }
            #expect(error?.code == .tryAgain)
        }
    }

    @Test("In the wrong order nothing opens: no code no birth date, another's number no session")
    func order() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(7)
        let citizens = fixture.desk.citizens
        let birthDate = try #require(Self.birthDate)
        await #expect(throws: RedressError.self) {
            try await citizens.giveBirthDate(birthDate, phone: "01000000007", secret: "none", address: "a")
        }
        let request = try await citizens.requestCode("01000000008", address: "a")
        let code = try await Self.code(fixture, of: request)
        let begun = try await citizens.confirm(request.request, code: code, address: "a")
        await #expect(throws: RedressError.self) {
            try await citizens.giveBirthDate(
                birthDate, phone: "01000000007", secret: begun.secret, address: "a")
        }
    }

    @Test("Codes and numbers stand nowhere in clear, and number and text are forgotten when sent or dropped")
    func sealed() async throws {
        let fixture = try await DeskFixture()
        let citizens = fixture.desk.citizens
        let sent = try await citizens.requestCode("01000000001", address: "203.0.113.9")
        let code = try await Self.code(fixture, of: sent)
        _ = try await citizens.requestCode("01000000002", address: "203.0.113.9")
        let waiting = try await Self.messages(fixture)
        #expect(waiting.map(\.state).sorted() == ["sent", "waiting"])
        for message in waiting {
            #expect(message.bytes.isEmpty == (message.state == "sent"))
            let text = String(decoding: message.bytes, as: UTF8.self)
            #expect(!text.contains(code) && !text.contains("01000000002"))
        }
        fixture.clock.advance(minutes: 4)
        _ = try await fixture.code(of: sent)
        let settled = try await Self.messages(fixture)
        #expect(settled.map(\.state).sorted() == ["dropped", "sent"])
        #expect(settled.allSatisfy { $0.bytes.isEmpty })
        fixture.clock.advance(minutes: 26 * 60)
        try await fixture.desk.sessions.tidy()
        #expect(try await Self.messages(fixture).isEmpty)
        await #expect(throws: RedressError.self) {
            try await fixture.desk.citizens.requestCode("02-123-4567", address: "a")
        }
    }

    @Test("When the code is not committed no message waits, and the other way about")
    func oneTransaction() async throws {
        let fixture = try await DeskFixture()
        try await fixture.desk.database.write {
            try $0.run("ALTER TABLE code_message RENAME TO code_message_away")
        }
        await #expect(throws: (any Error).self) {
            try await fixture.desk.citizens.requestCode("01000000001", address: "a")
        }
        try await fixture.desk.database.write {
            try $0.run("ALTER TABLE code_message_away RENAME TO code_message")
        }
        let codes = try await fixture.desk.database.read {
            try $0.count("SELECT count(*) FROM one_time_code")
        }
        #expect(codes == 0)
        let request = try await fixture.desk.citizens.requestCode("01000000001", address: "a")
        #expect(try await fixture.code(of: request) != nil)
        #expect(try await Self.messages(fixture).count == 1)
    }

    private static func messages(_ fixture: DeskFixture) async throws -> [(state: String, bytes: [UInt8])] {
        try await fixture.desk.database.read { connection in
            try connection.all("SELECT state, values_sealed FROM code_message ORDER BY id") {
                (state: try $0[0] as String, bytes: try $0[1] as [UInt8]? ?? [])
            }
        }
    }
}
