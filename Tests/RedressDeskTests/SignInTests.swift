import Foundation
import RedressCore
import TestSupport
import Testing

@testable import RedressDesk

/// A member of the staff who has enrolled, and the app on their phone.
struct Colleague {
    static let password = "seventeen blue herons wade"
    let fixture: DeskFixture
    let name: String
    let app: OneTimePassword
    let enrolment: Enrolment

    init(_ fixture: DeskFixture, _ name: String = "김상담", _ role: Role = .agent) async throws {
        self.fixture = fixture
        self.name = name
        try await fixture.desk.staff.add(name, role: role, by: fixture.actor)
        let invitation = try await fixture.desk.signIn.invite(name, by: fixture.actor)
        enrolment = try await fixture.desk.signIn.enrol(
            invitation: invitation, password: Self.password, address: "10.0.0.1")
        app = OneTimePassword(secret: Self.bytes(enrolment.oneTimeSecret))
    }

    /// What the app shows now.
    var code: String { app.digits(step: OneTimePassword.step(at: fixture.clock.now)) }

    func signIn(
        password: String = Self.password, code: String? = nil, from address: String = "10.0.0.1",
        replacing old: String? = nil
    ) async throws -> NewSession {
        try await fixture.desk.signIn.signIn(
            SignInAttempt(name: name, password: password, code: code ?? self.code, address: address),
            replacing: old)
    }

    static func bytes(_ base32: String) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var buffer = 0
        var bits = 0
        var bytes: [UInt8] = []
        for letter in base32 {
            buffer = (buffer << 5 | (letters.firstIndex(of: letter) ?? 0)) & 0xFFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        return bytes
    }
}

/// Binds a low cost for passwords and a queue of each test's own: these tests are about everything but the cost.
struct CheapPasswords: TestTrait, SuiteTrait, TestScoping {
    let isRecursive = true

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await PasswordQueue.$costLog2.withValue(4) {
            try await PasswordQueue.$shared.withValue(PasswordQueue()) { try await function() }
        }
    }
}

@Suite("Staff sign in", CheapPasswords())
struct SignInTests {
    @Test("An invitation, a password and the app's six digits begin a session that names who it is")
    func signIn() async throws {
        let fixture = try await DeskFixture()
        let colleague = try await Colleague(fixture)
        let new = try await colleague.signIn()
        let session = try #require(try await fixture.desk.sessions.find(new.secret))
        #expect(session.actor == Actor(name: "김상담", role: .agent))
        #expect(session.csrf.count == 64)
        #expect(try await fixture.desk.sessions.find(new.secret + "x") == nil)
    }

    @Test("One-time passwords are those of RFC 6238, appendix B")
    func vectors() {
        let app = OneTimePassword(secret: Array("12345678901234567890".utf8))
        for (seconds, digits) in [
            (59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130"),
        ] {
            #expect(app.digits(step: seconds / 30) == digits)
        }
        #expect(Base32.text(Array("foobar".utf8)) == "MZXW6YTBOI")
    }

    @Test("A stored hash is read again and judges only its password right")
    func scrypt() throws {
        let hash = try PasswordHash.make("correct horse", costLog2: 4)
        let read = try #require(PasswordHash(hash.text))
        #expect(try read.matches("correct horse"))
        #expect(try !read.matches("correct horsf"))
        for damaged in ["", "scrypt$17$8$1$AA", hash.text.replacing("scrypt", with: "md5")] {
            #expect(PasswordHash(damaged) == nil)
        }
    }

    @Test("A code that was used is refused, an earlier one too, and parallel use of one begins one session")
    func replay() async throws {
        let fixture = try await DeskFixture()
        let colleague = try await Colleague(fixture)
        let code = colleague.code
        let begun = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask { (try? await colleague.signIn(code: code)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(begun == 1)
        let before = colleague.app.digits(step: OneTimePassword.step(at: fixture.clock.now) - 1)
        await #expect(throws: RedressError.self) { try await colleague.signIn(code: before) }
        fixture.clock.advance(minutes: 20)
        _ = try await colleague.signIn()
    }

    @Test("Unknown name, wrong password, wrong code and disabled account are told in the same words")
    func sameWords() async throws {
        let fixture = try await DeskFixture()
        let colleague = try await Colleague(fixture)
        let gone = try await Colleague(fixture, "이퇴사")
        try await fixture.desk.staff.setDisabled("이퇴사", true, by: fixture.actor)
        let attempts = [
            SignInAttempt(name: "없는사람", password: Colleague.password, code: "123456", address: "1"),
            SignInAttempt(name: colleague.name, password: "wrong", code: colleague.code, address: "2"),
            SignInAttempt(name: colleague.name, password: "", code: colleague.code, address: "2"),
            SignInAttempt(name: colleague.name, password: Colleague.password, code: "000", address: "3"),
            SignInAttempt(name: gone.name, password: Colleague.password, code: gone.code, address: "4"),
        ]
        for attempt in attempts {
            let error = await #expect(throws: RedressError.self) {
                try await fixture.desk.signIn.signIn(attempt)
            }
            #expect(error == SignInDesk.refusal)
        }
    }

    @Test(
        "Five failures block an address, the colleague at the desk they always use is let in, and blocks end")
    func lockOut() async throws {
        let fixture = try await DeskFixture()
        let colleague = try await Colleague(fixture)
        _ = try await colleague.signIn(from: "10.0.0.1")
        for guesser in 0..<8 {
            var failures = 0
            var blocked: RedressError?
            while blocked == nil, failures < 10 {
                let error = await #expect(throws: RedressError.self) {
                    try await colleague.signIn(password: "a wrong password", from: "192.0.2.\(guesser)")
                }
                if error?.code == .tryAgain { blocked = error } else { failures += 1 }
            }
            #expect(failures <= 5)
            #expect(Int(blocked?.details["retry_after_s"] ?? "") ?? 0 > 0)
        }
        fixture.clock.now = fixture.clock.now.adding(milliseconds: 30_000)
        let other = await #expect(throws: RedressError.self) { try await colleague.signIn(from: "10.9.9.9") }
        #expect(other?.code == .tryAgain, "many guesses from everywhere slow down new addresses only")
        _ = try await colleague.signIn(from: "10.0.0.1")
        fixture.clock.advance(minutes: 16)
        _ = try await colleague.signIn(from: "10.9.9.9")
    }

    @Test("Guesses made at once are all counted")
    func race() async throws {
        let fixture = try await DeskFixture()
        let colleague = try await Colleague(fixture)
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await colleague.signIn(password: "a wrong password", from: "192.0.2.1")
                        return false
                    } catch let error as RedressError {
                        return error.code == .notAllowed
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused <= SignInLimits.freeFailures)
    }

    @Test("Recovery codes work once each, and new ones end the old")
    func recovery() async throws {
        let fixture = try await DeskFixture()
        let colleague = try await Colleague(fixture)
        let codes = colleague.enrolment.recoveryCodes
        #expect(Set(codes).count == 10)
        let new = try await colleague.signIn(code: codes[0].lowercased())
        await #expect(throws: RedressError.self) { try await colleague.signIn(code: codes[0]) }
        #expect(try await fixture.desk.account.show(new.secret).recoveryCodes == 9)
        let fresh = try await fixture.desk.account.renewRecoveryCodes(by: new.secret)
        await #expect(throws: RedressError.self) { try await colleague.signIn(code: codes[1]) }
        _ = try await colleague.signIn(code: fresh[1])
    }

    @Test(
        "A session ends of idleness, of age, at sign-out, when its owner is disabled, and at a new password")
    func ends() async throws {
        let fixture = try await DeskFixture()
        let colleague = try await Colleague(fixture)
        let sessions = fixture.desk.sessions
        func fresh() async throws -> String {
            fixture.clock.advance(minutes: 2)
            let new = try await colleague.signIn()
            return new.secret
        }
        var secret = try await fresh()
        fixture.clock.advance(minutes: 10)
        #expect(try await sessions.find(secret) == nil, "idle")
        secret = try await fresh()
        for _ in 0..<60 {
            fixture.clock.advance(minutes: 8)
            _ = try await sessions.find(secret)
        }
        #expect(try await sessions.find(secret) == nil, "old")
        secret = try await fresh()
        try await sessions.end(secret)
        #expect(try await sessions.find(secret) == nil, "signed out")
        secret = try await fresh()
        fixture.clock.advance(minutes: 2)
        try await fixture.desk.signIn.changePassword(
            SignInAttempt(
                name: colleague.name, password: Colleague.password, code: colleague.code,
                address: "10.0.0.1"), to: "another sentence of words")
        #expect(try await sessions.find(secret) == nil, "new password")
        fixture.clock.advance(minutes: 2)
        secret = try await colleague.signIn(password: "another sentence of words").secret
        fixture.clock.now = fixture.clock.now.adding(minutes: -120)
        #expect(try await sessions.find(secret) == nil, "a clock set back lengthens nothing")
        fixture.clock.advance(minutes: 120)
        try await fixture.desk.staff.setRole(colleague.name, .supervisor, by: fixture.actor)
        #expect(try await sessions.find(secret) == nil, "another role")
        fixture.clock.advance(minutes: 2)
        secret = try await colleague.signIn(password: "another sentence of words").secret
        try await fixture.desk.staff.setDisabled(colleague.name, true, by: fixture.actor)
        #expect(try await sessions.find(secret) == nil, "disabled")
    }

    @Test("Signing in ends the session the browser held, so that a planted one is worth nothing")
    func fixation() async throws {
        let fixture = try await DeskFixture()
        let colleague = try await Colleague(fixture)
        let planted = try await colleague.signIn()
        fixture.clock.advance(minutes: 1)
        let own = try await colleague.signIn(replacing: planted.secret)
        #expect(own.secret != planted.secret)
        #expect(try await fixture.desk.sessions.find(planted.secret) == nil)
        let invented = try? await fixture.desk.sessions.find("a-secret-of-the-attacker")
        #expect(invented == .some(nil))
    }

    @Test("A sensitive act wants a proof of the last five minutes")
    func recent() async throws {
        let fixture = try await DeskFixture()
        let colleague = try await Colleague(fixture)
        let new = try await colleague.signIn()
        try new.session.requireRecent()
        fixture.clock.advance(minutes: 6)
        let later = try #require(try await fixture.desk.sessions.find(new.secret))
        let error = #expect(throws: RedressError.self) { try later.requireRecent() }
        #expect(error?.details["reauthenticate"] == "true")
        let proved = try await fixture.desk.signIn.reauthenticate(
            new.secret, password: Colleague.password, code: colleague.code, address: "10.0.0.1")
        try proved.requireRecent()
    }

    @Test("An invitation works once, dies after three days, and weak passwords do not use it up")
    func invitations() async throws {
        let fixture = try await DeskFixture()
        try await fixture.desk.staff.add("박신입", role: .agent, by: fixture.actor)
        let signIn = fixture.desk.signIn
        let first = try await signIn.invite("박신입", by: fixture.actor)
        let second = try await signIn.invite("박신입", by: fixture.actor)
        for (index, weak) in [
            "short", "passwordpassword", "123456789012345", "aaaaaaaaaaaaaaaa", "박신입 is my own name",
        ].enumerated() {
            let error = await #expect(throws: RedressError.self) {
                try await signIn.enrol(invitation: second, password: weak, address: "10.1.0.\(index)")
            }
            #expect(error?.code == .badData, "\(weak)")
        }
        await #expect(throws: RedressError.self) {
            try await signIn.enrol(invitation: first, password: Colleague.password, address: "10.2.0.1")
        }
        _ = try await signIn.enrol(invitation: second, password: Colleague.password, address: "10.2.0.2")
        await #expect(throws: RedressError.self) {
            try await signIn.enrol(invitation: second, password: Colleague.password, address: "10.2.0.3")
        }
        let third = try await signIn.reset("박신입", by: fixture.actor)
        fixture.clock.advance(minutes: 72 * 60)
        await #expect(throws: RedressError.self) {
            try await signIn.enrol(invitation: third, password: Colleague.password, address: "10.2.0.4")
        }
    }

    @Test("A token does no more than its scope, and dies on its day")
    func scopes() async throws {
        let fixture = try await DeskFixture()
        try await fixture.desk.staff.add("최팀장", role: .supervisor, by: fixture.actor)
        let token = try await fixture.desk.staff.makeToken(
            for: "최팀장", scope: [.readCases], days: 2, by: fixture.actor)
        let actor = try #require(try await fixture.desk.staff.actor(token: token))
        try actor.require(.readCases)
        #expect(throws: RedressError.self) { try actor.require(.manageCapacity) }
        #expect(throws: RedressError.self) { try actor.require(.manageStaff) }
        fixture.clock.advance(minutes: 2 * 24 * 60)
        #expect(try await fixture.desk.staff.actor(token: token) == nil)
    }
}
