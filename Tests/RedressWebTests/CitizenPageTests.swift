/// The citizens' pages through the router: words, safety, the way from a number to a case, and forms that come twice.
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore
import TestSupport
import Testing

@testable import RedressWeb

@Suite("The citizens' pages")
struct CitizenPageTests {
    @Test("A language that is chosen is remembered, and the same page comes again without it in the address")
    func language() async throws {
        let fixture = try await DeskFixture()
        try await Application(router: buildSite(desk: fixture.desk)).test(.router) { client in
            for path in ["/", "/check", "/staff/sign-in", "/nowhere", "/staff/nowhere"] {
                let answer = try await client.executeRequest(
                    uri: path + "?lang=en", method: .get, headers: [.accept: "text/html"], body: nil)
                #expect(answer.status == .seeOther && answer.headers[.location] == path, "\(path)")
                let cookie = answer.headers[.setCookie] ?? ""
                #expect(cookie.contains("redress_language=en") && cookie.contains("Secure"), "\(path)")
                let strange = try await client.executeRequest(
                    uri: path + "?lang=xx", method: .get, headers: [.accept: "text/html"], body: nil)
                #expect(strange.status == (path.hasSuffix("nowhere") ? .notFound : .ok), "\(path)")
            }
        }
    }

    @Test(
        "An address that no page has answers with a page in the reader's language, and programs with a problem"
    )
    func missing() async throws {
        let fixture = try await DeskFixture()
        try await Application(router: buildSite(desk: fixture.desk)).test(.router) { client in
            for (path, accept, language, word) in [
                ("/nowhere", "text/html,*/*;q=0.8", "ko", "찾는 화면이 없습니다"),
                ("/nowhere/else", "text/html", "en", "There is no such page"),
                ("/staff/nowhere/at/all", "text/html", "en", "There is no such page"),
                ("/nowhere", "*/*", "ko", "urn:redress:problem:http-404"),
                ("/api/v1/nowhere", "text/html", "ko", "urn:redress:problem:http-404"),
            ] {
                let answer = try await client.executeRequest(
                    uri: path, method: .get, headers: [.accept: accept, .acceptLanguage: language], body: nil)
                let text = String(buffer: answer.body)
                #expect(answer.status == .notFound && text.contains(word), "\(path): \(text)")
                let isPage = !word.hasPrefix("urn:")
                #expect(text.contains("<html lang=\"\(language)\"") == isPage, "\(path)")
                #expect(answer.headers[.contentType]?.hasPrefix("text/html") == isPage, "\(path)")
                #expect(answer.headers[.cacheControl] == "no-store")
            }
        }
    }

    @Test("Another's booking, typed into a form, leads nowhere")
    func anothersBooking() async throws {
        try await withCitizens { visitor, fixture in
            for number in 1...2 { _ = try await fixture.addPerson(number) }
            var browser = try await visitor.signedIn(1)
            browser.keep(
                try await browser.post("/my/bookings", ["booking": "\(DeskFixture.incident)/B2"]))
            #expect(try await browser.get("/my/wish").headers[.location] == "/my/bookings")
            let asked = try await browser.post("/my/wish", ["wish": "original-slot"])
            #expect(asked.status.code >= 400 || asked.headers[.location]?.hasPrefix("/my/cases") == false)
            #expect(try await browser.get("/my/cases/2").status == .notFound)
        }
    }

    @Test("The code is texted in the language of the page that asked for it")
    func codeLanguage() async throws {
        try await withCitizens { visitor, fixture in
            for (number, language, words) in [(1, "en", "Your code is"), (2, "ko", "인증번호")] {
                var browser = visitor
                browser.keep(try await browser.get("/my/phone?lang=\(language)"))
                let asked = try await browser.post("/my/phone", ["phone": "0100000000\(number)"])
                #expect(asked.headers[.location] == "/my/code")
                let gateway = KeptNotices()
                _ = try await NoticeRunner(desk: fixture.desk, gateway: gateway).drain()
                #expect(gateway.all.map { $0.text.contains(words) } == [true], "\(gateway.all)")
            }
        }
    }

    @Test("Every word a page looks up by a value is there in both languages")
    func words() throws {
        for (name, bytes) in PageTemplates.citizenSources {
            for match in String(decoding: bytes, as: UTF8.self).matches(of: /\{\{w\.([A-Za-z0-9]+)\}\}/) {
                #expect(Words.table[String(match.1)] != nil, "\(name) says \(match.1)")
            }
        }
        let headlines =
            CaseState.allCases.map(\.rawValue) + ["verified", "deciding", "unlisted", "other", "seated"]
        let values =
            CaseState.allCases.map { "own.state.\($0.rawValue)" } + headlines.map { "own.\($0)" }
            + headlines.map { "own.\($0).text" } + Remedy.allCases.map { "wish.\($0.rawValue)" }
            + NoticeEvent.allCases.filter { $0 != .code }.map { "message.\($0.rawValue)" }
            + ["supports", "contradicts", "missing"].map { "finding.\($0)" }
            + OutboxRow.State.allCases.map { "message.state.\($0.rawValue)" }
            + CitizenAct.allCases.flatMap { act in
                ["note.\(act)", "act.own.\(act)", "act.own.\(act).1", "act.own.\(act).button"]
                    + ["wrong.refused.\(act)"] + (act.takesWords ? ["act.own.\(act).label"] : [])
            }
        for value in values { #expect(Words.table[value] != nil, "\(value)") }
        for other in [Words.staff, Words.values, Words.signIn, Words.desk] {
            #expect(Set(Words.citizen.keys).isDisjoint(with: other.keys), "a word with two meanings")
        }
        for (key, wording) in Words.citizen {
            let gaps = { (text: String) in Set(text.matches(of: /\{[a-z]+\}/).map { String($0.0) }) }
            #expect(gaps(wording.korean) == gaps(wording.english), "\(key)")
        }
    }

    @Test("Times inside a finding are said as people say them")
    func spoken() {
        #expect(
            SpokenText.said("예약 시스템 기록에 2021-07-19 21:05:15에 예약을 신청하신 것이 남아 있습니다.", .ko)
                == "예약 시스템 기록에 7월 19일(월) 오후 9:05에 예약을 신청하신 것이 남아 있습니다.")
        #expect(SpokenText.said("19:53:28에 대기열에 들어오셔서", .ko) == "오후 7:53에 대기열에 들어오셔서")
        #expect(
            SpokenText.said("cancelled on 2021-07-20 at 11:00.", .en)
                == "cancelled on Tue 20 July at 11:00.")
        #expect(SpokenText.said("number 56931", .en) == "number 56931")
    }

    @Test("A birth date is read however people write its eight digits")
    func birthDates() {
        for text in ["19670301", "1967-03-01", "1967. 03. 01.", "1967년 03월 01일"] {
            #expect(CitizenSignInPages.birthDate(text)?.description == "1967-03-01", "\(text)")
        }
        for text in ["", "670301", "19671340", "1967030a", "196703011"] {
            #expect(CitizenSignInPages.birthDate(text) == nil, "\(text)")
        }
    }

    @Test(
        "From a number to the case: nothing personal in an address or in clear, once however often it is sent"
    )
    func way() async throws {
        try await withCitizens { visitor, fixture in
            _ = try await fixture.addPerson(7)
            try await fixture.allot(1)
            let browser = try await visitor.signedIn(7)
            let page = try await browser.text("/my/bookings")
            #expect(page.contains("8월 16일(월) 오전 10:00") && page.contains("강남관광정보센터"))
            #expect(!page.contains("홍길동") && !page.contains("01000000007"))
            var answer = try await browser.post(
                "/my/bookings", ["booking": "\(DeskFixture.incident)/B7"])
            #expect(answer.headers[.location] == "/my/wish")
            for _ in 1...2 {
                answer = try await browser.post("/my/wish", ["wish": "original-slot"])
                #expect(answer.headers[.location] == "/my/cases/1/done")
            }
            let done = try await browser.text("/my/cases/1/done")
            #expect(done.contains("8월 16일(월) 오전 10:00 예약으로 되돌려 드렸습니다"))
            for path in ["", "/done", "/looks", "/confirmation", "/files"] {
                for language in ["ko", "en"] {
                    let text = try await browser.text("/my/cases/1" + path, language: language)
                    #expect(text.contains("<html lang=\"\(language)\""))
                    #expect(!text.contains("<style") && !text.contains(" style="))
                    let addresses = text.matches(of: /(?:href|action)="([^"]*)"/).map { String($0.1) }
                    #expect(!addresses.contains { $0.contains("2021-0") }, "\(path)")
                }
            }
            let cases = try await fixture.desk.cases.list(incident: DeskFixture.incident, by: fixture.actor)
            #expect(cases.count == 1)
        }
    }

    @Test(
        "A form without its token or from another site does nothing; a session that ended sends back to the start"
    )
    func safety() async throws {
        try await withCitizens { visitor, fixture in
            _ = try await fixture.addPerson(7, holding: DeskFixture.laterSlot)
            try await fixture.allot(1)
            let browser = try await visitor.signedIn(7)
            _ = try await browser.post("/my/bookings", ["booking": "\(DeskFixture.incident)/B7"])
            _ = try await browser.post("/my/wish", ["wish": "original-slot"])
            let forged = try await browser.post("/my/cases/1/accept", ["csrf": "wrong"])
            #expect(forged.headers[.location] == "/my/cases/1/accept?note=again")
            let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
            let foreign = try await browser.post(
                "/my/cases/1/accept", [:], headers: [site: "cross-site"])
            #expect(foreign.status == .forbidden)
            #expect(String(buffer: foreign.body).contains("처리하지 않았습니다"))
            let stranger = try await visitor.post("/my/cases/1/accept", [:])
            #expect(stranger.headers[.location] == "/my/phone")
            let row = try await fixture.desk.cases.list(incident: nil, by: fixture.actor).first
            #expect(row?.state == "offered", "none of these was a yes")
            fixture.clock.advance(minutes: 6)
            let ended = try await browser.get("/my/cases/1")
            #expect(ended.headers[.location] == "/my/phone?note=ended")
            #expect(try await browser.get("/my/nothing").status == .notFound)
            for path in ["/", "/my/phone", "/check"] {
                let answer = try await visitor.get(path)
                #expect(answer.status == .ok && answer.headers[.cacheControl] == "no-store")
                #expect(answer.headers[.contentSecurityPolicy]?.contains("'unsafe-inline'") == false)
                #expect(answer.body.readableBytes < 100_000)
            }
        }
    }

    @Test("A number nobody has and one somebody has are answered alike, byte for byte, until both facts fit")
    func sameAnswers() async throws {
        try await withCitizens { visitor, fixture in
            _ = try await fixture.addPerson(7)
            var pages: [[String]] = []
            for number in [7, 8] {
                var browser = visitor
                let asked = try await browser.post("/my/phone", ["phone": "010-0000-000\(number)"])
                #expect(asked.headers[.location] == "/my/code")
                browser.keep(asked)
                let wrong = try await browser.post("/my/code", ["code": "x"])
                let right = try await browser.post("/my/code", ["code": try await browser.code(fixture)])
                browser.keep(right)
                let birth = try await browser.post("/my/birth-date", ["birth": "19000101"])
                pages.append([wrong, right, birth].map { Self.shape(of: $0, number) })
            }
            #expect(pages[0] == pages[1])
            #expect(pages[0][2].contains("찾지 못했습니다"))
        }
    }

    /// An answer without what differs between any two sessions: tokens, the masked number, the real clock's minutes.
    private static func shape(of answer: TestResponse, _ number: Int) -> String {
        var text = String(buffer: answer.body)
        text.replace("010-****-000\(number)", with: "")
        text.replace(/="[0-9a-f]{64}"/, with: "")
        text.replace(/data-(wait|seconds)="[0-9]+"/, with: "")
        text.replace(/오[전후] [0-9]+:[0-9]{2}/, with: "")
        return "\(answer.status) \(answer.headers[.location] ?? "") \(text)"
    }
}

/// Somebody with a browser and its cookies.
private struct CitizenVisitor {
    let client: any TestClientProtocol
    let fixture: DeskFixture
    private var cookies: [String: String] = [:]
    private var csrf = ""

    init(_ client: any TestClientProtocol, _ fixture: DeskFixture) {
        self.client = client
        self.fixture = fixture
    }

    mutating func keep(_ answer: TestResponse) {
        for header in answer.headers[values: .setCookie] {
            let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            cookies[pair[0]] = pair.count > 1 ? pair[1] : nil
        }
    }

    /// The code as it was texted for the request that the browser's cookie carries.
    func code(_ fixture: DeskFixture) async throws -> String {
        let way = try #require(fixture.desk.citizens.open(cookies[CitizenWriter.cookie] ?? ""))
        return try #require(try await fixture.code(of: way.request))
    }

    /// Number, code and birth date of the fixture's person of this number.
    func signedIn(_ number: Int) async throws -> CitizenVisitor {
        var browser = self
        browser.keep(try await browser.post("/my/phone", ["phone": "0100000000\(number)"]))
        browser.keep(try await browser.post("/my/code", ["code": try await browser.code(fixture)]))
        browser.csrf = try await browser.token("/my/birth-date")
        let opened = try await browser.post("/my/birth-date", ["birth": "19670301"])
        #expect(opened.headers[.location] == "/my/bookings")
        browser.keep(opened)
        browser.csrf = try await browser.token("/my/bookings")
        // What a form leaves in the browser is kept from here on by the forms themselves.
        browser.keep(
            try await browser.post("/my/bookings", ["booking": "\(DeskFixture.incident)/B\(number)"]))
        return browser
    }

    private func token(_ path: String) async throws -> String {
        let page = try await text(path)
        return String(try #require(page.firstMatch(of: /name="csrf" value="([0-9a-f]+)"/)).1)
    }

    func get(_ path: String, language: String = "ko") async throws -> TestResponse {
        try await client.executeRequest(uri: path, method: .get, headers: headers(language), body: nil)
    }

    func text(_ path: String, language: String = "ko") async throws -> String {
        let answer = try await get(path, language: language)
        #expect(answer.status == .ok, "\(path): \(answer.headers[.location] ?? "")")
        return String(buffer: answer.body)
    }

    func post(
        _ path: String, _ fields: [String: String], headers extra: HTTPFields = [:]
    ) async throws -> TestResponse {
        var all = headers("ko")
        for field in extra { all.append(field) }
        var sent = fields
        if sent["csrf"] == nil {
            // The birth date's form is the first that carries a token.
            sent["csrf"] =
                path == "/my/birth-date" && csrf.isEmpty ? try await token(path) : csrf
        }
        let body = sent.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        return try await client.executeRequest(
            uri: path, method: .post, headers: all,
            body: ByteBuffer(string: body.joined(separator: "&")))
    }

    private func headers(_ language: String) -> HTTPFields {
        let all = cookies.merging(["redress_language": language]) { first, _ in first }
        return [.cookie: all.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")]
    }
}

private func withCitizens(
    _ body: @Sendable @escaping (CitizenVisitor, DeskFixture) async throws -> Void
) async throws {
    let fixture = try await DeskFixture()
    try await Application(router: buildSite(desk: fixture.desk)).test(.router) { client in
        try await body(CitizenVisitor(client, fixture), fixture)
    }
}
