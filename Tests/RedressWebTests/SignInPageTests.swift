import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import RedressCore
import RedressDesk
import TestSupport
import Testing

@testable import RedressWeb

@Suite("Staff sign in on the pages")
struct SignInPageTests {
    private static func form(_ visitor: Visitor, code: Int, name: String? = nil) -> [String: String] {
        [
            "name": name ?? visitor.staff.name, "password": SignedIn.password,
            "code": visitor.staff.enrolment.recoveryCodes[code],
        ]
    }

    @Test("Nobody sees a page of the staff without signing in, and comes back to it after")
    func signIn() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(1)
            let turned = try await visitor.get("/staff/cases/\(receipt)", signedIn: false)
            #expect(turned.status == .seeOther)
            #expect(turned.headers[.location] == "/staff/sign-in?to=/staff/cases/\(receipt)")
            let shown = try await visitor.get(
                "/staff/sign-in?to=/staff/cases/\(receipt)", signedIn: false)
            #expect(shown.field("to") == "/staff/cases/\(receipt)")
            var form = Self.form(visitor, code: 0)
            form["to"] = shown.field("to")
            let done = try await visitor.post("/staff/sign-in", form, signedIn: false)
            #expect(done.status == .seeOther)
            #expect(done.headers[.location] == "/staff/cases/\(receipt)")
            let cookie = done.headers[.setCookie] ?? ""
            for part in ["__Host-redress-staff=", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
                #expect(cookie.contains(part), "\(part)")
            }
            #expect(!cookie.contains("Max-Age") && !cookie.contains("Domain"))
        }
    }

    @Test("Nobody is led to another site after signing in")
    func openRedirect() async throws {
        try await withPages { visitor, _ in
            for (code, path) in [
                "https://evil.example/staff", "//evil.example", "/staff/../..//evil.example", "/staffed",
                "/staff?x=y", "/\\evil.example", "/staff/a b",
            ].enumerated() {
                var form = Self.form(visitor, code: code)
                form["to"] = path
                let done = try await visitor.post("/staff/sign-in", form, signedIn: false)
                let location = try #require(done.headers[.location])
                #expect(KeptForm.local(location) == location && !location.contains("evil"), "\(path)")
            }
        }
    }

    @Test("A wrong name, password or code is told in the same words, and after five the wait is told")
    func refusals() async throws {
        try await withPages { visitor, _ in
            var pages: Set<String> = []
            for change in ["name", "password", "code"] {
                var form = Self.form(visitor, code: 0)
                form[change] = "wrong"
                let answer = try await visitor.post("/staff/sign-in", form, signedIn: false)
                #expect(answer.status == .forbidden)
                #expect(answer.session == nil)
                #expect(!answer.page.contains(SignedIn.password))
                pages.insert(answer.page.replacing(form["name"] ?? "", with: "NAME"))
            }
            #expect(pages.count == 1 && pages.first?.contains("맞지 않는 것이 있습니다") == true)
            var last: TestResponse?
            for _ in 1...6 {
                var form = Self.form(visitor, code: 0)
                form["password"] = "wrong"
                last = try await visitor.post("/staff/sign-in", form, signedIn: false)
            }
            #expect(last?.status == .tooManyRequests)
            #expect(last?.page.contains("시도가 너무 많았습니다. 60초 뒤에") == true)
        }
    }

    @Test("A form whose session ended is kept through signing in and sent again, once; secrets are not kept")
    func kept() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(2)
            fixture.clock.advance(minutes: 11)
            let late = try await visitor.post(
                "/staff/cases/\(receipt)/note", ["text": "다시 \"전화\"하기로 함", "version": "1", "password": "s3"])
            #expect(late.status == .unauthorized)
            #expect(late.page.contains("그대로 있습니다") && !late.page.contains("s3\""))
            var form = Self.form(visitor, code: 0)
            for name in ["to", "sends", "kept.version"] { form[name] = late.field(name) ?? "?" }
            form["kept.text"] = "다시 \"전화\"하기로 함"
            #expect(late.field("kept.text") == "다시 &quot;전화&quot;하기로 함")
            let resumed = try await visitor.post("/staff/sign-in", form, signedIn: false)
            #expect(resumed.status == .ok && resumed.page.contains("아직 보내지 않은 내용"))
            #expect(resumed.page.contains("action=\"/staff/cases/\(receipt)/note\""))
            let sent = try await visitor.post(
                "/staff/cases/\(receipt)/note", ["text": "다시 \"전화\"하기로 함"],
                secret: resumed.session ?? "?", csrf: resumed.field("csrf"))
            #expect(sent.status == .seeOther)
        }
    }

    @Test("A form with another session's forgery token changes nothing, and shows what was to be sent")
    func forgery() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(3)
            for csrf in ["", "0", String(visitor.staff.csrf.dropLast())] {
                let forged = try await visitor.post(
                    "/staff/cases/\(receipt)/note", ["text": "메모"], csrf: csrf)
                #expect(forged.status == .forbidden)
                #expect(forged.page.contains("<textarea id=\"text\" name=\"text\">메모</textarea>"))
            }
            let events = try await fixture.desk.cases.show(receipt, by: fixture.actor, origin: "test")
            #expect(!"\(events)".contains("메모"))
            let forged = try await visitor.post("/staff/sign-out", [:], csrf: "0")
            #expect(forged.status == .forbidden)
            #expect(try await visitor.get("/staff").status == .ok)
        }
    }

    @Test("Sign-out, disabling and a new password end a session for the pages too")
    func ends() async throws {
        try await withPages { visitor, fixture in
            let out = try await visitor.post("/staff/sign-out", [:])
            #expect(out.status == .seeOther && out.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(try await visitor.get("/staff").status == .seeOther)
            let again = try await visitor.post("/staff/sign-in", Self.form(visitor, code: 0), signedIn: false)
            let secret = try #require(again.session)
            let account = try await visitor.client.executeRequest(
                uri: "/staff/account", method: .get,
                headers: [.cookie: "\(SessionCookie.staff.rawValue)=\(secret)"], body: nil)
            let csrf = try #require(account.field("csrf"))
            let new = "ninety slow green barges"
            let changed = try await PasswordQueue.$costLog2.withValue(4) {
                try await visitor.post(
                    "/staff/account/password",
                    [
                        "password": SignedIn.password, "code": visitor.staff.enrolment.recoveryCodes[1],
                        "new": new, "again": new,
                    ], secret: secret, csrf: csrf)
            }
            #expect(
                changed.headers[.location] == "/staff/sign-in?done=password", "\(changed.page.suffix(900))")
            #expect(try await fixture.desk.sessions.find(secret) == nil)
            var form = Self.form(visitor, code: 2)
            form["password"] = new
            let third = try #require(try await visitor.post("/staff/sign-in", form, signedIn: false).session)
            try await fixture.desk.staff.setDisabled(visitor.staff.name, true, by: fixture.actor)
            #expect(try await fixture.desk.sessions.find(third) == nil)
        }
    }

    @Test(
        "Capacity and exports want a proof of the last five minutes; what was to be done is kept for after it"
    )
    func proof() async throws {
        try await withPages { visitor, fixture in
            _ = try await fixture.addPerson(4)
            fixture.clock.advance(minutes: 6)
            let file = "/staff/statistics/2021-W29.csv"
            let asked = try await visitor.get(file)
            #expect(asked.status == .forbidden && asked.page.contains("action=\"/staff/proof\""))
            let apply = "/staff/plan/\(DeskFixture.incident)/apply"
            let kept = try await visitor.post(apply, ["digest": "d1"])
            #expect(kept.status == .forbidden && kept.field("kept.digest") == "d1")
            let codes = visitor.staff.enrolment.recoveryCodes
            let wrong = try await visitor.post(
                "/staff/proof", ["to": file, "password": "wrong", "code": codes[0]])
            #expect(wrong.status == .forbidden && wrong.field("to") == file)
            let proved = try await visitor.post(
                "/staff/proof", ["to": file, "password": SignedIn.password, "code": codes[0]])
            #expect(proved.headers[.location] == file)
            #expect(try await visitor.get(file).status == .ok)
            let refused = try await visitor.post(apply, ["digest": "d1"])
            #expect(refused.page.contains("처리하지 못했습니다") && refused.field("to") == nil)
        }
    }

    @Test("An invitation is taken up once; the second factor and ten codes are shown then and never again")
    func invitation() async throws {
        try await withPages { visitor, fixture in
            try await fixture.desk.staff.add("박신입", role: .agent, by: fixture.actor)
            let invitation = try await fixture.desk.signIn.invite("박신입", by: fixture.actor)
            let password = "twelve quiet herons sleep"
            for (again, word) in [("other", "서로 다릅니다"), ("short", "15자에서")] {
                let refused = try await visitor.post(
                    "/staff/invitation",
                    [
                        "invitation": invitation, "password": again == "short" ? again : password,
                        "again": again,
                    ], signedIn: false)
                #expect(refused.status == .unprocessableContent && refused.page.contains(word), "\(again)")
            }
            let form = ["invitation": invitation, "password": password, "again": password]
            let taken = try await PasswordQueue.$costLog2.withValue(4) {
                try await visitor.post("/staff/invitation", form, signedIn: false)
            }
            #expect(taken.status == .ok)
            #expect(taken.headers[.cacheControl] == "no-store")
            #expect(taken.page.contains("<svg class=\"qr\""))
            #expect(taken.page.matches(of: /<li><code>[A-Z2-7]{5}-[A-Z2-7]{5}<\/code>/).count == 10)
            #expect(!taken.page.contains(password))
            let twice = try await visitor.post("/staff/invitation", form, signedIn: false)
            #expect(twice.status == .conflict && twice.page.contains("쓸 수 없는 초대"))
            #expect(!twice.page.contains("<svg class=\"qr\""))
        }
    }

    @Test("The account page shows sessions and tokens, and ends them; new recovery codes want a proof")
    func account() async throws {
        try await withPages { visitor, fixture in
            let token = try await fixture.desk.staff.makeToken(
                for: visitor.staff.name, scope: [.readCases], by: fixture.actor)
            let page = try await visitor.get("/staff/account")
            let path = try #require(page.page.firstMatch(of: /\/staff\/account\/tokens\/[0-9a-f]+\/end/)).0
            #expect(page.page.contains("read-cases") && page.page.contains("남은 코드 9개"))
            #expect(try await visitor.post(String(path), [:]).status == .seeOther)
            #expect(try await fixture.desk.staff.actor(token: token) == nil)
            let codes = try await visitor.post("/staff/account/recovery-codes", [:])
            #expect(codes.page.matches(of: /<li><code>[A-Z2-7]{5}-[A-Z2-7]{5}<\/code>/).count == 10)
            let begun = try await visitor.post("/staff/account/authenticator", [:])
            #expect(begun.page.contains("<svg class=\"qr\""))
            let refused = try await visitor.post(
                "/staff/account/authenticator/first-code",
                ["sealed": try #require(begun.field("sealed")), "code": "12345"])
            #expect(refused.status == .badRequest && refused.field("sealed") == begun.field("sealed"))
            fixture.clock.advance(minutes: 6)
            let late = try await visitor.post("/staff/account/recovery-codes", [:])
            #expect(late.status == .forbidden && late.field("to") == "/staff/account/recovery-codes")
        }
    }

    @Test("A token opens no page, and a citizen's session none either")
    func otherKeys() async throws {
        try await withPages { visitor, fixture in
            let token = try await fixture.desk.staff.makeToken(for: visitor.staff.name, by: fixture.actor)
            for headers: HTTPFields in [
                [.authorization: "Bearer \(token)"], [.cookie: "redress_staff=\(token)"],
                [.cookie: "\(SessionCookie.staff.rawValue)=\(token)"],
                [.cookie: "\(SessionCookie.citizen.rawValue)=\(visitor.staff.secret)"],
            ] {
                let answer = try await visitor.client.executeRequest(
                    uri: "/staff", method: .get, headers: headers, body: nil)
                #expect(answer.status == .seeOther)
            }
        }
    }

    @Test("Every form of every template carries the forgery token")
    func tokens() {
        for (name, bytes) in PageTemplates.sources {
            let text = String(decoding: bytes, as: UTF8.self)
            // What begins a citizen's session has none yet to be bound to.
            if ["citizen-phone", "citizen-code", "citizen-check"].contains(name) {
                continue
            }
            for form in text.components(separatedBy: "<form").dropFirst()
            where form.contains("method=\"post\"") {
                let fields = form.components(separatedBy: "</form>")[0]
                #expect(fields.contains("{{>csrf}}") || fields.contains("name=\"csrf\""), "\(name)")
            }
        }
    }

    @Test("A form with a file is read field by field, and bytes that look like a boundary stay in the file")
    func multipart() {
        let body = """
            --xYz\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nabc\r\n--xYz\r
            Content-Disposition: form-data; name="document"; filename="문자.png"\r
            Content-Type: image/png\r\n\r\nA\r\n\r\n--xY\r\nB\r\n--xYz\r
            Content-Disposition: form-data; name="empty"; filename=""\r\n\r\n\r\n--xYz--\r\n
            """
        let form = PageForm(ByteBuffer(string: body), boundary: "xYz")
        #expect(form["csrf"] == "abc")
        #expect(form.file("document")?.name == "문자.png")
        #expect(form.file("document")?.bytes == Array("A\r\n\r\n--xY\r\nB".utf8))
        #expect(form.file("empty") == nil && form.file("csrf") == nil)
    }
}
