import RedressCore
import TestSupport
import Testing

@testable import RedressDesk

@Suite("Staff keep their own account", CheapPasswords())
struct AccountTests {
    @Test("One's own sessions are listed and ended one by one or all others at once, another's never")
    func sessions() async throws {
        let fixture = try await DeskFixture()
        let (mine, other) = (
            try await Colleague(fixture), try await Colleague(fixture, "이동료", .supervisor)
        )
        let theirs = try await other.signIn()
        let theirSession = try #require(
            try await fixture.desk.account.show(theirs.secret).sessions.first)
        var secrets: [String] = []
        for _ in 1...3 {
            fixture.clock.advance(minutes: 1)
            secrets.append(try await mine.signIn().secret)
        }
        let account = fixture.desk.account
        let listed = try await account.show(secrets[2]).sessions
        #expect(listed.map(\.isThis) == [true, false, false], "the newest first")
        let error = await #expect(throws: RedressError.self) {
            try await account.endSession(theirSession.id, by: secrets[2])
        }
        #expect(error?.code == .notFound)
        try await account.endSession(listed[1].id, by: secrets[2])
        #expect(try await fixture.desk.sessions.find(secrets[1]) == nil)
        try await account.endOtherSessions(by: secrets[2])
        #expect(try await fixture.desk.sessions.find(secrets[0]) == nil)
        #expect(try await fixture.desk.sessions.find(secrets[2]) != nil)
        #expect(try await fixture.desk.sessions.find(theirs.secret) != nil)
    }

    @Test("One's own tokens are listed with their scope and ended, another's never")
    func tokens() async throws {
        let fixture = try await DeskFixture()
        let mine = try await Colleague(fixture)
        let other = try await Colleague(fixture, "이동료")
        let staff = fixture.desk.staff
        let token = try await staff.makeToken(
            for: mine.name, scope: [.readCases, .lookUp], days: 3, by: fixture.actor)
        let theirs = try await staff.makeToken(for: other.name, by: fixture.actor)
        let (secret, theirSecret) = (try await mine.signIn().secret, try await other.signIn().secret)
        let account = fixture.desk.account
        let listed = try await account.show(secret).tokens
        #expect(listed.map(\.scope) == [[.lookUp, .readCases]])
        let theirID = try #require(try await account.show(theirSecret).tokens.first).id
        await #expect(throws: RedressError.self) { try await account.endToken(theirID, by: secret) }
        try await account.endToken(listed[0].id, by: secret)
        #expect(try await staff.actor(token: token) == nil)
        #expect(try await staff.actor(token: theirs) != nil)
    }

    @Test(
        "A new authenticator counts from its first code on, needs a recent proof, and ends the other sessions"
    )
    func authenticator() async throws {
        let fixture = try await DeskFixture()
        let mine = try await Colleague(fixture)
        let elsewhere = try await mine.signIn()
        fixture.clock.advance(minutes: 1)
        let new = try await mine.signIn()
        let account = fixture.desk.account
        let pending = try await account.beginAuthenticator(by: new.secret)
        let app = OneTimePassword(secret: Colleague.bytes(pending.oneTimeSecret))
        func code() -> String { app.digits(step: OneTimePassword.step(at: fixture.clock.now)) }
        await #expect(throws: RedressError.self) {
            try await account.setAuthenticator(pending.sealed, code: "000000x", by: new.secret)
        }
        let stolen = await #expect(throws: RedressError.self) {
            try await account.setAuthenticator(pending.sealed, code: code(), by: elsewhere.secret)
        }
        #expect(stolen?.code == .badData, "what was begun in one session counts in no other")
        fixture.clock.advance(minutes: 1)
        _ = try await mine.signIn(from: "10.0.0.2")
        try await account.setAuthenticator(pending.sealed, code: code(), by: new.secret)
        #expect(try await fixture.desk.sessions.find(elsewhere.secret) == nil)
        #expect(try await fixture.desk.sessions.find(new.secret) != nil)
        fixture.clock.advance(minutes: 1)
        await #expect(throws: RedressError.self, "the old app") { try await mine.signIn() }
        _ = try await mine.signIn(code: code())
        fixture.clock.advance(minutes: 6)
        let late = await #expect(throws: RedressError.self) {
            try await account.beginAuthenticator(by: new.secret)
        }
        #expect(late?.details["reauthenticate"] == "true")
    }
}
