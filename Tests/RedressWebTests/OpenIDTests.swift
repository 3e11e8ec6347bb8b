import AsyncHTTPClient
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import NIOHTTP1
import RedressCore
import RedressDesk
import TestSupport
import Testing

@testable import RedressWeb

@Suite("Staff sign in with the organisation's own account", .serialized)
struct OpenIDTests {
    @Test("Whoever has an account here comes in, to the page they asked for, over one step of our own")
    func signIn() async throws {
        try await withProvider { stub, world in
            try await world.fixture.desk.staff.add("김상담", role: .agent, by: world.fixture.actor)
            let browser = world.browser()
            #expect(try await browser.get("/staff/sign-in").page.contains("기관 계정으로 들어가기"))
            let back = try await world.leave(browser, "?to=/staff/account")
            #expect(stub.asked["code_challenge_method"] == "S256" && stub.asked["response_type"] == "code")
            let cookie = try #require(browser.set.first { $0.hasPrefix("__Host-redress-openid=") })
            for part in ["Secure", "HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/"] {
                #expect(cookie.contains(part), "\(part)")
            }
            let answer = try await browser.get(back)
            #expect(answer.status == .ok)
            #expect(answer.page.contains("<meta http-equiv=\"refresh\" content=\"0;url=/staff/account\">"))
            #expect(browser.set.contains { $0.hasPrefix("__Host-redress-staff=") && $0.contains("Strict") })
            #expect(browser.cookies["__Host-redress-openid"] == "", "the attempt is over")
            #expect(try await browser.get("/staff/account").page.contains("김상담"))
            #expect(stub.refused.isEmpty)
        }
    }

    @Test(
        "A token that is not ours, not for now, not for this attempt or not signed by the provider opens nothing"
    )
    func refusedTokens() async throws {
        try await withProvider { stub, world in
            try await world.fixture.desk.staff.add("김상담", role: .agent, by: world.fixture.actor)
            let now = Int(world.fixture.clock.now.milliseconds / 1000)
            let lies: [(String, [String: JSONValue])] = [
                ("another nonce", ["nonce": "other"]), ("no nonce", ["nonce": .null]),
                ("another audience", ["aud": "somebody"]), ("no audience", ["aud": .null]),
                ("several audiences, none authorised", ["aud": .list(["redress desk", "other"])]),
                ("another party", ["aud": .list(["redress desk", "other"]), "azp": "other"]),
                ("another issuer", ["iss": "https://evil.example"]), ("no end", ["exp": .null]),
                ("ended", ["exp": .integer(now - 61)]), ("made long ago", ["iat": .integer(now - 700)]),
                ("from the future", ["iat": .integer(now + 90)]), ("not yet", ["nbf": .integer(now + 90)]),
                ("no subject", ["sub": .null]), ("an end in words", ["exp": "tomorrow"]),
            ]
            for (what, claims) in lies {
                stub.claim(claims)
                try await world.expectRefusal(what)
            }
            stub.claim([:])
            for forgery in ProviderStub.Forgery.allCases {
                stub.forge(forgery)
                try await world.expectRefusal("\(forgery)")
            }
            stub.forge(nil)
            stub.claim(["aud": .list(["redress desk", "other"]), "azp": "redress desk"])
            let browser = world.browser()
            #expect(
                try await world.signIn(browser).status == .ok, "and what is right is let in after it all")
        }
    }

    @Test(
        "An answer counts once, in the browser that asked, within ten minutes, with the code of its own attempt"
    )
    func replay() async throws {
        try await withProvider { stub, world in
            try await world.fixture.desk.staff.add("김상담", role: .agent, by: world.fixture.actor)
            let victim = world.browser()
            let back = try await world.leave(victim)
            let thief = world.browser()
            #expect(try await thief.get(back).status == .forbidden, "no cookie")
            _ = try await world.leave(thief)
            #expect(try await thief.get(back).status == .forbidden, "another attempt's cookie")
            let held = victim.cookies
            #expect(try await victim.get(back).status == .ok)
            victim.cookies = held
            #expect(try await victim.get(back).status == .forbidden, "the answer was used")
            let second = world.browser()
            let fresh = try await world.leave(second)
            let code = try #require(back.firstMatch(of: /code=([^&]+)/)).1
            let spliced = fresh.replacing(/code=[^&]+/, with: "code=\(code)")
            #expect(try await second.get(spliced).status == .forbidden)
            #expect(stub.refused == ["code"], "the provider gives nothing for a code twice")
            let third = world.browser()
            let (mine, theirs) = (try await world.leave(third), try await world.leave(thief))
            let stolen = try #require(theirs.firstMatch(of: /code=([^&]+)/)).1
            let injected = mine.replacing(/code=[^&]+/, with: "code=\(stolen)")
            #expect(try await third.get(injected).status == .forbidden)
            #expect(stub.refused == ["code", "verifier"], "a code of another attempt fits no other verifier")
            let late = world.browser()
            let slow = try await world.leave(late)
            world.fixture.clock.advance(minutes: 11)
            #expect(try await late.get(slow).status == .forbidden)
            let denied = world.browser()
            let state = try #require(try await world.leave(denied).firstMatch(of: /state=([^&]+)/)).1
            let answer = try await denied.get(
                "/staff/sign-in/organisation/back?error=access_denied&state=\(state)")
            #expect(answer.status == .forbidden && answer.page.contains("확인을 받지 못했습니다"))
        }
    }

    @Test(
        "New keys of the provider are found at once, and tokens under invented names fetch them a few times at most"
    )
    func rotation() async throws {
        try await withProvider { stub, world in
            try await world.fixture.desk.staff.add("김상담", role: .agent, by: world.fixture.actor)
            for kid in ["k1", "k1", "k2", "k2"] {
                if kid == "k2", stub.keyFetches == 1 { try stub.rotate(to: kid) }
                let browser = world.browser()
                #expect(try await world.signIn(browser).status == .ok, "\(kid)")
            }
            #expect(stub.keyFetches == 2, "once, and once for the new key")
            stub.forge(.unknownName)
            for attempt in 1...10 { try await world.expectRefusal("\(attempt)") }
            #expect(stub.keyFetches == OpenIDProvider.fetchesPerMinute)
            stub.forge(nil)
            let browser = world.browser()
            #expect(try await world.signIn(browser).status == .ok, "a flood shuts nobody out")
        }
    }

    @Test("Who somebody is goes by the provider's subject; nobody takes over another's name here")
    func people() async throws {
        try await withProvider { stub, world in
            let desk = world.fixture.desk
            try await desk.staff.add("김상담", role: .agent, by: world.fixture.actor)
            let browser = world.browser()
            #expect(try await world.signIn(browser).status == .ok)
            stub.claim(["sub": "s-2"])
            try await world.expectRefusal("another person of the same name", "등록된 담당자가 없습니다")
            stub.claim(["preferred_username": "김개명"])
            let renamed = world.browser()
            #expect(try await world.signIn(renamed).status == .ok)
            #expect(try await renamed.get("/staff/account").page.contains("김상담"), "the same person")
            stub.claim(["sub": "s-3", "preferred_username": "없는사람"])
            try await world.expectRefusal("nobody here", "등록된 담당자가 없습니다")
            stub.claim([:])
            try await desk.staff.setDisabled("김상담", true, by: world.fixture.actor)
            try await world.expectRefusal("disabled", "등록된 담당자가 없습니다")
        }
    }

    @Test("A claim says the role, at every sign-in; with the setting, whoever has one is added")
    func roles() async throws {
        let roles = ["팀장=supervisor", "상담=agent"]
        try await withProvider(roles: roles, addsStaff: true) { stub, world in
            let desk = world.fixture.desk
            stub.claim(["roles": .list(["직원", "상담"])])
            let browser = world.browser()
            #expect(try await world.signIn(browser).status == .ok)
            func role() async throws -> String? {
                try await desk.staff.list(by: world.fixture.actor).first { $0.name == "김상담" }?.role
            }
            #expect(try await role() == "agent")
            stub.claim(["roles": .list(["상담", "팀장"])])
            let again = world.browser()
            #expect(try await world.signIn(again).status == .ok)
            #expect(try await role() == "supervisor", "the first of the list counts")
            #expect(try await browser.get("/staff").status == .seeOther, "a session of the old role is over")
            for claims: [String: JSONValue] in [[:], ["roles": "직원"], ["roles": .list([])]] {
                stub.claim(claims)
                try await world.expectRefusal("\(claims)", "역할이 없습니다")
            }
            let grants = try await desk.staff.grants(by: world.fixture.actor).map(\.action)
            #expect(grants == ["staff.add", "staff.link", "staff.role"])
        }
    }

    @Test("A proof for a sensitive act is asked of the provider, which must have asked the person just now")
    func proof() async throws {
        try await withProvider { stub, world in
            try await world.fixture.desk.staff.add("김팀장", role: .supervisor, by: world.fixture.actor)
            stub.claim(["preferred_username": "김팀장"])
            let browser = world.browser()
            #expect(try await world.signIn(browser).status == .ok)
            world.fixture.clock.advance(minutes: 6)
            let file = "/staff/statistics/2021-W29.csv"
            let asked = try await browser.get(file)
            #expect(asked.status == .forbidden)
            #expect(asked.page.contains("/staff/sign-in/organisation?proof=yes&amp;to=\(file)"))
            let now = Int(world.fixture.clock.now.milliseconds / 1000)
            for authTime: JSONValue in [.null, .integer(now - 600)] {
                stub.claim(["preferred_username": "김팀장", "auth_time": authTime])
                #expect(try await world.signIn(browser, "?proof=yes&to=\(file)").status == .forbidden)
            }
            #expect(stub.asked["prompt"] == "login" && stub.asked["max_age"] == "0")
            let before = browser.cookies["__Host-redress-staff"]
            stub.claim(["preferred_username": "김팀장", "auth_time": .integer(now)])
            #expect(try await world.signIn(browser, "?proof=yes&to=\(file)").page.contains("url=\(file)"))
            #expect(try await browser.get(file).status == .ok)
            let gone = try await world.fixture.desk.sessions.find(before ?? "")
            #expect(gone == nil, "the session before it is over")
        }
    }

    @Test("Settings that would send secrets in clear, or give roles nobody named, are refused")
    func settings() {
        func make(
            _ issuer: String = "https://id.example", _ address: String = "https://desk.example",
            _ roles: [String] = [], addsStaff: Bool = false
        ) throws -> OpenIDSettings {
            try OpenIDSettings(
                issuer: issuer, clientID: "x", address: address, roles: roles, addsStaff: addsStaff)
        }
        #expect(throws: Never.self) { try make() }
        #expect(throws: Never.self) { try make("http://127.0.0.1:8081", "http://localhost:8080") }
        for issuer in ["http://id.example", "", "ftp://x", "http://localhost.evil.example"] {
            #expect(throws: RedressError.self, "\(issuer)") { try make(issuer) }
        }
        #expect(throws: RedressError.self) { try make("https://id.example", "http://desk.example") }
        for role in ["agent", "=agent", "x=king", "x=operator", "x=citizen", "a=b=agent"] {
            #expect(throws: RedressError.self, "\(role)") {
                try make("https://id.example", "https://desk.example", [role])
            }
        }
        #expect(throws: RedressError.self) { try make(addsStaff: true) }
    }
}

/// A browser's jar of cookies.
private final class Browser {
    let client: any TestClientProtocol
    var cookies: [String: String] = [:]
    /// What the last answer set.
    var set: [String] = []

    init(client: any TestClientProtocol) {
        self.client = client
    }

    func get(_ path: String) async throws -> TestResponse {
        let jar = cookies.filter { !$0.value.isEmpty }.map { "\($0.key)=\($0.value)" }
        let answer = try await client.executeRequest(
            uri: path, method: .get,
            headers: [.cookie: (jar + ["redress_language=ko"]).joined(separator: "; ")],
            body: nil)
        set = answer.headers[values: .setCookie]
        for header in set {
            let pair = header.prefix { $0 != ";" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = String(pair[1])
        }
        return answer
    }
}

/// The site with a provider beside it.
private struct World {
    let fixture: DeskFixture
    let client: any TestClientProtocol
    let http: HTTPClient

    func browser() -> Browser { Browser(client: client) }

    /// To the provider and back as far as our own door; the path the provider sends the browser to.
    func leave(_ browser: Browser, _ query: String = "") async throws -> String {
        let left = try await browser.get("/staff/sign-in/organisation" + query)
        #expect(left.status == .seeOther, "\(left.page.suffix(400))")
        let answer = try await http.execute(
            HTTPClientRequest(url: left.headers[.location] ?? ""), timeout: .seconds(60))
        let location = try #require(answer.headers.first(name: "location"))
        return String(location.dropFirst("http://localhost:1".count))
    }

    func signIn(_ browser: Browser, _ query: String = "") async throws -> TestResponse {
        let path = try await leave(browser, query)
        return try await browser.get(path)
    }

    func expectRefusal(_ what: String, _ words: String = "") async throws {
        let browser = browser()
        let answer = try await signIn(browser)
        #expect(answer.status == .forbidden, "\(what)")
        #expect(browser.cookies["__Host-redress-staff"] == nil, "\(what)")
        #expect(words.isEmpty || answer.page.contains(words), "\(what)")
    }
}

private func withProvider(
    roles: [String] = [], addsStaff: Bool = false,
    _ body: @Sendable @escaping (ProviderStub, World) async throws -> Void
) async throws {
    let fixture = try await DeskFixture()
    let stub = try ProviderStub { fixture.clock.now }
    let (ports, portFound) = AsyncStream.makeStream(of: Int.self)
    let application = Application(
        router: stub.router(), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { portFound.yield($0.localAddress?.port ?? 0) })
    let http = HTTPClient(configuration: .init(redirectConfiguration: .disallow))
    do {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            stub.listen(at: "http://127.0.0.1:\(await iterator.next() ?? 0)")
            var settings = try OpenIDSettings(
                issuer: stub.issuer, clientID: ProviderStub.client, clientSecret: ProviderStub.secret,
                address: "http://localhost:1", roles: roles, addsStaff: addsStaff)
            settings.timeout = .seconds(600)
            let site = buildSite(desk: fixture.desk, openID: settings)
            try await Application(router: site).test(.router) { client in
                try await body(stub, World(fixture: fixture, client: client, http: http))
            }
            group.cancelAll()
        }
    } catch {
        try await http.shutdown()
        throw error
    }
    try await http.shutdown()
}
